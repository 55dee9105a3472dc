//! The cards of Plan & billing.

use maud::{Markup, html};
use serde_json::Value;

use super::{EXPORT, LICENSES, State, UPDATE};
use crate::administration::plans::{PlanError, Reactivation};
use crate::enterprise::billing::SubscriptionKind;
use crate::enterprise::plan::Plan;
use crate::enterprise::{Timestamp, audit_actions};
use crate::http::console::frame::Frame;
use crate::http::console::home::who;
use crate::http::console::words::Label;
use crate::http::pages::parts::{
    Column, Table, Tone, badge, banner_with, card, date, dialog, facts, link, main_link, meter,
    moment,
};
use crate::store::audit::AuditRow;

/// Renders all of them.
pub fn all(frame: &Frame, state: &State) -> Markup {
    html! {
        @if !state.plan.active { (inactive(frame, state)) }
        div.grid {
            (card("Plan", &plan(frame, state)))
            (card("Seats", &seats(frame, state)))
            (card("Git Sync", &git_sync(frame, state)))
            (card("Billing", &billing(state)))
        }
        @if let Some(rows) = &state.history { (history(frame, rows)) }
    }
}

/// Says what happened, what the account can go on with, and what stands in the way.
fn inactive(frame: &Frame, state: &State) -> Markup {
    let Some(back) = &state.back else {
        let text =
            html! { "What was paid for takes effect within a minute. Load this page again." };
        return banner_with(Tone::Info, &text, &[]);
    };
    let content = html! {
        p {
            @if back.after_trial { "The trial has ended" } @else { "Enterprise has ended" }
            ". Nothing is lost: the data is kept, and only an owner can read and export it. "
            "To change something again, enter an activation code, or go on with " (back.plan.label()) "."
        }
        (facts(&[
            ("Seats in use", html! { (state.plan.seats_used) }),
            (seats_of(back), html! { (back.seats) }),
        ]))
        @if let Some(refusal) = &back.refusal { p.wrong { (refusal) } }
        @if state.may.manage {
            div.actions {
                (main_link("Enter activation code", &frame.link(UPDATE)))
                @if back.refusal.is_none() {
                    (dialog(&go_on(back), &frame.link("/app/billing/reactivate")))
                } @else {
                    (link("Licenses", &frame.link(LICENSES)))
                }
            }
        }
    };
    card("The account is inactive", &content)
}

const fn seats_of(back: &Reactivation) -> &'static str {
    match back.plan {
        Plan::Essentials => "Seats of Essentials",
        Plan::Pro => "Seats of Pro",
        Plan::Enterprise | Plan::Trial => "Seats that were paid for",
    }
}

/// Returns what the button says that goes on with the plan that the account fell to.
pub fn go_on(back: &Reactivation) -> String {
    match back.plan {
        Plan::Essentials => "Go on with Essentials".to_owned(),
        plan => format!("Switch {} on again", plan.label()),
    }
}

fn plan(frame: &Frame, state: &State) -> Markup {
    let plan = &state.plan;
    let none = || html! { span.muted { "No end" } };
    let mut known = vec![("Plan", frame.plan_badge(&state.row))];
    known.extend(since(state).map(|at| ("Since", date(at))));
    known.extend([
        ("Until", plan.ends_at.map_or_else(none, date)),
        ("Days left", plan.days_left.map_or_else(none, |days| html! { (days) })),
        ("Renewed", html! { (renewal(plan.subscription.kind)) }),
        ("Trial", trial(state)),
    ]);
    html! {
        (facts(&known))
        @if let Some(next) = &plan.paid_next {
            p {
                (next.plan.label()) " with " (next.seats) " seats is paid for, since " (date(next.paid_at))
                ". It takes effect when the trial ends."
            }
        }
        @if let (true, Plan::Trial) = (plan.active, plan.plan) {
            p.muted {
                "The trial ends by itself. Until then no activation code is taken, and there is no \
                 downgrade. Then the account goes back to "
                (plan.trial.reverts_to.unwrap_or(Plan::Essentials).label())
                " and is inactive until you reactivate it or enter a code; what that plan does not \
                 include rests, with its data kept."
            }
        }
        (ways(frame, state))
    }
}

fn ways(frame: &Frame, state: &State) -> Markup {
    let (plan, may) = (&state.plan, state.may);
    let is_trial = plan.plan == Plan::Trial && plan.active;
    let upgrade = if plan.plan == Plan::Enterprise { "Enter activation code" } else { "Upgrade" };
    html! {
        div.actions {
            @if may.manage && plan.active && !is_trial { (main_link(upgrade, &frame.link(UPDATE))) }
            @if may.start_trial && state.trial.is_none() {
                (dialog("Start 14 day trial", &frame.link("/app/billing/trial")))
            }
            @if may.manage && plan.active && state.downgrade.is_none() {
                (dialog("Downgrade", &frame.link("/app/billing/downgrade")))
            }
            @if may.export { a.button href=(frame.link(EXPORT)) download { "Export data" } }
        }
        @if !may.manage {
            p.muted {
                "Only an owner changes the plan"
                @if !state.owners.is_empty() {
                    ": " (state.owners.iter().map(|one| one.in_words()).collect::<Vec<_>>().join(", "))
                }
                "."
            }
        }
    }
}

/// Returns since when the account has its plan, as far as the history is shown.
fn since(state: &State) -> Option<Timestamp> {
    if state.plan.plan == Plan::Trial {
        return state.plan.trial.started_at;
    }
    let is_start = |row: &&AuditRow| {
        let value = |text: &str| {
            let value: Value = serde_json::from_str(text).unwrap_or_default();
            (value["plan"].clone(), value["active"].clone())
        };
        value(&row.before) != value(&row.after) && row.action != "plan.seats-requested"
    };
    state.history.as_ref()?.iter().find(is_start).map(|row| row.at)
}

const fn renewal(kind: SubscriptionKind) -> &'static str {
    match kind {
        SubscriptionKind::Free => "Nothing is paid for",
        SubscriptionKind::SelfServe => "By card, in the billing system",
        SubscriptionKind::Sales => "By the sales team, with an activation code",
    }
}

fn trial(state: &State) -> Markup {
    html! {
        @match (state.plan.trial.started_at, &state.trial) {
            (Some(at), _) if state.plan.plan == Plan::Trial => { "Running since " (date(at)) }
            (Some(at), _) => { "Used, on " (date(at)) }
            (None, Some(PlanError::HasEnterprise)) => {
                span.muted { "Not needed: you have Enterprise" }
            }
            (None, _) => "Not used yet",
        }
    }
}

fn seats(frame: &Frame, state: &State) -> Markup {
    let (used, total) = (state.plan.seats_used, state.plan.seats);
    html! {
        (meter(used, total, &format!("{used} of {total} used")))
        (facts(&[
            ("Members", html! { (state.row.seats_members) }),
            ("Invitations", html! { (state.row.seats_invitations) }),
            ("Free", html! { ((total - used).max(0)) }),
        ]))
        div.actions {
            (link("Licenses", &frame.link(LICENSES)))
            @if let Some(url) = &state.plan.subscription.manage_url {
                (link("Change number of seats", url))
            } @else {
                (dialog("Request more seats", &frame.link("/app/billing/seats")))
            }
        }
    }
}

fn git_sync(frame: &Frame, state: &State) -> Markup {
    let sync = &state.plan.git_sync;
    let (tone, word) = match (sync.available, sync.enabled) {
        (true, _) => (Tone::Good, "Available"),
        (false, true) => (Tone::Bad, "Stopped"),
        (false, false) => (Tone::Neutral, "Switched off"),
    };
    html! {
        (facts(&[
            ("State", badge(tone, word)),
            ("Active users", match sync.limit {
                Some(limit) => html! { (sync.active_users) " of " (limit) " under Essentials" },
                None => html! { (sync.active_users) ", without a limit" },
            }),
        ]))
        @if let (Some(reason), true) = (&sync.reason, sync.enabled) { p { (reason) } }
        @if state.may.manage {
            div.actions {
                (dialog(
                    if sync.enabled { "Switch Git Sync off" } else { "Switch Git Sync on" },
                    &frame.link("/app/billing/git-sync"),
                ))
            }
        }
    }
}

fn billing(state: &State) -> Markup {
    let subscription = &state.plan.subscription;
    html! {
        @match (&subscription.manage_url, &subscription.contact) {
            (Some(url), _) => {
                p { "Invoices, payment method and the number of seats are kept in the billing system." }
                div.actions { (link("Invoices and payment", url)) }
            }
            (None, Some(contact)) => {
                p { "About invoices, payment and the number of seats, write to the sales team." }
                div.actions { (link(contact, &format!("mailto:{contact}"))) }
            }
            (None, None) => p.muted {
                "About invoices and payment, ask whoever sold you Insomnia. This server does not know the \
                 address of the sales team."
            }
        }
    }
}

fn history(frame: &Frame, rows: &[AuditRow]) -> Markup {
    html! {
        div.row.apart {
            h2 { "Plan history" }
            (link("Audit log", &frame.link("/app/enterprise/audit-log?action=plan.")))
        }
        @if rows.is_empty() {
            p.muted { "The plan has not changed since the account was made." }
        } @else {
            (Table {
                caption: "Changes of the plan, the newest first",
                columns: &[
                    Column::text("When"),
                    Column::text("What"),
                    Column::text("Plan afterwards"),
                    Column::number("Seats"),
                    Column::text("Who"),
                ],
                nothing: "",
                rows: rows.iter().map(entry).collect(),
                next: None,
            }.render())
        }
    }
}

fn entry(row: &AuditRow) -> Vec<Markup> {
    let after: Value = serde_json::from_str(&row.after).unwrap_or_default();
    let plan = after["plan"].as_str().and_then(|word| word.parse::<Plan>().ok());
    vec![
        moment(row.at),
        html! { (audit_actions::text_of(&row.action)) },
        html! { @if let Some(plan) = plan { (plan.label()) } @else { span.muted { "–" } } },
        html! { @if let Some(seats) = after["seats"].as_i64() { (seats) } @else { span.muted { "–" } } },
        html! { (who(row)) },
    ]
}
