//! The way out where nobody of an account can sign in: single sign-on is switched off for a domain, or
//! an owner gets a link past it. Every owner is told by mail.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};
use serde::Deserialize;

use super::account::{path_of, read};
use super::{ACCOUNTS, OperatorVisit};
use crate::administration::AdministrationError;
use crate::administration::operator_lists::KnownAccount;
use crate::administration::recovery;
use crate::administration::sso::switching;
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::routing::form;
use crate::http::console::sent::Sent;
use crate::http::console::visit::Answer;
use crate::http::console::wanted::Wanted;
use crate::http::pages::parts::{Field, Filled, Form, Input, confirmation};
use crate::store::Transaction;

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config.service(form("/accounts/{id}/sso/{connection}/off", ask_off, switch_off)).service(form(
        "/accounts/{id}/recovery",
        ask_link,
        send_link,
    ));
}

const OFF: &str = "Switch single sign-on off";
const LINK: &str = "Send recovery link";

/// Returns the domain of one of the account's connections.
fn domain_of(account: &KnownAccount, connection: &str) -> Result<String, Problem> {
    let found = account.connections.iter().find(|one| one.row.id == connection);
    let unknown =
        || AdministrationError::NotFound { kind: "The connection", id: connection.to_owned() };
    found.map(|one| one.domain.clone()).ok_or_else(|| unknown().into())
}

fn switching_off(
    visit: &OperatorVisit,
    account: &KnownAccount,
    (connection, domain): (&str, &str),
    filled: &Filled,
) -> Markup {
    let label = format!("Type {domain} to confirm");
    let fields = [Field::text("confirm", &label)];
    let (own, back) = (path_of(account), visit.at(&path_of(account)));
    let action = visit.at(&format!("{own}/sso/{connection}/off"));
    let form = Form::new(&action, &fields, OFF).dangerous().or_back(&back).render(filled);
    let content = html! {
        p {
            "People of " (domain) " sign in to " (account.plan.name) " by mail from now on. Provisioning by \
             SCIM goes on. Every owner is told by mail, and the audit log of the account names the operator."
        }
        p {
            "Do this only if you know that it is the customer who asks: whoever reads mail of the domain can \
             sign in then."
        }
    };
    confirmation(&format!("Switch single sign-on off for {domain}?"), &content, &form)
}

/// `GET /operator/accounts/{id}/sso/{connection}/off`.
async fn ask_off(visit: OperatorVisit, path: Path<(String, String)>) -> Answer {
    let (id, connection) = path.into_inner();
    let account = read(&visit, &id).await?;
    let domain = domain_of(&account, &connection)?;
    let content = switching_off(&visit, &account, (&connection, &domain), &Filled::new());
    let own = path_of(&account);
    Ok(visit.show(OFF, &[("Accounts", ACCOUNTS), (&account.plan.name, &own)], &content))
}

/// `POST /operator/accounts/{id}/sso/{connection}/off`.
async fn switch_off(visit: OperatorVisit, path: Path<(String, String)>, sent: Sent) -> Answer {
    let (id, connection) = path.into_inner();
    let account = read(&visit, &id).await?;
    let domain = domain_of(&account, &connection)?;
    let (pk, own) = (account.plan.pk, path_of(&account));
    let done = async {
        sent.confirms(&domain)?;
        let id = connection.clone();
        let write =
            move |transaction: &mut Transaction<'_>| switching::switch_off(transaction, pk, &id);
        visit.operator.write_in(pk, write).await
    }
    .await;
    match done {
        Ok(_) => Ok(visit.go(&own, Notice::SsoSwitchedOff)),
        Err(problem) => {
            let filled = sent.refused(&problem);
            let content = switching_off(&visit, &account, (&connection, &domain), &filled);
            let above = [("Accounts", ACCOUNTS), (account.plan.name.as_str(), own.as_str())];
            Ok(visit.show_again(&problem, OFF, &above, &content))
        }
    }
}

/// Which owner gets a link.
#[derive(Debug, Deserialize)]
struct Owner {
    owner: String,
}

fn sending(visit: &OperatorVisit, account: &KnownAccount, filled: &Filled) -> Markup {
    let fields = [Field::text("owner", "").takes(Input::Hidden)];
    let (own, back) = (path_of(account), visit.at(&path_of(account)));
    let action = visit.at(&format!("{own}/recovery"));
    let form = Form::new(&action, &fields, LINK).or_back(&back).render(filled);
    let content = html! {
        p {
            "A link that signs in to " (account.plan.name) " as this owner, past single sign-on, goes to \
             the owner's proved address by mail. It works once, for an hour. You do not see it."
        }
    };
    confirmation(&format!("Send a recovery link to {}?", filled.value("owner")), &content, &form)
}

/// `GET /operator/accounts/{id}/recovery`.
async fn ask_link(visit: OperatorVisit, id: Path<String>, wanted: Wanted<Owner>) -> Answer {
    let account = read(&visit, &id).await?;
    let content = sending(&visit, &account, &Filled::new().with("owner", wanted.query.owner));
    let own = path_of(&account);
    Ok(visit.show(LINK, &[("Accounts", ACCOUNTS), (&account.plan.name, &own)], &content))
}

/// `POST /operator/accounts/{id}/recovery`.
async fn send_link(visit: OperatorVisit, id: Path<String>, sent: Sent) -> Answer {
    let account = read(&visit, &id).await?;
    let (pk, own, owner) = (account.plan.pk, path_of(&account), sent.text("owner").to_owned());
    let url = visit.operator.service.public_url.clone();
    let write =
        move |transaction: &mut Transaction<'_>| recovery::send(transaction, pk, &owner, &url);
    match visit.operator.write_in(pk, write).await {
        Ok(_) => Ok(visit.go(&own, Notice::RecoveryLinkSent)),
        Err(problem) => {
            let content = sending(&visit, &account, &sent.refused(&problem));
            let above = [("Accounts", ACCOUNTS), (account.plan.name.as_str(), own.as_str())];
            Ok(visit.show_again(&problem, LINK, &above, &content))
        }
    }
}
