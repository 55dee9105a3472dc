//! The plans as cards, and the way by card.

use maud::{Markup, html};

use super::{Account, BILLING};
use crate::enterprise::git_sync::ESSENTIALS_LIMIT;
use crate::enterprise::plan::{ESSENTIALS_SEATS, Plan};
use crate::http::console::visit::OwnVisit;
use crate::http::console::words::Label;
use crate::http::pages::parts::{Tone, badge, card, date, link};

/// Seconds after which the page looks again whether a payment has arrived.
const LOOKS_AGAIN: u8 = 10;

/// Renders a card for each plan; the present one is marked. Where scripts run, the cards look again
/// by themselves, since a plan that is paid by card comes without anything being done here.
pub fn cards(visit: &OwnVisit, account: Option<&Account>) -> Markup {
    html! {
        div data-live=(LOOKS_AGAIN) {
            section.stack data-list aria-label="Plans" {
                @if let Some(account) = account { p { (present(account)) } }
                div.grid {
                    @for plan in [Plan::Essentials, Plan::Pro, Plan::Enterprise] {
                        (one(plan, account))
                    }
                }
                @if account.is_some() {
                    div.actions { (link("Plan & billing", &visit.at(BILLING))) }
                }
            }
        }
    }
}

fn present(account: &Account) -> Markup {
    let plan = &account.plan;
    html! {
        "Your plan is " strong { (plan.plan.label()) }
        @if !plan.active { ", and the account is inactive" }
        ": " (plan.seats_used) " of " (plan.seats) " seats are used"
        @if let Some(end) = plan.ends_at { ", until " (date(end)) }
        "."
    }
}

fn one(plan: Plan, account: Option<&Account>) -> Markup {
    let is_present = account.is_some_and(|account| account.plan.plan == plan);
    html! {
        section.card {
            header {
                h2 { (plan.label()) }
                @if is_present { (badge(Tone::Accent, "Current plan")) }
            }
            ul { @for line in includes(plan) { li { (line) } } }
        }
    }
}

fn includes(plan: Plan) -> Vec<String> {
    match plan {
        Plan::Essentials => vec![
            "Free".to_owned(),
            format!("{ESSENTIALS_SEATS} seats"),
            "Organizations, members and invitations".to_owned(),
            format!("Git Sync for up to {ESSENTIALS_LIMIT} active users"),
        ],
        Plan::Pro => vec![
            "Paid by card, for each seat".to_owned(),
            "Everything in Essentials".to_owned(),
            "Git Sync for every member".to_owned(),
        ],
        Plan::Enterprise | Plan::Trial => vec![
            "By the sales team with an activation code, or paid by card".to_owned(),
            "Everything in Pro".to_owned(),
            "Teams that are linked to organizations".to_owned(),
            "Domains with capture and lock".to_owned(),
            "Single sign-on by SAML and OpenID Connect".to_owned(),
            "Provisioning by SCIM".to_owned(),
            "Rules of invitations and of storage".to_owned(),
        ],
    }
}

/// Says how it goes by card.
pub fn by_card(visit: &OwnVisit) -> Markup {
    let url = visit.me.service.billing.manage_url.as_deref();
    let content = html! {
        p {
            "Who pays by card needs no code: the plan comes by itself once the payment has arrived, and this page \
             shows it."
        }
        div.actions {
            @if let Some(url) = url { (link("Billing system", url)) }
            (link("Look again", &visit.at(super::PATH)))
        }
    };
    card("Paid by card", &content)
}
