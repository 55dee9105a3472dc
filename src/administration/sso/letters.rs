//! Mails to owners and co-owners about changes to how users of a domain sign in.

use super::Result;
use crate::enterprise::audit::{Actor, ActorKind};
use crate::enterprise::letter::Letter;
use crate::enterprise::sso::Settings;
use crate::store::sso_connections::Connection;
use crate::store::{Transaction, enterprises, owners};

/// A change to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// It was switched on.
    On,
    /// Its settings were replaced while it was on.
    Changed,
    /// It was switched off.
    Off,
}

/// Tells every owner and co-owner. `owner` is the owner whose link put the settings into use; `None` if it was
/// the actor of the transaction.
pub(super) fn tell(
    transaction: &mut Transaction<'_>,
    event: Event,
    connection: &Connection,
    owner: Option<&str>,
) -> Result<()> {
    let enterprise = connection.row.enterprise_pk;
    let account = enterprises::get(transaction, enterprise)?.name;
    let actor = &transaction.origin().actor;
    let who = match owner {
        Some(owner) => format!("{owner}, by a link that {} signed in with,", name_of(actor)),
        None => name_of(actor),
    };
    let (domain, at) = (&connection.domain, transaction.now().to_rfc3339());
    let what = match event {
        Event::On => "was switched on",
        Event::Changed => "has another identity provider or other settings",
        Event::Off => "was switched off",
    };
    let done = match event {
        Event::On => format!(
            "{who} switched single sign-on for {domain} on at {at}. Users of that domain now sign in \
             at {} and no other way.",
            provider(connection)?
        ),
        Event::Changed => format!(
            "{who} put other settings of single sign-on for {domain} into use at {at}. Users of that \
             domain now sign in at {} and no other way.",
            provider(connection)?
        ),
        Event::Off => format!(
            "{who} switched single sign-on for {domain} off at {at}. Users of that domain now sign in \
             by a link in a mail."
        ),
    };
    let letter = Letter::new(format!("{account}: single sign-on for {domain} {what}"))
        .paragraph(done)
        .paragraph(advice(event))
        .page("SSO", "/app/enterprise/sso/list");
    Ok(owners::tell_administrators(transaction, enterprise, &letter)?)
}

const fn advice(event: Event) -> &'static str {
    match event {
        Event::On | Event::Changed => {
            "If this is wrong, switch it off on the page SSO. If you cannot sign in, open one of your \
             recovery links, or ask the operator of this server to switch it off. Then end the tokens \
             and sessions of whoever did it."
        }
        Event::Off => {
            "If this is wrong, an owner can switch it on again on the page SSO. Then end the tokens and \
             sessions of whoever did it."
        }
    }
}

fn name_of(actor: &Actor) -> String {
    match actor.kind {
        ActorKind::Operator => "The operator of this server".to_owned(),
        ActorKind::System => "The server itself".to_owned(),
        _ => actor.name.clone(),
    }
}

/// Returns the identifier of the connection's identity provider.
fn provider(connection: &Connection) -> Result<String> {
    Ok(match connection.settings()? {
        Some(Settings::Oidc { issuer, .. }) => issuer,
        Some(Settings::Saml { entity_id, .. }) => entity_id,
        None => "its identity provider".to_owned(),
    })
}
