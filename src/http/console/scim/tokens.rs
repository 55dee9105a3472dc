//! The tokens of the connector.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::lifecycle::{TOKEN, label, made, shown};
use super::{PATH, SCIM};
use crate::administration::connector::{self, RefreshWish};
use crate::enterprise::connector::TokenExpiry;
use crate::http::admin::permits::{MakeConnectorSecrets, ManageConnector, Reading, Smaller};
use crate::http::console::notice::Notice;
use crate::http::console::routing::form;
use crate::http::console::sent::{Sent, invalid};
use crate::http::console::visit::{Answer, Visit};
use crate::http::pages::parts::{
    Column, Field, Filled, Form, Input, Table, Tone, badge, confirmation, dialog, main_dialog,
    moment,
};
use crate::views::connector::{Connector, ConnectorToken};

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config.service(form("/enterprise/scim/refresh", ask, refresh)).service(form(
        "/enterprise/scim/tokens/{id}/end",
        ask_to_end,
        end,
    ));
}

/// Renders the block of the SCIM page.
pub(super) fn block(visit: &Visit<Reading<ManageConnector>>, connector: &Connector) -> Markup {
    let columns = [
        Column::text("Label"),
        Column::text("Made"),
        Column::text("Expires"),
        Column::text("Last used"),
        Column::text(""),
    ];
    html! {
        section.stack.tight aria-labelledby="tokens" {
            div.row.apart {
                h2 id="tokens" { "Tokens" }
                (main_dialog("Refresh Token", &visit.at(&format!("{PATH}/refresh"))))
            }
            (Table {
                caption: "The connector's tokens",
                columns: &columns,
                nothing: "There is no token.",
                rows: connector.tokens.iter().map(|token| row(visit, token)).collect(),
                next: None,
            }.render())
        }
    }
}

fn row(visit: &Visit<Reading<ManageConnector>>, token: &ConnectorToken) -> Vec<Markup> {
    let is_over = token.expires_at.is_some_and(|end| end <= visit.frame.now);
    vec![
        html! {
            (token.label) " "
            @if is_over { (badge(Tone::Bad, "Expired")) }
            @else if token.superseded_at.is_some() { (badge(Tone::Warn, "Replaced")) }
        },
        html! { (moment(token.created_at)) span.sub { "by " (token.created_by) } },
        html! { @match token.expires_at { Some(end) => (moment(end)), None => "Never" } },
        html! { @match token.last_used_at { Some(at) => (moment(at)), None => "Never" } },
        dialog("End now", &visit.at(&format!("{PATH}/tokens/{}/end", token.id))),
    ]
}

const GRACE: Field<'_> = Field::text("grace_hours", "The old token goes on for")
    .takes(Input::Number)
    .hint("Hours, 0 to 168: as long as it takes to enter the new one in the identity provider.");

fn refreshing<P>(visit: &Visit<P>, filled: &Filled) -> Markup {
    let (action, back) = (visit.at(&format!("{PATH}/refresh")), visit.at(PATH));
    let [expiry, label] = TOKEN;
    let fields = [expiry, label, GRACE];
    let form =
        Form::new(&action, &fields, "Refresh Token").creating().or_back(&back).render(filled);
    let what = html! { p { "Makes a new token, which is shown once." } };
    confirmation("Refresh the SCIM token", &what, &form)
}

/// `GET /app/enterprise/scim/refresh`.
async fn ask(visit: Visit<Reading<ManageConnector>>) -> Answer {
    let filled = Filled::new()
        .with("expiry", "1_year")
        .with("label", "SCIM token")
        .with("grace_hours", "24");
    Ok(visit.show("Refresh Token", &[SCIM], &refreshing(&visit, &filled)))
}

/// `POST /app/enterprise/scim/refresh`.
async fn refresh(visit: Visit<MakeConnectorSecrets>, sent: Sent) -> Answer {
    let made = async {
        let grace = sent.given("grace_hours").unwrap_or_else(|| "24".to_owned());
        let hours = grace.parse().map_err(|_| invalid("grace_hours", "a number from 0 to 168"))?;
        let wish = RefreshWish {
            expiry: sent.word::<TokenExpiry>("expiry")?,
            label: label(&sent),
            grace_hours: Some(hours),
        };
        made(&visit, &sent, move |transaction, account| {
            connector::refresh(transaction, account, &wish)
        })
        .await
    }
    .await;
    match made {
        Ok(token) => Ok(shown(&visit.renewed().await?, "The new token", &token)),
        Err(problem) => {
            let content = refreshing(&visit, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Refresh Token", &[SCIM], &content))
        }
    }
}

fn ending<P>(visit: &Visit<P>, id: &str, filled: &Filled) -> Markup {
    let (action, back) = (visit.at(&format!("{PATH}/tokens/{id}/end")), visit.at(PATH));
    let form = Form::new(&action, &[], "End now").dangerous().or_back(&back).render(filled);
    let what = html! {
        p {
            "Requests with it are refused from now on. An identity provider that still uses it stops \
             provisioning until it has a new one."
        }
    };
    confirmation("End the token?", &what, &form)
}

/// `GET /app/enterprise/scim/tokens/{id}/end`.
async fn ask_to_end(visit: Visit<Reading<ManageConnector>>, id: Path<String>) -> Answer {
    Ok(visit.show("End a token", &[SCIM], &ending(&visit, &id, &Filled::new())))
}

/// `POST /app/enterprise/scim/tokens/{id}/end`.
async fn end(visit: Visit<Smaller<ManageConnector>>, id: Path<String>, sent: Sent) -> Answer {
    let own = id.to_string();
    let done = visit
        .admin
        .write(move |transaction, account| connector::end_token(transaction, account, &own))
        .await;
    match done {
        Ok(()) => Ok(visit.go(PATH, Notice::ScimTokenEnded)),
        Err(problem) => {
            let content = ending(&visit, &id, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "End a token", &[SCIM], &content))
        }
    }
}
