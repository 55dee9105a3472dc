//! Licenses: the seats, who holds them, and what frees them.

mod domains;
mod removing;
mod several;

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::members::{ROLES, last_active, path_of};
use super::name_conflicts;
use super::named::{counted, person};
use super::routing::shown;
use super::visit::{Answer, Visit};
use super::wanted::Wanted;
use super::words::Label;
use crate::administration::licences;
use crate::enterprise::Timestamp;
use crate::enterprise::name::Named;
use crate::enterprise::owner;
use crate::enterprise::permissions::Operation;
use crate::enterprise::seats::Seats;
use crate::enterprise::source::LicenceSource;
use crate::http::admin::licences::Wanted as WantedLicences;
use crate::http::admin::list::Paged;
use crate::http::admin::permits::ReadBilling;
use crate::http::base::query::encoded;
use crate::http::pages::parts::{
    Column, Filter, Table, Tone, badge, card, chosen_form, date, facts, link, meter, search,
    small_dialog, tick,
};
use crate::views::licences::Licence;
use crate::views::list::List;

const TITLE: &str = "Licenses";
const PATH: &str = "/app/enterprise/licenses";
/// The form of what is chosen.
const CHOSEN: &str = "chosen";
/// One day in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(shown("/enterprise/licenses", show))
        .configure(several::routes)
        .configure(domains::routes)
        .configure(removing::routes);
}

/// `GET /app/enterprise/licenses`.
async fn show(visit: Visit<ReadBilling>, wanted: Wanted<WantedLicences>, paging: Paged) -> Answer {
    let (filter, now) = (wanted.query.clone().read()?, visit.frame.now);
    let (from, limit) = paging.place(filter.search.as_ref())?;
    let list =
        move |conn: &mut _, account| licences::list(conn, account, now, &filter, (&from, limit));
    let held = paging.listing(visit.admin.read_page(list).await?, Licence::from);
    let reads_account = visit.admin.may(Operation::ReadAccount);
    let may_remove = visit.admin.may(Operation::ManageMembers);
    let content = html! {
        header {
            div {
                h1 { (TITLE) }
                p.lead {
                    "Taking somebody out of teams and organizations does not free their seat. Removing \
                     them here does."
                }
            }
            div.actions {
                a.button.main href=(visit.at("/app/billing/seats")) { "Get more seats" }
                (link("Download licenses", &download(&visit, &wanted)))
            }
        }
        div.grid {
            (seats_of(&visit))
            @if reads_account { (domains::card_of(&visit).await?) }
        }
        @if reads_account { (name_conflicts::notes(&visit, Named::Invitation).await?) }
        (search_of(&wanted))
        (table(&visit, &wanted, held))
        @if may_remove {
            (chosen_form(CHOSEN, &visit.at(&format!("{PATH}/remove")), "Remove selected",
                "You see who it is before anything is removed."))
        }
    };
    Ok(visit.show(TITLE, &[], &content))
}

/// Returns the address of the same list as a table for spreadsheets.
fn download(visit: &Visit<ReadBilling>, wanted: &Wanted<WantedLicences>) -> String {
    let kept = wanted
        .pairs
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "cursor" | "limit" | "done"))
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    let query = kept.collect::<Vec<_>>().join("&");
    let sign = if query.is_empty() { "" } else { "?" };
    visit.at(&format!("/api/v1/reports/licences.csv{sign}{query}"))
}

fn seats_of<P>(visit: &Visit<P>) -> Markup {
    let Some(seats) = visit.frame.account().map(|account| account.seats) else { return html! {} };
    let Seats { total, members, invitations } = seats;
    let used = seats.used();
    card(
        "Seats",
        &html! {
            (meter(used, total, &format!("{used} of {total} seats used")))
            (facts(&[
                ("Total", html! { (total) }),
                ("Used by members", html! { (members) }),
                ("Used by pending invitations", html! { (invitations) }),
                ("Free", html! { (total.saturating_sub(used).max(0)) }),
            ]))
        },
    )
}

fn search_of(wanted: &Wanted<WantedLicences>) -> Markup {
    let filter = |name, label, values| Filter { name, label, values, chosen: wanted.text(name) };
    search(
        "Search licenses",
        wanted.text("search"),
        &[
            filter(
                "source",
                "Source",
                &[
                    ("", "All"),
                    ("manual", "Manual"),
                    ("scim", "SCIM"),
                    ("captured", "Domain capture"),
                    ("invitation", "Invitation"),
                ],
            ),
            filter("role", "Role", &ROLES),
            filter(
                "reaches_organizations",
                "Organizations",
                &[("", "All"), ("false", "Reaches none"), ("true", "Reaches some")],
            ),
            filter(
                "not_active_for",
                "Last active",
                &[
                    ("", "All"),
                    ("30", "Not active for 30 days"),
                    ("60", "Not active for 60 days"),
                    ("90", "Not active for 90 days"),
                ],
            ),
        ],
    )
}

static COLUMNS: [Column; 7] = [
    Column::ticks(CHOSEN),
    Column::text("Name"),
    Column::text("Role"),
    Column::text("Source"),
    Column::text("Seat since"),
    Column::text("Last Active"),
    Column::text(""),
];

fn table(
    visit: &Visit<ReadBilling>,
    wanted: &Wanted<WantedLicences>,
    held: List<Licence>,
) -> Markup {
    let may_remove = visit.admin.may(Operation::ManageMembers);
    // Whoever cannot remove has neither ticks nor buttons.
    let shown = if may_remove { 0..COLUMNS.len() } else { 1..COLUMNS.len() - 1 };
    let row = |licence: &Licence| {
        let mut cells = row(visit, licence);
        cells.truncate(shown.end);
        cells.split_off(shown.start)
    };
    let mut beside = Vec::new();
    if visit.admin.may(Operation::ReadAccount) {
        let file = visit.at("/api/v1/reports/user-activity.csv");
        let button =
            html! { a.button.small href=(file) aria-label="Download last active" { "Download" } };
        beside.push(("Last Active", button));
    }
    Table {
        caption: "Who holds a seat",
        columns: COLUMNS.get(shown.clone()).unwrap_or(&COLUMNS),
        nothing: "No license is found.",
        rows: held.items.iter().map(row).collect(),
        next: wanted.next(&visit.at(PATH), held.next_cursor),
    }
    .render_with(&beside)
}

/// Returns the name of the holder of a seat.
fn name_of(licence: &Licence) -> &str {
    let known = licence.user_name.as_deref().or(licence.email.as_deref()).unwrap_or(&licence.id);
    person(licence.display_name.as_deref(), known)
}

fn row(visit: &Visit<ReadBilling>, licence: &Licence) -> Vec<Markup> {
    let name = name_of(licence);
    let is_invitation = licence.source == LicenceSource::Invitation;
    let may_change =
        visit.admin.may(Operation::ManageOwners) || !licence.role.is_some_and(owner::governs);
    let reads = visit.admin.may(Operation::ReadAccount);
    let address = licence.email.as_deref().filter(|email| *email != name);
    vec![
        html! {
            @if may_change { (tick(CHOSEN, "ids", &licence.id, &format!("Select {name}"))) }
        },
        html! {
            @if is_invitation || !reads { strong { (name) } } @else {
                a.thing href=(visit.at(&path_of(&licence.id, ""))) { (name) }
            }
            @if !is_invitation { span.sub { (address.unwrap_or_else(|| no_address(licence))) } }
        },
        html! { @if let Some(role) = licence.role { (role.label()) } @else { span.muted { "invited" } } },
        html! {
            (source(licence.source))
            @if licence.reaches_organizations == Some(false) {
                " " (badge(Tone::Warn, "Reaches no organization"))
            }
        },
        html! {
            (date(licence.since))
            @if let Some(end) = licence.expires_at { span.sub { (expires(end, visit.frame.now)) } }
        },
        html! {
            @if !is_invitation { (last_active(licence.last_active.as_deref())) }
        },
        acts(visit, licence, may_change),
    ]
}

fn no_address(licence: &Licence) -> &'static str {
    if licence.email.is_some() { "" } else { "no address" }
}

fn source(source: LicenceSource) -> Markup {
    let tone = match source {
        LicenceSource::Manual => Tone::Neutral,
        LicenceSource::Scim | LicenceSource::Captured => Tone::Info,
        LicenceSource::Invitation => Tone::Accent,
    };
    badge(tone, source.label())
}

fn expires(end: Timestamp, now: Timestamp) -> String {
    match usize::try_from(end.millis_since(now) / DAY).unwrap_or(0) {
        0 => "expires today".to_owned(),
        days => format!("expires in {}", counted(days, "day", "days")),
    }
}

fn acts(visit: &Visit<ReadBilling>, licence: &Licence, may_change: bool) -> Markup {
    let at = |rest: &str| visit.at(&format!("{PATH}/{}/{rest}", licence.id));
    html! {
        @if licence.source == LicenceSource::Invitation {
            form.inline method="post" action=(at("resend")) {
                button.small aria-label={ "Resend the invitation to " (name_of(licence)) } { "Resend" }
            }
            " " (small_dialog("Revoke", &at("revoke")))
        } @else if may_change {
            (small_dialog("Remove", &at("remove")))
        } @else {
            span.muted { "only by an owner" }
        }
    }
}
