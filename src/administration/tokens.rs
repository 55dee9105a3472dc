//! Personal tokens, with which an administrator's programs authenticate.

use serde_json::json;

use super::error::checked_name;
use super::{AdministrationError, Class, Page, Refusal};
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::permissions::{Operation, reach};
use crate::enterprise::{AccountPk, MemberPk, Role, token};
use crate::store::admin_tokens::{self, NewToken, TokenRow};
use crate::store::{Conn, Transaction, audit};

type Result<T> = std::result::Result<T, AdministrationError>;

/// The longest lifetime of a token in days. Tokens must expire, or they would outlive their
/// purpose.
pub const LONGEST_DAYS: i64 = 365;
/// The lifetime of a token in days if none is requested.
pub const DEFAULT_DAYS: i64 = 90;
/// The maximum number of tokens of one member.
const MOST: i64 = 50;

/// Why a token cannot be created.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The member's role does not allow the operation, so no token of the member can.
    #[error("scopes: your role {role} may not {}, so a token of yours cannot either.", .operation.phrase())]
    BeyondRole {
        /// The member's role.
        role: Role,
        /// The requested operation.
        operation: Operation,
    },
    /// The token that authenticates the request lacks this operation.
    #[error(
        "scopes: the token that you use does not allow {0}, so it cannot create a token that \
         does."
    )]
    BeyondToken(Operation),
    /// The member has the maximum number of tokens.
    #[error("You have {MOST} tokens. Revoke one that is not used any more.")]
    TooMany,
}

impl Refusal for TokenError {
    fn class(&self) -> Class {
        match self {
            Self::BeyondRole { .. } | Self::BeyondToken(_) => Class::Forbidden,
            Self::TooMany => Class::Conflict,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::BeyondRole { .. } => "scope-beyond-role",
            Self::BeyondToken(_) => "scope-beyond-token",
            Self::TooMany => "too-many-tokens",
        }
    }

    fn needs(&self) -> Option<Operation> {
        match self {
            Self::BeyondRole { operation, .. } => Some(*operation),
            _ => None,
        }
    }
}

/// A request for a new token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// A name that says what the token is for.
    pub name: String,
    /// The operations that the token allows; if empty, all that the caller's own token allows.
    pub scopes: Vec<Operation>,
    /// The lifetime in days.
    pub days: i64,
}

/// The caller who requests a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    /// The primary key of the account.
    pub enterprise: AccountPk,
    /// The primary key of the member.
    pub member: MemberPk,
    /// The member's role.
    pub role: Role,
    /// The scopes of the token that authenticates the request; `None` means all.
    pub scopes: Option<Vec<Operation>>,
}

/// A new token with its secret, which is shown only once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeToken {
    /// The token as stored.
    pub token: TokenRow,
    /// The token itself, in clear text.
    pub secret: String,
}

/// Returns the operations that a token of a member with this role can be limited to.
pub fn grantable(role: Role) -> impl Iterator<Item = Operation> {
    Operation::ALL.iter().copied().filter(move |operation| reach(role, *operation).is_some())
}

/// Creates a token.
///
/// # Errors
/// Fails if the name is invalid, the lifetime is out of range, the member has too many tokens, or
/// the scopes exceed the member's role or the caller's own token.
pub fn create(transaction: &mut Transaction<'_>, asker: &Asker, wish: &Wish) -> Result<MadeToken> {
    let name = checked_name("name", &wish.name)?;
    if !(1..=LONGEST_DAYS).contains(&wish.days) {
        return Err(AdministrationError::InvalidValue {
            field: "expires_in_days",
            reason: format!("a number from 1 to {LONGEST_DAYS}"),
        });
    }
    let scopes = allowed(asker, &wish.scopes)?;
    if admin_tokens::count(transaction, asker.member)? >= MOST {
        return Err(TokenError::TooMany.into());
    }
    let secret = token::generate(token::ADMIN)?;
    let now = transaction.now();
    let new = NewToken {
        member: asker.member,
        name,
        scopes: scopes.as_deref().map(words),
        expires_at: Some(now.plus_days(wish.days)),
    };
    let token = admin_tokens::insert(transaction, &token::hash(&secret), &new, now)?;
    let change = Change::made("token.created", target(&token), shown(&token));
    audit::record(transaction, asker.enterprise, &change)?;
    Ok(MadeToken { token, secret })
}

/// Returns the scopes of the new token: those requested, or else those of the caller's token.
fn allowed(asker: &Asker, wanted: &[Operation]) -> Result<Option<Vec<Operation>>> {
    if wanted.is_empty() {
        return Ok(asker.scopes.clone());
    }
    for operation in wanted {
        if reach(asker.role, *operation).is_none() {
            let (role, operation) = (asker.role, *operation);
            return Err(TokenError::BeyondRole { role, operation }.into());
        }
        if asker.scopes.as_ref().is_some_and(|own| !own.contains(operation)) {
            return Err(TokenError::BeyondToken(*operation).into());
        }
    }
    Ok(Some(wanted.to_vec()))
}

fn words(scopes: &[Operation]) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
}

/// Lists the member's tokens in order of creation.
pub fn list(conn: &mut Conn, member: MemberPk, after: i64, limit: i64) -> Result<Page<TokenRow>> {
    let rows = admin_tokens::of_member(conn, member, after, limit + 1)?;
    Ok(Page::of(rows, limit, |row| row.pk.0))
}

/// Revokes a token of the member.
///
/// # Errors
/// Fails if the member has no such token.
pub fn revoke(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    member: MemberPk,
    id: &str,
) -> Result<()> {
    let Some(token) = admin_tokens::delete(transaction, member, id)? else {
        return Err(AdministrationError::NotFound { kind: "The token", id: id.to_owned() });
    };
    let change = Change::ended("token.revoked", target(&token), shown(&token));
    Ok(audit::record(transaction, enterprise, &change)?)
}

fn target(token: &TokenRow) -> Target {
    Target::new("token", token.id.clone().unwrap_or_default(), token.name.clone())
}

fn shown(token: &TokenRow) -> serde_json::Value {
    json!({
        "name": token.name,
        "scopes": token.scopes,
        "expires_at": token.expires_at.map(|at| at.to_rfc3339()),
    })
}
