//! Activation codes: the operator issues them; entering one activates a new or an existing account.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{PlanError, Result, save, with_enterprise};
use crate::administration::accounts::{self, Founding};
use crate::administration::error::checked_name;
use crate::administration::{AdministrationError, Page, ownership};
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::plan::Plan;
use crate::enterprise::{AccountPk, MemberPk, Timestamp, activation_code, token};
use crate::store::activation_codes::{self, CodeRow, NewCode};
use crate::store::admin_tokens::{self, NewToken};
use crate::store::plans::{self, PlanRow};
use crate::store::users::PersonRow;
use crate::store::{Conn, Transaction, audit, seats, waiting_payments};
use subtle::ConstantTimeEq;

/// The longest term of a code in days, about ten years.
const LONGEST_TERM: i64 = 3660;
/// The maximum number of seats of a code.
const MOST_SEATS: i64 = 100_000_000;

/// A new activation code.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[schemars(rename = "NewActivationCode")]
#[serde(deny_unknown_fields)]
pub struct Issue {
    /// The customer's name; needed without `account_id`, and without effect beside it.
    pub customer: Option<String>,
    /// The id of the account that alone can enter the code; left out for a customer without one.
    #[serde(rename = "account_id")]
    pub account: Option<String>,
    /// The number of seats that the account gets, 1 to 100000000.
    pub seats: i64,
    /// The term of the plan in days, from when the code is entered; 1 to 3660.
    pub days: i64,
}

/// A new code, which is shown only once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedCode {
    /// The code as stored.
    pub row: CodeRow,
    /// The code itself, in clear text.
    pub code: String,
}

/// Issues a code. Earlier codes of the same customer or account become invalid.
///
/// # Errors
/// Fails if the account does not exist or a number is out of range.
pub fn issue(transaction: &mut Transaction<'_>, issue: &Issue) -> Result<IssuedCode> {
    let account = match &issue.account {
        None => None,
        Some(id) => Some(plans::by_id(transaction, id)?.ok_or_else(|| {
            AdministrationError::InvalidValue {
                field: "account_id",
                reason: format!("there is no account \"{id}\""),
            }
        })?),
    };
    let customer = match (&account, &issue.customer) {
        (Some(account), _) => account.name.clone(),
        (None, Some(customer)) => checked_name("customer", customer)?.to_owned(),
        (None, None) => {
            return Err(AdministrationError::InvalidValue {
                field: "customer",
                reason: "the customer's name or an account_id is needed".to_owned(),
            });
        }
    };
    for (field, number, most) in
        [("seats", issue.seats, MOST_SEATS), ("days", issue.days, LONGEST_TERM)]
    {
        if !(1..=most).contains(&number) {
            let reason = format!("a number from 1 to {most}");
            return Err(AdministrationError::InvalidValue { field, reason });
        }
    }
    let code = activation_code::generate()?;
    let hash = activation_code::hash(&code).ok_or(PlanError::InvalidCode)?;
    let new = NewCode {
        customer: &customer,
        enterprise: account.as_ref().map(|account| account.pk),
        seats: issue.seats,
        days: issue.days,
    };
    let now = transaction.now();
    let row = activation_codes::insert(transaction, &hash, &new, now)?;
    if let Some(account) = account {
        let change = Change::made("activation-code.issued", target(&row), shown(&row));
        audit::record(transaction, account.pk, &change)?;
    }
    Ok(IssuedCode { row, code })
}

/// Lists all codes in the order in which they were issued.
pub fn list(conn: &mut Conn, after: i64, limit: i64) -> Result<Page<CodeRow>> {
    let rows = activation_codes::all(conn, after, limit + 1)?;
    Ok(Page::of(rows, limit, |row| row.pk.0))
}

/// Revokes an unused code.
///
/// # Errors
/// Fails if the code does not exist, or was used, superseded or revoked.
pub fn revoke(transaction: &mut Transaction<'_>, id: &str) -> Result<()> {
    let row = activation_codes::revoke(transaction, id)?.ok_or_else(|| {
        AdministrationError::NotFound { kind: "An open activation code", id: id.to_owned() }
    })?;
    if let Some(account) = row.enterprise_pk {
        let change = Change::ended("activation-code.revoked", target(&row), shown(&row));
        audit::record(transaction, account, &change)?;
    }
    Ok(())
}

/// A new account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activated {
    /// The account's public id, `ent_…`.
    pub account_id: String,
    /// The owner's public member id.
    pub owner_id: String,
    /// The owner's API token, which is shown only once, and when it expires. `None` if the owner was
    /// signed in and needs none.
    pub admin_token: Option<(String, Timestamp)>,
}

/// The lifetime of the owner's first token in days, enough to set up single sign-on.
const FIRST_TOKEN_DAYS: i64 = 90;

/// Returns a code without using it.
///
/// # Errors
/// Fails with [`PlanError::InvalidCode`] if the code is not valid.
pub fn look(conn: &mut Conn, code: &str) -> Result<CodeRow> {
    valid(conn, code)
}

/// What a code would do to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The code.
    pub code: CodeRow,
    /// The account as it is now.
    pub account: PlanRow,
    /// Why the code cannot be entered now, if so.
    pub refusal: Option<PlanError>,
}

/// Returns what a code would do to an account, without using it.
///
/// # Errors
/// Fails with [`PlanError::InvalidCode`] if the code is not valid for this account.
pub fn preview(
    conn: &mut Conn,
    enterprise: AccountPk,
    code: &str,
    now: Timestamp,
) -> Result<Preview> {
    let code = valid(conn, code)?;
    if code.enterprise_pk.is_some_and(|account| account != enterprise) {
        return Err(PlanError::InvalidCode.into());
    }
    let account = plans::get(conn, enterprise)?;
    let refusal = refusal(&account, &code, now);
    Ok(Preview { code, account, refusal })
}

/// Returns why a code cannot be entered on an account now.
fn refusal(account: &PlanRow, code: &CodeRow, now: Timestamp) -> Option<PlanError> {
    if account.plan == Plan::Trial && account.is_active(now) {
        return Some(PlanError::TrialRuns(account.plan_ends_at.unwrap_or(Timestamp(0))));
    }
    let (seats, used) = (code.seats, account.used());
    (seats < used).then_some(PlanError::TooFewSeats { seats, used })
}

/// Creates an Enterprise account with a code; the person who enters it becomes the owner. A person
/// who is signed in has claimed the account; otherwise it is the code's holder's by a token, and the
/// owner's address gets a mail with a link that claims it.
///
/// # Errors
/// Fails with [`PlanError::InvalidCode`] if the code is not valid or is for an existing account, or
/// if the account cannot be created.
pub fn found(
    transaction: &mut Transaction<'_>,
    code: &str,
    new: &Founding,
    person: Option<&PersonRow>,
    public_url: &str,
) -> Result<Activated> {
    let row = valid(transaction, code)?;
    if row.enterprise_pk.is_some() {
        // The code was issued for an existing account.
        return Err(PlanError::InvalidCode.into());
    }
    let founding = Founding { seats: row.seats, ..new.clone() };
    let (account, owner) = accounts::found(transaction, &founding, Plan::Enterprise)?;
    use_up(transaction, &row, account.pk)?;
    let now = transaction.now();
    let before = plans::get(transaction, account.pk)?;
    let term = with_enterprise(&before, row.seats, Some(now.plus_days(row.days)))?;
    save(transaction, "plan.activated", &before, term)?;
    let admin_token = match person {
        Some(person) => {
            ownership::welcome(transaction, (&account, &owner), person, public_url)?;
            None
        }
        None => {
            ownership::invite(transaction, &owner, public_url)?;
            Some(first_token(transaction, owner.pk)?)
        }
    };
    Ok(Activated { account_id: account.id, owner_id: owner.id, admin_token })
}

/// Makes the first token of an owner who was not signed in. Returns it, and when it expires.
fn first_token(transaction: &mut Transaction<'_>, member: MemberPk) -> Result<(String, Timestamp)> {
    let (secret, now) = (token::generate(token::ADMIN)?, transaction.now());
    let ends_at = now.plus_days(FIRST_TOKEN_DAYS);
    let new = NewToken { member, name: "activation", scopes: None, expires_at: Some(ends_at) };
    admin_tokens::insert(transaction, &token::hash(&secret), &new, now)?;
    Ok((secret, ends_at))
}

/// Enters a code on an existing account. The account gets Enterprise with the code's term and
/// seats, and is active again.
///
/// # Errors
/// Fails with [`PlanError`] if the code is not valid for this account, the seats do not fit, or a
/// trial is running.
pub fn enter(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    code: &str,
) -> Result<PlanRow> {
    let row = valid(transaction, code)?;
    if row.enterprise_pk.is_some_and(|account| account != enterprise) {
        return Err(PlanError::InvalidCode.into());
    }
    seats::expire_and_count(transaction, enterprise)?;
    let before = plans::get(transaction, enterprise)?;
    let now = transaction.now();
    if let Some(refusal) = refusal(&before, &row, now) {
        return Err(refusal.into());
    }
    let after = with_enterprise(&before, row.seats, Some(now.plus_days(row.days)))?;
    waiting_payments::delete(transaction, enterprise)?;
    use_up(transaction, &row, enterprise)?;
    save(transaction, "plan.activated", &before, after)
}

fn valid(conn: &mut Conn, code: &str) -> Result<CodeRow> {
    let hash = activation_code::hash(code).ok_or(PlanError::InvalidCode)?;
    match activation_codes::valid(conn, &hash)? {
        Some(row) if bool::from(row.hash.ct_eq(&hash[..])) => Ok(row),
        _ => Err(PlanError::InvalidCode.into()),
    }
}

/// Marks a code as used. The check is in the database, because the writer's lock is per account and
/// two accounts may enter the same code concurrently.
fn use_up(transaction: &mut Transaction<'_>, row: &CodeRow, account: AccountPk) -> Result<()> {
    let now = transaction.now();
    if activation_codes::use_up(transaction, row.pk, account, now)? {
        Ok(())
    } else {
        Err(PlanError::InvalidCode.into())
    }
}

fn target(row: &CodeRow) -> Target {
    Target::new("activation-code", row.id.clone(), row.customer.clone())
}

fn shown(row: &CodeRow) -> serde_json::Value {
    json!({"seats": row.seats, "days": row.days})
}
