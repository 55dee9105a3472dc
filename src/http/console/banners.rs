//! What has to be known on every page: the most severe first, at most two at once.

use maud::{Markup, html};

use super::frame::Frame;
use super::words::Label;
use crate::administration::attention::{Attention, MOST_COUNTED};
use crate::enterprise::Timestamp;
use crate::enterprise::git_sync::ESSENTIALS_LIMIT;
use crate::enterprise::permissions::{Operation, reach};
use crate::enterprise::plan::Plan;
use crate::http::pages::parts::{Tone, banner_with, date, moment};
use crate::store::refusals::RefusalRow;
use crate::store::responsible::ResponsibleRow;

/// The maximum number of banners on a page.
const MOST: usize = 2;

const BILLING: &str = "/app/billing";
const UPDATE: &str = "/app/subscription/update";
const LICENSES: &str = "/app/enterprise/licenses";
const SCIM: &str = "/app/enterprise/scim";
const SSO: &str = "/app/enterprise/sso/list";

/// What a banner says, and the links on it: labels and paths.
type Said = (Tone, Markup, Vec<(&'static str, &'static str)>);

/// Returns the banners over the page.
pub fn of(frame: &Frame) -> Vec<Markup> {
    let Some(account) = frame.account() else { return Vec::new() };
    let may_pay = reach(account.acting.role, Operation::ManagePlan).is_some();
    let shown = account.attention.iter().take(MOST);
    shown.map(|what| banner(frame, said(what, may_pay, frame.now))).collect()
}

fn banner(frame: &Frame, (tone, text, links): Said) -> Markup {
    let links: Vec<(&str, String)> =
        links.into_iter().map(|(label, path)| (label, frame.link(path))).collect();
    let links: Vec<(&str, &str)> = links.iter().map(|(label, href)| (*label, &**href)).collect();
    banner_with(tone, &text, &links)
}

fn said(what: &Attention, may_pay: bool, now: Timestamp) -> Said {
    match what {
        Attention::Inactive(ask) => inactive(ask.as_deref()),
        Attention::TokenEnded(at) => token_ended(*at),
        Attention::NoFreeSeat(seats) => no_seat(seats.used(), seats.total),
        Attention::Refused(row) => refused(row),
        Attention::GitSyncRests(active) => git_sync(*active),
        Attention::CertificateEnds(ending) => certificate(&ending.domain, ending.at, now),
        Attention::SignInFailed(failed) => {
            let text = html! {
                strong { "A sign-in by single sign-on failed" } " at " (moment(failed.at)) ", for "
                (failed.domain) ": " (failed.text)
            };
            (Tone::Warn, text, vec![("SSO", SSO)])
        }
        Attention::PlanEnds(plan, at) => plan_ends(*plan, *at, may_pay, now),
        Attention::MailLost(count) => mail_lost(*count),
        Attention::TokenEnds(at) => {
            let text = html! {
                strong { "The SCIM token ends on " (date(*at)) "." }
                " From then on your identity provider is not let in: newcomers do not arrive, and \
                 leavers are not removed."
            };
            (Tone::Warn, text, vec![("Refresh token", SCIM)])
        }
        Attention::TrialRuns(next, at) => {
            let text = html! {
                "The trial ends on " (date(*at)) " by itself, and the account goes back to "
                (next.label()) ". Nothing has to be cancelled."
            };
            (Tone::Info, text, vec![("What happens then?", BILLING)])
        }
        Attention::Offered(offer) => {
            let text = html! {
                (offer.enterprise_name) " offers you the organization " strong { (offer.organization_name) }
                ", until " (date(offer.expires_at)) "."
            };
            (Tone::Info, text, vec![("Look at it", "/app/transfers")])
        }
        Attention::OneOwner => {
            let text = html! {
                "You are the only owner, and there is no co-owner. Name one, so that the account stays \
                 reachable when you are not."
            };
            (Tone::Info, text, vec![("Co-owners", "/app/enterprise/co-owners")])
        }
    }
}

fn inactive(ask: Option<&[ResponsibleRow]>) -> Said {
    let lead = html! {
        strong { "The account is inactive." }
        " Its Enterprise plan or trial has ended. The data is kept and cannot be changed"
    };
    let Some(ask) = ask else {
        let text = html! { (lead) "; you can read and export it, and make the account smaller." };
        let links = vec![("Reactivate", BILLING), ("Export data", "/api/v1/export")];
        return (Tone::Bad, text, links);
    };
    let names: Vec<String> = ask.iter().map(ResponsibleRow::in_words).collect();
    (Tone::Bad, html! { (lead) ". Ask an owner: " (names.join(", ")) "." }, Vec::new())
}

fn token_ended(at: Option<Timestamp>) -> Said {
    let text = html! {
        @match at {
            Some(at) => strong { "The SCIM token ended on " (date(at)) "." },
            None => strong { "SCIM has no token and no OAuth client." },
        }
        " Provisioning has stopped: newcomers do not arrive, and leavers are not removed."
    };
    (Tone::Bad, text, vec![("Refresh token", SCIM)])
}

fn no_seat(used: i64, total: i64) -> Said {
    let text = html! {
        strong { (used) " of " (total) " seats are used." }
        " Invitations, sign-ups and new users of SCIM are refused until one is free."
    };
    (Tone::Bad, text, vec![("Licenses", LICENSES), ("Get more seats", "/app/billing/seats")])
}

fn refused(row: &RefusalRow) -> Said {
    let text = html! {
        strong { "Provisioning was refused " (times(row.occurrences)) "." }
        " The last time at " (moment(row.last_at)) ", for " (row.last_subject) ": " (row.last_detail)
    };
    (Tone::Bad, text, vec![("Show requests", SCIM)])
}

fn times(count: i64) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

fn git_sync(active: i64) -> Said {
    let text = html! {
        strong { "Git Sync has stopped: " (active) " users are active, " (ESSENTIALS_LIMIT) " are allowed." }
        " Either remove members, or switch Git Sync off to go on adding."
    };
    let links = vec![("Licenses", LICENSES), ("Switch Git Sync off", "/app/billing/git-sync")];
    (Tone::Bad, text, links)
}

fn certificate(domain: &str, at: Timestamp, now: Timestamp) -> Said {
    let (tone, verb) = if at <= now { (Tone::Bad, "ended") } else { (Tone::Warn, "ends") };
    let text = html! {
        strong { "The certificate of single sign-on for " (domain) " " (verb) " on " (date(at)) "." }
        " Enter the next one of your identity provider beside it."
    };
    (tone, text, vec![("SSO", SSO)])
}

fn plan_ends(plan: Plan, at: Timestamp, may_pay: bool, now: Timestamp) -> Said {
    let tone = if at <= now.plus_days(7) { Tone::Warn } else { Tone::Info };
    let text = html! {
        strong { "The plan " (plan.label()) " ends on " (date(at)) "." }
        @if plan == Plan::Enterprise {
            " Then the account goes down to Essentials and is inactive until it is reactivated."
        } @else { " Then the account goes down to Essentials." }
    };
    let link =
        if may_pay { ("Enter activation code", UPDATE) } else { ("Plan & billing", BILLING) };
    (tone, text, vec![link])
}

fn mail_lost(count: i64) -> Said {
    let number =
        if count >= MOST_COUNTED { format!("{MOST_COUNTED} or more") } else { count.to_string() };
    let text = html! {
        strong { "The mail of " (number) @if count == 1 { " invitation" } @else { " invitations" } " could not be delivered." }
        " Each holds a seat. Look at the addresses, and invite again."
    };
    (
        Tone::Warn,
        text,
        vec![("Show invitations concerned", "/app/enterprise/licenses?source=invitation")],
    )
}
