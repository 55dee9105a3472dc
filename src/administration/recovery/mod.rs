//! Recovery links (DOMAIN.md §6, break-glass): by one of them an owner signs in past single sign-on,
//! when the identity provider lets nobody in or lets in somebody else.
//!
//! An owner makes some beforehand and keeps them; the operator sends one by mail. Only a hash is
//! stored, each works once, and only while the member is an active owner and the person they were.

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

/// Days that an owner's own link is good.
const OWN_DAYS: i64 = 365;
/// How long a link that the operator sends is good, in milliseconds.
const SENT_LASTS: i64 = 60 * 60 * 1000;
/// Open links of one owner at most.
const MOST_OPEN: i64 = 5;

/// A new link, and what it ends with, which is shown once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeLink {
    /// The link as listed.
    pub link: RecoveryLinkRow,
    /// What it ends with.
    pub secret: String,
}

/// Makes a link that an owner keeps for themselves.
///
/// # Errors
/// [`RecoveryError::TooMany`], [`RecoveryError::NotProved`].
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

/// Sends an owner a link, to the address that the person has proved, or to the owner's own where no
/// person has claimed it. Gives that address.
///
/// # Errors
/// [`RecoveryError::NoOwner`].
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

/// An owner's links that have not ended, used or not, in order of creation.
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

/// Ends a link of the member.
///
/// # Errors
/// Where the member has no such link.
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
