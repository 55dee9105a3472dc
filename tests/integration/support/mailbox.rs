//! Mail as it would leave the server, kept for the test.

use std::sync::{Arc, Mutex};

use insomnia_scim::outside::mail::{Failure, Mail, Sending, Transport};

/// Takes every mail, or fails as often as it is told to. Clones are the same box.
#[derive(Clone, Default)]
pub struct Mailbox {
    mails: Arc<Mutex<Vec<Mail>>>,
    failures: Arc<Mutex<Vec<Failure>>>,
}

impl Mailbox {
    /// What was sent so far, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.mails.lock().unwrap().clone()
    }

    /// What was sent so far to an address.
    pub fn to(&self, recipient: &str) -> Vec<Mail> {
        self.mails().into_iter().filter(|mail| mail.recipient == recipient).collect()
    }

    /// Lets the next attempt fail so.
    pub fn fail_next(&self, failure: Failure) {
        self.failures.lock().unwrap().insert(0, failure);
    }
}

impl Transport for Mailbox {
    fn send<'a>(&'a self, mail: &'a Mail) -> Sending<'a> {
        Box::pin(async move {
            if let Some(failure) = self.failures.lock().unwrap().pop() {
                return Err(failure);
            }
            self.mails.lock().unwrap().push(mail.clone());
            Ok(())
        })
    }
}

/// The first link in a mail's text.
#[track_caller]
pub fn link_in(mail: &Mail) -> String {
    let line = mail.text.lines().find(|line| line.starts_with("http"));
    line.unwrap_or_else(|| panic!("no link in {}", mail.text)).to_owned()
}
