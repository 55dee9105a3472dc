//! What is known of a body while it is read: shared by who reads it and who answers.

use std::cell::{Cell, RefCell};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;

/// Why the server does not read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It is longer than this.
    Longer(usize),
    /// It does not come on.
    Late,
    /// Too many bodies of strangers are waited for.
    Crowded,
}

impl Ended {
    /// The status of the answer.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Longer(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Late => StatusCode::REQUEST_TIMEOUT,
            Self::Crowded => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    /// What it is, for machines.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Longer(_) => "too-large",
            Self::Late => "too-slow",
            Self::Crowded => "too-many-requests",
        }
    }

    /// What people read.
    pub fn text(self) -> String {
        match self {
            Self::Longer(limit) => format!("The body is longer than {limit} bytes."),
            Self::Late => "The body did not arrive in time. Send the request again.".to_owned(),
            Self::Crowded => "Too many requests are arriving at once. Try again.".to_owned(),
        }
    }
}

/// The meter of one body.
pub struct Meter {
    declared: Option<usize>,
    limit: Cell<usize>,
    /// How long it may be when it is known whose it is.
    known: usize,
    /// Whether somebody has said whose it is.
    is_known: Cell<bool>,
    read: Cell<usize>,
    is_read: Cell<bool>,
    ended: Cell<Option<Ended>>,
    rest: RefCell<Option<Payload>>,
}

impl Meter {
    /// For a body that says to be so long, and may be that long; and so long, if somebody is known.
    pub fn new(declared: Option<usize>, limit: usize, known: usize) -> Self {
        Self {
            declared,
            limit: Cell::new(limit),
            known,
            is_known: Cell::new(false),
            read: Cell::new(0),
            is_read: Cell::new(false),
            ended: Cell::new(None),
            rest: RefCell::new(None),
        }
    }

    /// It is known whose it is.
    pub fn admit(&self) {
        self.allow(self.known);
    }

    /// It may be this long.
    pub fn allow(&self, limit: usize) {
        self.limit.set(limit);
        self.is_known.set(true);
    }

    /// How long it may be.
    pub fn limit(&self) -> usize {
        self.limit.get()
    }

    /// Whether it is nobody's yet.
    pub fn is_strangers(&self) -> bool {
        !self.is_known.get()
    }

    /// Whether what the head declares is too long.
    pub fn declares_too_much(&self) -> bool {
        self.declared.is_some_and(|declared| declared > self.limit())
    }

    /// Counts what has come; whether that is still allowed.
    pub fn count(&self, bytes: usize) -> bool {
        let read = self.read.get().saturating_add(bytes);
        self.read.set(read);
        read <= self.limit()
    }

    /// How much has come.
    pub fn read(&self) -> usize {
        self.read.get()
    }

    /// It has come to its end.
    pub fn finish(&self) {
        self.is_read.set(true);
    }

    /// Whether it has come to its end.
    pub fn is_read(&self) -> bool {
        self.is_read.get()
    }

    /// Keeps what was not read.
    pub fn leave(&self, rest: Payload) {
        self.rest.replace(Some(rest));
    }

    /// What was not read.
    pub fn rest(&self) -> Option<Payload> {
        self.rest.take()
    }

    /// The server does not read on.
    pub fn end(&self, why: Ended) {
        self.ended.set(Some(why));
    }

    /// Why the server did not read on.
    pub fn ended(&self) -> Option<Ended> {
        self.ended.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_a_strangers_until_somebody_is_known() {
        let meter = Meter::new(Some(100), 10, 100);
        assert!(meter.declares_too_much() && meter.is_strangers());
        assert!(meter.count(10) && !meter.count(1));
        meter.admit();
        assert!(!meter.declares_too_much() && !meter.is_strangers());
        assert!(meter.count(89) && !meter.count(1));
        assert!(!Meter::new(None, 10, 100).declares_too_much());
        assert!(!meter.count(usize::MAX), "counting does not wrap");
    }
}
