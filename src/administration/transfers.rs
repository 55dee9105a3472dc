//! Transfers of organizations to another person's account (docs/domain.md §2): an owner offers, and
//! the recipient accepts. The conditions are in `enterprise::transfer`.

mod conditions;
mod handing_over;
mod letters;

use serde_json::{Value, json};

use super::error::checked_address;
use super::persons::addresses;
use super::{AdministrationError, Class, Page, Refusal, organizations};
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::transfer::{Checked, DAYS, TransferState, Unmet, checked};
use crate::enterprise::{AccountPk, Timestamp, address};
use crate::store::sessions::SessionRow;
use crate::store::transfers::{self, TransferRow};
use crate::store::{Conn, StoreError, Transaction, audit, outbox, owners};
pub use conditions::Arriving;
pub use handing_over::{Moved, accept};

type Result<T> = std::result::Result<T, AdministrationError>;

/// Why a transfer cannot proceed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransferError {
    /// Conditions are not met; lists all of them.
    #[error("The organization cannot be transferred: {}.", texts(.0))]
    Conditions(Vec<Unmet>),
    /// The organization is already offered to somebody.
    #[error(
        "The organization is already offered to \"{0}\". Cancel that first to offer it to somebody \
         else."
    )]
    Pending(String),
    /// The transfer is not pending any more.
    #[error("The transfer is not pending any more; it is {0}.")]
    Ended(TransferState),
    /// The receiving account is the organization's own.
    #[error(
        "The organization is in this account already. Accept in the account that is to receive it, \
         as its owner."
    )]
    SameAccount,
}

fn texts(unmet: &[Unmet]) -> String {
    unmet.iter().map(Unmet::to_string).collect::<Vec<_>>().join("; ")
}

impl Refusal for TransferError {
    fn class(&self) -> Class {
        Class::Conflict
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Conditions(_) => "transfer-conditions",
            Self::Pending(_) => "transfer-pending",
            Self::Ended(_) => "transfer-ended",
            Self::SameAccount => "same-account",
        }
    }
}

/// Offers an organization to a person, who gets a mail with instructions.
///
/// # Errors
/// Fails if the organization does not exist, is already offered, or does not meet the conditions.
pub fn request(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    email: &str,
    public_url: &str,
) -> Result<TransferRow> {
    let email = checked_address("email", email)?;
    let email = email.as_str();
    let organization = organizations::require(transaction, enterprise, id)?;
    let now = transaction.now();
    if let Some(transfer) = transfers::pending_of(transaction, organization.pk)? {
        match transfer.state(now) {
            TransferState::Expired => expire(transaction, &transfer)?,
            _ => return Err(TransferError::Pending(transfer.email).into()),
        }
    }
    conditions::check_anywhere(transaction, enterprise, &organization, email)?;
    let until = now.plus_days(DAYS);
    let id = transfers::insert(transaction, enterprise, organization.pk, email, now, until)?;
    let made = require(transaction, &id)?;
    outbox::insert(transaction, enterprise, email, &letters::offer(&made, public_url), now)?;
    let change = Change::made("organization.transfer-requested", target(&made), shown(&made));
    audit::record(transaction, enterprise, &change)?;
    Ok(made)
}

/// Returns the conditions under which an organization can be offered to the holder of an address,
/// and which of them are met now.
///
/// # Errors
/// Fails if the organization does not exist, or the address is invalid.
pub fn preview(
    conn: &mut Conn,
    enterprise: AccountPk,
    id: &str,
    email: &str,
    now: Timestamp,
) -> Result<Vec<Checked>> {
    let email = checked_address("email", email)?;
    let organization = organizations::require(conn, enterprise, id)?;
    let unmet = conditions::unmet_anywhere(conn, enterprise, &organization, email.as_str(), now)?;
    Ok(checked(&unmet))
}

/// Returns the pending transfer of an organization.
///
/// # Errors
/// Fails if the organization does not exist or has no pending transfer.
pub fn pending(
    conn: &mut Conn,
    enterprise: AccountPk,
    id: &str,
    now: Timestamp,
) -> Result<TransferRow> {
    let organization = organizations::require(conn, enterprise, id)?;
    let found = transfers::pending_of(conn, organization.pk)?;
    match found {
        Some(transfer) if transfer.state(now) == TransferState::Pending => Ok(transfer),
        _ => Err(AdministrationError::NotFound {
            kind: "A pending transfer of the organization",
            id: id.to_owned(),
        }),
    }
}

/// Cancels an offer; its recipient gets a mail.
///
/// # Errors
/// Fails if the organization does not exist or has no pending transfer.
pub fn cancel(transaction: &mut Transaction<'_>, enterprise: AccountPk, id: &str) -> Result<()> {
    let now = transaction.now();
    let transfer = pending(transaction, enterprise, id, now)?;
    end(transaction, &transfer, TransferState::Cancelled)?;
    let letter = letters::cancelled(&transfer);
    Ok(outbox::insert(transaction, enterprise, &transfer.email, &letter, now)?)
}

/// Lists pending transfers to the addresses on whose behalf the session may act.
pub fn offered(
    conn: &mut Conn,
    session: &SessionRow,
    now: Timestamp,
    after: i64,
    limit: i64,
) -> Result<Page<TransferRow>> {
    let keys = addresses::spoken_for(conn, session)?;
    let rows = transfers::pending_to(conn, &keys, now, after, limit + 1)?;
    Ok(Page::of(rows, limit, |row| row.pk.0))
}

/// Returns the transfer with this id, in any state, if the session may act on behalf of its
/// recipient.
///
/// # Errors
/// Fails if there is no such transfer.
pub fn offer(conn: &mut Conn, session: &SessionRow, id: &str) -> Result<TransferRow> {
    let keys = addresses::spoken_for(conn, session)?;
    transfers::by_id(conn, id)?
        .filter(|transfer| keys.contains(&address::key(&transfer.email)))
        .ok_or_else(|| AdministrationError::NotFound {
            kind: "A transfer to you with the id",
            id: id.to_owned(),
        })
}

/// Returns what would come into an account if an offer to the session's person were accepted there.
///
/// # Errors
/// Fails if there is no such transfer, it is not pending any more, or the organization is in this
/// account already.
pub fn arriving(
    conn: &mut Conn,
    session: &SessionRow,
    id: &str,
    account: AccountPk,
    now: Timestamp,
) -> Result<(TransferRow, Arriving)> {
    let transfer = offer(conn, session, id)?;
    match transfer.state(now) {
        TransferState::Pending => {}
        state => return Err(TransferError::Ended(state).into()),
    }
    let from = transfer.enterprise_pk;
    if from == account {
        return Err(TransferError::SameAccount.into());
    }
    let organization = organizations::require(conn, from, &transfer.organization_id)?;
    let to = (transfer.email.as_str(), account);
    let arriving = conditions::arriving(conn, from, &organization, to, now)?;
    Ok((transfer, arriving))
}

/// Declines an offer; owners and co-owners of the organization's account get a mail. The
/// transaction covers both accounts.
///
/// # Errors
/// Fails if there is no such transfer, or it is not pending any more.
pub fn decline(
    transaction: &mut Transaction<'_>,
    session: &SessionRow,
    id: &str,
) -> Result<TransferRow> {
    let transfer = open_offer(transaction, session, id)?;
    end(transaction, &transfer, TransferState::Declined)?;
    tell_owners(transaction, &transfer, &letters::declined(&transfer))?;
    require(transaction, id)
}

/// Returns the transfer with this id if the session's person can still answer it.
fn open_offer(conn: &mut Transaction<'_>, session: &SessionRow, id: &str) -> Result<TransferRow> {
    let transfer = offer(conn, session, id)?;
    match transfer.state(conn.now()) {
        TransferState::Pending => Ok(transfer),
        state => Err(TransferError::Ended(state).into()),
    }
}

/// Marks a transfer as expired.
pub fn expire(transaction: &mut Transaction<'_>, transfer: &TransferRow) -> Result<()> {
    end(transaction, transfer, TransferState::Expired)
}

/// Ends a transfer if it is still pending.
fn end(
    transaction: &mut Transaction<'_>,
    transfer: &TransferRow,
    state: TransferState,
) -> Result<()> {
    if !transfers::end(transaction, transfer.pk, state)? {
        return Ok(());
    }
    let action = match state {
        TransferState::Pending => return Ok(()),
        TransferState::Accepted => "organization.transfer-accepted",
        TransferState::Declined => "organization.transfer-declined",
        TransferState::Cancelled => "organization.transfer-cancelled",
        TransferState::Expired => "organization.transfer-expired",
    };
    let change = Change::ended(action, target(transfer), shown(transfer));
    Ok(audit::record(transaction, transfer.enterprise_pk, &change)?)
}

fn tell_owners(
    transaction: &mut Transaction<'_>,
    transfer: &TransferRow,
    letter: &crate::enterprise::letter::Letter,
) -> Result<()> {
    Ok(owners::tell_administrators(transaction, transfer.enterprise_pk, letter)?)
}

fn require(conn: &mut Conn, id: &str) -> Result<TransferRow> {
    let lost = || StoreError::Damaged(format!("the transfer {id} is gone"));
    Ok(transfers::by_id(conn, id)?.ok_or_else(lost)?)
}

fn target(transfer: &TransferRow) -> Target {
    Target::new("organization", &transfer.organization_id, &transfer.organization_name)
}

fn shown(transfer: &TransferRow) -> Value {
    json!({
        "transfer": transfer.id,
        "to": transfer.email,
        "expires_at": transfer.expires_at.to_rfc3339(),
    })
}
