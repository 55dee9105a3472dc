//! The connections of the account, and a new one.

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::{PATH, SSO, path};
use crate::administration::sso::connections;
use crate::administration::{Page, domains};
use crate::enterprise::Timestamp;
use crate::enterprise::sso::ConnectionState;
use crate::http::admin::permits::{ManageSso, ReadAccount, Reading};
use crate::http::console::notice::Notice;
use crate::http::console::routing::{form, shown};
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::words::Label;
use crate::http::pages::parts::{
    Choice, Column, Field, Filled, Form, Input, Table, Tone, badge, confirmation, empty, link,
    main_dialog, moment,
};
use crate::store::StoreResult;
use crate::views::sso_connections::SsoConnection;

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config.service(shown("/enterprise/sso/list", list)).service(form(
        "/enterprise/sso/new",
        new,
        create,
    ));
}

/// The number of connections on the page, and of domains to choose from.
const SHOWN: i64 = 500;

/// `GET /app/enterprise/sso/list`.
async fn list(visit: Visit<ReadAccount>) -> Answer {
    let (url, now) = (visit.admin.service.public_url.clone(), visit.admin.now());
    let connections = visit
        .admin
        .read_page(move |conn, account| {
            let Page { items, .. } = connections::list(conn, account, 0, SHOWN)?;
            let items = items.into_iter().map(|stored| SsoConnection::of(stored, &url, now));
            Ok(items.collect::<StoreResult<Vec<_>>>()?)
        })
        .await?;
    let content = html! {
        header {
            div {
                h1 { "SSO" }
                p.lead { "People of a domain sign in with their company's identity provider." }
            }
            (main_dialog("Create Connection", &visit.at("/app/enterprise/sso/new")))
        }
        @if connections.is_empty() {
            (empty(
                "No connection yet",
                "A connection needs Enterprise or the trial, and a verified domain without a connection. \
                 SAML 2.0 and OpenID Connect both work, with Okta, Microsoft Entra ID and any other \
                 provider.",
                Some(&link("Domains", &visit.at("/app/enterprise/domains/list"))),
            ))
        } @else {
            (Table {
                caption: "Connections to identity providers",
                columns: &[
                    Column::text("Domain"),
                    Column::text("Protocol"),
                    Column::text("State"),
                    Column::text("Last failure"),
                    Column::text("Certificate ends"),
                ],
                nothing: "",
                rows: connections.iter().map(|connection| row(&visit, connection)).collect(),
                next: None,
            }.render())
        }
    };
    Ok(visit.show("SSO", &[], &content))
}

fn row(visit: &Visit<ReadAccount>, connection: &SsoConnection) -> Vec<Markup> {
    let protocol = connection.settings.as_ref().or(connection.draft.as_ref());
    vec![
        html! { a.thing href=(visit.at(&path(&connection.id, ""))) { (connection.domain) } },
        html! { (protocol.map_or("Not chosen", |settings| settings.protocol.label())) },
        state(connection.state),
        html! {
            @match (&connection.last_failure, connection.last_failure_at) {
                (Some(text), Some(at)) => { (moment(at)) span.sub { (text) } },
                _ => { span.muted { "None" } }
            }
        },
        html! { @if let Some(end) = first_end(connection) { (moment(end)) } @else { span.muted { "None" } } },
    ]
}

/// Returns when the first certificate ends of those that users sign in with.
fn first_end(connection: &SsoConnection) -> Option<Timestamp> {
    let saml = connection.settings.as_ref()?.saml.as_ref()?;
    saml.certificates.iter().filter_map(|certificate| certificate.expires_at).min()
}

/// Renders the state of a connection.
pub(super) fn state(state: ConnectionState) -> Markup {
    let tone = match state {
        ConnectionState::Draft => Tone::Neutral,
        ConnectionState::Verified => Tone::Info,
        ConnectionState::On => Tone::Good,
        ConnectionState::Resting => Tone::Warn,
    };
    badge(tone, state.label())
}

async fn free_domains<P>(
    visit: &Visit<P>,
) -> Result<Vec<String>, crate::http::base::problem::Problem> {
    visit
        .admin
        .read_page(|conn, account| {
            let all = domains::list(conn, account, 0, SHOWN)?;
            let taken = connections::list(conn, account, 0, SHOWN)?;
            let taken: Vec<String> = taken.items.into_iter().map(|one| one.domain).collect();
            let verified = all.items.into_iter().filter(|row| row.verified_at.is_some());
            let free = verified.map(|row| domains::name_of(&row).to_string());
            Ok(free.filter(|name| !taken.contains(name)).collect())
        })
        .await
}

/// `GET /app/enterprise/sso/new`.
async fn new(visit: Visit<Reading<ManageSso>>) -> Answer {
    let free = free_domains(&visit).await?;
    Ok(visit.show("Create Connection", &[SSO], &creating(&visit, &free, &Filled::new())))
}

fn creating<P>(visit: &Visit<P>, free: &[String], filled: &Filled) -> Markup {
    if free.is_empty() {
        let content = html! {
            p { "Every verified domain has a connection, or none is verified yet." }
            div.actions { (link("Domains", &visit.at("/app/enterprise/domains/list"))) }
        };
        return confirmation("Create Connection", &content, &html! {});
    }
    let domains: Vec<Choice<'_>> =
        free.iter().map(|name| Choice { value: name, label: name, hint: "" }).collect();
    let fields = [Field::text("domain", "Domain")
        .takes(Input::Select(&domains))
        .hint("One of your verified domains.")
        .answers(&["domain-not-verified", "sso-connection-exists"])];
    let (action, back) = (visit.at("/app/enterprise/sso/new"), visit.at(PATH));
    let form = Form::new(&action, &fields, "Create Connection").creating().or_back(&back);
    let what = html! {
        p { "Nothing changes for anybody until the connection is verified and switched on." }
    };
    confirmation("Create Connection", &what, &form.render(filled))
}

/// `POST /app/enterprise/sso/new`.
async fn create(visit: Visit<ManageSso>, sent: Sent) -> Answer {
    let domain = sent.text("domain").to_owned();
    let made = visit
        .create(&sent, move |transaction, account| {
            Ok(connections::create(transaction, account, &domain, None, None)?.row.id)
        })
        .await;
    match made {
        Ok(id) => Ok(visit.go(&path(&id, ""), Notice::ConnectionCreated)),
        Err(problem) => {
            let free = free_domains(&visit).await?;
            let content = creating(&visit, &free, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Create Connection", &[SSO], &content))
        }
    }
}
