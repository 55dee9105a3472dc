//! The members of the account: the list, a new member, and one member.

mod changes;
mod member;
mod merging;
pub mod removal;
pub mod role;

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::name_conflicts;
use super::named::person;
use super::notice::Notice;
use super::routing::{form, shown};
use super::sent::Sent;
use super::visit::{Answer, Visit};
use super::wanted::Wanted;
use super::words::Label;
use crate::administration::{member_list, members};
use crate::enterprise::name::Named;
use crate::enterprise::permissions::Operation;
use crate::enterprise::{MemberSource, Role};
use crate::http::admin::list::Paged;
use crate::http::admin::members::{WantedMembers, full_name};
use crate::http::admin::permits::{ManageMembers, ReadAccount, Reading};
use crate::http::pages::parts::{
    Column, Field, Filled, Filter, Form, Input, Table, Tone, badge, date, main_link, search,
};
use crate::store::Transaction;
use crate::views::list::List;
use crate::views::members::{ListedMember, Member, MemberState};

const TITLE: &str = "Members";
const PATH: &str = "/app/enterprise/members";
const NEW: &str = "/app/enterprise/members/new";

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(shown("/enterprise/members", list))
        .service(form("/enterprise/members/new", new, create))
        .configure(member::routes)
        .configure(changes::routes)
        .configure(role::routes)
        .configure(merging::routes)
        .configure(removal::routes);
}

/// Returns the name of a member for people to read.
pub fn name_of(member: &Member) -> &str {
    person(member.display_name.as_deref(), &member.user_name)
}

/// Returns the path of a page of a member.
pub fn path_of(id: &str, rest: &str) -> String {
    format!("{PATH}/{id}{rest}")
}

/// `GET /app/enterprise/members`.
async fn list(visit: Visit<ReadAccount>, wanted: Wanted<WantedMembers>, paging: Paged) -> Answer {
    let (filter, now) = (wanted.query.clone().read()?, visit.frame.now);
    let (from, limit) = paging.place(filter.search.as_ref())?;
    let list =
        move |conn: &mut _, account| member_list::list(conn, account, now, &filter, (&from, limit));
    let found = paging.listing(visit.admin.read_page(list).await?, ListedMember::from);
    let conflicts = name_conflicts::notes(&visit, Named::Member).await?;
    let filters = [
        filter_of(&wanted, "role", "Account role", &ROLES),
        filter_of(&wanted, "source", "Source", &SOURCES),
        filter_of(&wanted, "state", "State", &STATES),
    ];
    let content = html! {
        header {
            div {
                h1 { (TITLE) }
                p.lead { "Everybody in the account, however they came." }
            }
            (main_link("Add member", &visit.at(NEW)))
        }
        (conflicts)
        (search("Search members", wanted.text("search"), &filters))
        (table(&visit, &wanted, found))
    };
    Ok(visit.show(TITLE, &[], &content))
}

/// The account roles to filter by.
pub const ROLES: [(&str, &str); 5] = [
    ("", "All"),
    ("owner", "Owner"),
    ("co-owner", "Co-owner"),
    ("member", "Member"),
    ("billing-only", "Billing"),
];
const SOURCES: [(&str, &str); 3] = [("", "All"), ("manual", "Manual"), ("scim", "SCIM")];
const STATES: [(&str, &str); 3] = [("", "All"), ("active", "Active"), ("inactive", "Deactivated")];

fn filter_of<'a, T>(
    wanted: &'a Wanted<T>,
    name: &'a str,
    label: &'a str,
    values: &'a [(&'a str, &'a str)],
) -> Filter<'a> {
    Filter { name, label, values, chosen: wanted.text(name) }
}

fn table(
    visit: &Visit<ReadAccount>,
    wanted: &Wanted<WantedMembers>,
    found: List<ListedMember>,
) -> Markup {
    Table {
        caption: "The account's members",
        columns: &[
            Column::text("Name"),
            Column::text("Account role"),
            Column::text("Source"),
            Column::text("State"),
            Column::text("Teams"),
            Column::number("Organizations"),
            Column::text("Seat since"),
            Column::text("Last active"),
        ],
        nothing: "No member is found.",
        rows: found.items.iter().map(|listed| row(visit, listed)).collect(),
        next: wanted.next(&visit.at(PATH), found.next_cursor),
    }
    .render()
}

fn row(visit: &Visit<ReadAccount>, listed: &ListedMember) -> Vec<Markup> {
    let member = &listed.member;
    let few = listed.teams.iter().take(3);
    let more = listed.team_count - i64::try_from(listed.teams.len().min(3)).unwrap_or(0);
    vec![
        html! {
            a.thing href=(visit.at(&path_of(&member.id, ""))) { (name_of(member)) }
            span.sub { (member.email.as_deref().unwrap_or("no address")) }
        },
        html! { (member.role.label()) },
        source(member.source),
        state(member),
        html! {
            @for team in few { (badge(Tone::Neutral, &team.name)) " " }
            @if more > 0 { "and " (more) " more" }
        },
        html! {
            (listed.organization_count)
            @if listed.organization_count >= member_list::MOST_COUNTED { " or more" }
        },
        html! { @if let Some(since) = member.seat_since { (date(since)) } @else { "none" } },
        last_active(listed.last_active.as_deref()),
    ]
}

/// Renders who put a member into the account.
pub fn source(source: MemberSource) -> Markup {
    let tone = if source == MemberSource::Manual { Tone::Neutral } else { Tone::Info };
    badge(tone, source.label())
}

/// Renders whether a member takes part in the account.
pub fn state(member: &Member) -> Markup {
    match (member.state, member.source) {
        (MemberState::Inactive, MemberSource::Scim) => {
            html! {
                (badge(Tone::Bad, "Deactivated"))
                span.sub { "by the identity provider" }
            }
        }
        (MemberState::Inactive, MemberSource::Manual) => badge(Tone::Bad, "Deactivated"),
        (MemberState::Active, _) if !member.can_sign_in => {
            badge(Tone::Warn, "Cannot sign in: no address")
        }
        (MemberState::Active, _) => badge(Tone::Good, "Active"),
    }
}

/// Renders the last active day, which is a day in UTC.
pub fn last_active(day: Option<&str>) -> Markup {
    html! {
        @if let Some(day) = day {
            time datetime=(day) data-only="day" { (day) }
        } @else {
            span.muted { "not in 100 days" }
        }
    }
}

/// `GET /app/enterprise/members/new`.
async fn new(visit: Visit<Reading<ManageMembers>>) -> Answer {
    let content = adding(&visit, &Filled::new().with("role", "member"));
    Ok(visit.show("Add member", &[(TITLE, PATH)], &content))
}

fn adding<P>(visit: &Visit<P>, filled: &Filled) -> Markup {
    let roles = role::choices(visit.admin.may(Operation::ManageOwners));
    let fields = [
        Field::text("email", "E-mail address")
            .takes(Input::Email)
            .hint("No mail is sent. To send a link that has to be accepted, invite the person instead.")
            .answers(&["already-member"]),
        Field::text("given_name", "Given name").optional(),
        Field::text("family_name", "Family name")
            .optional()
            .hint("Without both, names come from the address."),
        Field::text("role", "Account role")
            .takes(Input::Select(&roles))
            .answers(&["owners-only"]),
    ];
    let form = Form::new(&visit.at(NEW), &fields, "Add member")
        .creating()
        .or_back(&visit.at(PATH))
        .render(filled);
    html! {
        header { div {
            h1 { "Add member" }
            p.lead { "The member takes a seat at once." }
        } }
        (form)
    }
}

/// `POST /app/enterprise/members/new`.
async fn create(visit: Visit<ManageMembers>, sent: Sent) -> Answer {
    let made = async {
        let role = sent.word::<Role>("role")?;
        let checked = members::check_roles(visit.admin.may(Operation::ManageOwners), &[role]);
        visit.admin.explained(checked).await?;
        let name = full_name(sent.given("given_name"), sent.given("family_name"))?;
        let email = sent.text("email").to_owned();
        let add = move |transaction: &mut Transaction<'_>, account| {
            let added = members::add(transaction, account, &email, name.clone(), role)?;
            Ok(added.member.id)
        };
        visit.create(&sent, add).await
    }
    .await;
    match made {
        Ok(id) => Ok(visit.go(&path_of(&id, ""), Notice::AccountMemberAdded)),
        Err(problem) => {
            let content = adding(&visit, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Add member", &[(TITLE, PATH)], &content))
        }
    }
}
