//! The owner of a new account (docs/domain.md §0, §1). An account that a code or a payment has made
//! has an owner by word only: a mail goes to the owner's address, with a link by which its holder
//! claims the account. Until then the address can be corrected.

mod correction;
mod error;
mod letters;

use super::AdministrationError;
use super::persons::claims;
use crate::enterprise::person::{Basis, Proof};
use crate::enterprise::sso::SignedInBy;
use crate::enterprise::{AccountPk, Timestamp, address, token};
use crate::store::enterprises::EnterpriseRow;
use crate::store::members::{self, MemberRow};
use crate::store::ownership_links::{self as stored, OwnershipLinkRow};
use crate::store::users::{self, PersonRow};
use crate::store::{Conn, Transaction, claims as claimed, enterprises, outbox};

use super::sessions::SignIn;
pub use correction::{Correction, correct};
pub use error::OwnershipError;

type Result<T> = std::result::Result<T, AdministrationError>;

/// The lifetime of a link in days.
const DAYS: i64 = 30;
/// The maximum number of links that are sent for one owner per hour.
const MOST_IN_AN_HOUR: i64 = 5;

/// Welcomes an owner who has only been named: sends the link by which they claim the account.
/// Returns when the link ends.
///
/// # Errors
/// Fails with [`OwnershipError::TooOften`] if too many links were sent.
pub fn invite(
    transaction: &mut Transaction<'_>,
    owner: &MemberRow,
    public_url: &str,
) -> Result<Timestamp> {
    let now = transaction.now();
    if stored::count(transaction, owner.pk, now.minus_hours(1))? >= MOST_IN_AN_HOUR {
        return Err(OwnershipError::TooOften.into());
    }
    let email = owner.email.clone().unwrap_or_default();
    let account = enterprises::get(transaction, owner.enterprise_pk)?;
    let (secret, expires_at) = (token::generate(token::OWNERSHIP)?, now.plus_days(DAYS));
    let link = OwnershipLinkRow {
        hash: token::hash(&secret).to_vec(),
        enterprise_pk: owner.enterprise_pk,
        member_pk: owner.pk,
        email: email.clone(),
        created_at: now,
        expires_at,
    };
    stored::insert(transaction, &link)?;
    let letter = letters::to_claim(&account, &format!("{public_url}/welcome/{secret}"));
    outbox::insert(transaction, owner.enterprise_pk, &email, &letter, now)?;
    Ok(expires_at)
}

/// Welcomes an owner who was signed in when the account was made, and so has claimed it.
///
/// # Errors
/// Fails if the member is claimed already.
pub fn welcome(
    transaction: &mut Transaction<'_>,
    (account, owner): (&EnterpriseRow, &MemberRow),
    person: &PersonRow,
    public_url: &str,
) -> Result<()> {
    claims::claim(transaction, owner, person, Basis::Consent)?;
    let (letter, now) = (letters::claimed(account, public_url), transaction.now());
    Ok(outbox::insert(transaction, account.pk, &person.email, &letter, now)?)
}

/// What a link leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The address that the link was sent to.
    pub email: String,
    /// The account to claim.
    pub enterprise: AccountPk,
    /// The account's name.
    pub account_name: String,
}

/// Returns what a link leads to.
///
/// # Errors
/// Fails with [`OwnershipError::LinkUnknown`], whatever is wrong with the link.
pub fn look(conn: &mut Conn, secret: &str, now: Timestamp) -> Result<Offer> {
    let (link, _) = find(conn, secret, now)?;
    let account = enterprises::get(conn, link.enterprise_pk)?;
    Ok(Offer { email: link.email, enterprise: account.pk, account_name: account.name })
}

/// An account that its owner has claimed.
#[derive(Clone, Debug, PartialEq)]
pub struct Claimed {
    /// The account.
    pub account: EnterpriseRow,
    /// The member that the person is in it.
    pub owner: MemberRow,
    /// The person, who has proved the address by following the link.
    pub sign_in: SignIn,
}

/// Claims the account of a link for the holder of the address that it was sent to.
///
/// # Errors
/// Fails with [`OwnershipError::LinkUnknown`], whatever is wrong with the link.
pub fn claim(transaction: &mut Transaction<'_>, secret: &str) -> Result<Claimed> {
    let now = transaction.now();
    let (link, owner) = find(transaction, secret, now)?;
    if stored::end(transaction, owner.pk, now)? == 0 {
        return Err(OwnershipError::LinkUnknown.into());
    }
    let person = users::prove(transaction, &link.email, Proof::Link, now)?;
    claims::claim(transaction, &owner, &person, Basis::Invitation)?;
    let account = enterprises::get(transaction, owner.enterprise_pk)?;
    let sign_in = SignIn { person, email: link.email, by: SignedInBy::Mail, through: None };
    Ok(Claimed { account, owner, sign_in })
}

/// Returns a valid link and its owner, who is active, unclaimed, and still has the address that the
/// link was sent to.
fn find(conn: &mut Conn, secret: &str, now: Timestamp) -> Result<(OwnershipLinkRow, MemberRow)> {
    let unknown = || OwnershipError::LinkUnknown;
    let link = stored::open(conn, &token::hash(secret), now)?.ok_or_else(unknown)?;
    let owner =
        members::by_pk(conn, link.enterprise_pk, link.member_pk)?.filter(|member| member.active);
    let owner = owner.ok_or_else(unknown)?;
    let is_address = owner.email.as_deref().map(address::key) == Some(address::key(&link.email));
    if !is_address || claimed::of_member(conn, owner.pk)?.is_some() {
        return Err(unknown().into());
    }
    Ok((link, owner))
}
