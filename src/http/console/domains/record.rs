//! The verification record of a domain: what to publish, what DNS answered, and what to do about it.

use maud::{Markup, html};

use super::Shown;
use crate::enterprise::domain_check::{CheckResult, VerificationMethod, rests_from};
use crate::http::base::problem::Problem;
use crate::http::console::visit::Visit;
use crate::http::console::words::Label;
use crate::http::pages::parts::{Tone, act, banner, card, condition, copied, facts, moment};

/// Renders the card of the record; `refusal` is the answer to a verification that did not work.
pub fn record<P>(visit: &Visit<P>, shown: &Shown, refusal: Option<&Problem>) -> Markup {
    let content = if shown.is_verified() {
        verified(visit, shown, refusal)
    } else {
        pending(visit, shown, refusal)
    };
    card("Verification record", &content)
}

fn pending<P>(visit: &Visit<P>, shown: &Shown, refusal: Option<&Problem>) -> Markup {
    html! {
        p {
            "Publish this TXT record at the DNS provider of " strong { (shown.title()) }
            ". It shows that the domain is yours."
        }
        (fields(shown))
        (looked_up(shown, refusal))
        (condition(
            &visit.at(&shown.path("/verify")),
            "added",
            "I have added the record",
            "Verify Domain",
        ))
        p.muted { "You can leave this page, and verify the domain later." }
    }
}

fn verified<P>(visit: &Visit<P>, shown: &Shown, refusal: Option<&Problem>) -> Markup {
    let domain = &shown.domain;
    let is_own = domain.verified_by == Some(VerificationMethod::UniqueRecord);
    html! {
        @if let Some(since) = domain.lost_since {
            (banner(Tone::Bad, &html! {
                strong { "The record is missing in DNS since " (moment(since)) "." } " "
                @if domain.rests {
                    "Capture, lock and single sign-on of the domain are suspended until it is back."
                } @else {
                    "If it is not back by " (moment(rests_from(since)))
                    ", capture, lock and single sign-on of the domain are suspended."
                }
            }, None))
        }
        (facts(&[
            ("Verified", html! {
                @if let Some(by) = domain.verified_by { (by.label()) }
                @if let Some(at) = domain.verified_at { ", " (moment(at)) }
            }),
        ]))
        (looked_up(shown, refusal))
        @if is_own {
            @if domain.lost_since.is_some() {
                (fields(shown))
                (act(&visit.at(&shown.path("/verify")), "Verify again", &[("added", "true")]))
            } @else {
                p.muted { "Keep the record: it is looked up every day." }
                details { summary { "Show the record" } div.stack { (fields(shown)) } }
            }
        }
    }
}

fn fields(shown: &Shown) -> Markup {
    let (record, name) = (&shown.domain.txt_record, &shown.domain.name);
    let line = format!("{}. 300 IN TXT \"{}\"", record.name, record.value);
    let short = record.name.strip_suffix(&format!(".{name}")).unwrap_or(&record.name);
    html! {
        (copied("record-name", "Name", &record.name))
        (copied("record-value", "Value", &record.value))
        (copied("record-line", "In one line, for zone files", &line))
        p.muted {
            "Some providers' forms add the domain to the name by themselves. If the zone is "
            (name) ", enter only " code { (short) } " there; in a zone above it, leave out the end \
             that is the zone's name."
        }
    }
}

/// Renders the last look-up, or the answer that has just come, which says more.
fn looked_up(shown: &Shown, refusal: Option<&Problem>) -> Markup {
    let check = shown.domain.last_check.as_ref();
    html! {
        @if let Some(problem) = refusal {
            (banner(Tone::Bad, &html! { (problem.detail()) }, None))
        }
        @if let Some(check) = check {
            (facts(&[
                ("Last look-up", moment(check.at)),
                ("Answer of DNS", html! { (answer(check.result)) }),
            ]))
        } @else if !shown.is_verified() {
            p.muted { "The record has not been looked up yet." }
        }
    }
}

/// Says what DNS answered, and what to do.
const fn answer(result: CheckResult) -> &'static str {
    match result {
        CheckResult::Verified => "The record is there.",
        CheckResult::WrongRecord => {
            "There are TXT records at this name, but none has this value. Correct the record or add \
             one; records of other purposes can stay."
        }
        CheckResult::NoRecord => {
            "The name is in DNS, but has no TXT record. Publish one with this value."
        }
        CheckResult::NoSuchName => {
            "DNS has nothing at this name. Publish the record; if you did so a moment ago, wait until \
             your name servers have it."
        }
        CheckResult::ServerFailure => {
            "The name servers failed. Check the domain's delegation and DNSSEC at your DNS provider."
        }
        CheckResult::Timeout => {
            "No name server answered in time. Check that the domain's name servers are reachable."
        }
    }
}
