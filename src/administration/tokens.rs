//! Personal tokens: what an administrator's programs sign in with.

use serde_json::json;

use super::error::checked_name;
use super::{AdministrationError, Class, Page, Refusal};
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::permissions::{Operation, reach};
use crate::enterprise::{AccountPk, MemberPk, Role, token};
use crate::store::admin_tokens::{self, NewToken, TokenRow};
use crate::store::{Conn, Transaction, audit};

type Result<T> = std::result::Result<T, AdministrationError>;

/// Days that a token is valid at most; without an end it would outlive what it was made for.
pub const LONGEST_DAYS: i64 = 365;
/// Days that a token is valid where nothing is said.
pub const DEFAULT_DAYS: i64 = 90;
/// Tokens of one member at most.
const MOST: i64 = 50;

/// Why a token is not made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The member may not do that, so no token of theirs can.
    #[error("scopes: your role {role} may not {}, so a token of yours cannot either.", .operation.phrase())]
    BeyondRole {
        /// The member's role.
        role: Role,
        /// What was asked for.
        operation: Operation,
    },
    /// The token that asks is for less than that.
    #[error(
        "scopes: the token that you use is not for {0}. A token cannot make one that may more."
    )]
    BeyondToken(Operation),
    /// Too many.
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
}

/// What is said of a new token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// What it is for.
    pub name: String,
    /// What it may do; empty means all that its member may.
    pub scopes: Vec<Operation>,
    /// Days until it ends.
    pub days: i64,
}

/// Who asks for a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    /// The account.
    pub enterprise: AccountPk,
    /// The member.
    pub member: MemberPk,
    /// The member's role.
    pub role: Role,
    /// What the token that asks is for; none means all.
    pub scopes: Option<Vec<Operation>>,
}

/// A new token, and its secret, which is shown once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeToken {
    /// The token as listed.
    pub token: TokenRow,
    /// The secret.
    pub secret: String,
}

/// Makes a token.
///
/// # Errors
/// [`TokenError`]; a name that is none; days out of range.
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

/// What the new token may do: what was asked for, or else what the asking one may.
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

/// The member's tokens, in order of creation.
pub fn list(conn: &mut Conn, member: MemberPk, after: i64, limit: i64) -> Result<Page<TokenRow>> {
    let rows = admin_tokens::of_member(conn, member, after, limit + 1)?;
    Ok(Page::of(rows, limit, |row| row.pk.0))
}

/// Ends a token of the member.
///
/// # Errors
/// Where the member has no such token.
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
