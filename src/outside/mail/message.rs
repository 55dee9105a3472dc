//! The wire format of a mail: headers, text and HTML (RFC 5322, RFC 2046).

use std::time::{Duration, SystemTime};

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

use super::{Failure, Mail};
use crate::enterprise::{Timestamp, address};

/// Default display name of the sender.
const NAME: &str = "Insomnia Enterprise";
/// The latest second that fits into a date header: the end of the year 9999.
const LAST_SECOND: u64 = 253_402_300_799;

/// The sender of mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender(Mailbox);

impl Sender {
    /// Parses `address` or `Name <address>`.
    ///
    /// # Errors
    /// Fails with a description of the expected form.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mailbox: Mailbox = text.parse().map_err(|_| {
            "it must be an address, such as no-reply@kong.example, or a name and an address, such \
             as Insomnia <no-reply@kong.example>"
                .to_owned()
        })?;
        let address = address::Address::parse(mailbox.email.as_ref())
            .ok()
            .filter(|address| address.local().is_ascii())
            .ok_or_else(|| "the address has a domain or letters that mail cannot use".to_owned())?;
        let address = as_sent(&address);
        Ok(Self(Mailbox::new(mailbox.name.or_else(|| Some(NAME.to_owned())), address)))
    }

    /// Returns the address without the display name.
    pub fn address(&self) -> &Address {
        &self.0.email
    }

    /// Renders a mail. The same mail always yields the same message, except for the boundary
    /// between its parts.
    ///
    /// # Errors
    /// Returns [`Failure::Permanent`] if the recipient's address is invalid.
    pub fn write(&self, mail: &Mail) -> Result<Message, Failure> {
        let recipient = address::Address::parse(&mail.recipient).map_err(|invalid| {
            Failure::Permanent(format!(
                "the recipient's address is not one that mail can go to: {invalid}"
            ))
        })?;
        let recipient = as_sent(&recipient);
        let builder = Message::builder()
            .from(self.0.clone())
            .to(Mailbox::new(None, recipient))
            .subject(mail.subject.clone())
            .date(as_system_time(mail.date))
            .message_id(Some(format!("<{}@{}>", mail.message_id, self.0.email.domain())))
            .raw_header(HeaderValue::new(
                // Suppresses automatic replies such as out-of-office messages (RFC 3834).
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ));
        let message = match &mail.html {
            Some(html) => {
                let both = MultiPart::alternative_plain_html(mail.text.clone(), html.clone());
                builder.multipart(both)
            }
            None => builder.singlepart(SinglePart::plain(mail.text.clone())),
        };
        message.map_err(|error| Failure::Permanent(format!("the mail cannot be written: {error}")))
    }
}

/// Converts an address, with its domain in the form that DNS uses. It is not validated again: one
/// parser decides which addresses are valid, and a second opinion here could reject a member's
/// address.
fn as_sent(address: &address::Address) -> Address {
    Address::new_dangerous(address.local(), address.domain())
}

fn as_system_time(time: Timestamp) -> SystemTime {
    let seconds = u64::try_from(time.seconds()).unwrap_or(0).min(LAST_SECOND);
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> Mail {
        Mail {
            message_id: "abc".to_owned(),
            recipient: "amelia@kongair.example".to_owned(),
            subject: "Grüße".to_owned(),
            text: "Text ✈ für dich\n".to_owned(),
            html: Some("<p>HTML</p>".to_owned()),
            date: Timestamp(1_767_225_600_000),
        }
    }

    fn written(mail: &Mail) -> String {
        let message = Sender::parse("no-reply@insomnia.example").unwrap().write(mail).unwrap();
        String::from_utf8(message.formatted()).unwrap()
    }

    #[test]
    fn a_mail_has_the_headers_of_a_machine_and_both_forms() {
        let text = written(&mail());
        for line in [
            "From: \"Insomnia Enterprise\" <no-reply@insomnia.example>",
            "To: amelia@kongair.example",
            "Date: Thu, 01 Jan 2026 00:00:00 +0000",
            "Message-ID: <abc@insomnia.example>",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
        ] {
            assert!(text.contains(&format!("{line}\r\n")), "{line} is not in {text}");
        }
        assert!(text.is_ascii() && text.contains("Subject: =?utf-8?b?"), "{text}");
        assert!(text.contains("multipart/alternative"), "{text}");
        let (plain, html) = (text.find("text/plain").unwrap(), text.find("text/html").unwrap());
        assert!(plain < html, "the better form comes last");
    }

    #[test]
    fn a_subject_adds_no_header() {
        let text = written(&Mail { subject: "x\r\nBcc: all@kong.example".to_owned(), ..mail() });
        assert!(!text.lines().any(|line| line.starts_with("Bcc")), "{text}");
    }

    #[test]
    fn a_mail_without_html_is_plain() {
        let text = written(&Mail { html: None, ..mail() });
        assert!(text.contains("Content-Type: text/plain; charset=utf-8"), "{text}");
    }

    #[test]
    fn a_domain_is_written_as_dns_knows_it() {
        let text = written(&Mail { recipient: "amelia@köng.example".to_owned(), ..mail() });
        assert!(text.contains("To: amelia@xn--kng-sna.example"), "{text}");
    }

    #[test]
    fn an_address_that_is_none_is_refused_for_good() {
        let sender = Sender::parse("Insomnia <no-reply@insomnia.example>").unwrap();
        for wrong in ["", "amelia", "a@b\r\nRCPT TO:<c@d>", "a b@c", "a@b;c@d", "<a@b>", "a@b..c"] {
            let failure = sender.write(&Mail { recipient: wrong.to_owned(), ..mail() });
            assert!(matches!(failure, Err(Failure::Permanent(_))), "{wrong}");
        }
        for wrong in ["", "insomnia", "a@b, c@d"] {
            assert!(Sender::parse(wrong).is_err(), "{wrong}");
        }
    }
}
