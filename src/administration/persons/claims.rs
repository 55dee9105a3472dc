//! Claims: how a member of an account becomes the person who it is.
//!
//! Everything that writes here runs in a transaction of the member's account.

use serde_json::json;

use super::PersonError;
use crate::administration::AdministrationError;
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::person::Basis;
use crate::enterprise::{PersonPk, address};
use crate::store::claims::{self as stored, Waiting};
use crate::store::members::{self, MemberRow};
use crate::store::users::{self, PersonRow};
use crate::store::{Conn, StoreResult, Transaction, audit, enterprises};

type Result<T> = std::result::Result<T, AdministrationError>;

/// Memberships of one person that are looked at.
const MOST_WAITING: i64 = 100;

/// Makes a member the person's. Where it is already, nothing happens.
///
/// # Errors
/// [`PersonError::ClaimedByOther`], [`PersonError::OtherMember`].
pub fn claim(
    transaction: &mut Transaction<'_>,
    member: &MemberRow,
    person: &PersonRow,
    basis: Basis,
) -> Result<()> {
    let (enterprise, now) = (member.enterprise_pk, transaction.now());
    if !stored::insert(transaction, enterprise, member.pk, person.pk, basis, now)? {
        return match stored::of_member(transaction, member.pk)? {
            Some(claim) if claim.user_pk == person.pk => Ok(()),
            Some(_) => Err(PersonError::ClaimedByOther(member.user_name.clone()).into()),
            None => Err(PersonError::OtherMember(member.user_name.clone()).into()),
        };
    }
    let change = Change::made(
        "member.claimed",
        Target::new("member", &member.id, &member.user_name),
        json!({"basis": basis}),
    );
    Ok(audit::record(transaction, enterprise, &change)?)
}

/// Memberships that wait for the person's word: accounts that carry an address of theirs.
pub fn waiting(conn: &mut Conn, person: PersonPk) -> StoreResult<Vec<Waiting>> {
    stored::waiting_for(conn, person, MOST_WAITING)
}

/// Of those, the ones that need no question, because the account has verified the domain of the address.
/// The others cost a sign-in no transaction.
pub fn to_settle(conn: &mut Conn, person: PersonPk) -> StoreResult<Vec<Waiting>> {
    let mut settled = Vec::new();
    for one in waiting(conn, person)? {
        if is_own_domain(conn, &one)? {
            settled.push(one);
        }
    }
    Ok(settled)
}

/// Whether the account has verified the domain of the address that leads to its member.
fn is_own_domain(conn: &mut Conn, waiting: &Waiting) -> StoreResult<bool> {
    let domain = address::domain(&waiting.email_key).unwrap_or_default();
    enterprises::has_domain(conn, waiting.enterprise_pk, &domain)
}

/// Claims what needs no question: the account has verified the domain of the address that the person
/// has proved. Says whether the member is theirs now. Looks again at everything, because the account
/// may have changed the member since.
pub fn settle(
    transaction: &mut Transaction<'_>,
    person: &PersonRow,
    waiting: &Waiting,
) -> Result<bool> {
    if !is_own_domain(transaction, waiting)? {
        return Ok(false);
    }
    let Some(member) = still_waiting(transaction, person, waiting)? else { return Ok(false) };
    match claim(transaction, &member, person, Basis::Domain) {
        Ok(()) => Ok(true),
        Err(AdministrationError::Refused(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The member, if it is active and still carries an address that the person has proved.
fn still_waiting(
    conn: &mut Conn,
    person: &PersonRow,
    waiting: &Waiting,
) -> Result<Option<MemberRow>> {
    let member = members::by_pk(conn, waiting.enterprise_pk, waiting.member_pk)?;
    let Some(member) = member.filter(|member| member.active) else { return Ok(None) };
    let carried = stored::addresses_of(conn, member.pk)?;
    let proved = users::addresses(conn, person.pk)?;
    for address in proved {
        if carried.contains(&address.email_key)
            && stored::leads_to(conn, &member, &address.email_key)?
        {
            return Ok(Some(member));
        }
    }
    Ok(None)
}

/// Joins an account that has added the person.
///
/// # Errors
/// [`PersonError`].
pub fn join(
    transaction: &mut Transaction<'_>,
    person: &PersonRow,
    waiting: &Waiting,
) -> Result<()> {
    let member = still_waiting(transaction, person, waiting)?
        .ok_or_else(|| PersonError::NothingWaits(waiting.member_id.clone()))?;
    claim(transaction, &member, person, Basis::Consent)
}

/// Declines to be a member that an account has added. The member stays in the account, without a
/// person.
///
/// # Errors
/// [`PersonError::NothingWaits`].
pub fn decline(
    transaction: &mut Transaction<'_>,
    person: &PersonRow,
    waiting: &Waiting,
) -> Result<()> {
    let member = still_waiting(transaction, person, waiting)?
        .ok_or_else(|| PersonError::NothingWaits(waiting.member_id.clone()))?;
    let now = transaction.now();
    stored::decline(transaction, member.pk, person.pk, now)?;
    let change = Change::made(
        "member.declined",
        Target::new("member", &member.id, &member.user_name),
        json!({}),
    );
    Ok(audit::record(transaction, member.enterprise_pk, &change)?)
}
