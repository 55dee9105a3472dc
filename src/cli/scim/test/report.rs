//! The report of a run: each step as it happens for people, or one JSON object at the end.

use std::io::Write;
use std::time::Duration;

use serde_json::{Value, json};

use super::answer::Answer;
use super::step::{Difference, Step};

/// Collects the results of the steps.
pub struct Report {
    url: String,
    run: String,
    token: String,
    json: bool,
    play: &'static str,
    steps: Vec<Value>,
    failed: usize,
    notes: Vec<String>,
    complete: bool,
    /// The first error while writing. The run continues in spite of it, so that it can clean up.
    error: Option<std::io::Error>,
}

impl Report {
    pub fn new(url: &str, run: &str, token: &str, json: bool) -> Self {
        let mut report = Self {
            url: url.to_owned(),
            run: run.to_owned(),
            token: token.to_owned(),
            json,
            play: "",
            steps: Vec::new(),
            failed: 0,
            notes: Vec::new(),
            complete: true,
            error: None,
        };
        report.say(&format!(
            "Checking {url}\nWhat the test makes is called insomnia-scim-test-…-{run}"
        ));
        report
    }

    /// Writes a line, except in a JSON report.
    fn say(&mut self, text: &str) {
        if !self.json {
            self.write(text);
        }
    }

    fn write(&mut self, text: &str) {
        if let Err(error) = writeln!(std::io::stdout().lock(), "{text}") {
            self.error.get_or_insert(error);
        }
    }

    /// Prepares a text of the server for display: removes the token, and control characters, which
    /// could control the terminal.
    fn clean(&self, text: &str) -> String {
        text.replace(&self.token, "[token]").replace(char::is_control, " ")
    }

    pub fn begin(&mut self, play: &'static str) {
        self.play = play;
        self.say(&format!("\n{play}"));
    }

    /// Adds a note for the administrator that is not about a step.
    pub fn note(&mut self, text: &str) {
        let text = self.clean(text);
        self.say(&format!("  ! {text}"));
        self.notes.push(text);
    }

    /// Records that part of the test was skipped.
    pub fn incomplete(&mut self, why: &str) {
        self.complete = false;
        self.note(why);
    }

    pub fn step(
        &mut self,
        step: &Step,
        took: Duration,
        answer: Option<&Answer>,
        difference: Option<&Difference>,
    ) {
        let milliseconds = (took.as_secs_f64() * 10_000.0).round() / 10.0;
        let request = self.clean(&format!("{} {}", step.method, step.path));
        let mark = if difference.is_none() { '✓' } else { '✗' };
        self.say(&format!("  {mark} {:<62} {milliseconds:>8.1} ms", step.name));
        let mut recorded = json!({
            "play": self.play,
            "step": step.name,
            "request": request,
            "passed": difference.is_none(),
            "milliseconds": milliseconds,
        });
        if let Some(difference) = difference {
            self.failed += 1;
            let (expected, came) = (self.clean(&difference.expected), self.clean(&difference.came));
            self.say(&format!(
                "      {request}\n      expected: {expected}\n      came:     {came}"
            ));
            recorded["expected"] = expected.into();
            recorded["came"] = came.into();
            if let Some(answer) = answer {
                recorded["status"] = answer.status.into();
                recorded["scimType"] = answer.scim_type().map(|text| self.clean(text)).into();
                recorded["detail"] = answer.detail().map(|text| self.clean(text)).into();
            }
        }
        self.steps.push(recorded);
    }

    /// Completes the report. Returns whether a step failed, and a summary.
    ///
    /// # Errors
    /// Fails if the report could not be written.
    pub fn finish(mut self) -> std::io::Result<(bool, String)> {
        let (failed, total) = (self.failed, self.steps.len());
        let passed = failed == 0 && self.complete;
        if self.json {
            let object = json!({
                "url": self.url,
                "run": self.run,
                "passed": passed,
                "total": total,
                "failed": failed,
                "complete": self.complete,
                "notes": self.notes,
                "steps": self.steps,
            });
            self.write(&object.to_string());
        } else if passed {
            self.write(&format!("\nAll {total} steps passed."));
        }
        let end = if self.complete { "" } else { ", and some were skipped" };
        match self.error {
            Some(error) => Err(error),
            None => Ok((!passed, format!("{failed} of {total} steps failed{end}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_the_server_loses_the_token_and_what_a_terminal_obeys() {
        let report = Report::new("https://x", "1", "s3cret", true);
        assert_eq!(report.clean("bad token s3cret\u{1b}[2J\n"), "bad token [token] [2J ");
    }
}
