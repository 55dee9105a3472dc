//! Your organizations: the list, a new organization, and one organization with its tabs.

mod advanced;
mod collaborators;
mod invites;
mod inviting;
mod linking;
mod list;
mod place;
mod profile;
mod storage;
mod teams;
mod transfer;

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::notice::Notice;
use super::routing::form;
use super::sent::Sent;
use super::visit::{Answer, Visit};
use crate::administration::organizations;
use crate::http::admin::permits::{CreateOrganizations, Reading};
use crate::http::pages::parts::{Field, Filled, Form};

const TITLE: &str = "Your organizations";
const PATH: &str = "/app/dashboard/organizations";
const NEW: &str = "/app/dashboard/organizations/new";

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .configure(list::routes)
        // Must come before the paths of one organization, which would match it.
        .service(form("/dashboard/organizations/new", new, create))
        .configure(collaborators::routes)
        .configure(inviting::routes)
        .configure(teams::routes)
        .configure(linking::routes)
        .configure(storage::routes)
        .configure(invites::routes)
        .configure(profile::routes)
        .configure(advanced::routes)
        .configure(transfer::routes);
}

/// Returns the path of an organization's page.
pub fn path_of(id: &str) -> String {
    format!("{PATH}/{id}")
}

/// The name of an organization.
const NAME: Field<'_> = Field::text("name", "Organization name").answers(&["name-taken"]);

/// `GET /app/dashboard/organizations/new`.
async fn new(visit: Visit<Reading<CreateOrganizations>>) -> Answer {
    let content = creating(&visit, &Filled::new());
    Ok(visit.show("New organization", &[(TITLE, PATH)], &content))
}

fn creating<P>(visit: &Visit<P>, filled: &Filled) -> Markup {
    let fields = [NAME
        .hint("At most 255 characters; no other organization of the account has it.")
        .focused(true)];
    html! {
        header { h1 { "New organization" } }
        (Form::new(&visit.at(NEW), &fields, "Create organization")
            .creating()
            .or_back(&visit.at(PATH))
            .render(filled))
    }
}

/// `POST /app/dashboard/organizations/new`.
async fn create(visit: Visit<CreateOrganizations>, sent: Sent) -> Answer {
    let name = sent.text("name").to_owned();
    let made = visit.create(&sent, move |transaction, account| {
        Ok(organizations::create(transaction, account, &name)?.id)
    });
    match made.await {
        Ok(id) => Ok(visit.go(&format!("{PATH}/{id}/collaborators"), Notice::OrganizationCreated)),
        Err(problem) => {
            let content = creating(&visit, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "New organization", &[(TITLE, PATH)], &content))
        }
    }
}
