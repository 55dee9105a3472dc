//! Leaving an account (docs/domain.md §0, §4).
//!
//! A member whom the identity provider keeps cannot leave here: SCIM is the source of truth for what
//! it provisioned, and its next sync would bring them back. They are unassigned there.

use serde_json::json;

use super::PersonError;
use crate::administration::sessions::{self, Current};
use crate::administration::{AdministrationError, sign_in};
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::sso::SignedInBy;
use crate::enterprise::{MemberSource, Timestamp, owner};
use crate::store::sessions::{self as session_rows, Membership};
use crate::store::{Conn, Transaction, audit, claims, connectors, enterprises, members};

type Result<T> = std::result::Result<T, AdministrationError>;

/// Returns the membership with this member id if the session may end it: the session has to be one
/// that may act there.
///
/// # Errors
/// Fails if the session has no such membership, or if the account requires single sign-on.
pub fn look(
    conn: &mut Conn,
    current: &Current,
    member: &str,
    now: Timestamp,
) -> Result<Membership> {
    let session = &current.session;
    let found = sessions::accounts_of(conn, session)?
        .into_iter()
        .find(|membership| membership.member_id == member)
        .ok_or_else(|| PersonError::NotYourMembership(member.to_owned()))?;
    if session.signed_in_by == SignedInBy::Mail {
        sign_in::refuse_bound(conn, &found, now)?;
    }
    Ok(found)
}

/// Ends a membership of the person and frees its seat. Sessions that acted as the member go on
/// without an account, but for those that are confined to it. The transaction is that of the
/// membership's account.
///
/// # Errors
/// Fails as [`look`] does, or if the person is the last owner or the identity provider keeps them.
pub fn leave(transaction: &mut Transaction<'_>, current: &Current, member: &str) -> Result<()> {
    let now = transaction.now();
    let membership = look(transaction, current, member, now)?;
    let enterprise = membership.enterprise_pk;
    let gone = || PersonError::NotYourMembership(member.to_owned());
    let row = members::by_pk(transaction, enterprise, membership.member_pk)?.ok_or_else(gone)?;
    let claim = claims::of_member(transaction, row.pk)?;
    if claim.is_none_or(|claim| claim.user_pk != current.person.pk) {
        return Err(gone().into());
    }
    let account = enterprises::get(transaction, enterprise)?;
    let connector = connectors::get(transaction, enterprise)?;
    if row.source == MemberSource::Scim && connector.is_some_and(|connector| connector.enabled) {
        return Err(PersonError::KeptByIdentityProvider(account.name).into());
    }
    owner::may_leave(row.role, row.active, account.active_owners)?;
    session_rows::step_out(transaction, current.person.pk, row.pk)?;
    members::remove(transaction, &row)?;
    let target = Target::new("member", &row.id, &row.user_name);
    let before = json!({"role": row.role, "source": row.source, "active": row.active});
    Ok(audit::record(transaction, enterprise, &Change::ended("member.left", target, before))?)
}
