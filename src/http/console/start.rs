//! Who is signed in and a member of no account: three ways into one.

use actix_web::HttpRequest;
use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::account::invitations;
use super::notice::Notice;
use super::routing::{form, sent, shown};
use super::sent::Sent;
use super::visit::{Answer, OwnVisit};
use crate::administration::accounts::Founding;
use crate::administration::own_accounts;
use crate::administration::persons::addresses;
use crate::administration::plans::codes;
use crate::http::admin::activations;
use crate::http::base::problem::Problem;
use crate::http::pages::parts::{Field, Filled, Form, card, main_link};
use crate::http::pages::post_form;
use crate::http::signing_in;
use crate::store::Scope;

const TITLE: &str = "Get started";
const PATH: &str = "/app/start";
const CODE: &str = "/app/start/code";
const ESSENTIALS: &str = "/app/start/essentials";

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(shown("/start", show))
        .service(form("/start/code", ask, activate))
        .service(sent("/start/essentials", start));
}

/// `GET /app/start`.
async fn show(visit: OwnVisit) -> Answer {
    let invited = invitations(&visit).await?;
    let content = html! {
        header {
            div {
                h1 { (TITLE) }
                @if visit.frame.account().is_none() {
                    p.lead { "You are a member of no account." }
                }
            }
        }
        div.grid {
            (card("Enter activation code", &html! {
                p { "The sales team gave you a code: it makes an Enterprise account, with you as its owner." }
                div.actions { (main_link("Enter activation code", &visit.at(CODE))) }
            }))
            (card("Start with Essentials", &html! {
                p { "An account of your own, with the organization Personal Workspace. You can start the \
                     14 day trial of Enterprise from there." }
                (post_form(&visit.at(ESSENTIALS), &html! {
                    div.actions { button { "Start with Essentials" } }
                }))
            }))
            (card("I was invited", &invited))
        }
    };
    Ok(visit.show(TITLE, &[], &content))
}

const FIELDS: &[Field<'_>] = &[
    Field::text("code", "Activation code")
        .hint("With or without dashes, in capital or small letters.")
        .answers(&["invalid-code", "too-many-attempts"]),
    Field::text("account_name", "Name of the account")
        .hint("Your company's name, for example.")
        .answers(&["name-taken"]),
];

fn entering(visit: &OwnVisit, filled: &Filled) -> Markup {
    html! {
        header { h1 { "Enter activation code" } }
        p.muted { "You become the owner of the new account, as " (visit.frame.email()) "." }
        (Form::new(&visit.at(CODE), FIELDS, "Activate").or_back(&visit.at(PATH)).render(filled))
    }
}

/// `GET /app/start/code`.
async fn ask(visit: OwnVisit) -> Answer {
    let content = entering(&visit, &Filled::new());
    Ok(visit.show("Enter activation code", &[(TITLE, PATH)], &content))
}

/// `POST /app/start/code`.
async fn activate(visit: OwnVisit, sent: Sent, request: HttpRequest) -> Answer {
    match found(&visit, &sent, &request).await {
        Ok(()) => Ok(visit.go("/app", Notice::AccountMade)),
        Err(problem) => {
            let content = entering(&visit, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Enter activation code", &[(TITLE, PATH)], &content))
        }
    }
}

async fn found(visit: &OwnVisit, sent: &Sent, request: &HttpRequest) -> Result<(), Problem> {
    let (me, code) = (&visit.me, sent.text("code").to_owned());
    addresses::refuse_confined(&me.current.session)?;
    activations::look(&me.service, request, None, code.clone()).await?;
    let person = me.current.person.clone();
    let founding = Founding {
        name: sent.text("account_name").to_owned(),
        owner: person.email.clone(),
        owner_name: None,
        seats: 1,
    };
    let (by, url) =
        (signing_in::by_person(request, Scope::NONE, &person.email), me.service.public_url.clone());
    let made = me
        .write(by, move |transaction, _| {
            codes::found(transaction, &code, &founding, Some(&person), &url)
        })
        .await?;
    go_on_in(visit, request, made.account_id).await
}

/// `POST /app/start/essentials`.
async fn start(visit: OwnVisit, request: HttpRequest) -> Answer {
    addresses::refuse_confined(&visit.me.current.session)?;
    let made = visit
        .me
        .write_as_person(move |transaction, current| {
            own_accounts::make(transaction, &current.person, None, current.person.full_name())
        })
        .await?;
    go_on_in(&visit, &request, made.account.id).await?;
    Ok(visit.go("/app", Notice::AccountMade))
}

async fn go_on_in(visit: &OwnVisit, request: &HttpRequest, account: String) -> Result<(), Problem> {
    let (service, current) = (&visit.me.service, &visit.me.current);
    let email = &current.person.email;
    signing_in::choose(service, request, email, &current.session, account).await?;
    Ok(())
}
