//! A person's addresses: proving them by a link in a mail, choosing the primary one, removing
//! others (docs/domain.md §0).

use std::time::Duration;

use super::PersonError;
use super::error::{LINKS_AN_HOUR, MOST_ADDRESSES};
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

/// The lifetime of a link.
const VALID: Duration = Duration::from_secs(60 * 60);

/// Sends a link to an address that a person wants to prove. Only the mail reveals whether another
/// person already has the address.
///
/// # Errors
/// Fails if the address is invalid, the session may not prove it, the person asked for too many links
/// ([`PersonError::TooManyLinks`]), or has too many addresses ([`PersonError::TooManyAddresses`]).
pub fn ask(
    transaction: &mut Transaction<'_>,
    (session, person): (&SessionRow, &PersonRow),
    email: &str,
    public_url: &str,
) -> Result<()> {
    let email = checked_address("email", email)?;
    refuse_strange(transaction, session, &email)?;
    refuse_many(transaction, person)?;
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

/// Tells a person, at the address that they had before, that one more is theirs.
fn added(person: &PersonRow, email: &str) -> Letter {
    Letter::new("An address was added to your account at Insomnia")
        .paragraph(format!("{email} is now one of the addresses of {}.", person.email))
        .paragraph(
            "Whoever reads its mail can sign in as you. If it was not you who added it, remove it \
             under My account and end all other sessions there.",
        )
        .page("My account", "/app/account")
}

fn refuse_many(conn: &mut Conn, person: &PersonRow) -> Result<()> {
    if users::addresses(conn, person.pk)?.len() >= MOST_ADDRESSES {
        return Err(PersonError::TooManyAddresses.into());
    }
    Ok(())
}

/// Adds the address of the link to the person who asked for it, who is told so by mail to the primary
/// address.
///
/// # Errors
/// Fails with [`PersonError::LinkUnknown`], also if another person asked for the link; with
/// [`PersonError::AddressOfOther`]; with [`PersonError::TooManyAddresses`]; or if the session may not
/// prove the address.
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
        None => {
            refuse_many(transaction, person)?;
            users::insert_address(transaction, person.pk, &email, Proof::Link, now)?;
            outbox::insert(transaction, None, &person.email, &added(person, &email), now)?;
        }
    }
    require(transaction, person.pk, &email)
}

/// Returns an address that a person has proved: this one, or the primary one.
///
/// # Errors
/// Fails with [`PersonError::NoSuchAddress`] if the person has not proved the address.
pub fn own(conn: &mut Conn, person: &PersonRow, email: Option<&str>) -> Result<String> {
    match email {
        None => Ok(person.email.clone()),
        Some(email) => Ok(require(conn, person.pk, email)?.email),
    }
}

fn require(conn: &mut Conn, person: PersonPk, email: &str) -> Result<ProvedAddress> {
    let key = address::key(email);
    users::addresses(conn, person)?
        .into_iter()
        .find(|address| address.email_key == key)
        .ok_or_else(|| PersonError::NoSuchAddress(email.to_owned()).into())
}

/// Makes an address the primary one, which is displayed and receives mail.
///
/// # Errors
/// Fails with [`PersonError::NoSuchAddress`] if the person has not proved the address.
pub fn make_primary(
    transaction: &mut Transaction<'_>,
    person: &PersonRow,
    email: &str,
) -> Result<ProvedAddress> {
    let address = require(transaction, person.pk, email)?;
    users::set_primary(transaction, &address)?;
    Ok(address)
}

/// Removes an address other than the primary one.
///
/// # Errors
/// Fails if the person has not proved the address, or if it is the primary one.
pub fn remove(transaction: &mut Transaction<'_>, person: &PersonRow, email: &str) -> Result<()> {
    let address = require(transaction, person.pk, email)?;
    if address.email_key == address::key(&users::by_pk(transaction, person.pk)?.email) {
        return Err(PersonError::PrimaryAddress(address.email).into());
    }
    Ok(users::delete_address(transaction, &address.email_key)?)
}

/// Returns the addresses that a person has proved.
pub fn proved(conn: &mut Conn, person: PersonPk) -> StoreResult<Vec<ProvedAddress>> {
    users::addresses(conn, person)
}

/// Returns all proved addresses of the session's person, or `None` if the session is confined to
/// one account: such a session stands only for the address that it was opened with.
fn of_person(conn: &mut Conn, session: &SessionRow) -> StoreResult<Option<Vec<ProvedAddress>>> {
    if session.credential().may(Power::Person) {
        Ok(Some(users::addresses(conn, session.user_pk)?))
    } else {
        Ok(None)
    }
}

/// Returns the addresses that a session may display.
pub fn shown_to(conn: &mut Conn, session: &SessionRow) -> StoreResult<Vec<String>> {
    Ok(match of_person(conn, session)? {
        Some(proved) => proved.into_iter().map(|address| address.email).collect(),
        None => vec![session.email_key.clone()],
    })
}

/// Returns the keys of the addresses on whose behalf a session may act.
pub fn spoken_for(conn: &mut Conn, session: &SessionRow) -> StoreResult<Vec<String>> {
    Ok(match of_person(conn, session)? {
        Some(proved) => proved.into_iter().map(|address| address.email_key).collect(),
        None => vec![session.email_key.clone()],
    })
}

/// Checks that a session may prove this address. A session confined to one account may do so only
/// if that account has verified the domains of this address and of all the person's other
/// addresses: the owner of those domains can read their mail anyway and gains nothing. This lets an
/// owner who signs in by single sign-on change their address.
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

/// Refuses a session that is confined to one account: what one account says about a person must not
/// change anything about that person.
///
/// # Errors
/// Fails with [`PersonError::Confined`] if the session is confined.
pub fn refuse_confined(session: &SessionRow) -> Result<()> {
    if session.credential().may(Power::Person) { Ok(()) } else { Err(PersonError::Confined.into()) }
}
