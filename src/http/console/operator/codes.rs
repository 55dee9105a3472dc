//! Activation codes: the list, a new one, and revoking one.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};
use serde::Deserialize;

use super::{CODES, OperatorVisit};
use crate::administration::operator_lists;
use crate::administration::plans::codes::{self, Issue};
use crate::enterprise::activation_code::CodeState;
use crate::http::admin::list::Paged;
use crate::http::admin::operator::WantedByName;
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::routing::{form, shown};
use crate::http::console::sent::{Sent, invalid};
use crate::http::console::visit::Answer;
use crate::http::console::wanted::Wanted;
use crate::http::pages::parts::{
    Column, Field, Filled, Form, Input, Secret, Table, Tone, badge, confirmation, date, empty,
    main_dialog, search, secret_box, small_dialog,
};
use crate::views::operator::ActivationCode;

const TITLE: &str = "Activation codes";
const NEW: &str = "New activation code";

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(shown("/activation-codes", list))
        .service(form("/activation-codes/new", ask, issue))
        .service(form("/activation-codes/{id}/revoke", ask_to_revoke, revoke));
}

/// `GET /operator/activation-codes`.
async fn list(visit: OperatorVisit, wanted: Wanted<WantedByName>, paging: Paged) -> Answer {
    let search_for = wanted.query.clone().read()?;
    let (from, limit) = paging.place(search_for.as_ref())?;
    let read = move |conn: &mut _| operator_lists::codes(conn, search_for.as_ref(), (&from, limit));
    let found = paging.listing(visit.operator.read(read).await?, ActivationCode::from);
    let new = main_dialog(NEW, &visit.at(&format!("{CODES}/new")));
    let content = html! {
        header {
            div {
                h1 { (TITLE) }
                p.lead { "A code gives an account Enterprise, with seats and a term. It is entered once." }
            }
            (new)
        }
        @if found.items.is_empty() && !wanted.narrows() {
            (empty("No code yet", "Issue one for a customer, and give it to them.", None))
        } @else {
            (search("Search customers", wanted.text("search"), &[]))
            (Table {
                caption: "Activation codes in order of issue",
                columns: &[
                    Column::text("Customer"),
                    Column::text("State"),
                    Column::number("Seats"),
                    Column::number("Days"),
                    Column::text("Issued"),
                    Column::text("Used"),
                    Column::text(""),
                ],
                nothing: "No code for a customer of this name.",
                rows: found.items.iter().map(|code| row(&visit, code)).collect(),
                next: wanted.next(&visit.at(CODES), found.next_cursor),
            }.render())
        }
    };
    Ok(visit.show(TITLE, &[], &content))
}

fn row(visit: &OperatorVisit, code: &ActivationCode) -> Vec<Markup> {
    let (tone, word) = match code.state {
        CodeState::Issued => (Tone::Info, "Issued"),
        CodeState::Used => (Tone::Good, "Used"),
        CodeState::Superseded => (Tone::Neutral, "Superseded"),
        CodeState::Revoked => (Tone::Neutral, "Revoked"),
    };
    let ask = visit.at(&format!("{CODES}/{}/revoke", code.id));
    vec![
        html! { strong { (code.customer) } },
        badge(tone, word),
        html! { (code.seats) },
        html! { (code.days) },
        date(code.issued_at),
        html! { @if let Some(at) = code.used_at { (date(at)) } @else { span.muted { "–" } } },
        html! { @if code.state == CodeState::Issued { (small_dialog("Revoke", &ask)) } },
    ]
}

/// The account that a code is for, if there is one.
#[derive(Debug, Deserialize)]
struct For {
    account: Option<String>,
}

async fn name_of(
    visit: &OperatorVisit,
    account: Option<String>,
) -> Result<Option<String>, Problem> {
    let Some(id) = account else { return Ok(None) };
    let plan = visit.operator.read(move |conn| operator_lists::plan(conn, &id)).await?;
    Ok(Some(plan.name))
}

fn issuing(visit: &OperatorVisit, account: Option<&str>, filled: &Filled) -> Markup {
    let customer = Field::text("customer", "Customer").hint(
        "The name that the account gets unless the customer chooses another. For an account that \
         exists already, open it under Accounts.",
    );
    let whose = match account {
        Some(_) => Field::text("account", "").takes(Input::Hidden),
        None => customer,
    };
    let fields = [
        whose,
        Field::text("seats", "Seats").takes(Input::Number),
        Field::text("days", "Term in days")
            .takes(Input::Number)
            .hint("Counted from when the code is entered."),
    ];
    let (action, back) = (visit.at(&format!("{CODES}/new")), visit.at(CODES));
    let form = Form::new(&action, &fields, "Issue").or_back(&back).render(filled);
    let content = html! {
        p {
            @if let Some(name) = account { "Only " (name) " can enter it. " }
            "An earlier code for the same customer that was not entered is superseded."
        }
    };
    confirmation(NEW, &content, &form)
}

/// `GET /operator/activation-codes/new`.
async fn ask(visit: OperatorVisit, wanted: Wanted<For>) -> Answer {
    let account = wanted.query.account;
    let name = name_of(&visit, account.clone()).await?;
    let filled = Filled::new().with("account", account.unwrap_or_default()).with("days", "365");
    let content = issuing(&visit, name.as_deref(), &filled);
    Ok(visit.show(NEW, &[(TITLE, CODES)], &content))
}

fn read(sent: &Sent) -> Result<Issue, Problem> {
    let number = |field: &'static str| {
        sent.text(field).parse().map_err(|_| invalid(field, "a whole number is needed"))
    };
    Ok(Issue {
        customer: sent.given("customer"),
        account: sent.given("account"),
        seats: number("seats")?,
        days: number("days")?,
    })
}

/// `POST /operator/activation-codes/new`: shows the code, once.
async fn issue(visit: OperatorVisit, sent: Sent) -> Answer {
    let done = async {
        let new = read(&sent)?;
        visit.operator.write(move |transaction| codes::issue(transaction, &new)).await
    }
    .await;
    match done {
        Ok(issued) => {
            let code = Secret { id: "code", label: "Activation code", value: &issued.code };
            let content = html! {
                header {
                    div {
                        h1 { "Activation code for " (issued.row.customer) }
                        p.lead { (issued.row.seats) " seats for " (issued.row.days) " days." }
                    }
                }
                (secret_box(&[code], "activation-code.txt", &visit.at(CODES)))
            };
            Ok(visit.show(NEW, &[(TITLE, CODES)], &content))
        }
        Err(problem) => {
            let name = name_of(&visit, sent.given("account")).await?;
            let content = issuing(&visit, name.as_deref(), &sent.refused(&problem));
            Ok(visit.show_again(&problem, NEW, &[(TITLE, CODES)], &content))
        }
    }
}

fn revoking(visit: &OperatorVisit, id: &str, filled: &Filled) -> Markup {
    let (action, back) = (visit.at(&format!("{CODES}/{id}/revoke")), visit.at(CODES));
    let form = Form::new(&action, &[], "Revoke").dangerous().or_back(&back).render(filled);
    let what = html! { p { "Whoever has the code cannot enter it any more. Issue another one at any time." } };
    confirmation("Revoke this activation code?", &what, &form)
}

/// `GET /operator/activation-codes/{id}/revoke`.
async fn ask_to_revoke(visit: OperatorVisit, id: Path<String>) -> Answer {
    let content = revoking(&visit, &id, &Filled::new());
    Ok(visit.show("Revoke", &[(TITLE, CODES)], &content))
}

/// `POST /operator/activation-codes/{id}/revoke`.
async fn revoke(visit: OperatorVisit, id: Path<String>, sent: Sent) -> Answer {
    let code = id.clone();
    match visit.operator.write(move |transaction| codes::revoke(transaction, &code)).await {
        Ok(()) => Ok(visit.go(CODES, Notice::CodeRevoked)),
        Err(problem) => {
            let content = revoking(&visit, &id, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Revoke", &[(TITLE, CODES)], &content))
        }
    }
}
