//! The invitations to a person's own addresses, found and answered while signed in (docs/domain.md
//! §0, §4). Only a proved address counts: an account may write any address into an invitation.

use super::acceptance::{self, Joined, Offer};
use super::{InvitationError, Result, targets};
use crate::administration::Page;
use crate::administration::persons::claims;
use crate::enterprise::permissions::Power;
use crate::enterprise::person::Basis;
use crate::enterprise::{InvitationPk, Timestamp};
use crate::store::invitations::InvitationRow;
use crate::store::own_invitations::{self as stored, Invited};
use crate::store::sessions::SessionRow;
use crate::store::users::{self, PersonRow};
use crate::store::{Conn, StoreResult, Transaction, claims as claim_rows, seats};

/// Returns whose invitations a session may answer: those to every proved address of its person. A
/// session that is confined to one account answers that account, for the address that it was opened
/// with: it must not learn the others.
fn invited(conn: &mut Conn, session: &SessionRow) -> StoreResult<Invited> {
    let free = session.credential().may(Power::Person);
    let keys = users::addresses(conn, session.user_pk)?
        .into_iter()
        .map(|proved| proved.email_key)
        .filter(|key| free || *key == session.email_key)
        .collect();
    Ok(Invited { keys, account: session.confined_to })
}

/// Lists the pending invitations of the session's person, in order of creation.
pub fn list(
    conn: &mut Conn,
    session: &SessionRow,
    now: Timestamp,
    after: i64,
    limit: i64,
) -> Result<Page<Offer>> {
    let invited = invited(conn, session)?;
    let rows = stored::find(conn, &invited, now, after, limit + 1)?;
    let page = Page::of(rows, limit, |(row, _)| row.pk.0);
    let pks: Vec<InvitationPk> = page.items.iter().map(|(row, _)| row.pk).collect();
    let mut targets = targets::of_invitations(conn, &pks)?;
    let items = page
        .items
        .into_iter()
        .map(|(invitation, account)| Offer {
            enterprise: invitation.enterprise_pk,
            account,
            targets: targets.remove(&invitation.pk).unwrap_or_default(),
            invitation,
        })
        .collect();
    Ok(Page { items, next: page.next })
}

/// Returns the invitation with this id if it is to the session's person.
///
/// # Errors
/// Fails if there is none.
pub fn require(conn: &mut Conn, session: &SessionRow, id: &str) -> Result<InvitationRow> {
    let invited = invited(conn, session)?;
    let found = stored::by_id(conn, &invited, id)?;
    Ok(found.ok_or_else(|| InvitationError::NotYours(id.to_owned()))?)
}

/// Accepts an invitation. The transaction is that of the invitation's account.
///
/// # Errors
/// Fails if the invitation is not the person's or not pending, if they are a member of the account
/// already, or as [`acceptance::accept`] does.
pub fn accept(
    transaction: &mut Transaction<'_>,
    session: &SessionRow,
    person: &PersonRow,
    id: &str,
) -> Result<Joined> {
    let enterprise = require(transaction, session, id)?.enterprise_pk;
    let account = seats::expire_and_count(transaction, enterprise)?;
    let invitation = require(transaction, session, id)?;
    if claim_rows::of_user(transaction, enterprise, person.pk)?.is_some() {
        return Err(InvitationError::MemberAlready(invitation.email).into());
    }
    let full_name = person.name.as_deref().and_then(|name| name.trim().rsplit_once(' '));
    let (joined, member) = acceptance::take(transaction, account, invitation, full_name)?;
    claims::claim(transaction, &member, person, Basis::Invitation)?;
    Ok(joined)
}

/// Declines an invitation, which frees its seat. The transaction is that of the invitation's account.
///
/// # Errors
/// Fails if the invitation is not the person's or not pending.
pub fn decline(transaction: &mut Transaction<'_>, session: &SessionRow, id: &str) -> Result<()> {
    let enterprise = require(transaction, session, id)?.enterprise_pk;
    seats::expire_and_count(transaction, enterprise)?;
    let invitation = require(transaction, session, id)?;
    acceptance::end_declined(transaction, &invitation)
}
