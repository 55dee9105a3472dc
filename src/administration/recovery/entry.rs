//! Signing in by a recovery link. All that recovery has to do with sessions is here.

use super::{RecoveryError, Result, is_active_owner, letters, shown, target};
use crate::administration::sessions::{self, Opened};
use crate::enterprise::audit::Change;
use crate::enterprise::sso::SignedInBy;
use crate::enterprise::{Role, Timestamp, token};
use crate::store::admin_tokens::AdminRow;
use crate::store::members::MemberRow;
use crate::store::recovery_links::{self as stored, RecoveryLinkRow};
use crate::store::sessions::{PersonRow, SessionRow};
use crate::store::{Conn, Transaction, audit, members, owners};

/// Whom a link would sign in, and the row of the account that they would act in.
///
/// # Errors
/// [`RecoveryError::LinkUnknown`], whatever is wrong with it.
pub fn look(conn: &mut Conn, secret: &str, now: Timestamp) -> Result<(PersonRow, i64)> {
    let (link, person, _) = find(conn, secret, now)?;
    Ok((person, link.enterprise_pk))
}

/// Signs in who has the link, once, past single sign-on and into the account of the link only.
///
/// # Errors
/// As for [`look`].
pub fn redeem(transaction: &mut Transaction<'_>, secret: &str) -> Result<Opened> {
    let now = transaction.now();
    let (link, person, owner) = find(transaction, secret, now)?;
    if !stored::spend(transaction, link.pk, now)? {
        return Err(RecoveryError::LinkUnknown.into());
    }
    let change = Change::ended("recovery-link.used", target(&owner), shown(&link));
    audit::record(transaction, link.enterprise_pk, &change)?;
    let letter = letters::used(transaction, &owner)?;
    owners::tell(transaction, link.enterprise_pk, &letter)?;
    sessions::open(transaction, &person, Some(link.enterprise_pk), SignedInBy::Recovery)
}

/// The link, the person it was made for, and the owner they still are.
fn find(
    conn: &mut Conn,
    secret: &str,
    now: Timestamp,
) -> Result<(RecoveryLinkRow, PersonRow, MemberRow)> {
    let unknown = || RecoveryError::LinkUnknown;
    let (link, person) = stored::open(conn, &token::hash(secret), now)?.ok_or_else(unknown)?;
    let owner = members::by_pk(conn, link.enterprise_pk, link.member_pk)?
        .filter(|member| is_active_owner(member) && member.user_pk == Some(link.user_pk))
        .ok_or_else(unknown)?;
    Ok((link, person, owner))
}

/// Whether a session lets this member act. One that began by a recovery link does only while the
/// member is an owner.
pub fn lets_act(session: &SessionRow, member: &AdminRow) -> bool {
    !is_recovery(session) || member.role == Role::Owner.as_str()
}

/// Whether a session can go on as this member. One that began by a recovery link stays in the account
/// of the link: another account's single sign-on is not passed by it.
pub fn lets_choose(session: &SessionRow, member: i64) -> bool {
    !is_recovery(session) || session.member_pk == Some(member)
}

fn is_recovery(session: &SessionRow) -> bool {
    session.signed_in_by == SignedInBy::Recovery.as_str()
}
