//! Maps a sign-in through a connection to a member of its account and to a person (docs/domain.md
//! §0, §6).

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

/// Returns the person whom the identity provider signs in, and the member of the connection's
/// account that they act as. The member is found by any of its addresses or by the identity
/// provider's subject; a newcomer becomes a member if invited or captured. A person who is not an
/// active member is signed in without access (docs/domain.md §4). `None` if the identity provider
/// gives a known member a different subject than before: the sign-in is refused until an
/// administrator confirms the subject.
///
/// # Errors
/// Fails with [`SsoError::NoAccess`] if the address belongs to no member, and to no person.
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
        // A person who has signed in before may do so again, without access to anything.
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

/// Makes a person for whom the identity provider of their domain vouches a member, if they are
/// invited or the domain captures newcomers (docs/domain.md §4, §5).
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

/// Returns the person who has claimed the member, or else the person who has proved the address,
/// which this sign-in does at the latest. It never adds the address to a person with another one:
/// that would let the account change something about that person.
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
