//! The demo account of docs/domain.md, KongAir.

use super::{NewAccount, Result, bootstrap, new_token};
use crate::administration::sign_in::{self, SignInError};
use crate::administration::{AdministrationError, Refusal, members, organizations, teams};
use crate::enterprise::connector::{TokenExpiry, superseded_end};
use crate::enterprise::{AccountPk, TeamRole, token};
use crate::store::{Conn, StoreError, Transaction, admin_tokens, claims, connectors, enterprises};

/// The name of the demo account.
pub const ACCOUNT: &str = "KongAir";
/// The email address of its owner.
pub const OWNER: &str = "owner@kongair.example";
/// The path of the page that the owner's link leads to.
pub const CONSOLE: &str = "/app";
/// The domain that is verified from the beginning.
pub const DOMAIN: &str = "kongair.example";
/// The name of the tokens that every start makes anew.
const LABEL: &str = "demo";
/// The maximum number of people that [`people`] returns.
const MOST_PEOPLE: i64 = 100;

/// The ids and secrets that the demo prints at start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demo {
    /// The public id of the connector, which is part of its URL.
    pub connector_id: String,
    /// A SCIM token; every start creates a new one. `None` if SCIM was disabled.
    pub scim_token: Option<String>,
    /// A token of the owner; every start creates a new one.
    pub admin_token: String,
    /// The secret of a link that signs the owner in, once, for 15 minutes; `None` if the owner's
    /// domain has single sign-on.
    pub sign_in: Option<String>,
}

/// Returns the demo account and creates it, with organizations and teams, if it does not exist.
pub fn ensure(transaction: &mut Transaction<'_>) -> Result<Demo> {
    if let Some(account) = enterprises::by_name(transaction, ACCOUNT)? {
        return reopen(transaction, account.pk);
    }
    let new = NewAccount {
        name: ACCOUNT.to_owned(),
        owner: OWNER.to_owned(),
        owner_name: Some(("Olive".to_owned(), "Owner".to_owned())),
        domains: vec![DOMAIN.to_owned()],
        seats: 50,
    };
    let made = bootstrap(transaction, &new)?;
    let cargo = organizations::create(transaction, made.enterprise, "Cargo")?;
    let passengers = organizations::create(transaction, made.enterprise, "Passengers")?;
    let mut team = |name: &str, description: &str| {
        teams::create(transaction, made.enterprise, name, description, TeamRole::Member)
    };
    let flight = team("Flight", "Flies cargo and passengers")?;
    let sales = team("Sales", "Sells seats to passengers")?;
    for (team, organization) in [(&flight, &cargo), (&flight, &passengers), (&sales, &passengers)] {
        teams::link(transaction, made.enterprise, &team.id, &organization.id)?;
    }
    Ok(Demo {
        connector_id: made.connector_id,
        scim_token: Some(made.scim_token),
        admin_token: made.admin_token,
        sign_in: owners_link(transaction)?,
    })
}

fn reopen(transaction: &mut Transaction<'_>, enterprise: AccountPk) -> Result<Demo> {
    let gone = || StoreError::Damaged("the demo account has lost a part".to_owned());
    let connector = connectors::get(transaction, enterprise)?.ok_or_else(gone)?;
    let owner = claims::known_by(transaction, enterprise, OWNER)?.ok_or_else(gone)?;
    // Deletes only the demo's own tokens; tokens that the owner created stay valid.
    admin_tokens::delete_named(transaction, owner.pk, &["bootstrap", LABEL])?;
    let admin_token = token::generate(token::ADMIN)?;
    let now = transaction.now();
    let named = new_token(owner.pk, LABEL);
    admin_tokens::insert(transaction, &token::hash(&admin_token), &named, now)?;
    let scim_token =
        if connector.enabled { Some(scim_token(transaction, connector.pk)?) } else { None };
    let sign_in = owners_link(transaction)?;
    Ok(Demo { connector_id: connector.id, scim_token, admin_token, sign_in })
}

/// Makes a SCIM token in place of the one of the last start. That of the first start stays valid:
/// an identity provider may have it.
fn scim_token(
    transaction: &mut Transaction<'_>,
    connector: crate::enterprise::ConnectorPk,
) -> Result<String> {
    let now = transaction.now();
    for token in connectors::living(transaction, connector, now)? {
        if token.label == LABEL {
            let end = superseded_end(token.expires_at, 0, now);
            connectors::supersede(transaction, token.pk, end, now)?;
        }
    }
    connectors::forget_tokens(transaction, connector, now)?;
    let secret = token::generate(token::CONNECTOR)?;
    let new = connectors::NewToken {
        label: LABEL,
        expiry: TokenExpiry::Never,
        created_by: "operator",
        expires_at: None,
    };
    connectors::insert_token(transaction, connector, &token::hash(&secret), &new, now)?;
    Ok(secret)
}

fn owners_link(transaction: &mut Transaction<'_>) -> Result<Option<String>> {
    match sign_in::make_link(transaction, OWNER, CONSOLE) {
        Ok(link) => Ok(Some(link)),
        Err(AdministrationError::Refused(refusal))
            if refusal.word() == SignInError::SsoRequired(String::new()).word() =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Returns the names, if they have any, and the addresses of the demo account's members, in order of
/// creation.
pub fn people(conn: &mut Conn) -> Result<Vec<(Option<String>, String)>> {
    let Some(account) = enterprises::by_name(conn, ACCOUNT)? else { return Ok(Vec::new()) };
    let page = members::list(conn, account.pk, 0, MOST_PEOPLE)?;
    let people = page.items.into_iter();
    Ok(people.filter_map(|one| Some((one.member.display_name, one.member.email?))).collect())
}
