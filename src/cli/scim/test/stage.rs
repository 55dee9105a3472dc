//! Runs the sequences: sends their steps, tracks the resources that they create, and removes them.

use std::time::Instant;

use serde_json::Value;
use ureq::http::Method;

use super::answer::Answer;
use super::client::{Client, Dialect};
use super::interrupt::Interrupt;
use super::names::{okta_filter, resource};
use super::report::Report;
use super::step::{Difference, Step};

/// Number of consecutive requests without a response after which the server counts as unavailable.
const PATIENCE: u32 = 3;

pub struct Stage {
    client: Client,
    report: Report,
    interrupt: Interrupt,
    made: Vec<Made>,
    /// Whether the run has ended early.
    over: bool,
    answered: bool,
    unanswered: u32,
}

/// A resource that the run created, or may have created.
struct Made {
    endpoint: String,
    attribute: &'static str,
    name: String,
    /// Unknown if a POST failed without telling whether it created the resource.
    id: Option<String>,
}

impl Stage {
    pub fn new(client: Client, report: Report, interrupt: Interrupt) -> Self {
        let made = Vec::new();
        Self { client, report, interrupt, made, over: false, answered: false, unanswered: 0 }
    }

    pub fn begin(&mut self, play: &'static str) {
        if !self.over {
            self.report.begin(play);
        }
    }

    /// Runs a step that the rest of the sequence does not depend on.
    pub fn play(&mut self, step: Step) {
        self.perform(&step);
    }

    /// Runs a step that creates a resource. Returns the resource's id if there is one, even if
    /// another expectation failed.
    pub fn create(&mut self, step: Step) -> Option<String> {
        let made = self.perform(&step).filter(|answer| answer.status == 201);
        let id = made.and_then(|answer| answer.id().map(str::to_owned));
        if id.is_none() && !self.over {
            self.report.incomplete("The rest of this sequence needs the resource and is skipped.");
        }
        id
    }

    /// Records that a sequence was skipped.
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
            self.end("Interrupted: the remaining steps are skipped.");
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

    /// Sends the request of a step, then evaluates and reports the response.
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
        // A rejected request created nothing.
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

    /// Removes everything that the run created, newest first.
    pub fn clean_up(&mut self) {
        let mut made = std::mem::take(&mut self.made);
        if made.is_empty() {
            return;
        }
        self.report.begin("Clean up");
        while let Some(one) = made.pop() {
            for path in self.paths(&one) {
                // 404 is fine, too: the resource is gone already.
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

    /// Returns the paths of a created resource. Looks it up if the server did not return its id.
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

    /// Completes the report; see [`Report::finish`].
    ///
    /// # Errors
    /// Fails if the report could not be written.
    pub fn finish(self) -> std::io::Result<(bool, String)> {
        self.report.finish()
    }
}

impl Made {
    fn path(&self) -> Option<String> {
        self.id.as_deref().map(|id| resource(&self.endpoint, id))
    }
}
