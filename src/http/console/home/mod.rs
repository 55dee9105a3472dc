//! Home and Overview: how far the account is with the first steps, and how it is.

mod cards;
mod steps;

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::web::ServiceConfig;
use actix_web::{FromRequest, HttpResponse};
use maud::html;

use super::notice::Notice;
use super::routing::{sent, shown};
use super::sent::Sent;
use super::visit::{Answer, OwnVisit, Visit};
use crate::administration::persons::first_steps as hiding;
use crate::administration::{connector, first_steps};
use crate::enterprise::Role;
use crate::http::admin::administrator::Administrator;
use crate::http::admin::permits::ReadAccount;
use crate::http::base::problem::Problem;

pub use cards::{changes, who};

const HOME: &str = "/app";

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(shown("", home))
        .service(shown("/enterprise", overview))
        .service(sent("/first-steps", hide));
}

/// `GET /app`: where each role begins.
async fn home(visit: OwnVisit, request: HttpRequest) -> Answer {
    match visit.frame.role() {
        Some(Role::Owner | Role::CoOwner) => begin(&visit, &request).await,
        Some(Role::BillingOnly) => Ok(visit.lead("/app/billing")),
        Some(Role::Member) => Ok(visit.lead("/app/dashboard/organizations")),
        None => Ok(visit.lead("/accounts")),
    }
}

async fn begin(visit: &OwnVisit, request: &HttpRequest) -> Result<HttpResponse, Problem> {
    // Refuses co-owners while the account is inactive, as every page does.
    let admin = Administrator::<ReadAccount>::from_request(request, &mut Payload::None).await?;
    let is_hidden = visit.me.read(hiding::are_hidden).await?;
    let now = admin.now();
    let (far, state) = admin
        .read_page(move |conn, account| {
            Ok((first_steps::of(conn, account, now)?, cards::State::read(conn, account)?))
        })
        .await?;
    let content = html! {
        header {
            div {
                h1 { "Home" }
                p.lead { "You are signed in as " (visit.frame.email()) "." }
            }
        }
        (steps::list(&visit.frame, &far, is_hidden))
        (cards::all(&visit.frame, &far.connector, &state))
    };
    Ok(visit.show("Home", &[], &content))
}

/// `GET /app/enterprise`: the same cards, above the pages of Enterprise Controls.
async fn overview(visit: Visit<ReadAccount>) -> Answer {
    let now = visit.admin.now();
    let (connector, state) = visit
        .admin
        .read_page(move |conn, account| {
            Ok((connector::page(conn, account, now)?, cards::State::read(conn, account)?))
        })
        .await?;
    let content = html! {
        header {
            div {
                h1 { "Overview" }
                p.lead { "How the account is, and what was changed last." }
            }
        }
        (cards::all(&visit.frame, &connector, &state))
    };
    Ok(visit.show("Overview", &[], &content))
}

/// `POST /app/first-steps`: hides the first steps, or shows them again.
async fn hide(visit: OwnVisit, sent: Sent) -> Answer {
    let hidden = sent.ticked("hidden");
    visit
        .me
        .write(visit.me.context(), move |transaction, current| {
            hiding::hide(transaction, current, hidden)
        })
        .await?;
    Ok(visit.go(HOME, if hidden { Notice::StepsHidden } else { Notice::StepsShown }))
}
