//! OAuth clients: how identity providers fetch tokens by themselves.

use actix_web::HttpResponse;
use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::{PATH, SCIM};
use crate::administration::oauth::clients::{self, Wish};
use crate::enterprise::connector::DEFAULT_GRACE_HOURS;
use crate::http::admin::permits::{MakeConnectorSecrets, ManageConnector, Reading, Smaller};
use crate::http::console::notice::Notice;
use crate::http::console::routing::form;
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::pages::parts::{
    Column, Field, Filled, Form, Input, Secret, Table, confirmation, dialog, moment, secret_box,
};
use crate::views::oauth_clients::{CreatedOAuthClient, OAuthClient};

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(form("/enterprise/scim/clients/new", new, create))
        .service(form("/enterprise/scim/clients/{id}/secret", ask_to_rotate, rotate))
        .service(form("/enterprise/scim/clients/{id}/revoke", ask_to_revoke, revoke));
}

/// Renders the block of the SCIM page.
pub(super) fn block(visit: &Visit<Reading<ManageConnector>>, clients: &[OAuthClient]) -> Markup {
    let columns = [
        Column::text("Name"),
        Column::text("Client ID"),
        Column::text("Redirect URIs"),
        Column::text("Made"),
        Column::text(""),
    ];
    html! {
        section.stack.tight aria-labelledby="clients" {
            div.row.apart {
                h2 id="clients" { "OAuth clients" }
                (dialog("Add client", &visit.at(&format!("{PATH}/clients/new"))))
            }
            @if clients.is_empty() {
                p.muted { "None: the identity provider signs in with a token." }
            } @else {
                (Table {
                    caption: "The connector's OAuth clients",
                    columns: &columns,
                    nothing: "",
                    rows: clients.iter().map(|client| row(visit, client)).collect(),
                    next: None,
                }.render())
            }
        }
    }
}

fn row(visit: &Visit<Reading<ManageConnector>>, client: &OAuthClient) -> Vec<Markup> {
    let at = |rest: &str| visit.at(&format!("{PATH}/clients/{}/{rest}", client.id));
    vec![
        html! { (client.name) },
        html! { code { (client.id) } },
        html! {
            @if client.redirect_uris.is_empty() { span.muted { "None" } }
            @for uri in &client.redirect_uris { span.sub { (uri) } }
        },
        html! {
            (moment(client.created_at)) span.sub { "by " (client.created_by) }
            @if let Some(until) = client.former_secret_until {
                span.sub { "The old secret goes on until " (moment(until)) }
            }
        },
        html! { (dialog("New secret", &at("secret"))) " " (dialog("Revoke", &at("revoke"))) },
    ]
}

const FIELDS: &[Field<'_>] = &[
    Field::text("name", "Name").hint("By which you know the client, such as the provider's name."),
    Field::text("redirect_uris", "Redirect URIs").takes(Input::Lines).optional().hint(
        "One in each line, as the identity provider names them. Left empty, the client signs in \
               with its secret alone (client credentials).",
    ),
];

fn creating<P>(visit: &Visit<P>, filled: &Filled) -> Markup {
    let (action, back) = (visit.at(&format!("{PATH}/clients/new")), visit.at(PATH));
    let form = Form::new(&action, FIELDS, "Add client").creating().or_back(&back).render(filled);
    confirmation("Add an OAuth client", &html! {}, &form)
}

/// `GET /app/enterprise/scim/clients/new`.
async fn new(visit: Visit<Reading<ManageConnector>>) -> Answer {
    Ok(visit.show("Add client", &[SCIM], &creating(&visit, &Filled::new())))
}

/// `POST /app/enterprise/scim/clients/new`.
async fn create(visit: Visit<MakeConnectorSecrets>, sent: Sent) -> Answer {
    let url = visit.admin.service.public_url.clone();
    let wish = Wish {
        name: sent.text("name").to_owned(),
        redirect_uris: sent.several("redirect_uris"),
        grant_types: Vec::new(),
    };
    let made = visit
        .create_secret(&sent, move |transaction, account| {
            Ok(values(CreatedOAuthClient::of(&url, clients::create(transaction, account, &wish)?)))
        })
        .await;
    match made {
        Ok(made) => Ok(shown(&visit.renewed().await?, "The OAuth client is added", &made)),
        Err(problem) => {
            let content = creating(&visit, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Add client", &[SCIM], &content))
        }
    }
}

/// What the identity provider asks for: id, secret and both endpoints.
type Values = [String; 4];

fn values(made: CreatedOAuthClient) -> Values {
    let CreatedOAuthClient { client, secret } = made;
    [client.id, secret, client.authorization_url, client.token_url]
}

fn shown<P>(visit: &Visit<P>, title: &str, made: &Values) -> HttpResponse {
    let [id, secret, authorization, token] = made;
    let all = [
        Secret { id: "client-id", label: "Client ID", value: id },
        Secret { id: "client-secret", label: "Client secret", value: secret },
        Secret { id: "authorization-url", label: "Authorization endpoint", value: authorization },
        Secret { id: "token-url", label: "Token endpoint", value: token },
    ];
    let content = html! {
        header { h1 { (title) } }
        (secret_box(&all, "insomnia-scim-client.txt", &visit.at(PATH)))
    };
    visit.show(title, &[SCIM], &content)
}

fn rotating<P>(visit: &Visit<P>, id: &str, filled: &Filled) -> Markup {
    let (action, back) = (visit.at(&format!("{PATH}/clients/{id}/secret")), visit.at(PATH));
    let form = Form::new(&action, &[], "New secret").creating().or_back(&back).render(filled);
    let what = html! {
        p { "The old secret goes on for " (DEFAULT_GRACE_HOURS) " hours; the new one is shown once." }
    };
    confirmation("Give the client a new secret?", &what, &form)
}

/// `GET /app/enterprise/scim/clients/{id}/secret`.
async fn ask_to_rotate(visit: Visit<Reading<ManageConnector>>, id: Path<String>) -> Answer {
    Ok(visit.show("New secret", &[SCIM], &rotating(&visit, &id, &Filled::new())))
}

/// `POST /app/enterprise/scim/clients/{id}/secret`.
async fn rotate(visit: Visit<MakeConnectorSecrets>, id: Path<String>, sent: Sent) -> Answer {
    let (url, own) = (visit.admin.service.public_url.clone(), id.to_string());
    let made = visit
        .create_secret(&sent, move |transaction, account| {
            let made = clients::rotate(transaction, account, &own, DEFAULT_GRACE_HOURS)?;
            Ok(values(CreatedOAuthClient::of(&url, made)))
        })
        .await;
    match made {
        Ok(made) => Ok(shown(&visit.renewed().await?, "The new secret", &made)),
        Err(problem) => {
            let content = rotating(&visit, &id, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "New secret", &[SCIM], &content))
        }
    }
}

fn revoking<P>(visit: &Visit<P>, id: &str, filled: &Filled) -> Markup {
    let (action, back) = (visit.at(&format!("{PATH}/clients/{id}/revoke")), visit.at(PATH));
    let form = Form::new(&action, &[], "Revoke").dangerous().or_back(&back).render(filled);
    let what = html! { p { "The client and every token that it was given end at once." } };
    confirmation("Revoke the OAuth client?", &what, &form)
}

/// `GET /app/enterprise/scim/clients/{id}/revoke`.
async fn ask_to_revoke(visit: Visit<Reading<ManageConnector>>, id: Path<String>) -> Answer {
    Ok(visit.show("Revoke", &[SCIM], &revoking(&visit, &id, &Filled::new())))
}

/// `POST /app/enterprise/scim/clients/{id}/revoke`.
async fn revoke(visit: Visit<Smaller<ManageConnector>>, id: Path<String>, sent: Sent) -> Answer {
    let own = id.to_string();
    let done = visit
        .admin
        .write(move |transaction, account| clients::revoke(transaction, account, &own))
        .await;
    match done {
        Ok(()) => Ok(visit.go(PATH, Notice::OauthClientRevoked)),
        Err(problem) => {
            let content = revoking(&visit, &id, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Revoke", &[SCIM], &content))
        }
    }
}
