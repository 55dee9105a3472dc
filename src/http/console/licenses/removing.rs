//! One licence: a member who is removed, an invitation that is revoked or sent again.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::{PATH, TITLE};
use crate::administration::invitations;
use crate::http::admin::permits::{ManageMembers, Reading, Smaller};
use crate::http::base::problem::Problem;
use crate::http::console::members::removal::{Removal, carry_out};
use crate::http::console::named::names;
use crate::http::console::notice::Notice;
use crate::http::console::routing::{form, sent};
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::pages::parts::{Filled, Form, confirmation};
use crate::store::Transaction;
use crate::views::invitations::ListedInvitation;

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(form("/enterprise/licenses/{id}/remove", ask, remove))
        .service(form("/enterprise/licenses/{id}/revoke", ask_revoke, revoke))
        .service(sent("/enterprise/licenses/{id}/resend", resend));
}

/// `GET /app/enterprise/licenses/{id}/remove`.
async fn ask(visit: Visit<Reading<ManageMembers>>, id: Path<String>) -> Answer {
    let removal = Removal::read(&visit, &id).await?;
    let content = removal.question(&visit, &visit.at(PATH), &Filled::new());
    Ok(visit.show("Remove", &[(TITLE, PATH)], &content))
}

/// `POST /app/enterprise/licenses/{id}/remove`.
async fn remove(visit: Visit<Smaller<ManageMembers>>, id: Path<String>, sent: Sent) -> Answer {
    let removal = Removal::read(&visit, &id).await?;
    match carry_out(&visit, &removal).await {
        Ok(notice) => Ok(visit.go(PATH, notice)),
        Err(problem) => {
            let content = removal.question(&visit, &visit.at(PATH), &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Remove", &[(TITLE, PATH)], &content))
        }
    }
}

async fn invitation<P>(visit: &Visit<P>, id: &str) -> Result<ListedInvitation, Problem> {
    let (id, now) = (id.to_owned(), visit.frame.now);
    let read = move |conn: &mut _, account| invitations::get(conn, account, &id);
    Ok(ListedInvitation::at(visit.admin.read(read).await?, now))
}

fn revoking<P>(visit: &Visit<P>, listed: &ListedInvitation, filled: &Filled) -> Markup {
    let (action, back) = (visit.at(visit.frame.path()), visit.at(PATH));
    let form = Form::new(&action, &[], "Revoke").dangerous().or_back(&back).render(filled);
    let targets: Vec<&str> = listed
        .organizations
        .iter()
        .map(|one| one.organization_name.as_str())
        .chain(listed.teams.iter().map(|one| one.team_name.as_str()))
        .collect();
    let what = html! {
        p {
            "The link in the mail stops working, and the seat is free at once."
            @if !targets.is_empty() { " It invites to " (names(&targets, targets.len())) "." }
        }
    };
    confirmation(&format!("Revoke the invitation of {}?", listed.invitation.email), &what, &form)
}

/// `GET /app/enterprise/licenses/{id}/revoke`.
async fn ask_revoke(visit: Visit<Reading<ManageMembers>>, id: Path<String>) -> Answer {
    let listed = invitation(&visit, &id).await?;
    let content = revoking(&visit, &listed, &Filled::new());
    Ok(visit.show("Revoke", &[(TITLE, PATH)], &content))
}

/// `POST /app/enterprise/licenses/{id}/revoke`.
async fn revoke(visit: Visit<Smaller<ManageMembers>>, id: Path<String>, sent: Sent) -> Answer {
    let listed = invitation(&visit, &id).await?;
    let write = move |transaction: &mut Transaction<'_>, account| {
        invitations::revoke(transaction, account, &id)
    };
    match visit.admin.write(write).await {
        Ok(()) => Ok(visit.go(PATH, Notice::LicenceRevoked)),
        Err(problem) => {
            let content = revoking(&visit, &listed, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Revoke", &[(TITLE, PATH)], &content))
        }
    }
}

/// `POST /app/enterprise/licenses/{id}/resend`.
async fn resend(visit: Visit<ManageMembers>, id: Path<String>) -> Answer {
    let url = visit.admin.service.public_url.clone();
    let write = move |transaction: &mut Transaction<'_>, account| {
        invitations::resend(transaction, account, &url, &id)
    };
    visit.admin.write(write).await?;
    Ok(visit.go(PATH, Notice::LicenceResent))
}
