//! Sign-in by a recovery link. The only part of recovery that deals with sessions.

use super::{RecoveryError, Result, is_active_owner, letters, shown, target};
use crate::administration::persons::claims;
use crate::administration::sessions::{self, Opened, SignIn};
use crate::enterprise::audit::Change;
use crate::enterprise::person::{Basis, Proof};
use crate::enterprise::sso::SignedInBy;
use crate::enterprise::{AccountPk, Role, Timestamp, address, token};
use crate::store::admin_tokens::AdminRow;
use crate::store::members::MemberRow;
use crate::store::recovery_links::{self as stored, RecoveryLinkRow};
use crate::store::sessions::{Membership, SessionRow};
use crate::store::users::{self, PersonRow};
use crate::store::{Conn, Transaction, audit, claims as claimed, enterprises, members, owners};

/// Returns the address that a link signs in, and the account that the session would act in.
///
/// # Errors
/// Fails with [`RecoveryError::LinkUnknown`], whatever is wrong with the link.
pub fn look(conn: &mut Conn, secret: &str, now: Timestamp) -> Result<(String, AccountPk)> {
    let found = find(conn, secret, now)?;
    let email = match &found.person {
        Some(person) => person.email.clone(),
        None => found.link.sent_to.clone().unwrap_or_default(),
    };
    Ok((email, found.link.enterprise_pk))
}

/// Signs in by a link, once: past single sign-on, and confined to the link's account. A link that
/// was mailed to the owner's address proves that address.
///
/// # Errors
/// Fails with [`RecoveryError::LinkUnknown`], whatever is wrong with the link.
pub fn redeem(transaction: &mut Transaction<'_>, secret: &str) -> Result<Opened> {
    let now = transaction.now();
    let Found { link, person, owner } = find(transaction, secret, now)?;
    if !stored::spend(transaction, link.pk, now)? {
        return Err(RecoveryError::LinkUnknown.into());
    }
    let person = match (person, &link.sent_to) {
        (Some(person), _) => person,
        (None, Some(email)) => users::prove(transaction, email, Proof::Link, now)?,
        (None, None) => return Err(RecoveryError::LinkUnknown.into()),
    };
    claims::claim(transaction, &owner, &person, Basis::Recovery)?;
    let change = Change::ended("recovery-link.used", target(&owner), shown(&link));
    audit::record(transaction, link.enterprise_pk, &change)?;
    let letter = letters::used(transaction, &owner)?;
    owners::tell(transaction, link.enterprise_pk, &letter)?;
    let account = enterprises::get(transaction, link.enterprise_pk)?;
    let membership = Membership::of(account, owner);
    let sign_in = SignIn {
        email: link.sent_to.unwrap_or_else(|| person.email.clone()),
        person,
        by: SignedInBy::Recovery,
        through: Some(link.enterprise_pk),
    };
    sessions::open(transaction, &sign_in, Some(&membership))
}

/// A valid link, the person it was made for, and the owner.
struct Found {
    link: RecoveryLinkRow,
    /// `None` if no person has claimed the owner and the link was sent to the owner's address.
    person: Option<PersonRow>,
    owner: MemberRow,
}

fn find(conn: &mut Conn, secret: &str, now: Timestamp) -> Result<Found> {
    let unknown = || RecoveryError::LinkUnknown;
    let link = stored::open(conn, &token::hash(secret), now)?.ok_or_else(unknown)?;
    let owner = members::by_pk(conn, link.enterprise_pk, link.member_pk)?
        .filter(is_active_owner)
        .ok_or_else(unknown)?;
    let claim = claimed::of_member(conn, owner.pk)?.map(|claim| claim.user_pk);
    let person = match link.user_pk {
        Some(user) if claim == Some(user) => Some(users::by_pk(conn, user)?),
        Some(_) => return Err(unknown().into()),
        None => {
            let key = |email: &String| address::key(email);
            let still = owner.email.as_ref().map(key) == link.sent_to.as_ref().map(key);
            if claim.is_some() || !still {
                return Err(unknown().into());
            }
            None
        }
    };
    Ok(Found { link, person, owner })
}

/// Returns `true` unless the session began with a recovery link and the member is not an owner any
/// more.
pub fn lets_act(session: &SessionRow, member: &AdminRow) -> bool {
    session.signed_in_by != SignedInBy::Recovery || member.role == Role::Owner
}
