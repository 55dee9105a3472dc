//! From a code to Enterprise: what it gives, then the act, then where to go on.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use maud::{Markup, html};

use super::{ACTIVATE, ACTIVATED, Account, BILLING, PATH, TITLE, WRONG, page};
use crate::enterprise::Timestamp;
use crate::enterprise::plan::Plan;
use crate::http::admin::activations::{self, NewAccount};
use crate::http::admin::administrator::Administrator;
use crate::http::admin::permits::{ManagePlan, ReadBilling, Reading};
use crate::http::admin::plan;
use crate::http::base::problem::Problem;
use crate::http::console::sent::{Sent, invalid};
use crate::http::console::visit::{Answer, OwnVisit, Visit};
use crate::http::console::words::Label;
use crate::http::pages::parts::{
    Field, Filled, Form, Input, Tone, badge, card, confirmation, date, facts, link, main_link,
};
use crate::http::signing_in;
use crate::views::activations::ActivationOffer;

/// What a code gives.
struct Offer {
    seats: i64,
    days: i64,
    ends_at: Timestamp,
    /// The present plan, seats and seats in use of the account, if there is one.
    present: Option<(Plan, i64, i64)>,
    /// Why the code cannot be entered now, if so.
    refusal: Option<String>,
    /// The name of the customer, for an account to be made.
    customer: String,
}

impl Offer {
    /// Looks at a code without using it.
    ///
    /// # Errors
    /// Fails if the code is not valid, or the reader may not enter codes.
    async fn read(visit: &OwnVisit, request: &HttpRequest, code: String) -> Result<Self, Problem> {
        if visit.frame.account().is_none() {
            let row = activations::look(&visit.me.service, request, None, code).await?;
            return Self::of_new(ActivationOffer::at(row, visit.frame.now));
        }
        let admin = Administrator::<Reading<ManagePlan>>::from_request(request, &mut Payload::None);
        let offer = plan::previewed(&admin.await?, code, request).await?;
        Ok(Self {
            seats: offer.seats,
            days: offer.days,
            ends_at: offer.ends_at,
            present: Some((offer.present_plan, offer.present_seats, offer.seats_used)),
            refusal: offer.refusal,
            customer: String::new(),
        })
    }

    fn of_new(offer: ActivationOffer) -> Result<Self, Problem> {
        if !offer.makes_account {
            let why = "it is for an account that exists already: sign in as its owner, choose that \
                       account, and enter it there";
            return Err(invalid("code", why));
        }
        Ok(Self {
            seats: offer.seats,
            days: offer.days,
            ends_at: offer.ends_at,
            present: None,
            refusal: None,
            customer: offer.customer,
        })
    }
}

/// `POST /app/subscription/update`: shows what the code gives.
pub async fn verify(visit: OwnVisit, sent: Sent, request: HttpRequest) -> Answer {
    match Offer::read(&visit, &request, sent.text("code").to_owned()).await {
        Ok(offer) => {
            let filled = sent.filled().with("account_name", offer.customer.clone());
            Ok(visit.show(TITLE, &[], &question(&visit, &offer, &filled)))
        }
        Err(problem) => again(&visit, &request, sent, &problem).await,
    }
}

/// Shows the field for the code again.
async fn again(visit: &OwnVisit, request: &HttpRequest, sent: Sent, problem: &Problem) -> Answer {
    let account = Account::read(visit, request).await?;
    let content = page(visit, account.as_ref(), &sent.refused(problem));
    Ok(visit.show_again(problem, TITLE, &[], &content))
}

const HIDDEN: Field<'_> = Field::text("code", "").takes(Input::Hidden);
const IN_ACCOUNT: &[Field<'_>] = &[HIDDEN];
const NEW: &[Field<'_>] = &[
    HIDDEN,
    Field::text("account_name", "Name of the account")
        .hint("Usually the name of your company; at most 255 characters.")
        .answers(&["name-taken"]),
    Field::text("given", "Given name").optional(),
    Field::text("family", "Family name").optional(),
];

fn question(visit: &OwnVisit, offer: &Offer, filled: &Filled) -> Markup {
    let content = html! {
        (facts(&[
            ("Plan", html! { "Enterprise" @if let Some((plan, ..)) = offer.present { ", now " (plan.label()) } }),
            ("Seats", html! {
                (offer.seats)
                @if let Some((_, seats, used)) = offer.present { ", now " (seats) ", of which " (used) " are used" }
            }),
            ("Until", html! { (date(offer.ends_at)) ", " (offer.days) " days from now" }),
            ("Owner", html! { "You, " (visit.frame.email()) }),
        ]))
        @if let Some(refusal) = &offer.refusal { p.wrong role="alert" { (refusal) } }
    };
    let (action, back) = (visit.at(ACTIVATE), visit.at(PATH));
    let fields = if offer.present.is_some() { IN_ACCOUNT } else { NEW };
    let ways = if offer.refusal.is_some() {
        html! {
            div.actions {
                (link("Licenses", &visit.at("/app/enterprise/licenses")))
                (link("Cancel", &back))
            }
        }
    } else {
        Form::new(&action, fields, "Activate").or_back(&back).render(filled)
    };
    html! {
        header { h1 { (TITLE) } }
        (confirmation("This code is valid", &content, &ways))
    }
}

/// `POST /app/subscription/activate`.
pub async fn activate(visit: OwnVisit, sent: Sent, request: HttpRequest) -> Answer {
    let done = match visit.frame.account() {
        Some(_) => enter(&request, sent.text("code").to_owned()).await,
        None => found(&visit, &sent, &request).await,
    };
    let Err(problem) = done else { return Ok(visit.lead(ACTIVATED)) };
    if WRONG.contains(&problem.kind()) {
        return again(&visit, &request, sent, &problem).await;
    }
    match Offer::read(&visit, &request, sent.text("code").to_owned()).await {
        Ok(offer) => {
            let content = question(&visit, &offer, &sent.refused(&problem));
            Ok(visit.show_again(&problem, TITLE, &[], &content))
        }
        Err(wrong) => again(&visit, &request, sent, &wrong).await,
    }
}

/// Enters the code in the account.
async fn enter(request: &HttpRequest, code: String) -> Result<(), Problem> {
    let admin = Administrator::<ManagePlan>::from_request(request, &mut Payload::None).await?;
    plan::entered(&admin, code, request).await.map(drop)
}

/// Makes an account out of the code, and acts in it from now on.
async fn found(visit: &OwnVisit, sent: &Sent, request: &HttpRequest) -> Result<(), Problem> {
    let wish = NewAccount {
        code: sent.text("code").to_owned(),
        name: sent.text("account_name").to_owned(),
        owner: None,
        owner_name: sent.given("given").zip(sent.given("family")),
    };
    let made = activations::found(&visit.me, request, wish).await?;
    let current = &visit.me.current;
    let (service, email) = (&visit.me.service, &current.person.email);
    signing_in::choose(service, request, email, &current.session, made.account_id).await?;
    Ok(())
}

/// `GET /app/subscription/activated`: where to go on.
pub async fn activated(visit: Visit<ReadBilling>) -> Answer {
    let Some(account) = visit.frame.account() else { return Ok(elsewhere(&visit)) };
    if account.plan.plan != Plan::Enterprise || !visit.frame.is_active() {
        return Ok(elsewhere(&visit));
    }
    let content = html! {
        header {
            div {
                h1 { "Enterprise is active" }
                p.lead { (account.plan.name) " has everything that Enterprise includes." }
            }
            (badge(Tone::Good, "Enterprise"))
        }
        (card("What you have", &html! {
            (facts(&[
                ("Your role", html! { "You are the " (account.acting.role.label().to_lowercase()) }),
                ("Seats", html! { (account.seats.total) ", of which " (account.seats.used()) " are used" }),
                ("Until", match account.plan.plan_ends_at {
                    Some(end) => date(end),
                    None => html! { "No end" },
                }),
            ]))
            div.actions {
                (main_link("Enterprise Controls", &visit.at("/app/enterprise")))
                (link("First steps", &visit.at("/app")))
            }
        }))
    };
    Ok(visit.show("Enterprise is active", &[(TITLE, PATH)], &content))
}

fn elsewhere<P>(visit: &Visit<P>) -> HttpResponse {
    use actix_web::http::header::LOCATION;
    HttpResponse::SeeOther().insert_header((LOCATION, visit.at(BILLING))).finish()
}
