//! What became of each of several addresses.

use maud::{Markup, html};
use serde::{Deserialize, Serialize};

use super::{ADD, Place};
use crate::administration::AdministrationError;
use crate::administration::invitations::{Invited, MOST_ADDRESSES};
use crate::enterprise::Role;
use crate::http::pages::parts::{Tone, badge};
use crate::views::refusals::Wording;

/// What became of one address.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The address, as it was typed.
    pub email: String,
    became: Became,
    /// Why it was refused; empty if it was not.
    reason: String,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
enum Became {
    Invited,
    /// It had been invited before, to something else.
    Extended,
    Added,
    /// It is a member's, who can be added.
    Member,
    /// No seat is free for it.
    NoSeat,
    Refused,
}

impl Line {
    fn of(one: Invited) -> Self {
        match one.outcome {
            Ok(_) if one.was_pending => Self::done(one.email, Became::Extended),
            Ok(_) => Self::done(one.email, Became::Invited),
            Err(error) => Self::refused(one.email, &error),
        }
    }

    const fn done(email: String, became: Became) -> Self {
        Self { email, became, reason: String::new() }
    }

    fn refused(email: String, error: &AdministrationError) -> Self {
        let Wording { kind, detail } = Wording::from(error);
        let became = match kind {
            "already-member" => Became::Member,
            "no-free-seat" => Became::NoSeat,
            _ => Became::Refused,
        };
        // The line says already which address it is about.
        let reason = detail.strip_prefix("email: ").unwrap_or(&detail).to_owned();
        Self { email, became, reason }
    }

    /// Returns whether nothing was done with the address.
    pub const fn is_refused(&self) -> bool {
        matches!(self.became, Became::Member | Became::NoSeat | Became::Refused)
    }

    /// Returns whether the address was simply invited, or added.
    pub const fn is_plain(&self) -> bool {
        matches!(self.became, Became::Invited | Became::Added)
    }

    const fn mark(&self) -> (Tone, &'static str) {
        match self.became {
            Became::Invited => (Tone::Good, "Invited"),
            Became::Extended => (Tone::Good, "Invited before"),
            Became::Added => (Tone::Good, "Added"),
            Became::Member => (Tone::Info, "Member already"),
            Became::NoSeat => (Tone::Bad, "No seat free"),
            Became::Refused => (Tone::Bad, "Not invited"),
        }
    }
}

/// Makes a line of each address.
pub fn invited(all: Vec<Invited>) -> Vec<Line> {
    all.into_iter().map(Line::of).collect()
}

/// Adds each address by itself: one that is refused does not stop the others.
///
/// # Errors
/// Fails if there are too many, or the database does.
pub fn each<T>(
    emails: &[String],
    mut add: impl FnMut(&str) -> Result<T, AdministrationError>,
) -> Result<Vec<Line>, AdministrationError> {
    let mut lines = Vec::with_capacity(emails.len().min(MOST_ADDRESSES));
    for email in emails.iter().take(MOST_ADDRESSES) {
        lines.push(match add(email) {
            Ok(_) => Line::done(email.clone(), Became::Added),
            Err(
                failure @ (AdministrationError::Store(_) | AdministrationError::NoRandomness(_)),
            ) => return Err(failure),
            Err(error) => Line::refused(email.clone(), &error),
        });
    }
    Ok(lines)
}

/// Renders a line for each address. Members can be added with one click; what else was refused, and
/// `rest`, stays in the form then.
pub fn results(place: &Place<'_>, role: &str, lines: &[Line], rest: &[String]) -> Markup {
    let members: Vec<&str> = lines
        .iter()
        .filter(|line| line.became == Became::Member)
        .map(|line| &*line.email)
        .collect();
    let kept = |adding: &[&str]| {
        let refused = lines.iter().filter(|line| line.is_refused()).map(|line| &*line.email);
        let all = rest.iter().map(String::as_str).chain(refused);
        all.filter(|email| !adding.contains(email)).collect::<Vec<_>>().join("\n")
    };
    let add = |label: &str, emails: &[&str]| {
        html! {
            form.inline method="post" action=(place.at(ADD)) {
                @for email in emails { input type="hidden" name="email" value=(email); }
                input type="hidden" name="role" value=(role);
                input type="hidden" name="rest" value=(kept(emails));
                button.small { (label) }
            }
        }
    };
    html! {
        section.card {
            header {
                h2 { "Result" }
                @if members.len() > 1 { (add(&format!("Add all {} members", members.len()), &members)) }
            }
            ul.results { @for line in lines { (shown(place, line, &add)) } }
        }
    }
}

fn shown(place: &Place<'_>, line: &Line, add: &impl Fn(&str, &[&str]) -> Markup) -> Markup {
    let (tone, mark) = line.mark();
    let sees_licences = place.frame.role().is_some_and(|role| role != Role::Member);
    html! {
        li {
            span { (badge(tone, mark)) }
            div {
                (line.email)
                @if line.became == Became::Extended {
                    span.sub { (place.name) " is added to the pending invitation. No second seat is taken." }
                }
                @if !line.reason.is_empty() { span.sub { (line.reason) } }
            }
            div {
                @match line.became {
                    Became::Member => { (add(place.adding(), &[&line.email])) },
                    Became::NoSeat if sees_licences => {
                        a.button.small href=(place.frame.link("/app/enterprise/licenses")) { "Licenses" }
                    },
                    _ => {},
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_is_refused_does_not_stop_the_others() {
        let emails = ["a@x.example", "b@x.example", "c@x.example"].map(str::to_owned);
        let lines = each(&emails, |email| match email {
            "b@x.example" => Err(AdministrationError::AlreadyMember(email.to_owned())),
            email => Ok(email.len()),
        })
        .unwrap();
        let refused: Vec<bool> = lines.iter().map(Line::is_refused).collect();
        assert_eq!(refused, [false, true, false]);
        assert_eq!(lines[1].mark(), (Tone::Info, "Member already"));
        assert!(lines[1].reason.contains("b@x.example"), "{lines:?}");
    }
}
