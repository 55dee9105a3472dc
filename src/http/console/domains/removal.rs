//! The end of a domain.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::{PATH, Shown, TITLE};
use crate::administration::domains::{self, Removal};
use crate::http::admin::permits::{ManageDomains, Reading, Smaller};
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::routing::form;
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::pages::parts::{Field, Filled, Form, confirmation, link};

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(form("/enterprise/domains/{id}/remove", ask, remove));
}

/// How many domains below it the question names.
const NAMED: usize = 5;

async fn read<P>(visit: &Visit<P>, id: &str) -> Result<(Shown, Removal), Problem> {
    let shown = Shown::read(visit, id).await?;
    let id = id.to_owned();
    let removal =
        visit.admin.read(move |conn, account| domains::removal(conn, account, &id)).await?;
    Ok((shown, removal))
}

fn removing<P>(visit: &Visit<P>, shown: &Shown, removal: &Removal, filled: &Filled) -> Markup {
    let back = visit.at(&shown.path(""));
    if let Some(reason) = &removal.refusal {
        let title = format!("{} cannot be removed now", shown.title());
        return confirmation(&title, &html! { p { (reason) } }, &link("Back", &back));
    }
    let label = format!("Type {} to confirm", shown.title());
    let typed = [Field::text("confirm", &label)];
    // What is captured is not to be lost by one click.
    let fields: &[Field<'_>] = if shown.domain.capture { &typed } else { &[] };
    let action = visit.at(&shown.path("/remove"));
    let form =
        Form::new(&action, fields, "Remove domain").dangerous().or_back(&back).render(filled);
    confirmation(&format!("Remove {}?", shown.title()), &follows(shown, removal), &form)
}

/// Says what follows.
fn follows(shown: &Shown, removal: &Removal) -> Markup {
    if !shown.is_verified() {
        return html! { p { "It is not verified, so nothing depends on it." } };
    }
    html! {
        p {
            "The account has no say over addresses of the domain any more, and another account can \
             verify it. Members stay."
        }
        ul {
            @if shown.domain.capture { li { "Capture ends: who signs up does not become a member." } }
            @if shown.domain.locked { li { "Lock ends: everybody with its addresses gets access." } }
            @if !removal.below.is_empty() {
                li {
                    (removal.below.len())
                    @if removal.below.len() == 1 { " domain was" } @else { " domains were" }
                    " verified by it and stay verified: "
                    (removal.below.iter().take(NAMED).map(|row| domains::name_of(row).unicode())
                        .collect::<Vec<_>>().join(", "))
                    @if removal.below.len() > NAMED { ", …" }
                    "."
                }
            }
        }
    }
}

/// `GET /app/enterprise/domains/{id}/remove`.
async fn ask(visit: Visit<Reading<ManageDomains>>, id: Path<String>) -> Answer {
    let (shown, removal) = read(&visit, &id).await?;
    let above = [(TITLE, PATH), (shown.title(), &shown.path(""))];
    let content = removing(&visit, &shown, &removal, &Filled::new());
    Ok(visit.show("Remove domain", &above, &content))
}

/// `POST /app/enterprise/domains/{id}/remove`.
async fn remove(visit: Visit<Smaller<ManageDomains>>, id: Path<String>, sent: Sent) -> Answer {
    let (shown, removal) = read(&visit, &id).await?;
    let done = async {
        if shown.domain.capture && removal.refusal.is_none() {
            sent.confirms(shown.title())?;
        }
        visit
            .admin
            .write(move |transaction, account| domains::remove(transaction, account, &id))
            .await
    }
    .await;
    match done {
        Ok(()) => Ok(visit.go(PATH, Notice::DomainRemoved)),
        Err(problem) => {
            let above = [(TITLE, PATH), (shown.title(), &shown.path(""))];
            let content = removing(&visit, &shown, &removal, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Remove domain", &above, &content))
        }
    }
}
