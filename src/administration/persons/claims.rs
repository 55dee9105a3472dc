//! Claims, which connect a member of an account with the person behind it.
//!
//! Every write here runs in a transaction of the member's account.

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

/// The maximum number of unanswered memberships read for one person.
const MOST_WAITING: i64 = 100;

/// Claims a member for a person. Idempotent.
///
/// # Errors
/// Fails if another person has claimed the member, or if the person has claimed another member of
/// the account.
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

/// Returns memberships that wait for the person's answer: unclaimed active members, in any account,
/// with an address that the person has proved.
pub fn waiting(conn: &mut Conn, person: PersonPk) -> StoreResult<Vec<Waiting>> {
    stored::waiting_for(conn, person, MOST_WAITING)
}

/// Returns those of the waiting memberships that need no answer, because the account has verified
/// the domain of the address. Only these cost a transaction at sign-in.
pub fn to_settle(conn: &mut Conn, person: PersonPk) -> StoreResult<Vec<Waiting>> {
    let mut settled = Vec::new();
    for one in waiting(conn, person)? {
        if is_own_domain(conn, &one)? {
            settled.push(one);
        }
    }
    Ok(settled)
}

/// Returns `true` if the account has verified the domain of the address that the member and the
/// person share.
fn is_own_domain(conn: &mut Conn, waiting: &Waiting) -> StoreResult<bool> {
    let domain = address::domain(&waiting.email_key).unwrap_or_default();
    enterprises::has_domain(conn, waiting.enterprise_pk, &domain)
}

/// Claims a member without asking the person, if the account has verified the domain of the proved
/// address. Returns `true` if the person has claimed the member now. Reads everything again,
/// because the account may have changed the member since it was listed.
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

/// Returns the member if it is active and still has an address that the person has proved.
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

/// Accepts the membership in an account that has added the person.
///
/// # Errors
/// Fails if the membership does not wait any more, another person has claimed the member, or the
/// person is another member of the account.
pub fn join(
    transaction: &mut Transaction<'_>,
    person: &PersonRow,
    waiting: &Waiting,
) -> Result<()> {
    let member = still_waiting(transaction, person, waiting)?
        .ok_or_else(|| PersonError::NothingWaits(waiting.member_id.clone()))?;
    claim(transaction, &member, person, Basis::Consent)
}

/// Declines the membership in an account that has added the person. The member stays in the
/// account, unclaimed.
///
/// # Errors
/// Fails with [`PersonError::NothingWaits`] if the membership does not wait any more.
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
