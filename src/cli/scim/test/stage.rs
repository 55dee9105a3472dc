//! Where plays are played: sends their steps, remembers what they made, and removes it.

use std::time::Instant;

use serde_json::Value;
use ureq::http::Method;

use super::answer::Answer;
use super::client::{Client, Dialect};
use super::interrupt::Interrupt;
use super::names::{okta_filter, resource};
use super::report::Report;
use super::step::{Difference, Step};

/// So many requests in a row without an answer, and the server is taken for gone.
const PATIENCE: u32 = 3;

/// One run.
pub struct Stage {
    client: Client,
    report: Report,
    interrupt: Interrupt,
    made: Vec<Made>,
    /// Nothing more is played.
    over: bool,
    answered: bool,
    unanswered: u32,
}

/// Something that the run made, or may have made.
struct Made {
    endpoint: String,
    attribute: &'static str,
    name: String,
    /// Unknown where a POST failed without saying whether it did anything.
    id: Option<String>,
}

impl Stage {
    pub fn new(client: Client, report: Report, interrupt: Interrupt) -> Self {
        let made = Vec::new();
        Self { client, report, interrupt, made, over: false, answered: false, unanswered: 0 }
    }

    /// Begins a play.
    pub fn begin(&mut self, play: &'static str) {
        if !self.over {
            self.report.begin(play);
        }
    }

    /// Plays a step; whether it passes or fails, the play can go on.
    pub fn play(&mut self, step: Step) {
        self.perform(&step);
    }

    /// Plays a step that makes a resource; gives its id if there is one, whatever else is wrong.
    pub fn create(&mut self, step: Step) -> Option<String> {
        let made = self.perform(&step).filter(|answer| answer.status == 201);
        let id = made.and_then(|answer| answer.id().map(str::to_owned));
        if id.is_none() && !self.over {
            self.report.incomplete("The rest of this play needs the resource and is left out.");
        }
        id
    }

    /// A play that cannot begin.
    pub fn leave_out(&mut self, why: &str) {
        if !self.over {
            self.report.incomplete(why);
        }
    }

    fn end(&mut self, why: &str) {
        self.over = true;
        self.report.incomplete(why);
    }

    fn perform(&mut self, step: &Step) -> Option<Answer> {
        if !self.over && self.interrupt.came() {
            self.end("Interrupted: nothing more is played.");
        }
        if self.over {
            return None;
        }
        let answer = self.send(step);
        match &answer {
            None => {
                self.unanswered += 1;
                if !self.answered || self.unanswered >= PATIENCE {
                    self.end("The server does not answer: check the URL, the network, and TLS.");
                }
            }
            Some(answer) => {
                self.answered = true;
                self.unanswered = 0;
                if answer.status == 401 && step.token.is_none() {
                    self.end(
                        "The server refuses the token (401): check that URL and token are of the \
                         same connector, and that the token is still valid.",
                    );
                } else if step.method == Method::POST && answer.lacks_seats() {
                    self.report.note("The test needs two free seats (licences) in the account.");
                }
            }
        }
        answer
    }

    /// Sends, judges, reports, remembers.
    fn send(&mut self, step: &Step) -> Option<Answer> {
        let begin = Instant::now();
        let token = step.token.as_deref();
        let sent =
            self.client.send(step.dialect, &step.method, &step.path, step.body.as_ref(), token);
        let took = begin.elapsed();
        self.remember(step, sent.as_ref().ok());
        let (answer, difference) = match sent {
            Ok(answer) => {
                let difference = step.judge(&answer);
                (Some(answer), difference)
            }
            Err(came) => (None, Some(Difference { expected: step.expected(), came })),
        };
        self.report.step(step, took, answer.as_ref(), difference.as_ref());
        answer
    }

    fn remember(&mut self, step: &Step, answer: Option<&Answer>) {
        let status = answer.map(|answer| answer.status);
        if step.method == Method::DELETE && matches!(status, Some(200..=299 | 404)) {
            self.made.retain(|made| made.path().as_deref() != Some(step.path.as_str()));
        }
        // What was refused was not made.
        if step.method != Method::POST || matches!(status, Some(300..=499)) {
            return;
        }
        let named = ["userName", "displayName"].into_iter().find_map(|attribute| {
            let name = step.body.as_ref()?.get(attribute)?.as_str()?;
            Some((attribute, name.to_owned()))
        });
        if let Some((attribute, name)) = named {
            let id = answer.and_then(|answer| answer.id().map(str::to_owned));
            self.made.push(Made { endpoint: step.path.clone(), attribute, name, id });
        }
    }

    /// Removes everything that was made, the newest first.
    pub fn clean_up(&mut self) {
        let mut made = std::mem::take(&mut self.made);
        if made.is_empty() {
            return;
        }
        self.report.begin("Clean up");
        while let Some(one) = made.pop() {
            for path in self.paths(&one) {
                // One that is gone already is as good.
                let step =
                    Dialect::Entra.delete(&format!("remove {path}"), &path).expect(&[204, 404]);
                let gone = |answer: Option<Answer>| {
                    answer.is_some_and(|answer| matches!(answer.status, 200..=299 | 404))
                };
                if !gone(self.send(&step)) && !gone(self.send(&step)) {
                    let left = format!("{path} ({}) is left behind: remove it by hand.", one.name);
                    self.report.note(&left);
                }
            }
        }
    }

    /// Where a thing is that was made; looked up where the server has not said so.
    fn paths(&mut self, made: &Made) -> Vec<String> {
        if let Some(path) = made.path() {
            return vec![path];
        }
        let query = format!("{}?{}", made.endpoint, okta_filter(made.attribute, &made.name));
        let step = Dialect::Okta.get(&format!("look for {}", made.name), &query);
        let found = self.send(&step).filter(|answer| answer.status == 200);
        let Some(found) = found else {
            let note = format!("Perhaps {} is left behind: look for it.", made.name);
            self.report.note(&note);
            return Vec::new();
        };
        let is_it = |one: &&Value| {
            one.get(made.attribute).and_then(Value::as_str) == Some(made.name.as_str())
        };
        let resources = found.body.get("Resources").and_then(Value::as_array);
        resources
            .into_iter()
            .flatten()
            .filter(is_it)
            .filter_map(|one| Some(resource(&made.endpoint, one.get("id")?.as_str()?)))
            .collect()
    }

    /// See [`Report::finish`].
    ///
    /// # Errors
    /// The report could not be written.
    pub fn finish(self) -> std::io::Result<(bool, String)> {
        self.report.finish()
    }
}

impl Made {
    fn path(&self) -> Option<String> {
        self.id.as_deref().map(|id| resource(&self.endpoint, id))
    }
}
