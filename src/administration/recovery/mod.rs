//! Recovery links (docs/domain.md §6, break-glass). With one, an owner can sign in past single
//! sign-on when the identity provider rejects everybody or signs in the wrong people.
//!
//! Owners create links in advance and keep them; the operator sends one by mail. Only the hash is
//! stored. Each link works once, and only while the member is an active owner and claimed by the
//! same person.

mod entry;
mod error;
mod letters;

use serde_json::{Value, json};

use super::{AdministrationError, Page};
use crate::enterprise::address::key;
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::recovery::LinkMaker;
use crate::enterprise::{AccountPk, MemberPk, PersonPk, Role, Timestamp, token};
use crate::store::members::MemberRow;
use crate::store::recovery_links::{self as stored, NewRecoveryLink, RecoveryLinkRow};
use crate::store::{Conn, StoreError, Transaction, audit, claims, members, outbox, owners, users};
pub use entry::{lets_act, look, redeem};
pub use error::RecoveryError;

type Result<T> = std::result::Result<T, AdministrationError>;

/// The lifetime in days of a link that an owner creates.
const OWN_DAYS: i64 = 365;
/// The lifetime in milliseconds of a link that the operator sends.
const SENT_LASTS: i64 = 60 * 60 * 1000;
/// The maximum number of unused links of one owner.
const MOST_OPEN: i64 = 5;

/// A new link with its secret, which is shown only once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeLink {
    /// The link as stored.
    pub link: RecoveryLinkRow,
    /// The secret at the end of the URL.
    pub secret: String,
}

/// Creates a link that an owner keeps.
///
/// # Errors
/// Fails if the owner has too many unused links, or no person has claimed the owner.
pub fn make(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    member: MemberPk,
) -> Result<MadeLink> {
    let now = transaction.now();
    if stored::count_open(transaction, member, now)? >= MOST_OPEN {
        return Err(RecoveryError::TooMany.into());
    }
    let owner = members::by_pk(transaction, enterprise, member)?
        .ok_or_else(|| StoreError::Damaged("the member who asks is gone".to_owned()))?;
    let person = claims::of_member(transaction, member)?.map(|claim| claim.user_pk);
    if person.is_none() {
        return Err(RecoveryError::NotProved(owner.user_name).into());
    }
    let until = now.plus_days(OWN_DAYS);
    let made = insert(transaction, &owner, person, None, (LinkMaker::Owner, until))?;
    record_made(transaction, &owner, &made.link)?;
    let letter = letters::made(transaction, &owner)?;
    owners::tell(transaction, enterprise, &letter)?;
    Ok(made)
}

/// Sends a link to an owner: to the primary address of the person who has claimed the owner, or
/// else to the owner's own address. Returns that address.
///
/// # Errors
/// Fails with [`RecoveryError::NoOwner`] if no active owner has the address.
pub fn send(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    address: &str,
    public_url: &str,
) -> Result<String> {
    let owner = claims::known_by(transaction, enterprise, &key(address))?
        .filter(is_active_owner)
        .ok_or_else(|| RecoveryError::NoOwner(address.to_owned()))?;
    let now = transaction.now();
    let person = claims::of_member(transaction, owner.pk)?.map(|claim| claim.user_pk);
    let sent_to = match person {
        Some(person) => users::by_pk(transaction, person)?.email,
        None => owner.email.clone().ok_or_else(|| RecoveryError::NoOwner(address.to_owned()))?,
    };
    let until = now.plus_millis(SENT_LASTS);
    let made =
        insert(transaction, &owner, person, Some(sent_to.clone()), (LinkMaker::Operator, until))?;
    record_made(transaction, &owner, &made.link)?;
    let letter =
        letters::sent(transaction, &owner, &format!("{public_url}/recover/{}", made.secret))?;
    outbox::insert(transaction, enterprise, &sent_to, &letter, now)?;
    Ok(sent_to)
}

fn insert(
    transaction: &mut Transaction<'_>,
    owner: &MemberRow,
    user: Option<PersonPk>,
    sent_to: Option<String>,
    (made_by, expires_at): (LinkMaker, Timestamp),
) -> Result<MadeLink> {
    let new = NewRecoveryLink {
        enterprise: owner.enterprise_pk,
        member: owner.pk,
        user,
        sent_to,
        made_by,
        expires_at,
    };
    let (secret, now) = (token::generate(token::RECOVERY)?, transaction.now());
    let link = stored::insert(transaction, &token::hash(&secret), &new, now)?;
    Ok(MadeLink { link, secret })
}

/// Lists an owner's links that have not expired, used or not, in order of creation.
pub fn list(
    conn: &mut Conn,
    member: MemberPk,
    now: Timestamp,
    after: i64,
    limit: i64,
) -> Result<Page<RecoveryLinkRow>> {
    let rows = stored::of_member(conn, member, now, after, limit + 1)?;
    Ok(Page::of(rows, limit, |row| row.pk.0))
}

/// Revokes a link of the member.
///
/// # Errors
/// Fails if the member has no such link.
pub fn revoke(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    member: MemberPk,
    id: &str,
) -> Result<()> {
    let Some(link) = stored::delete(transaction, member, id)? else {
        return Err(AdministrationError::NotFound { kind: "The recovery link", id: id.to_owned() });
    };
    let owner = members::by_pk(transaction, enterprise, member)?
        .ok_or_else(|| StoreError::Damaged("the member who asks is gone".to_owned()))?;
    let change = Change::ended("recovery-link.revoked", target(&owner), shown(&link));
    Ok(audit::record(transaction, enterprise, &change)?)
}

fn is_active_owner(member: &MemberRow) -> bool {
    member.active && member.role == Role::Owner
}

fn record_made(
    transaction: &mut Transaction<'_>,
    owner: &MemberRow,
    link: &RecoveryLinkRow,
) -> Result<()> {
    let change = Change::made("recovery-link.created", target(owner), shown(link));
    Ok(audit::record(transaction, owner.enterprise_pk, &change)?)
}

fn target(owner: &MemberRow) -> Target {
    Target::new("member", &owner.id, &owner.user_name)
}

fn shown(link: &RecoveryLinkRow) -> Value {
    json!({
        "recovery_link": link.id,
        "made_by": link.made_by,
        "expires_at": link.expires_at.to_rfc3339(),
    })
}
