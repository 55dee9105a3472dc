//! The Essentials account of a person's own (docs/domain.md §1): signing up makes one, and a person
//! who came another way can make one afterwards.

use super::accounts::{self, Founding};
use super::persons::claims;
use super::{AdministrationError, Class, Refusal};
use crate::enterprise::person::Basis;
use crate::enterprise::plan::{ESSENTIALS_SEATS, Plan};
use crate::enterprise::{Role, address};
use crate::store::enterprises::{self, EnterpriseRow};
use crate::store::members::{self, MemberRow};
use crate::store::own_accounts::{self as stored, OwnAccountRow};
use crate::store::users::PersonRow;
use crate::store::{Conn, StoreError, StoreResult, Transaction, claims as claimed, invitations};

type Result<T> = std::result::Result<T, AdministrationError>;

/// The number of days after which a person who has handed over their account can make another one.
const PAUSE_DAYS: i64 = 1;
/// The number of names that are tried for an account whose name is not chosen.
const MOST_NAMES: usize = 20;

/// Why a person cannot make an account of their own.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OwnAccountError {
    /// The person owns the account that they have made before.
    #[error(
        "You have made the account \"{name}\" ({id}) and own it; each person makes one. Act in it: \
         insomnia-scim admin session change --account-id {id}."
    )]
    HasOne {
        /// The account's name.
        name: String,
        /// The account's public id.
        id: String,
    },
    /// The person has made and handed over an account less than a day ago.
    #[error("You have made an account within the last 24 hours. Try again later.")]
    TooSoon,
}

impl Refusal for OwnAccountError {
    fn class(&self) -> Class {
        match self {
            Self::HasOne { .. } => Class::Conflict,
            Self::TooSoon => Class::TooMany,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::HasOne { .. } => "has-account",
            Self::TooSoon => "too-many-accounts",
        }
    }

    fn retry_after(&self) -> u64 {
        PAUSE_DAYS.unsigned_abs() * 24 * 60 * 60
    }
}

/// A new account with the person as its owner.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnAccount {
    /// The account.
    pub account: EnterpriseRow,
    /// The member that the person is in it.
    pub owner: MemberRow,
}

/// Makes the account of a person who signs up. A person whom an account has invited or added gets
/// none: they need none, and can make one later.
pub fn make_for_newcomer(
    transaction: &mut Transaction<'_>,
    person: &PersonRow,
    full_name: (String, String),
) -> Result<Option<OwnAccount>> {
    let (now, key) = (transaction.now(), address::key(&person.email));
    let is_expected = claimed::is_member_anywhere(transaction, &key)?
        || invitations::is_invited_anywhere(transaction, &key, now)?;
    if is_expected {
        return Ok(None);
    }
    make(transaction, person, None, Some(full_name)).map(Some)
}

/// Makes an account for a person, with the person as its owner. Without a name it is named after the
/// person's address.
///
/// # Errors
/// Fails with [`OwnAccountError`] if the person has made one, or if the name is invalid or taken.
pub fn make(
    transaction: &mut Transaction<'_>,
    person: &PersonRow,
    name: Option<&str>,
    full_name: Option<(String, String)>,
) -> Result<OwnAccount> {
    if let Some(earlier) = stored::of_person(transaction, person.pk)? {
        refuse_second(transaction, &earlier)?;
        stored::delete(transaction, person.pk)?;
    }
    let name = match name {
        Some(name) => name.to_owned(),
        None => free_name(transaction, &person.email)?,
    };
    let founding = Founding {
        name,
        owner: person.email.clone(),
        owner_name: full_name,
        seats: ESSENTIALS_SEATS,
    };
    let (account, owner) = accounts::found(transaction, &founding, Plan::Essentials)?;
    claims::claim(transaction, &owner, person, Basis::Consent)?;
    let now = transaction.now();
    if !stored::insert(transaction, person.pk, account.pk, now)? {
        return Err(StoreError::Conflict.into());
    }
    Ok(OwnAccount { account, owner })
}

/// Refuses a second account while the person owns the first one, or has just handed it over.
fn refuse_second(transaction: &mut Transaction<'_>, earlier: &OwnAccountRow) -> Result<()> {
    let account = earlier.enterprise_pk;
    let claim = claimed::of_user(transaction, account, earlier.user_pk)?;
    let member = match claim {
        Some(claim) => members::by_pk(transaction, account, claim.member_pk)?,
        None => None,
    };
    if member.is_some_and(|member| member.active && member.role == Role::Owner) {
        let account = enterprises::get(transaction, account)?;
        return Err(OwnAccountError::HasOne { name: account.name, id: account.id }.into());
    }
    if transaction.now() < earlier.made_at.plus_days(PAUSE_DAYS) {
        return Err(OwnAccountError::TooSoon.into());
    }
    Ok(())
}

/// Returns a free name for the account of the person with this address. Others may have named theirs
/// after it.
fn free_name(conn: &mut Conn, email: &str) -> StoreResult<String> {
    for number in 1..=MOST_NAMES {
        let name = if number == 1 { email.to_owned() } else { format!("{email} ({number})") };
        if enterprises::by_name(conn, &name)?.is_none() {
            return Ok(name);
        }
    }
    let id = crate::enterprise::id::enterprise();
    Ok(format!("{email} ({id})"))
}
