//! The tab Advanced: handing the organization over, and deleting it. Both are for owners; co-owners
//! see why not.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::PATH;
use super::place::{self, Organization, Shown, page};
use crate::administration::organizations::{self, Ending};
use crate::administration::{responsible, transfers};
use crate::enterprise::permissions::Operation;
use crate::http::admin::permits::{ReadAccount, Reading, Smaller, TransferOrganizations};
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::routing::{form, shown};
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::pages::parts::{
    Field, Filled, Form, card, confirmation, dialog, main_link, moment,
};
use crate::views::transfers::Transfer;

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    let path = "/dashboard/organizations/{id}";
    config.service(shown(&format!("{path}/advanced"), show)).service(form(
        &format!("{path}/delete"),
        ask,
        delete,
    ));
}

async fn ending<P>(visit: &Visit<P>, id: &str) -> Result<Ending, Problem> {
    let (id, now) = (id.to_owned(), visit.admin.now());
    visit.admin.read_page(move |conn, account| organizations::ending(conn, account, &id, now)).await
}

/// Returns the pending offer of an organization, if there is one.
async fn offer<P>(visit: &Visit<P>, id: &str) -> Result<Option<Transfer>, Problem> {
    let (id, now) = (id.to_owned(), visit.admin.now());
    let read = visit.admin.read(move |conn, account| transfers::pending(conn, account, &id, now));
    match read.await {
        Ok(row) => Ok(Some(Transfer::of(row, now))),
        Err(problem) if problem.kind() == "not-found" => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// `GET /app/dashboard/organizations/{id}/advanced`.
async fn show(visit: Visit<ReadAccount>, id: Path<String>) -> Answer {
    let organization = place::read(&visit, &id).await?;
    let operation = Operation::TransferOrganizations;
    let content = if visit.admin.may(operation) {
        let (ending, offer) = (ending(&visit, &id).await?, offer(&visit, &id).await?);
        html! {
            (transferring(&visit, &organization, offer.as_ref()))
            (deleting(&visit, &organization, &ending))
        }
    } else {
        let read = visit
            .admin
            .read(move |conn, account| Ok(responsible::people(conn, account, operation)?));
        let people = read.await?;
        let text = html! {
            p { "Only owners transfer or delete organizations. " (responsible::whom_to_ask(operation, &people)) }
        };
        card("Transfer and delete", &text)
    };
    let content = page(&visit.frame, &organization, Shown::Advanced, &content);
    Ok(visit.show(Shown::Advanced.title(), &organization.above(), &content))
}

fn transferring<P>(
    visit: &Visit<P>,
    organization: &Organization,
    offer: Option<&Transfer>,
) -> Markup {
    let at = |rest: &str| visit.at(&organization.at(rest));
    let content = match offer {
        Some(offer) => html! {
            p {
                (organization.name) " is offered to " strong { (offer.email) } " until "
                (moment(offer.expires_at)) ". Nothing moves before the offer is accepted."
            }
            div.actions { (dialog("Take back", &at("/transfer/take-back"))) }
        },
        None => html! {
            p {
                "The organization moves to another account, with everybody who reaches it. The new \
                 owner is a member who reaches it already, and owns an account with an equal or higher \
                 plan and a free seat for everybody who comes along. No invitation to it is pending, \
                 and single sign-on is off."
            }
            form.form method="get" action=(at("/transfer")) {
                div.field {
                    label for="field-email" { "New owner's e-mail" }
                    input id="field-email" name="email" type="email" maxlength="255" required;
                }
                div.actions { button { "Check the conditions" } }
            }
        },
    };
    card("Transfer organization", &content)
}

fn deleting<P>(visit: &Visit<P>, organization: &Organization, ending: &Ending) -> Markup {
    let content = html! {
        @if ending.is_last {
            (last(visit))
        } @else {
            (what_ends(ending))
            div.actions {
                (dialog("Delete organization", &visit.at(&organization.at("/delete"))))
            }
        }
    };
    card("Delete organization", &content)
}

fn last<P>(visit: &Visit<P>) -> Markup {
    html! {
        p { "This is the account's last organization, and an account keeps one. Create another one first." }
        div.actions { (main_link("New organization", &visit.at(super::NEW))) }
    }
}

/// Says what the deletion of an organization ends.
fn what_ends(ending: &Ending) -> Markup {
    let numbers = &ending.numbers;
    let more = ending.invitations.saturating_sub(ending.invited.len());
    html! {
        ul {
            li {
                "People who lose access to it, owners of the account included: "
                @if numbers.has_more_people { "more than " }
                (numbers.people) ". Their seats stay taken."
            }
            @if numbers.teams > 0 {
                li { "Teams that are no longer linked to it: " (numbers.teams) ". The teams stay." }
            }
            @if ending.invitations > 0 {
                li {
                    "Pending invitations that lose it: " (ending.invitations) " ("
                    (ending.invited.join(", "))
                    @if more > 0 { " and " (more) " more" }
                    "). Those that lead nowhere else are revoked, and their seats are free."
                }
            }
        }
        p { "This cannot be undone." }
    }
}

fn confirming<P>(
    visit: &Visit<P>,
    organization: &Organization,
    ending: &Ending,
    filled: &Filled,
) -> Markup {
    let question = format!("Delete the organization {}?", organization.name);
    if ending.is_last {
        return confirmation(&question, &last(visit), &html! {});
    }
    let label = format!("Type {} to confirm", organization.name);
    let fields = [Field::text("confirm", &label)];
    let (action, back) =
        (visit.at(&organization.at("/delete")), visit.at(&organization.tab(Shown::Advanced)));
    let form = Form::new(&action, &fields, "Delete organization").dangerous().or_back(&back);
    confirmation(&question, &what_ends(ending), &form.render(filled))
}

/// `GET …/delete`.
async fn ask(visit: Visit<Reading<TransferOrganizations>>, id: Path<String>) -> Answer {
    let organization = place::read(&visit, &id).await?;
    let ending = ending(&visit, &id).await?;
    let content = confirming(&visit, &organization, &ending, &Filled::new());
    Ok(visit.show("Delete", &organization.above(), &content))
}

/// `POST …/delete`.
async fn delete(
    visit: Visit<Smaller<TransferOrganizations>>,
    id: Path<String>,
    sent: Sent,
) -> Answer {
    let organization = place::read(&visit, &id).await?;
    let of = organization.id.clone();
    let done = async {
        sent.confirms(&organization.name)?;
        visit
            .admin
            .write(move |transaction, account| organizations::delete(transaction, account, &of))
            .await
    }
    .await;
    match done {
        Ok(()) => Ok(visit.go(PATH, Notice::OrganizationDeleted)),
        Err(problem) => {
            let ending = ending(&visit, &id).await?;
            let filled = sent.refused(&problem);
            let content = confirming(&visit, &organization, &ending, &filled);
            Ok(visit.show_again(&problem, "Delete", &organization.above(), &content))
        }
    }
}
