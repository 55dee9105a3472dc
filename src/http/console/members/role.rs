//! A member's role in the account.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::member::{may_change, read};
use super::{PATH, TITLE, name_of, path_of};
use crate::administration::members;
use crate::enterprise::Role;
use crate::enterprise::permissions::Operation;
use crate::http::admin::permits::{ManageMembers, ReadAccount, Reading};
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::routing::form;
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::words::Label;
use crate::http::pages::parts::{Choice, Field, Filled, Form, Input, card, confirmation};
use crate::store::Transaction;
use crate::views::members::Member;

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(form("/enterprise/members/{id}/role", edit, change));
}

/// Returns the roles that somebody may give.
pub fn choices(may_make_owners: bool) -> Vec<Choice<'static>> {
    let hint = |role| match role {
        Role::Owner => "May everything, also downgrade the plan and switch single sign-on on.",
        Role::CoOwner => "Administers the account alongside the owner.",
        Role::Member => "Works in organizations.",
        Role::BillingOnly => "Sees the plan and the licenses only.",
    };
    let roles = [Role::Member, Role::BillingOnly, Role::CoOwner, Role::Owner];
    let may = |role: &Role| may_make_owners || matches!(role, Role::Member | Role::BillingOnly);
    let choice =
        |role: Role| Choice { value: role.as_str(), label: role.label(), hint: hint(role) };
    roles.into_iter().filter(may).map(choice).collect()
}

fn fields<'a>(choices: &'a [Choice<'a>]) -> [Field<'a>; 1] {
    [Field::text("role", "Account role")
        .takes(Input::Select(choices))
        .hint("The member is told by mail. Roles in organizations are apart.")
        .answers(&["last-owner", "owners-only", "git-sync-limit"])]
}

/// Renders the role of a member with what changes it.
pub fn card_of(visit: &Visit<ReadAccount>, member: &Member) -> Markup {
    let choices = choices(visit.admin.may(Operation::ManageOwners));
    let action = visit.at(&path_of(&member.id, "/role"));
    let filled = Filled::new().with("role", member.role.as_str());
    card(
        "Account role",
        &html! {
            @if may_change(visit, member) {
                (Form::new(&action, &fields(&choices), "Save").render(&filled))
            } @else {
                p { (member.role.label()) }
                p.muted { "Only an owner changes or removes owners and co-owners." }
            }
        },
    )
}

/// Renders the question for the new role of a member.
pub fn question<P>(
    visit: &Visit<P>,
    member: &Member,
    (action, back): (&str, &str),
    filled: &Filled,
) -> Markup {
    let choices = choices(visit.admin.may(Operation::ManageOwners));
    let form = Form::new(action, &fields(&choices), "Save").or_back(back).render(filled);
    confirmation(&format!("The account role of {}", name_of(member)), &html! {}, &form)
}

/// Gives a member the role that a form asks for.
pub async fn set<P>(visit: &Visit<P>, id: &str, sent: &Sent) -> Result<(), Problem> {
    let role = sent.word::<Role>("role")?;
    let (id, manages_owners) = (id.to_owned(), visit.admin.may(Operation::ManageOwners));
    let write = move |transaction: &mut Transaction<'_>, account| {
        members::set_role(transaction, account, &id, role, manages_owners)
    };
    visit.admin.write(write).await.map(drop)
}

/// `GET /app/enterprise/members/{id}/role`.
async fn edit(visit: Visit<Reading<ManageMembers>>, id: Path<String>) -> Answer {
    let member = read(&visit, &id).await?.member;
    let filled = Filled::new().with("role", member.role.as_str());
    let back = visit.at(&path_of(&id, ""));
    let content = question(&visit, &member, (&visit.at(visit.frame.path()), &back), &filled);
    let above = [(TITLE, PATH), (name_of(&member), &path_of(&id, ""))];
    Ok(visit.show("Account role", &above, &content))
}

/// `POST /app/enterprise/members/{id}/role`.
async fn change(visit: Visit<ManageMembers>, id: Path<String>, sent: Sent) -> Answer {
    match set(&visit, &id, &sent).await {
        Ok(()) => Ok(visit.go(&path_of(&id, ""), Notice::AccountRoleChanged)),
        Err(problem) => {
            let member = read(&visit, &id).await?.member;
            let (back, filled) = (visit.at(&path_of(&id, "")), sent.refused(&problem));
            let here = visit.at(visit.frame.path());
            let content = question(&visit, &member, (&here, &back), &filled);
            let above = [(TITLE, PATH), (name_of(&member), &path_of(&id, ""))];
            Ok(visit.show_again(&problem, "Account role", &above, &content))
        }
    }
}
