//! Asking the sales team for more seats.

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::{LICENSES, PATH, TITLE};
use crate::administration::plans::seat_requests::{self, SeatRequest};
use crate::http::admin::permits::{Reading, RequestSeats};
use crate::http::console::notice::Notice;
use crate::http::console::routing::form;
use crate::http::console::sent::{Sent, invalid};
use crate::http::console::visit::{Answer, Visit};
use crate::http::pages::parts::{Field, Filled, Form, Input, confirmation, link};

const NAME: &str = "Request more seats";
const ABOVE: &[(&str, &str)] = &[(TITLE, PATH)];
const FIELDS: &[Field<'_>] = &[
    Field::text("seats", "Seats in all")
        .hint("The number that the account shall have, not the difference."),
    Field::text("message", "Message")
        .takes(Input::Lines)
        .hint("What else the sales team needs to know, at most 1000 characters.")
        .optional(),
];

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(form("/billing/seats", ask, request));
}

/// `GET /app/billing/seats`.
async fn ask(visit: Visit<Reading<RequestSeats>>) -> Answer {
    Ok(visit.show(NAME, ABOVE, &question(&visit, &Filled::new())))
}

fn question<P>(visit: &Visit<P>, filled: &Filled) -> Markup {
    let (action, back) = (visit.at("/app/billing/seats"), visit.at(PATH));
    let contacts = &visit.admin.service.billing;
    let Some(sales) = &contacts.sales else {
        let why = html! {
            p {
                "This server does not know the address of the sales team. Its operator can set it. \
                 Meanwhile, removing members on the page Licenses frees seats."
            }
        };
        let ways =
            html! { div.actions { (link("Licenses", &visit.at(LICENSES))) (link(TITLE, &back)) } };
        return confirmation(NAME, &why, &ways);
    };
    let content = html! {
        @if let Some(account) = visit.frame.account() {
            p {
                "The account has " (account.seats.total) " seats, of which " (account.seats.used())
                " are in use. The request goes to " (sales) " by mail, and the answer comes to you."
            }
        }
    };
    let form = Form::new(&action, FIELDS, "Send request").or_back(&back).render(filled);
    confirmation(NAME, &content, &form)
}

/// `POST /app/billing/seats`.
async fn request(visit: Visit<RequestSeats>, sent: Sent) -> Answer {
    let done = async {
        let seats = sent.text("seats").parse::<i64>();
        let seats = seats.map_err(|_| invalid("seats", "a whole number"))?;
        let wish = SeatRequest { seats, message: sent.given("message") };
        let sales = visit.admin.service.billing.sales.clone();
        visit
            .admin
            .write(move |transaction, account| {
                seat_requests::request(transaction, account, &wish, sales.as_deref())
            })
            .await
    }
    .await;
    match done {
        Ok(()) => Ok(visit.go(PATH, Notice::SeatsRequested)),
        Err(problem) => {
            let content = question(&visit, &sent.refused(&problem));
            Ok(visit.show_again(&problem, NAME, ABOVE, &content))
        }
    }
}
