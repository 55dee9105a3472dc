//! Domains: the list, a new one, one domain, its rules, its unclaimed accounts, its end.

mod domain;
mod invite;
mod record;
mod removal;
mod rules;
mod unclaimed;

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::notice::Notice;
use super::routing::{form, shown};
use super::sent::Sent;
use super::visit::{Answer, Visit};
use super::wanted::{Wanted, Whole};
use super::words::Label;
use crate::administration::domains::{self, AttachedDomain};
use crate::enterprise::Timestamp;
use crate::enterprise::domain_check::VerifyUsing;
use crate::enterprise::sso::ConnectionState;
use crate::http::admin::list::Paged;
use crate::http::admin::permits::{ManageDomains, ReadAccount, Reading};
use crate::http::base::problem::Problem;
use crate::http::pages::parts::{
    Choice, Column, Field, Filled, Form, Input, Table, Tone, badge, empty, main_link,
};
use crate::views::domains::Domain;
use crate::views::list::List;

const TITLE: &str = "Domains";
const PATH: &str = "/app/enterprise/domains/list";
const NEW: &str = "/app/enterprise/domains/new";

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(shown("/enterprise/domains/list", list))
        .service(form("/enterprise/domains/new", new, create))
        .configure(domain::routes)
        .configure(rules::routes)
        .configure(unclaimed::routes)
        .configure(invite::routes)
        .configure(removal::routes);
}

/// A domain with what hangs on it, as pages show it.
struct Shown {
    domain: Domain,
    /// The number of unclaimed accounts, if the domain is verified.
    unclaimed: Option<i64>,
    /// The state of its single sign-on connection, if it has one.
    connection: Option<ConnectionState>,
}

impl Shown {
    fn of(found: AttachedDomain, now: Timestamp) -> Self {
        Self {
            connection: found.connection.map(|connection| connection.state(now)),
            unclaimed: found.unclaimed,
            domain: Domain::of(found.row, now),
        }
    }

    fn is_verified(&self) -> bool {
        self.domain.verified_at.is_some()
    }

    fn title(&self) -> &str {
        &self.domain.display_name
    }

    /// Returns the path of the domain's page, or of one below it.
    fn path(&self, rest: &str) -> String {
        format!("/app/enterprise/domains/{}{rest}", self.domain.id)
    }

    async fn read<P>(visit: &Visit<P>, id: &str) -> Result<Self, Problem> {
        let (id, now) = (id.to_owned(), visit.frame.now);
        let found = visit
            .admin
            .read(move |conn, account| domains::get_attached(conn, account, &id))
            .await?;
        Ok(Self::of(found, now))
    }

    fn state(&self) -> Markup {
        let domain = &self.domain;
        html! {
            @match domain.verified_by {
                None => (badge(Tone::Warn, "Pending")),
                Some(_) if domain.rests => (badge(Tone::Bad, "Suspended: its record is missing")),
                Some(_) if domain.lost_since.is_some() => (badge(Tone::Bad, "Its record is missing")),
                Some(by) => { (badge(Tone::Good, "Verified")) " " span.sub { (by.label()) } }
            }
        }
    }
}

/// Renders whether a setting is on.
fn switched(on: bool) -> Markup {
    if on { badge(Tone::Good, "On") } else { badge(Tone::Neutral, "Off") }
}

/// Renders the state of a single sign-on connection.
fn connection(state: ConnectionState) -> Markup {
    let tone = match state {
        ConnectionState::On => Tone::Good,
        ConnectionState::Resting => Tone::Bad,
        ConnectionState::Draft | ConnectionState::Verified => Tone::Neutral,
    };
    badge(tone, state.label())
}

/// `GET /app/enterprise/domains/list`.
async fn list(visit: Visit<ReadAccount>, wanted: Wanted<Whole>, paging: Paged) -> Answer {
    let (after, limit) = paging.range()?;
    let found = visit
        .admin
        .read_page(move |conn, account| domains::list_attached(conn, account, after, limit))
        .await?;
    let domains = paging.list(found, |one| Shown::of(one, visit.frame.now));
    let content = html! {
        header {
            div {
                h1 { (TITLE) }
                p.lead { "A domain that you have verified is yours: you say who joins with its addresses." }
            }
            (main_link("New Domain", &visit.at(NEW)))
        }
        @if domains.items.is_empty() && !wanted.narrows() {
            (empty(
                "No domains yet",
                "A verified domain is needed for capture, which makes everybody who signs up with its \
                 addresses a member, for single sign-on, and for SCIM.",
                Some(&main_link("New Domain", &visit.at(NEW))),
            ))
        } @else { (table(&visit, &wanted, domains)) }
    };
    Ok(visit.show(TITLE, &[], &content))
}

fn table(visit: &Visit<ReadAccount>, wanted: &Wanted<Whole>, domains: List<Shown>) -> Markup {
    let next = wanted.next(&visit.at(PATH), domains.next_cursor);
    Table {
        caption: "The account's domains",
        columns: &[
            Column::text("Domain"),
            Column::text("State"),
            Column::text("Capture"),
            Column::text("Lock"),
            Column::number("Unclaimed Accounts"),
            Column::text("SSO"),
        ],
        nothing: "There are no further domains.",
        rows: domains.items.iter().map(|domain| row(visit, domain)).collect(),
        next,
    }
    .render()
}

fn row(visit: &Visit<ReadAccount>, shown: &Shown) -> Vec<Markup> {
    let domain = &shown.domain;
    vec![
        html! {
            a.thing href=(visit.at(&shown.path(""))) { (shown.title()) }
            @if domain.name != domain.display_name { span.sub { (domain.name) } }
        },
        shown.state(),
        switched(domain.capture),
        switched(domain.locked),
        html! { @match shown.unclaimed { Some(number) => (number), None => "–" } },
        html! { @match shown.connection { Some(state) => (connection(state)), None => span.muted { "None" } } },
    ]
}

/// The maximum number of domains of an account, and of those that the form names.
const MOST: i64 = 1000;
const NAMED: usize = 10;

/// Returns the domains whose record verifies domains below them, in words.
async fn roots<P>(visit: &Visit<P>) -> Result<String, Problem> {
    let page = visit.admin.read(|conn, account| domains::list(conn, account, 0, MOST)).await?;
    let roots =
        page.items.iter().filter(|row| row.verified_at.is_some() && row.lost_since.is_none());
    let mut names: Vec<String> =
        roots.map(|row| domains::name_of(row).unicode()).take(NAMED + 1).collect();
    if names.is_empty() {
        return Ok(
            "For a subdomain of a domain that is verified here. None is yet: choose the unique \
                   record."
                .to_owned(),
        );
    }
    if names.len() > NAMED {
        names.truncate(NAMED);
        names.push("and others".to_owned());
    }
    Ok(format!(
        "For a subdomain of a domain that is verified here, which it is at once. It has to be below \
         one of: {}.",
        names.join(", ")
    ))
}

/// `GET /app/enterprise/domains/new`.
async fn new(visit: Visit<Reading<ManageDomains>>) -> Answer {
    let roots = roots(&visit).await?;
    let filled = Filled::new().with("verify_using", VerifyUsing::UniqueRecord.as_str());
    Ok(visit.show("New Domain", &[(TITLE, PATH)], &creating(&visit, &roots, &filled)))
}

fn creating<P>(visit: &Visit<P>, roots: &str, filled: &Filled) -> Markup {
    let ways = [
        Choice {
            value: VerifyUsing::UniqueRecord.as_str(),
            label: "Unique verification record",
            hint: "For most domains: you publish a TXT record that is made for it.",
        },
        Choice {
            value: VerifyUsing::RootRecord.as_str(),
            label: "Root domain verification record",
            hint: roots,
        },
    ];
    let fields = [
        Field::text("verify_using", "Verify using").takes(Input::One(&ways)),
        Field::text("name", "Domain")
            .hint("As it stands after the @ of your addresses, such as kongair.example.")
            .answers(&["invalid-domain", "domain-exists", "domain-taken", "too-many-domains"]),
    ];
    html! {
        header { h1 { "New Domain" } }
        (Form::new(&visit.at(NEW), &fields, "Create Domain").creating().or_back(&visit.at(PATH)).render(filled))
    }
}

/// `POST /app/enterprise/domains/new`.
async fn create(visit: Visit<ManageDomains>, sent: Sent) -> Answer {
    let made = async {
        let using = sent.word::<VerifyUsing>("verify_using")?;
        let name = sent.text("name").to_owned();
        visit
            .create(&sent, move |transaction, account| {
                let row = domains::add(transaction, account, &name, Some(using))?;
                Ok((row.id, row.verified_at.is_some()))
            })
            .await
    }
    .await;
    match made {
        Ok((id, is_verified)) => {
            let notice = if is_verified { Notice::DomainVerified } else { Notice::DomainAdded };
            Ok(visit.go(&format!("/app/enterprise/domains/{id}"), notice))
        }
        Err(problem) => {
            let roots = roots(&visit).await?;
            let content = creating(&visit, &roots, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "New Domain", &[(TITLE, PATH)], &content))
        }
    }
}
