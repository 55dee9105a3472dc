//! Who arrives through a connection: which member of its account, and which person (DOMAIN.md §0, §6).

use super::SsoError;
use super::identities::{self, Recognised};
use super::logins::{Answer, SignInMethod};
use crate::administration::invitations::acceptance;
use crate::administration::persons::claims;
use crate::administration::{AdministrationError, sign_up};
use crate::enterprise::permissions::{Credential, Power};
use crate::enterprise::person::{Basis, Proof};
use crate::enterprise::{AccountPk, address};
use crate::store::members::MemberRow;
use crate::store::sessions::Membership;
use crate::store::users::{self, PersonRow};
use crate::store::{Transaction, claims as stored, enterprises};

type Result<T> = std::result::Result<T, AdministrationError>;

/// The person that an answer of the identity provider signs in, and as which member of the
/// connection's account: known by any of its addresses, or by the identity provider's own name, or
/// made now because it is invited or the domain captures newcomers. Who is an active member no more
/// is signed in and reaches nothing (DOMAIN.md §4). `None` where the identity provider calls a known
/// member by another name than before: nobody is signed in, and the name waits for an administrator.
///
/// # Errors
/// [`SsoError::NoAccess`].
pub(super) fn arrive(
    transaction: &mut Transaction<'_>,
    way: &SignInMethod,
    answer: &Answer,
) -> Result<Option<(PersonRow, Option<Membership>)>> {
    let (enterprise, email) = (way.enterprise(), answer.email.trim());
    if !Credential::SsoConnection.may(Power::SignPeopleIn) {
        return Err(SsoError::NoAccess(email.to_owned()).into());
    }
    let key = address::key(email);
    let known = stored::signs_in(transaction, enterprise, &key)?;
    let subject = answer.subject.as_ref();
    let known = match identities::recognise(transaction, way, known, subject)? {
        Recognised::Member(known) => known,
        Recognised::Other(member) => {
            identities::ask(transaction, way, &member, subject)?;
            return Ok(None);
        }
    };
    let known = match known {
        Some(member) => Some(member),
        None => newcomer(transaction, enterprise, email)?,
    };
    let Some(member) = known else {
        // Who has signed in before can do so, without reaching anything.
        let person = users::by_key(transaction, &key)?;
        let person = person.ok_or_else(|| SsoError::NoAccess(email.to_owned()))?;
        return Ok(Some((person, None)));
    };
    let person = person(transaction, &member, &key, email)?;
    if !member.active {
        return Ok(Some((person, None)));
    }
    claims::claim(transaction, &member, &person, Basis::Sso)?;
    identities::remember(transaction, way, &member, subject)?;
    let account = enterprises::get(transaction, enterprise)?;
    let membership = Membership::of(account, member);
    Ok(Some((person, Some(membership))))
}

/// Somebody who is no member yet, and for whom the identity provider of their domain vouches. They
/// become one only if they are invited, or the domain captures newcomers (DOMAIN.md §4, §5).
fn newcomer(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    email: &str,
) -> Result<Option<MemberRow>> {
    match acceptance::accept_for(transaction, enterprise, &address::key(email), None)? {
        Some(member) => Ok(Some(member)),
        None => sign_up::capture_newcomer(transaction, enterprise, email),
    }
}

/// The person who has claimed the member. If there is none, the one who has proved the address, by
/// this sign-in at the latest. An address is never given to a person who came into being by another
/// one: that would be the account's word about them.
fn person(
    transaction: &mut Transaction<'_>,
    member: &MemberRow,
    key: &str,
    email: &str,
) -> Result<PersonRow> {
    if let Some(claim) = stored::of_member(transaction, member.pk)? {
        return Ok(users::by_pk(transaction, claim.user_pk)?);
    }
    let now = transaction.now();
    Ok(match users::by_key(transaction, key)? {
        Some(person) => person,
        None => users::prove(transaction, email, Proof::Sso, now)?,
    })
}
