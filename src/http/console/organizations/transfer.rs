//! Offering the organization to a new owner: its conditions, the offer, and taking it back.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};
use serde::Deserialize;

use super::NEW;
use super::place::{self, Organization, Shown};
use crate::administration::{invitations, transfers};
use crate::enterprise::transfer::TransferCondition;
use crate::http::admin::permits::{
    ManageOrganization, OfferOrganizations, Reading, Smaller, TransferOrganizations,
};
use crate::http::base::problem::Problem;
use crate::http::base::query::with_query;
use crate::http::console::notice::Notice;
use crate::http::console::routing::form;
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::wanted::Wanted;
use crate::http::console::words::Label;
use crate::http::pages::parts::{
    Field, Filled, Form, Input, Tone, badge, confirmation, dialog, link,
};
use crate::views::transfers::{CheckedCondition, TransferPreview};

const TITLE: &str = "Transfer organization";

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    let path = "/dashboard/organizations/{id}";
    config
        .service(form(&format!("{path}/transfer"), check, offer))
        .service(form(&format!("{path}/transfer/take-back"), ask, take_back))
        .service(form(&format!("{path}/invitations/revoke-all"), ask_to_revoke, revoke));
}

/// To whom the organization is to be offered.
#[derive(Debug, Deserialize)]
struct Recipient {
    email: Option<String>,
}

/// `GET …/transfer?email=…`: asks for a second proof of who it is at once, and not only when the
/// offer is sent.
async fn check(
    visit: Visit<OfferOrganizations>,
    wanted: Wanted<Recipient>,
    id: Path<String>,
) -> Answer {
    let organization = place::read(&visit, &id).await?;
    let Some(email) = wanted.query.email else {
        return Ok(visit.frame.lead(&organization.tab(Shown::Advanced)));
    };
    let preview = preview(&visit, &id, &email).await?;
    let filled = Filled::new().with("email", &email);
    let content = conditions(&visit, &organization, (&email, &preview), &filled);
    Ok(visit.show(TITLE, &organization.above(), &content))
}

async fn preview<P>(visit: &Visit<P>, id: &str, email: &str) -> Result<TransferPreview, Problem> {
    let (id, email, now) = (id.to_owned(), email.to_owned(), visit.admin.now());
    let read = visit
        .admin
        .read_page(move |conn, account| transfers::preview(conn, account, &id, &email, now));
    Ok(read.await?.into())
}

fn conditions<P>(
    visit: &Visit<P>,
    organization: &Organization,
    (email, preview): (&str, &TransferPreview),
    filled: &Filled,
) -> Markup {
    let label = format!("Type {} to confirm", organization.name);
    let fields = [
        Field::text("email", "New owner's e-mail").takes(Input::Hidden),
        Field::text("confirm", &label),
    ];
    let action = visit.at(&organization.at("/transfer"));
    let back = visit.at(&organization.tab(Shown::Advanced));
    let form = Form::new(&action, &fields, "Offer the organization").creating().dangerous();
    html! {
        header { h1 { "Transfer " (organization.name) " to " (email) } }
        section.card {
            h2 { "Conditions" }
            ul.results {
                @for one in &preview.conditions { (condition(visit, organization, one)) }
            }
        }
        section.card {
            h2 { "Offer" }
            @if preview.possible {
                p {
                    (email) " gets a mail and has 7 days to accept. Then the organization belongs to \
                     their account, and yours has it no longer."
                }
                (form.or_back(&back).render(filled))
            } @else {
                p { "The organization can be offered when every condition is met." }
                div.actions {
                    (link("Check again", &with_query(&action, &[("email", email)])))
                    a.button href=(back) { "Back" }
                }
            }
        }
    }
}

fn condition<P>(visit: &Visit<P>, organization: &Organization, one: &CheckedCondition) -> Markup {
    let (tone, mark) = match one.met {
        Some(true) => (Tone::Good, "✓ Met"),
        Some(false) => (Tone::Bad, "✗ Not met"),
        None => (Tone::Neutral, "Not known"),
    };
    html! {
        li {
            span { (badge(tone, mark)) }
            div {
                (one.condition.label())
                @if let Some(missing) = &one.missing { span.sub { "Missing: " (missing) "." } }
                @if one.met.is_none() { span.sub { "The new owner has no account to look at." } }
            }
            div { @if one.met == Some(false) { (fix(visit, organization, one.condition)) } }
        }
    }
}

/// Renders the way to what a condition needs, if it is in this account.
fn fix<P>(visit: &Visit<P>, organization: &Organization, condition: TransferCondition) -> Markup {
    use TransferCondition as C;
    let at = |rest: &str| visit.at(&organization.at(rest));
    match condition {
        C::ReachesOrganization => link("Collaborators", &at("/collaborators")),
        C::NameFree => link("Rename", &at("/profile")),
        C::NoInvitations => dialog("Revoke all", &at("/invitations/revoke-all")),
        C::SsoOff => link("SSO", &visit.at("/app/enterprise/sso/list")),
        C::PlanActive => link("Plan & billing", &visit.at("/app/billing")),
        C::NotLast => link("New organization", &visit.at(NEW)),
        C::OwnsAccount | C::EqualPlan | C::FreeSeats => html! {},
    }
}

/// `POST …/transfer`.
async fn offer(visit: Visit<OfferOrganizations>, id: Path<String>, sent: Sent) -> Answer {
    let organization = place::read(&visit, &id).await?;
    let (of, email) = (organization.id.clone(), sent.text("email").to_owned());
    let url = visit.admin.service.public_url.clone();
    let to = email.clone();
    let made = async {
        sent.confirms(&organization.name)?;
        visit
            .create(&sent, move |transaction, account| {
                Ok(transfers::request(transaction, account, &of, &to, &url)?.id)
            })
            .await
    }
    .await;
    match made {
        Ok(_) => Ok(visit.go(&organization.tab(Shown::Advanced), Notice::OrganizationOffered)),
        Err(problem) => {
            let preview = preview(&visit, &id, &email).await?;
            let filled = sent.refused(&problem);
            let content = conditions(&visit, &organization, (&email, &preview), &filled);
            Ok(visit.show_again(&problem, TITLE, &organization.above(), &content))
        }
    }
}

/// `GET …/transfer/take-back`.
async fn ask(visit: Visit<Reading<TransferOrganizations>>, id: Path<String>) -> Answer {
    let organization = place::read(&visit, &id).await?;
    let what = html! { p { "Its recipient is told by mail. Nothing moves." } };
    let asked = ("Take the offer back?", "Take back", "/transfer/take-back");
    let content = question(&visit, &organization, asked, &what);
    Ok(visit.show("Take back", &organization.above(), &content))
}

/// Renders a question with what its button says, and the end of the path that it is sent to.
fn question<P>(
    visit: &Visit<P>,
    organization: &Organization,
    (question, button, rest): (&str, &str, &str),
    what: &Markup,
) -> Markup {
    let (action, back) =
        (visit.at(&organization.at(rest)), visit.at(&organization.tab(Shown::Advanced)));
    let form = Form::new(&action, &[], button).dangerous().or_back(&back);
    confirmation(question, what, &form.render(&Filled::new()))
}

/// `POST …/transfer/take-back`.
async fn take_back(visit: Visit<Smaller<TransferOrganizations>>, id: Path<String>) -> Answer {
    let organization = place::read(&visit, &id).await?;
    visit
        .admin
        .write(move |transaction, account| transfers::cancel(transaction, account, &id))
        .await?;
    Ok(visit.go(&organization.tab(Shown::Advanced), Notice::OfferTakenBack))
}

/// `GET …/invitations/revoke-all`.
async fn ask_to_revoke(visit: Visit<Reading<ManageOrganization>>, id: Path<String>) -> Answer {
    let organization = place::read(&visit, &id).await?;
    let what = html! {
        p {
            "All pending invitations to " (organization.name) " are revoked, at most "
            (invitations::MOST_ADDRESSES) " at once. Their seats are free, unless they lead elsewhere, too."
        }
    };
    let asked = ("Revoke all pending invitations?", "Revoke all", "/invitations/revoke-all");
    let content = question(&visit, &organization, asked, &what);
    Ok(visit.show("Revoke all", &organization.above(), &content))
}

/// `POST …/invitations/revoke-all`.
async fn revoke(visit: Visit<Smaller<ManageOrganization>>, id: Path<String>) -> Answer {
    let organization = place::read(&visit, &id).await?;
    visit
        .admin
        .write(move |transaction, account| {
            invitations::revoke_all_in_organization(transaction, account, &id)
        })
        .await?;
    Ok(visit.go(&organization.tab(Shown::Collaborators), Notice::InvitationsRevoked))
}
