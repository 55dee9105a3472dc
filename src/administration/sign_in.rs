//! Signing in without single sign-on: by a link that is sent to one's address.

use super::error::checked_address;
use super::sessions::{self, Opened, SessionError};
use super::{AdministrationError, Class, Refusal};
use crate::enterprise::letter::Letter;
use crate::enterprise::sso::{LINK_LASTS, LINKS_AN_HOUR, SignedInBy};
use crate::enterprise::{Timestamp, address, token};
use crate::store::sessions::{self as people, PersonRow};
use crate::store::sso_connections::{self, Connection};
use crate::store::{Conn, Transaction, outbox, sign_in_links};

type Result<T> = std::result::Result<T, AdministrationError>;

/// Why nobody signs in by mail.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// Users of that domain sign in no other way (DOMAIN.md §6).
    #[error(
        "Users of \"{0}\" sign in with single sign-on and no other way: open \
         /sso/start?domain={0} on this server."
    )]
    SsoRequired(String),
    /// Too often.
    #[error(
        "{LINKS_AN_HOUR} links were asked for with this address within an hour. Use the newest, or \
         try again later."
    )]
    TooOften,
    /// Used, too old, or none.
    #[error("This link is not valid: it works once, for 15 minutes. Ask for a new one.")]
    LinkUnknown,
}

impl Refusal for SignInError {
    fn class(&self) -> Class {
        match self {
            Self::SsoRequired(_) => Class::Forbidden,
            Self::TooOften => Class::TooMany,
            Self::LinkUnknown => Class::Unauthorized,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::SsoRequired(_) => "sso-required",
            Self::TooOften => "too-many-links",
            Self::LinkUnknown => "link-unknown",
        }
    }
}

/// Sends a link to an address that somebody is known by; does as much for one that nobody is, so
/// that who asks does not learn which it was.
///
/// # Errors
/// [`SignInError`]; an address that is none.
pub fn ask(transaction: &mut Transaction<'_>, email: &str, public_url: &str) -> Result<()> {
    let email = checked_address("email", email)?;
    let email = email.as_str();
    refuse_where_sso_is_on(transaction, email)?;
    let (now, key) = (transaction.now(), address::key(email));
    if sign_in_links::count(transaction, &key, now.minus_hours(1))? >= LINKS_AN_HOUR {
        return Err(SignInError::TooOften.into());
    }
    let secret = token::generate("")?;
    let until = now.0 + LINK_LASTS;
    sign_in_links::insert(transaction, &token::hash(&secret), &key, now, until)?;
    if let Some(person) = people::person(transaction, &key)? {
        let letter = letter(&format!("{public_url}/sign-in/{secret}"));
        outbox::insert(transaction, None, &person.email, &letter, now)?;
    }
    Ok(())
}

fn letter(url: &str) -> Letter {
    Letter::new("Sign in to Insomnia Enterprise")
        .paragraph("Somebody, probably you, wants to sign in with this address.")
        .link("Sign in", url)
        .paragraph("The link works once, for 15 minutes.")
        .paragraph("If it was not you, do nothing: nobody is signed in without this link.")
}

fn refuse_where_sso_is_on(conn: &mut Conn, email: &str) -> Result<()> {
    let Some(domain) = address::domain(email) else { return Ok(()) };
    let is_on = |connection: Connection| connection.row.is_on;
    if sso_connections::of_domain(conn, &domain)?.is_some_and(is_on) {
        return Err(SignInError::SsoRequired(domain).into());
    }
    Ok(())
}

/// Whom a link would sign in, and the row of the account that they would act in.
///
/// # Errors
/// [`SignInError`]; [`SessionError`] where they are no member of the account asked for.
pub fn look(
    conn: &mut Conn,
    link: &str,
    account: Option<&str>,
    now: Timestamp,
) -> Result<(PersonRow, Option<i64>)> {
    let key = sign_in_links::address(conn, &token::hash(link), now)?;
    let person = match key {
        Some(key) => people::person(conn, &key)?,
        None => None,
    };
    let person = person.ok_or(SignInError::LinkUnknown)?;
    refuse_where_sso_is_on(conn, &person.email)?;
    let all = sessions::accounts(conn, person.pk)?;
    let chosen = match account {
        None => all.first(),
        Some(id) => Some(
            all.iter()
                .find(|membership| membership.account_id == id)
                .ok_or_else(|| SessionError::NotYourAccount(id.to_owned()))?,
        ),
    };
    Ok((person, chosen.map(|membership| membership.enterprise_pk)))
}

/// Signs in who has the link, once.
///
/// # Errors
/// As for [`look`].
pub fn redeem(
    transaction: &mut Transaction<'_>,
    link: &str,
    account: Option<&str>,
) -> Result<Opened> {
    let now = transaction.now();
    let (person, enterprise) = look(transaction, link, account, now)?;
    if !sign_in_links::spend(transaction, &token::hash(link))? {
        return Err(SignInError::LinkUnknown.into());
    }
    sessions::open(transaction, &person, enterprise, SignedInBy::Mail)
}
