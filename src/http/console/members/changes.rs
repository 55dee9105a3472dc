//! Changes to a manual member: name and address, and whether it is active.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::member::read;
use super::{PATH, TITLE, name_of, path_of};
use crate::administration::member_changes::{self, Profile};
use crate::administration::{AdministrationError, members};
use crate::enterprise::AccountPk;
use crate::enterprise::permissions::Operation;
use crate::http::admin::members::full_name;
use crate::http::admin::permits::{ManageMembers, Reading};
use crate::http::console::notice::Notice;
use crate::http::console::routing::form;
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::pages::parts::{Field, Filled, Form, Input, confirmation};
use crate::store::Transaction;
use crate::views::members::Member;

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(form("/enterprise/members/{id}/edit", edit, change))
        .service(form("/enterprise/members/{id}/deactivate", ask_deactivate, deactivate))
        .service(form("/enterprise/members/{id}/reactivate", ask_reactivate, reactivate));
}

fn editing<P>(visit: &Visit<P>, member: &Member, filled: &Filled) -> Markup {
    let fields = [
        Field::text("email", "E-mail address")
            .takes(Input::Email)
            .hint(
                "The member signs in with it. A person who has proved none of the member's addresses \
                 afterwards is this member no longer.",
            )
            .answers(&["already-member", "address-not-proved"]),
        Field::text("given_name", "Given name")
            .optional()
            .hint("Give both names, or leave both empty to keep the name."),
        Field::text("family_name", "Family name").optional(),
    ];
    let (action, back) = (visit.at(visit.frame.path()), visit.at(&path_of(&member.id, "")));
    let form = Form::new(&action, &fields, "Save").or_back(&back).render(filled);
    let what = html! { p { "The name is now: " strong { (name_of(member)) } } };
    confirmation("Edit name and address", &what, &form)
}

/// `GET /app/enterprise/members/{id}/edit`.
async fn edit(visit: Visit<Reading<ManageMembers>>, id: Path<String>) -> Answer {
    let member = read(&visit, &id).await?.member;
    let email = member.email.as_deref().unwrap_or_default();
    let filled = Filled::new().with("email", email);
    let above = [(TITLE, PATH), (name_of(&member), &path_of(&id, ""))];
    Ok(visit.show("Edit", &above, &editing(&visit, &member, &filled)))
}

/// `POST /app/enterprise/members/{id}/edit`.
async fn change(visit: Visit<ManageMembers>, id: Path<String>, sent: Sent) -> Answer {
    let member = read(&visit, &id).await?.member;
    let done = async {
        let new = sent.given("email");
        let profile = Profile {
            full_name: full_name(sent.given("given_name"), sent.given("family_name"))?,
            email: new.filter(|email| Some(email) != member.email.as_ref()),
        };
        let (id, owners) = (id.to_string(), visit.admin.may(Operation::ManageOwners));
        let write = move |transaction: &mut Transaction<'_>, account| {
            member_changes::change_profile(transaction, account, &id, &profile, owners)
        };
        visit.admin.write(write).await
    }
    .await;
    match done {
        Ok(_) => Ok(visit.go(&path_of(&id, ""), Notice::AccountMemberChanged)),
        Err(problem) => {
            let content = editing(&visit, &member, &sent.refused(&problem));
            let above = [(TITLE, PATH), (name_of(&member), &path_of(&id, ""))];
            Ok(visit.show_again(&problem, "Edit", &above, &content))
        }
    }
}

/// A change of whether a member is active.
struct Switch {
    title: &'static str,
    what: &'static str,
    is_dangerous: bool,
    notice: Notice,
    set: fn(
        &mut Transaction<'_>,
        AccountPk,
        &str,
        bool,
    ) -> Result<members::ClaimedMember, AdministrationError>,
}

const DEACTIVATE: Switch = Switch {
    title: "Deactivate",
    what: "The member reaches nothing of the account, is signed out of it, and the seat is free. Teams \
           and organizations are kept: they come back when you reactivate the member.",
    is_dangerous: true,
    notice: Notice::AccountMemberDeactivated,
    set: member_changes::deactivate,
};
const REACTIVATE: Switch = Switch {
    title: "Reactivate",
    what: "The member takes a seat, and reaches what it reached before.",
    is_dangerous: false,
    notice: Notice::AccountMemberReactivated,
    set: member_changes::reactivate,
};

impl Switch {
    fn question<P>(&self, visit: &Visit<P>, member: &Member, filled: &Filled) -> Markup {
        let (action, back) = (visit.at(visit.frame.path()), visit.at(&path_of(&member.id, "")));
        let form = Form::new(&action, &[], self.title).or_back(&back);
        let form = if self.is_dangerous { form.dangerous() } else { form };
        let question = format!("{} {}?", self.title, name_of(member));
        confirmation(&question, &html! { p { (self.what) } }, &form.render(filled))
    }

    async fn ask(&self, visit: &Visit<Reading<ManageMembers>>, id: &str) -> Answer {
        let member = read(visit, id).await?.member;
        let content = self.question(visit, &member, &Filled::new());
        let above = [(TITLE, PATH), (name_of(&member), &path_of(id, ""))];
        Ok(visit.show(self.title, &above, &content))
    }

    async fn act(&self, visit: &Visit<ManageMembers>, id: &str, sent: Sent) -> Answer {
        let (set, owners) = (self.set, visit.admin.may(Operation::ManageOwners));
        let own = id.to_owned();
        let write = move |transaction: &mut Transaction<'_>, account| {
            set(transaction, account, &own, owners)
        };
        match visit.admin.write(write).await {
            Ok(_) => Ok(visit.go(&path_of(id, ""), self.notice)),
            Err(problem) => {
                let member = read(visit, id).await?.member;
                let content = self.question(visit, &member, &sent.refused(&problem));
                let above = [(TITLE, PATH), (name_of(&member), &path_of(id, ""))];
                Ok(visit.show_again(&problem, self.title, &above, &content))
            }
        }
    }
}

/// `GET /app/enterprise/members/{id}/deactivate`.
async fn ask_deactivate(visit: Visit<Reading<ManageMembers>>, id: Path<String>) -> Answer {
    DEACTIVATE.ask(&visit, &id).await
}

/// `POST /app/enterprise/members/{id}/deactivate`.
async fn deactivate(visit: Visit<ManageMembers>, id: Path<String>, sent: Sent) -> Answer {
    DEACTIVATE.act(&visit, &id, sent).await
}

/// `GET /app/enterprise/members/{id}/reactivate`.
async fn ask_reactivate(visit: Visit<Reading<ManageMembers>>, id: Path<String>) -> Answer {
    REACTIVATE.ask(&visit, &id).await
}

/// `POST /app/enterprise/members/{id}/reactivate`.
async fn reactivate(visit: Visit<ManageMembers>, id: Path<String>, sent: Sent) -> Answer {
    REACTIVATE.act(&visit, &id, sent).await
}
