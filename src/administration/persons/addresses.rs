//! The addresses of a person: proved by a link that is sent there, chosen, removed (DOMAIN.md §0).

use std::time::Duration;

use super::PersonError;
use super::error::LINKS_AN_HOUR;
use crate::administration::AdministrationError;
use crate::administration::error::checked_address;
use crate::enterprise::address::Address;
use crate::enterprise::letter::Letter;
use crate::enterprise::permissions::Power;
use crate::enterprise::person::Proof;
use crate::enterprise::{PersonPk, address, token};
use crate::store::sessions::SessionRow;
use crate::store::users::{self, PersonRow, ProvedAddress};
use crate::store::{Conn, StoreResult, Transaction, address_links, enterprises, outbox};

type Result<T> = std::result::Result<T, AdministrationError>;

/// How long a link works.
const VALID: Duration = Duration::from_secs(60 * 60);

/// Sends a link to an address that the person wants to prove. Whether anybody has it already is told
/// to who reads its mail, and to no one else.
///
/// # Errors
/// An address that is malformed; [`PersonError::TooManyLinks`]; a session that may not prove it.
pub fn ask(
    transaction: &mut Transaction<'_>,
    (session, person): (&SessionRow, &PersonRow),
    email: &str,
    public_url: &str,
) -> Result<()> {
    let email = checked_address("email", email)?;
    refuse_strange(transaction, session, &email)?;
    let email = email.as_str();
    let now = transaction.now();
    if address_links::count(transaction, person.pk, now.minus_hours(1))? >= LINKS_AN_HOUR {
        return Err(PersonError::TooManyLinks.into());
    }
    let secret = token::generate("")?;
    let (hash, end) = (token::hash(&secret), now.plus(VALID));
    address_links::insert(transaction, &hash, person.pk, email, now, end)?;
    let letter = letter(person, &format!("{public_url}/my-addresses/{secret}"));
    Ok(outbox::insert(transaction, None, email, &letter, now)?)
}

fn letter(person: &PersonRow, url: &str) -> Letter {
    Letter::new("Confirm that this address is yours")
        .paragraph(format!(
            "{} asked to add this address to their account at Insomnia. If you are {0}, confirm it \
             while you are signed in.",
            person.email
        ))
        .link("Confirm the address", url)
        .paragraph(
            "The link works once, within an hour. If you do not know who asked, do nothing: \
             confirming would let them sign in as the owner of this address.",
        )
}

/// Adds the address of the link to the person who asked for it.
///
/// # Errors
/// [`PersonError::LinkUnknown`], also where another person asked; [`PersonError::AddressOfOther`]; a
/// session that may not prove it.
pub fn confirm(
    transaction: &mut Transaction<'_>,
    (session, person): (&SessionRow, &PersonRow),
    secret: &str,
) -> Result<ProvedAddress> {
    let now = transaction.now();
    let email = address_links::take(transaction, &token::hash(secret), person.pk, now)?
        .ok_or(PersonError::LinkUnknown)?;
    refuse_strange(transaction, session, &checked_address("email", &email)?)?;
    let key = address::key(&email);
    match users::by_key(transaction, &key)? {
        Some(known) if known.pk == person.pk => {}
        Some(_) => return Err(PersonError::AddressOfOther(email).into()),
        None => users::insert_address(transaction, person.pk, &email, Proof::Link, now)?,
    }
    require(transaction, person.pk, &email)
}

fn require(conn: &mut Conn, person: PersonPk, email: &str) -> Result<ProvedAddress> {
    let key = address::key(email);
    users::addresses(conn, person)?
        .into_iter()
        .find(|address| address.email_key == key)
        .ok_or_else(|| PersonError::NoSuchAddress(email.to_owned()).into())
}

/// Makes an address the one that the person is shown with and written to.
///
/// # Errors
/// [`PersonError::NoSuchAddress`].
pub fn make_primary(
    transaction: &mut Transaction<'_>,
    person: &PersonRow,
    email: &str,
) -> Result<ProvedAddress> {
    let address = require(transaction, person.pk, email)?;
    users::set_primary(transaction, &address)?;
    Ok(address)
}

/// Removes an address that is not the primary one.
///
/// # Errors
/// [`PersonError::NoSuchAddress`], [`PersonError::PrimaryAddress`].
pub fn remove(transaction: &mut Transaction<'_>, person: &PersonRow, email: &str) -> Result<()> {
    let address = require(transaction, person.pk, email)?;
    if address.email_key == address::key(&users::by_pk(transaction, person.pk)?.email) {
        return Err(PersonError::PrimaryAddress(address.email).into());
    }
    Ok(users::delete_address(transaction, &address.email_key)?)
}

/// The addresses that a person has proved.
pub fn proved(conn: &mut Conn, person: PersonPk) -> StoreResult<Vec<ProvedAddress>> {
    users::addresses(conn, person)
}

/// What the session's person has proved; `None` for a session that acts in one account only, which is
/// good for the one address that it showed.
fn of_person(conn: &mut Conn, session: &SessionRow) -> StoreResult<Option<Vec<ProvedAddress>>> {
    if session.credential().may(Power::Person) {
        Ok(Some(users::addresses(conn, session.user_pk)?))
    } else {
        Ok(None)
    }
}

/// The addresses that a session shows.
pub fn shown_to(conn: &mut Conn, session: &SessionRow) -> StoreResult<Vec<String>> {
    Ok(match of_person(conn, session)? {
        Some(proved) => proved.into_iter().map(|address| address.email).collect(),
        None => vec![session.email_key.clone()],
    })
}

/// Keys of the addresses for which a session speaks.
pub fn spoken_for(conn: &mut Conn, session: &SessionRow) -> StoreResult<Vec<String>> {
    Ok(match of_person(conn, session)? {
        Some(proved) => proved.into_iter().map(|address| address.email_key).collect(),
        None => vec![session.email_key.clone()],
    })
}

/// Refuses that a session which acts in one account only proves an address that is not that account's
/// to give. It may prove one where the account has verified the domain of this address and of all
/// others of the person: who holds those domains reads their mail anyway, so nothing is won by it, and
/// an owner who signs in by single sign-on can be renamed.
fn refuse_strange(conn: &mut Conn, session: &SessionRow, email: &Address) -> Result<()> {
    if session.credential().may(Power::Person) {
        return Ok(());
    }
    let account = session.confined_to.ok_or(PersonError::Confined)?;
    let proved = users::addresses(conn, session.user_pk)?;
    let domains = proved.iter().map(|address| address.email_domain.as_str());
    for domain in domains.chain([email.domain()]) {
        if !enterprises::has_domain(conn, account, domain)? {
            return Err(PersonError::Confined.into());
        }
    }
    Ok(())
}

/// Refuses a session that single sign-on opened: what one account says of a person changes nothing
/// about them.
///
/// # Errors
/// [`PersonError::Confined`].
pub fn refuse_confined(session: &SessionRow) -> Result<()> {
    if session.credential().may(Power::Person) { Ok(()) } else { Err(PersonError::Confined.into()) }
}
