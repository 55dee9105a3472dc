//! The tab Profile: the organization's name.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::NAME;
use super::place::{self, Organization, Shown, page};
use crate::administration::organizations;
use crate::http::admin::permits::{ManageOrganization, Reading};
use crate::http::console::notice::Notice;
use crate::http::console::routing::form;
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::pages::parts::{Filled, Form};

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(form("/dashboard/organizations/{id}/profile", show, rename));
}

fn content<P>(visit: &Visit<P>, organization: &Organization, filled: &Filled) -> Markup {
    let (action, fields) = (visit.at(&organization.tab(Shown::Profile)), [NAME]);
    let form = Form::new(&action, &fields, "Save").render(filled);
    let content = html! { section.card { h2 { "Profile" } (form) } };
    page(&visit.frame, organization, Shown::Profile, &content)
}

/// `GET /app/dashboard/organizations/{id}/profile`.
async fn show(visit: Visit<Reading<ManageOrganization>>, id: Path<String>) -> Answer {
    let organization = place::read(&visit, &id).await?;
    let filled = Filled::new().with("name", &organization.name);
    let content = content(&visit, &organization, &filled);
    Ok(visit.show(Shown::Profile.title(), &organization.above(), &content))
}

/// `POST /app/dashboard/organizations/{id}/profile`.
async fn rename(visit: Visit<ManageOrganization>, id: Path<String>, sent: Sent) -> Answer {
    let organization = place::read(&visit, &id).await?;
    let name = sent.text("name").to_owned();
    let done = visit
        .admin
        .write(move |transaction, account| organizations::rename(transaction, account, &id, &name));
    match done.await {
        Ok(_) => Ok(visit.go(&organization.tab(Shown::Profile), Notice::OrganizationRenamed)),
        Err(problem) => {
            let content = content(&visit, &organization, &sent.refused(&problem));
            let title = Shown::Profile.title();
            Ok(visit.show_again(&problem, title, &organization.above(), &content))
        }
    }
}
