//! Accounts, and the operator's `bootstrap`, which creates one that is ready for provisioning.

pub mod demo;

use serde_json::json;

use super::error::{checked_address, checked_name};
use super::{AdministrationError, domains, members, organizations};
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::connector::TokenExpiry;
use crate::enterprise::plan::Plan;
use crate::enterprise::{AccountPk, MemberPk, Role, token};
use crate::store::admin_tokens::NewToken;
use crate::store::enterprises::EnterpriseRow;
use crate::store::members::MemberRow;
use crate::store::{Transaction, admin_tokens, audit, connectors, enterprises};

type Result<T> = std::result::Result<T, AdministrationError>;

/// The organization that every new account starts with (docs/domain.md §2).
pub const FIRST_ORGANIZATION: &str = "Personal Workspace";

/// The account that the operator asks `bootstrap` to create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAccount {
    /// The account's name, unique on this server.
    pub name: String,
    /// The owner's email address.
    pub owner: String,
    /// The owner's given and family name; derived from the address if `None`.
    pub owner_name: Option<(String, String)>,
    /// Domains to add as verified, without a DNS check.
    pub domains: Vec<String>,
    /// The number of licence seats.
    pub seats: i64,
}

/// A new account with its secrets, which are shown only once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BootstrappedAccount {
    /// The account's primary key.
    pub enterprise: AccountPk,
    /// The account's public id, `ent_…`.
    pub account_id: String,
    /// The owner's primary key.
    pub owner: MemberPk,
    /// The owner's public member id.
    pub owner_id: String,
    /// The public id of the connector, which is part of its URL.
    pub connector_id: String,
    /// The SCIM token for the identity provider.
    pub scim_token: String,
    /// The owner's API token.
    pub admin_token: String,
}

/// The data that every new account needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Founding {
    /// The account's name, unique on this server.
    pub name: String,
    /// The owner's email address.
    pub owner: String,
    /// The owner's given and family name; derived from the address if `None`.
    pub owner_name: Option<(String, String)>,
    /// The number of licence seats.
    pub seats: i64,
}

impl NewAccount {
    fn founding(&self) -> Founding {
        Founding {
            name: self.name.clone(),
            owner: self.owner.clone(),
            owner_name: self.owner_name.clone(),
            seats: self.seats,
        }
    }
}

/// Creates an active account with its owner and its first organization.
///
/// # Errors
/// Fails if the name is invalid or taken, the address is invalid, or there is no seat for the
/// owner.
pub fn found(
    transaction: &mut Transaction<'_>,
    new: &Founding,
    plan: Plan,
) -> Result<(EnterpriseRow, MemberRow)> {
    let account_name = checked_name("account", &new.name)?;
    let owner = checked_address("owner", &new.owner)?;
    let owner = owner.as_str();
    if new.seats < 1 {
        return Err(AdministrationError::InvalidValue {
            field: "seats",
            reason: "at least one seat is needed, for the owner".to_owned(),
        });
    }
    if enterprises::by_name(transaction, account_name)?.is_some() {
        return Err(AdministrationError::NameTaken {
            kind: "An account named",
            name: account_name.to_owned(),
        });
    }
    let now = transaction.now();
    let account = enterprises::insert(transaction, account_name, plan, new.seats, now)?;
    let owner_row =
        members::insert(transaction, account.pk, owner, new.owner_name.clone(), Role::Owner)?;
    enterprises::found(transaction, account.pk)?;
    organizations::create(transaction, account.pk, FIRST_ORGANIZATION)?;
    let change = Change::made(
        "account.created",
        Target::new("account", account.id.clone(), account.name.clone()),
        json!({"plan": plan.as_str(), "seats": new.seats, "owner": owner}),
    );
    audit::record(transaction, account.pk, &change)?;
    Ok((account, owner_row))
}

/// Creates an Enterprise account with an owner, verified domains and an enabled connector. Single
/// sign-on is marked as configured by the operator.
///
/// # Errors
/// Fails if the name or a domain is taken, or a value is invalid.
pub fn bootstrap(
    transaction: &mut Transaction<'_>,
    new: &NewAccount,
) -> Result<BootstrappedAccount> {
    let (account, owner_row) = found(transaction, &new.founding(), Plan::Enterprise)?;
    let now = transaction.now();
    for domain in &new.domains {
        domains::add_verified(transaction, account.pk, domain)?;
    }
    enterprises::set_sso_configured(transaction, account.pk, now)?;
    let (connector, connector_id) = connectors::enable(transaction, account.pk, now)?;
    let scim_token = token::generate(token::CONNECTOR)?;
    let first = connectors::NewToken {
        label: "bootstrap",
        expiry: TokenExpiry::Never,
        created_by: "operator",
        expires_at: None,
    };
    connectors::insert_token(transaction, connector, &token::hash(&scim_token), &first, now)?;
    let admin_token = token::generate(token::ADMIN)?;
    let named = new_token(owner_row.pk, "bootstrap");
    admin_tokens::insert(transaction, &token::hash(&admin_token), &named, now)?;
    Ok(BootstrappedAccount {
        enterprise: account.pk,
        account_id: account.id,
        owner: owner_row.pk,
        owner_id: owner_row.id,
        connector_id,
        scim_token,
        admin_token,
    })
}

/// Returns a token for the owner that has all scopes and never expires.
fn new_token(member: MemberPk, name: &str) -> NewToken<'_> {
    NewToken { member, name, scopes: None, expires_at: None }
}
