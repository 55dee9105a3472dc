//! The progress of a request body, shared by the stream that reads it and the code that answers.

use std::cell::{Cell, RefCell};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;

/// The reason why the server stopped reading a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The body is longer than this limit, in bytes.
    Longer(usize),
    /// The body arrives too slowly.
    Late,
    /// Too many unauthenticated bodies are awaited.
    Crowded,
}

impl Ended {
    /// Returns the HTTP status of the refusal.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Longer(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Late => StatusCode::REQUEST_TIMEOUT,
            Self::Crowded => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    /// Returns the code for programs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Longer(_) => "too-large",
            Self::Late => "too-slow",
            Self::Crowded => "too-many-requests",
        }
    }

    /// Returns the text for people.
    pub fn text(self) -> String {
        match self {
            Self::Longer(limit) => format!("The body is longer than {limit} bytes."),
            Self::Late => "The body did not arrive in time. Send the request again.".to_owned(),
            Self::Crowded => "Too many requests are arriving at once. Try again.".to_owned(),
        }
    }
}

/// The progress and the limit of one body.
pub struct Meter {
    declared: Option<usize>,
    limit: Cell<usize>,
    /// The maximum length once the request is authenticated.
    known: usize,
    /// Whether the request is authenticated, or its endpoint has set a limit of its own.
    is_known: Cell<bool>,
    read: Cell<usize>,
    is_read: Cell<bool>,
    ended: Cell<Option<Ended>>,
    rest: RefCell<Option<Payload>>,
}

impl Meter {
    /// Creates the meter of a body with this declared length and limit; `known` is the limit once
    /// the request is authenticated.
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

    /// Raises the limit to that of authenticated requests.
    pub fn raise(&self) {
        self.allow(self.known);
    }

    /// Sets the limit.
    pub fn allow(&self, limit: usize) {
        self.limit.set(limit);
        self.is_known.set(true);
    }

    /// Returns the limit in bytes.
    pub fn limit(&self) -> usize {
        self.limit.get()
    }

    /// Returns `true` while the request is unauthenticated.
    pub fn is_strangers(&self) -> bool {
        !self.is_known.get()
    }

    /// Returns `true` if the declared length is over the limit.
    pub fn declares_too_much(&self) -> bool {
        self.declared.is_some_and(|declared| declared > self.limit())
    }

    /// Counts received bytes. Returns `false` if they are over the limit.
    pub fn count(&self, bytes: usize) -> bool {
        let read = self.read.get().saturating_add(bytes);
        self.read.set(read);
        read <= self.limit()
    }

    /// Returns the number of bytes received.
    pub fn read(&self) -> usize {
        self.read.get()
    }

    /// Records that the body was read to its end.
    pub fn finish(&self) {
        self.is_read.set(true);
    }

    /// Returns `true` if the body was read to its end.
    pub fn is_read(&self) -> bool {
        self.is_read.get()
    }

    /// Stores the unread rest of the body.
    pub fn leave(&self, rest: Payload) {
        self.rest.replace(Some(rest));
    }

    /// Takes the unread rest of the body.
    pub fn rest(&self) -> Option<Payload> {
        self.rest.take()
    }

    /// Records why the server stopped reading.
    pub fn end(&self, why: Ended) {
        self.ended.set(Some(why));
    }

    /// Returns why the server stopped reading, if it did.
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
        meter.raise();
        assert!(!meter.declares_too_much() && !meter.is_strangers());
        assert!(meter.count(89) && !meter.count(1));
        assert!(!Meter::new(None, 10, 100).declares_too_much());
        assert!(!meter.count(usize::MAX), "counting does not wrap");
    }
}
