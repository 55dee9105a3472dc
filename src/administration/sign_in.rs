//! Sign-in without single sign-on, by a link in a mail.

use super::error::checked_address;
use super::sessions::{self, SessionError, SignIn};
use super::{AdministrationError, Class, Refusal};
use crate::enterprise::letter::Letter;
use crate::enterprise::person::Proof;
use crate::enterprise::sso::{LINK_LASTS, LINKS_AN_HOUR, SignedInBy, return_path};
use crate::enterprise::{Timestamp, address, token};
use crate::store::sessions::Membership;
use crate::store::sso_connections;
use crate::store::users::{self, PersonRow};
use crate::store::{Conn, StoreResult, Transaction, claims, outbox, sign_in_links};

type Result<T> = std::result::Result<T, AdministrationError>;

/// Why a sign-in by mail is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// The domain of the address requires single sign-on (docs/domain.md §6).
    #[error(
        "Users of \"{0}\" sign in with single sign-on and no other way: open \
         /sso/start?domain={0} on this server."
    )]
    SsoRequired(String),
    /// Too many links were requested for this address.
    #[error(
        "{LINKS_AN_HOUR} links were requested for this address within an hour. Use the newest one, \
         or try again when it has ended, after 15 minutes."
    )]
    TooOften,
    /// The link does not exist, was used or has expired.
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

    fn retry_after(&self) -> u64 {
        LINK_LASTS.unsigned_abs() / 1000
    }

    fn is_wrong_secret(&self) -> bool {
        matches!(self, Self::LinkUnknown)
    }
}

/// Sends a link to an address that a person has proved or that an account has given a member. Does
/// the same work for any other address, so that the caller cannot tell them apart. `return_to` is the
/// page on this server that the person wants, if any.
///
/// # Errors
/// Fails with [`SignInError`] if the domain requires single sign-on or there were too many
/// requests, or if the address is invalid.
pub fn ask(
    transaction: &mut Transaction<'_>,
    email: &str,
    return_to: Option<&str>,
    public_url: &str,
) -> Result<()> {
    let email = checked_address("email", email)?;
    let email = email.as_str();
    let (now, key) = (transaction.now(), address::key(email));
    let person = users::by_key(transaction, &key)?;
    refuse_where_sso_binds(transaction, email, person.as_ref(), now)?;
    // Anyone can request links for anyone's address. While the newest link is valid, its recipient
    // can use it; after that, they can request another one, however many others requested.
    if sign_in_links::count(transaction, &key, now.minus_hours(1))? >= LINKS_AN_HOUR
        && sign_in_links::count(transaction, &key, now.minus_millis(LINK_LASTS))? > 0
    {
        return Err(SignInError::TooOften.into());
    }
    let return_to = return_to.map(|path| return_path(Some(path)));
    let secret = insert(transaction, email, return_to, now)?;
    if person.is_some() || claims::is_member_anywhere(transaction, &key)? {
        let letter = letter(&format!("{public_url}/sign-in/{secret}"));
        outbox::insert(transaction, None, email, &letter, now)?;
    }
    Ok(())
}

/// Makes a link that signs in whoever has it, once, for 15 minutes, and leads to this page of the
/// server. Only for who runs the server: the link is not sent to the address, and so proves nothing
/// about who uses it.
///
/// # Errors
/// Fails with [`SignInError::SsoRequired`] if the domain of the address requires single sign-on.
pub fn make_link(
    transaction: &mut Transaction<'_>,
    email: &str,
    return_to: &str,
) -> Result<String> {
    let now = transaction.now();
    let person = users::by_key(transaction, &address::key(email))?;
    refuse_where_sso_binds(transaction, email, person.as_ref(), now)?;
    insert(transaction, email, Some(return_path(Some(return_to))), now)
}

fn insert(
    transaction: &mut Transaction<'_>,
    email: &str,
    return_to: Option<&str>,
    now: Timestamp,
) -> Result<String> {
    let secret = token::generate("")?;
    let until = now.plus_millis(LINK_LASTS);
    sign_in_links::insert(transaction, &token::hash(&secret), email, return_to, (now, until))?;
    Ok(secret)
}

fn letter(url: &str) -> Letter {
    Letter::new("Sign in to Insomnia Enterprise")
        .paragraph("Somebody, probably you, wants to sign in with this address.")
        .link("Sign in", url)
        .paragraph("The link works once, for 15 minutes.")
        .paragraph("If it was not you, do nothing: nobody is signed in without this link.")
}

/// Refuses a sign-in by mail if the address's domain has single sign-on. Exempt is a person who is
/// a member of another account as well: a session by single sign-on could not act there.
///
/// # Errors
/// Fails with [`SignInError::SsoRequired`] in that case.
pub(super) fn refuse_where_sso_binds(
    conn: &mut Conn,
    email: &str,
    person: Option<&PersonRow>,
    now: Timestamp,
) -> Result<()> {
    let Some(domain) = address::domain(email) else { return Ok(()) };
    let Some(connection) = sso_connections::in_force(conn, &domain, now)? else { return Ok(()) };
    let elsewhere = match person {
        None => false,
        Some(person) => sessions::accounts(conn, person.pk)?
            .iter()
            .any(|membership| membership.enterprise_pk != connection.row.enterprise_pk),
    };
    if elsewhere { Ok(()) } else { Err(SignInError::SsoRequired(domain).into()) }
}

/// Refuses a session by mail for a member with an address in a domain for which the member's
/// account has single sign-on.
///
/// # Errors
/// Fails with [`SignInError::SsoRequired`] in that case.
pub fn refuse_bound(conn: &mut Conn, membership: &Membership, now: Timestamp) -> Result<()> {
    for key in claims::addresses_of(conn, membership.member_pk)? {
        let Some(domain) = address::domain(&key) else { continue };
        let connection = sso_connections::in_force(conn, &domain, now)?;
        let of_account = |found: sso_connections::Connection| {
            found.row.enterprise_pk == membership.enterprise_pk
        };
        if connection.is_some_and(of_account) {
            return Err(SignInError::SsoRequired(domain).into());
        }
    }
    Ok(())
}

/// Returns the address that a link signs in, and checks that it can lead to the requested account.
///
/// # Errors
/// Fails if the link is not valid, the domain requires single sign-on, or the address leads to no
/// member of the account ([`SessionError::NotYourAccount`]).
pub fn look(conn: &mut Conn, link: &str, account: Option<&str>, now: Timestamp) -> Result<String> {
    let email =
        sign_in_links::address(conn, &token::hash(link), now)?.ok_or(SignInError::LinkUnknown)?;
    let key = address::key(&email);
    let person = users::by_key(conn, &key)?;
    refuse_where_sso_binds(conn, &email, person.as_ref(), now)?;
    if let Some(id) = account
        && !claims::is_member_of(conn, id, &key)?
    {
        let own = match &person {
            Some(person) => sessions::accounts(conn, person.pk)?,
            None => Vec::new(),
        };
        if !own.iter().any(|membership| membership.account_id == id) {
            return Err(SessionError::NotYourAccount(id.to_owned()).into());
        }
    }
    Ok(email)
}

/// Returns the address that a link was sent to, and the page that the person wanted, whether or not
/// the link is still valid.
///
/// # Errors
/// Fails with [`SignInError::LinkUnknown`] if the link is not known any more.
pub fn asked_for(conn: &mut Conn, link: &str) -> Result<(String, Option<String>)> {
    Ok(sign_in_links::asked_for(conn, &token::hash(link))?.ok_or(SignInError::LinkUnknown)?)
}

/// Returns the sign-in of the person with this address, who has just proved it by a link of
/// another kind. The caller has checked that proof.
///
/// # Errors
/// Fails if the domain requires single sign-on.
pub fn after_proof(conn: &mut Conn, email: &str, now: Timestamp) -> Result<SignIn> {
    let person = users::by_key(conn, &address::key(email))?.ok_or(SignInError::LinkUnknown)?;
    refuse_where_sso_binds(conn, email, Some(&person), now)?;
    Ok(SignIn { person, email: email.to_owned(), by: SignedInBy::Mail, through: None })
}

/// Returns the path of the page that the person wanted when they asked for this link.
pub fn wanted_page(conn: &mut Conn, link: &str) -> StoreResult<Option<String>> {
    sign_in_links::return_to(conn, &token::hash(link))
}

/// Uses up a link, which proves the address and creates the person if needed.
///
/// # Errors
/// Fails if the link is not valid or the domain requires single sign-on.
pub fn redeem(transaction: &mut Transaction<'_>, link: &str) -> Result<SignIn> {
    let now = transaction.now();
    let email = look(transaction, link, None, now)?;
    if !sign_in_links::spend(transaction, &token::hash(link))? {
        return Err(SignInError::LinkUnknown.into());
    }
    let person = users::prove(transaction, &email, Proof::Link, now)?;
    Ok(SignIn { person, email, by: SignedInBy::Mail, through: None })
}

/// Returns the account in which a new session by mail acts: the requested one, or else the person's
/// only one. With several accounts it is `None`, and the person chooses.
///
/// # Errors
/// Fails if the person is not an active member of the requested account, or that account requires
/// single sign-on.
pub fn first_account(
    conn: &mut Conn,
    person: &PersonRow,
    account: Option<&str>,
    now: Timestamp,
) -> Result<Option<Membership>> {
    let all = sessions::accounts(conn, person.pk)?;
    if let Some(id) = account {
        let asked = all.into_iter().find(|membership| membership.account_id == id);
        let asked = asked.ok_or_else(|| SessionError::NotYourAccount(id.to_owned()))?;
        refuse_bound(conn, &asked, now)?;
        return Ok(Some(asked));
    }
    let [only] = &all[..] else { return Ok(None) };
    match refuse_bound(conn, only, now) {
        Ok(()) => Ok(Some(only.clone())),
        Err(AdministrationError::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
