//! Who governs the account and who pays for it: owners, co-owners, billing-only members.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

use super::members::{name_of, path_of, role, state};
use super::notice::Notice;
use super::routing::form;
use super::sent::{Sent, invalid};
use super::visit::{Answer, Visit};
use super::words::Label;
use crate::administration::appointing::{self, Appointed};
use crate::administration::listing::Position;
use crate::administration::member_list::{self, Filter};
use crate::enterprise::Role;
use crate::enterprise::permissions::Operation;
use crate::http::admin::permits::{ManageOwners, ReadAccount, Reading};
use crate::http::base::problem::Problem;
use crate::http::base::query::encoded;
use crate::http::pages::parts::{
    Choice, Column, Field, Filled, Form, Input, Table, card, confirmation, date, small_dialog,
};
use crate::store::Transaction;
use crate::store::member_lists::MemberKind;
use crate::views::members::{ListedMember, Member, MemberState};

const TITLE: &str = "Co-owners";
const PATH: &str = "/app/enterprise/co-owners";

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(form("/enterprise/co-owners", show, appoint))
        .service(form("/enterprise/co-owners/{id}/role", edit, change))
        .service(form("/enterprise/co-owners/{id}/remove", ask, remove));
}

/// The roles that are listed, in their order.
const LISTED: [Role; 3] = [Role::Owner, Role::CoOwner, Role::BillingOnly];
/// The number of members that are listed of each.
const MOST: i64 = 100;

/// Those who have one of the roles, the number of active owners, and whether more have one of them.
struct Appointees {
    all: Vec<ListedMember>,
    active_owners: usize,
    more: bool,
}

async fn appointees<P>(visit: &Visit<P>) -> Result<Appointees, Problem> {
    let now = visit.frame.now;
    let read = move |conn: &mut _, account| {
        let (mut all, mut more) = (Vec::new(), false);
        for role in LISTED {
            let kind = MemberKind { role: Some(role), ..MemberKind::default() };
            let filter = Filter { search: None, kind };
            let from = (&Position::default(), MOST);
            let found = member_list::list(conn, account, now, &filter, from)?;
            more |= found.next.is_some();
            all.extend(found.items.into_iter().map(ListedMember::from));
        }
        Ok((all, more))
    };
    let (all, more) = visit.admin.read_page(read).await?;
    let is_active_owner = |one: &&ListedMember| {
        one.member.role == Role::Owner && one.member.state == MemberState::Active
    };
    Ok(Appointees { active_owners: all.iter().filter(is_active_owner).count(), all, more })
}

const ROLES: &[Choice<'_>] = &[
    Choice { value: "co-owner", label: "Co-owner", hint: "" },
    Choice { value: "billing-only", label: "Billing", hint: "" },
    Choice { value: "owner", label: "Owner", hint: "" },
];
const FIELDS: &[Field<'_>] = &[
    Field::text("email", "E-mail address")
        .takes(Input::Email)
        .hint(
            "A member has the role at once, and is told by mail. Whoever is no member yet can be \
             invited to be co-owner.",
        )
        .answers(&["not-a-member", "last-owner", "not-allowed"]),
    Field::text("role", "Role").takes(Input::Select(ROLES)),
];

/// `GET /app/enterprise/co-owners`.
async fn show(visit: Visit<ReadAccount>) -> Answer {
    let content = page(&visit, &Filled::new().with("role", "co-owner")).await?;
    Ok(visit.show(TITLE, &[], &content))
}

async fn page<P>(visit: &Visit<P>, filled: &Filled) -> Result<Markup, Problem> {
    let appointees = appointees(visit).await?;
    let may = visit.admin.may(Operation::ManageOwners);
    Ok(html! {
        header { div {
            h1 { (TITLE) }
            p.lead {
                "A co-owner administers the account when the owner cannot be reached. Without one, and \
                 with one owner only, nobody else can invite, provision or sign in to help."
            }
        } }
        @if may {
            (card("Give somebody a role", &Form::new(&visit.at(PATH), FIELDS, "Invite")
                .creating().render(filled)))
        } @else {
            p.muted { "You see who has a role. Only an owner gives or takes the roles on this page." }
        }
        (table(visit, &appointees, may))
        @if appointees.more {
            p.muted {
                "The first " (MOST) " of each role are shown. The page "
                a href=(visit.at("/app/enterprise/members")) { "Members" } " lists all, by role."
            }
        }
    })
}

fn table<P>(visit: &Visit<P>, appointees: &Appointees, may: bool) -> Markup {
    let row = |listed: &ListedMember| {
        let member = &listed.member;
        let is_last = member.role == Role::Owner
            && member.state == MemberState::Active
            && appointees.active_owners == 1;
        vec![
            html! {
                a.thing href=(visit.at(&path_of(&member.id, ""))) { (name_of(member)) }
                span.sub { (member.email.as_deref().unwrap_or("no address")) }
            },
            html! { (member.role.label()) },
            state(member),
            html! {
                @match member.claimed_at {
                    Some(at) => (date(at)),
                    None => span.muted { "has not signed in yet" },
                }
            },
            html! { @if may { (acts(visit, member, is_last)) } },
        ]
    };
    Table {
        caption: "Owners, co-owners and billing-only members",
        columns: &[
            Column::text("Name"),
            Column::text("Role"),
            Column::text("State"),
            Column::text("Joined"),
            Column::text(""),
        ],
        nothing: "",
        rows: appointees.all.iter().map(row).collect(),
        next: None,
    }
    .render()
}

fn acts<P>(visit: &Visit<P>, member: &Member, is_last: bool) -> Markup {
    let at = |rest: &str| visit.at(&format!("{PATH}/{}/{rest}", member.id));
    let why = format!("last-owner-{}", member.id);
    html! {
        @if is_last {
            button.small disabled aria-describedby=(why) { "Change role" } " "
            button.small disabled aria-describedby=(why) { "Remove role" }
            span.sub id=(why) { "The account always has an owner: make somebody else owner first." }
        } @else {
            (small_dialog("Change role", &at("role"))) " "
            (small_dialog("Remove role", &at("remove")))
        }
    }
}

/// What became of an appointment.
#[derive(Deserialize, Serialize)]
enum Done {
    HasIt,
    IsInvited,
}

/// `POST /app/enterprise/co-owners`.
async fn appoint(visit: Visit<ManageOwners>, sent: Sent) -> Answer {
    let email = sent.text("email").to_owned();
    let done = async {
        let role = sent.word::<Role>("role")?;
        if !LISTED.contains(&role) {
            return Err(invalid("role", "choose co-owner, billing or owner"));
        }
        let (email, url) = (email.clone(), visit.admin.service.public_url.clone());
        let appoint = move |transaction: &mut Transaction<'_>, account| {
            Ok(match appointing::appoint(transaction, account, &url, (&email, role))? {
                Appointed::Member(_) => Done::HasIt,
                Appointed::Invited(_) => Done::IsInvited,
            })
        };
        visit.create(&sent, appoint).await
    }
    .await;
    match done {
        Ok(Done::HasIt) => Ok(visit.go(PATH, Notice::AccountRoleChanged)),
        Ok(Done::IsInvited) => {
            let held = format!("/app/enterprise/licenses?search={}", encoded(&email));
            Ok(visit.go(&held, Notice::CoOwnerInvited))
        }
        Err(problem) => {
            let content = page(&visit, &sent.refused(&problem)).await?;
            Ok(visit.show_again(&problem, TITLE, &[], &content))
        }
    }
}

async fn member<P>(visit: &Visit<P>, id: &str) -> Result<Member, Problem> {
    let (id, now) = (id.to_owned(), visit.frame.now);
    let read = move |conn: &mut _, account| member_list::get(conn, account, &id, now);
    Ok(ListedMember::from(visit.admin.read(read).await?).member)
}

/// `GET /app/enterprise/co-owners/{id}/role`.
async fn edit(visit: Visit<Reading<ManageOwners>>, id: Path<String>) -> Answer {
    let member = member(&visit, &id).await?;
    let filled = Filled::new().with("role", member.role.as_str());
    Ok(visit.show("Change role", &[(TITLE, PATH)], &asked(&visit, &member, &filled)))
}

fn asked<P>(visit: &Visit<P>, member: &Member, filled: &Filled) -> Markup {
    role::question(visit, member, (&visit.at(visit.frame.path()), &visit.at(PATH)), filled)
}

/// `POST /app/enterprise/co-owners/{id}/role`.
async fn change(visit: Visit<ManageOwners>, id: Path<String>, sent: Sent) -> Answer {
    match role::set(&visit, &id, &sent).await {
        Ok(()) => Ok(visit.go(PATH, Notice::AccountRoleChanged)),
        Err(problem) => {
            let member = member(&visit, &id).await?;
            let content = asked(&visit, &member, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Change role", &[(TITLE, PATH)], &content))
        }
    }
}

fn taking<P>(visit: &Visit<P>, member: &Member, filled: &Filled) -> Markup {
    let fields = [Field::text("role", "").takes(Input::Hidden)];
    let (action, back) = (visit.at(visit.frame.path()), visit.at(PATH));
    let form = Form::new(&action, &fields, "Remove role").dangerous().or_back(&back).render(filled);
    let what = html! {
        p {
            (name_of(member)) " is " (member.role.label()) " no more, and stays in the account as a \
             member: teams, organizations and the seat are kept. " (name_of(member))
            " is told by mail."
        }
    };
    confirmation(&format!("Remove the role of {}?", name_of(member)), &what, &form)
}

/// `GET /app/enterprise/co-owners/{id}/remove`.
async fn ask(visit: Visit<Reading<ManageOwners>>, id: Path<String>) -> Answer {
    let member = member(&visit, &id).await?;
    let content = taking(&visit, &member, &Filled::new().with("role", Role::Member.as_str()));
    Ok(visit.show("Remove role", &[(TITLE, PATH)], &content))
}

/// `POST /app/enterprise/co-owners/{id}/remove`.
async fn remove(visit: Visit<ManageOwners>, id: Path<String>, sent: Sent) -> Answer {
    match role::set(&visit, &id, &sent).await {
        Ok(()) => Ok(visit.go(PATH, Notice::AccountRoleChanged)),
        Err(problem) => {
            let member = member(&visit, &id).await?;
            let content = taking(&visit, &member, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Remove role", &[(TITLE, PATH)], &content))
        }
    }
}
