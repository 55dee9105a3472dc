//! Switching a connection on and off, and deleting it.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::{PATH, SSO, path, read};
use crate::administration::sso::switching::WayIn;
use crate::administration::sso::{connections, switching};
use crate::http::admin::permits::{ManageSso, Reading, Smaller, SwitchSso, SwitchSsoOff};
use crate::http::base::problem::Problem;
use crate::http::console::named::names;
use crate::http::console::notice::Notice;
use crate::http::console::routing::form;
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::pages::parts::{Field, Filled, Form, Tone, banner, confirmation};
use crate::views::sso_connections::SsoConnection;

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(form("/enterprise/sso/{id}/on", ask_on, switch_on))
        .service(form("/enterprise/sso/{id}/off", ask_off, switch_off))
        .service(form("/enterprise/sso/{id}/delete", ask_to_delete, delete));
}

/// A question about a connection.
struct Question {
    rest: &'static str,
    button: &'static str,
    text: &'static str,
    needs_name: bool,
}

const ON: Question = Question {
    rest: "/on",
    button: "Switch on",
    text: "From now on people of the domain sign in by the identity provider and no other way. Every owner \
           is told by mail.",
    needs_name: true,
};
const OFF: Question = Question {
    rest: "/off",
    button: "Switch off",
    text: "People of the domain sign in by mail again. Provisioning by SCIM goes on. Every owner is told by \
           mail.",
    needs_name: false,
};
const DELETE: Question = Question {
    rest: "/delete",
    button: "Delete connection",
    text: "The settings of the connection go. People of the domain sign in by mail.",
    needs_name: false,
};

impl Question {
    /// Renders the question. `more` follows the text.
    fn content<P>(
        &self,
        visit: &Visit<P>,
        connection: &SsoConnection,
        more: &Markup,
        filled: &Filled,
    ) -> Markup {
        let label = format!("Type {} to confirm", connection.domain);
        let fields = [Field::text("confirm", &label)];
        let fields = if self.needs_name { &fields[..] } else { &[] };
        let back = visit.at(&path(&connection.id, ""));
        let action = visit.at(&path(&connection.id, self.rest));
        let form = Form::new(&action, fields, self.button).dangerous().or_back(&back);
        let question = format!("{} {}?", self.button, connection.domain);
        confirmation(&question, &html! { p { (self.text) } (more) }, &form.render(filled))
    }

    /// Says before switching on which owners would still get in by mail.
    async fn more<P>(
        &self,
        visit: &Visit<P>,
        connection: &SsoConnection,
    ) -> Result<Markup, Problem> {
        if !self.needs_name {
            return Ok(html! {});
        }
        let (domain, now) = (connection.domain.clone(), visit.admin.now());
        let read = move |conn: &mut _, account| switching::ways_in(conn, account, &domain, now);
        let ways = visit.admin.read_page(read).await?;
        Ok(ways_in(visit, &ways))
    }

    async fn ask<P>(&self, visit: &Visit<P>, id: &Path<String>) -> Answer {
        let connection = read(visit, id).await?;
        let more = self.more(visit, &connection).await?;
        let own = path(&connection.id, "");
        let above = [SSO, (connection.domain.as_str(), own.as_str())];
        let content = self.content(visit, &connection, &more, &Filled::new());
        Ok(visit.show(self.button, &above, &content))
    }
}

fn ways_in<P>(visit: &Visit<P>, ways: &[WayIn]) -> Markup {
    let by_mail: Vec<&str> =
        ways.iter().filter(|way| way.by_mail).map(|way| way.owner.as_str()).collect();
    html! {
        @if by_mail.is_empty() {
            (banner(
                Tone::Warn,
                &html! {
                    "No owner could get in by mail if the identity provider fails. Make a recovery link first, \
                     and keep it where you reach it without signing in."
                },
                Some(("Recovery links", &visit.at("/app/account/recovery"))),
            ))
        } @else {
            p { "Goes on signing in by mail: " (names(&by_mail, by_mail.len())) "." }
        }
    }
}

/// `GET /app/enterprise/sso/{id}/on`.
async fn ask_on(visit: Visit<Reading<SwitchSso>>, id: Path<String>) -> Answer {
    ON.ask(&visit, &id).await
}

/// `POST /app/enterprise/sso/{id}/on`.
async fn switch_on(visit: Visit<SwitchSso>, id: Path<String>, sent: Sent) -> Answer {
    let connection = read(&visit, &id).await?;
    let own = path(&connection.id, "");
    let done = async {
        sent.confirms(&connection.domain)?;
        visit
            .admin
            .write(move |transaction, account| switching::switch_on(transaction, account, &id))
            .await
    }
    .await;
    match done {
        Ok(_) => Ok(visit.go(&own, Notice::SsoSwitchedOn)),
        Err(problem) => {
            let above = [SSO, (connection.domain.as_str(), own.as_str())];
            let more = ON.more(&visit, &connection).await?;
            let content = ON.content(&visit, &connection, &more, &sent.refused(&problem));
            Ok(visit.show_again(&problem, ON.button, &above, &content))
        }
    }
}

/// `GET /app/enterprise/sso/{id}/off`.
async fn ask_off(visit: Visit<Reading<SwitchSsoOff>>, id: Path<String>) -> Answer {
    OFF.ask(&visit, &id).await
}

/// `POST /app/enterprise/sso/{id}/off`.
async fn switch_off(visit: Visit<Smaller<SwitchSsoOff>>, id: Path<String>, sent: Sent) -> Answer {
    let connection = read(&visit, &id).await?;
    let own = path(&connection.id, "");
    let done = visit
        .admin
        .write(move |transaction, account| switching::switch_off(transaction, account, &id))
        .await;
    match done {
        Ok(_) => Ok(visit.go(&own, Notice::SsoSwitchedOff)),
        Err(problem) => {
            let above = [SSO, (connection.domain.as_str(), own.as_str())];
            let content = OFF.content(&visit, &connection, &html! {}, &sent.refused(&problem));
            Ok(visit.show_again(&problem, OFF.button, &above, &content))
        }
    }
}

/// `GET /app/enterprise/sso/{id}/delete`.
async fn ask_to_delete(visit: Visit<Reading<ManageSso>>, id: Path<String>) -> Answer {
    DELETE.ask(&visit, &id).await
}

/// `POST /app/enterprise/sso/{id}/delete`.
async fn delete(visit: Visit<Smaller<ManageSso>>, id: Path<String>, sent: Sent) -> Answer {
    let connection = read(&visit, &id).await?;
    let own = path(&connection.id, "");
    let done = visit
        .admin
        .write(move |transaction, account| connections::delete(transaction, account, &id))
        .await;
    match done {
        Ok(()) => Ok(visit.go(PATH, Notice::ConnectionDeleted)),
        Err(problem) => {
            let above = [SSO, (connection.domain.as_str(), own.as_str())];
            let content = DELETE.content(&visit, &connection, &html! {}, &sent.refused(&problem));
            Ok(visit.show_again(&problem, DELETE.button, &above, &content))
        }
    }
}
