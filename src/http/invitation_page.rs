//! `/invitations/accept`: the page that an invitation's mail links to. Only its button accepts,
//! because programs that scan mails follow the links in them.

use actix_web::http::StatusCode;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use maud::html;
use serde::Deserialize;

use super::admin::acceptance;
use super::sso::sign_in_after_proof;
use crate::administration::invitations::acceptance::{Joined, Offer};
use crate::enterprise::invitation::InvitationState;
use crate::http::base::browser::is_from_here;
use crate::http::base::prefix::at;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::pages::parts::{main_link, moment};
use crate::http::pages::{Page, button, field, hidden, post_form};

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(
        web::resource("/invitations/accept")
            .app_data(form())
            .app_data(web::QueryConfig::default().error_handler(|error, _| {
                let answer =
                    Page::saying("This link is incomplete", "Open the complete link in the mail.")
                        .with_status(StatusCode::NOT_FOUND)
                        .respond();
                actix_web::error::InternalError::from_response(error, answer).into()
            }))
            .route(web::get().to(show))
            .route(web::head().to(show))
            .route(web::post().to(accept)),
    );
    config.service(
        web::resource("/invitations/decline").app_data(form()).route(web::post().to(decline)),
    );
}

fn form() -> web::FormConfig {
    web::FormConfig::default().limit(usize::MAX).error_handler(|error, _| {
        let answer = Page::saying(
            "This did not work",
            "The form could not be read. Open the link in the mail again.",
        )
        .with_status(StatusCode::BAD_REQUEST)
        .respond();
        actix_web::error::InternalError::from_response(error, answer).into()
    })
}

#[derive(Deserialize)]
struct Link {
    token: String,
}

#[derive(Deserialize)]
struct Form {
    token: String,
    #[serde(default)]
    given_name: String,
    #[serde(default)]
    family_name: String,
}

async fn show(service: web::Data<Service>, link: web::Query<Link>) -> HttpResponse {
    let token = link.into_inner().token;
    match acceptance::offer(&service, token.clone()).await {
        Ok(offer) => offered(&offer, &token),
        Err(problem) => refused(&problem),
    }
}

async fn accept(
    service: web::Data<Service>,
    request: HttpRequest,
    form: web::Form<Form>,
) -> HttpResponse {
    if !is_from_here(&request, &service.public_url) {
        return from_elsewhere();
    }
    let Form { token, given_name, family_name } = form.into_inner();
    let named = !given_name.trim().is_empty() && !family_name.trim().is_empty();
    let full_name = named.then_some((given_name, family_name));
    let joined = match acceptance::join(&service, &request, token, full_name).await {
        Ok(joined) => joined,
        Err(problem) => return refused(&problem),
    };
    // The link has proved the address.
    let (email, account) = (&joined.email, Some(joined.account_id.clone()));
    match sign_in_after_proof(&service, &request, email, account).await {
        Ok(leads) => leads,
        Err(problem) => welcome(&joined, &problem),
    }
}

async fn decline(
    service: web::Data<Service>,
    request: HttpRequest,
    form: web::Form<Link>,
) -> HttpResponse {
    if !is_from_here(&request, &service.public_url) {
        return from_elsewhere();
    }
    match acceptance::refuse(&service, &request, form.into_inner().token).await {
        Ok(()) => {
            let text = "You declined the invitation. Who invited you sees it.";
            Page::saying("Declined", text).respond()
        }
        Err(problem) => refused(&problem),
    }
}

fn from_elsewhere() -> HttpResponse {
    Page::saying("This did not work", "Open the link in the mail, and answer there.")
        .with_status(StatusCode::FORBIDDEN)
        .respond()
}

fn offered(offer: &Offer, token: &str) -> HttpResponse {
    let title = format!("Join {}", offer.account);
    if offer.invitation.state != InvitationState::Pending {
        return closed(title, offer.invitation.state);
    }
    let inviter = offer.invitation.inviter_name.as_deref().unwrap_or("An administrator");
    let form = html! {
        (hidden("token", token))
        p.muted { "Your names may stay empty: then they are made from your address." }
        (field("Given name", "given_name", "text", "given-name"))
        (field("Family name", "family_name", "text", "family-name"))
        (button("Accept the invitation"))
    };
    let content = html! {
        p {
            (inviter) " invites " (offer.invitation.email) " to join " (offer.account)
            " on Insomnia."
        }
        ul {
            @for target in &offer.targets.organizations {
                li { "the organization " (target.name) " as " (target.role) }
            }
            @for team in &offer.targets.teams {
                li { "the team " (team.name) " as " (team.role()) }
            }
        }
        (post_form(&at("/invitations/accept"), &form))
        (post_form(&at("/invitations/decline"), &html! {
            (hidden("token", token))
            button { "Decline" }
        }))
        p.muted { "Open until " (moment(offer.invitation.expires_at)) "." }
    };
    Page::new(title, content).respond()
}

/// Returns the page of an invitation that cannot be accepted any more.
fn closed(title: String, state: InvitationState) -> HttpResponse {
    let (text, is_in) = match state {
        InvitationState::Accepted => (
            "This invitation is accepted already. If that was you, sign in; if not, ask the person who \
             invited you.",
            true,
        ),
        InvitationState::Expired => (
            "This invitation has expired: it was open for 30 days. Ask the person who invited you for a \
             new one.",
            false,
        ),
        InvitationState::Revoked => (
            "This invitation was revoked. If that is a mistake, ask the person who invited you.",
            false,
        ),
        InvitationState::Declined => (
            "This invitation is declined. If you want to join after all, ask the person who invited you \
             for a new one.",
            false,
        ),
        InvitationState::Pending => ("This invitation is open.", false),
    };
    let content = html! {
        p { (text) }
        @if is_in { div.actions { (main_link("Sign in", &at("/sign-in"))) } }
    };
    Page::new(title, content).respond()
}

/// Returns the page of who has accepted and cannot be signed in.
fn welcome(joined: &Joined, problem: &Problem) -> HttpResponse {
    let content = html! {
        p {
            (joined.email) " is a member of " (joined.account)
            " now. These organizations are open:"
        }
        ul {
            @for access in &joined.access {
                li { (access.subject.name) " as " (access.role.as_str()) }
            }
        }
        p { (problem.detail()) }
        div.actions { (main_link("Sign in", &at("/sign-in"))) }
    };
    Page::new(format!("Welcome to {}", joined.account), content).respond()
}

fn refused(problem: &Problem) -> HttpResponse {
    Page::refusing("This did not work", problem).respond()
}
