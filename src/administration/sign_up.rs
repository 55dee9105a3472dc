//! Sign-up: a link confirms the address, then the rules of its domain decide which account the
//! person joins (docs/domain.md §5).

use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use subtle::ConstantTimeEq;

use super::domains::entry_rule;
use super::error::{checked_address, checked_name};
use super::persons::claims;
use super::{AdministrationError, Class, Refusal, members, own_accounts};
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::domain_entry::Admission;
use crate::enterprise::domain_name::DomainName;
use crate::enterprise::letter::Letter;
use crate::enterprise::person::{Basis, Proof};
use crate::enterprise::{AccountPk, Role, Timestamp, address, token};
use crate::store::members::MemberRow;
use crate::store::sign_ups::{self, NewSignUp, SignUpRow};
use crate::store::{Conn, Transaction, audit, enterprises, member_lists, outbox, users};

type Result<T> = std::result::Result<T, AdministrationError>;

/// The lifetime of the link.
const VALID: Duration = Duration::from_secs(24 * 60 * 60);
/// The maximum number of mails to one address per hour, which protects other people's mailboxes
/// from floods.
const MOST_IN_AN_HOUR: i64 = 3;

/// Why a sign-up is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignUpError {
    /// Too many mails were requested for this address.
    #[error(
        "{MOST_IN_AN_HOUR} mails were sent to this address within an hour. Look for them, or try \
         again later."
    )]
    TooOften,
    /// The link does not exist, was used or has expired.
    #[error(
        "This link does not work: it was used, or is older than 24 hours. Sign up again to get a new \
         one."
    )]
    NoSuchLink,
    /// A person already has the address.
    #[error("There is an account with the address \"{0}\" already. Sign in with it.")]
    Known(String),
    /// The domain is locked: only invited people may enter.
    #[error(
        "The owner of the domain {0} lets only invited people in. Ask an administrator of your \
         company for an invitation."
    )]
    Locked(String),
    /// The account that would capture the person has no free seat.
    #[error(
        "People with an address in {0} join the account of its owner, and that account has no free \
         seat now. Ask an administrator of your company to free or buy one; this link works then."
    )]
    NoSeat(String),
    /// The rules of the domain were changed by a concurrent transaction.
    #[error("The rules of your domain are being changed. Open the link again.")]
    Moved,
}

impl Refusal for SignUpError {
    fn class(&self) -> Class {
        match self {
            Self::TooOften => Class::TooMany,
            Self::NoSuchLink => Class::NotFound,
            Self::Known(_) | Self::Moved => Class::Conflict,
            Self::Locked(_) | Self::NoSeat(_) => Class::Forbidden,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::TooOften => "too-many-mails",
            Self::NoSuchLink => "no-such-link",
            Self::Known(_) => "already-signed-up",
            Self::Moved => "domain-changed",
            Self::Locked(_) => "domain-locked",
            Self::NoSeat(_) => "no-free-seat",
        }
    }

    fn is_wrong_secret(&self) -> bool {
        matches!(self, Self::NoSuchLink)
    }
}

/// The name of somebody who signs up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignUpName {
    /// Given and family name in one.
    Whole(String),
    /// Given name and family name.
    Parts(String, String),
    /// The name was not said; it is made from the address.
    Unsaid,
}

impl SignUpName {
    /// Returns given and family name.
    ///
    /// # Errors
    /// Fails if a name is invalid.
    fn read(&self, email: &str) -> Result<Option<(String, String)>> {
        Ok(match self {
            Self::Whole(name) => Some(parts_of(checked_name("name", name)?, email)),
            Self::Parts(given, family) => Some((
                checked_name("given_name", given)?.to_owned(),
                checked_name("family_name", family)?.to_owned(),
            )),
            Self::Unsaid => None,
        })
    }
}

/// Sends a mail to the address. Known and unknown addresses get the same answer; the mail to a
/// known one says that the person already has an account.
///
/// # Errors
/// Fails if the address or the name is invalid, or if there were too many mails
/// ([`SignUpError::TooOften`]).
pub fn ask(
    transaction: &mut Transaction<'_>,
    email: &str,
    name: &SignUpName,
    public_url: &str,
) -> Result<()> {
    let email = checked_address("email", email)?;
    let email = email.as_str();
    let name = name.read(email)?;
    let now = transaction.now();
    if sign_ups::count_since(transaction, email, now.minus_hours(1))? >= MOST_IN_AN_HOUR {
        return Err(SignUpError::TooOften.into());
    }
    let secret = token::generate(token::SIGN_UP)?;
    let expires_at = now.plus(VALID);
    let new = NewSignUp { email, name: name.as_ref(), hash: token::hash(&secret), expires_at };
    sign_ups::insert(transaction, &new, now)?;
    let letter = if users::is_proved(transaction, email)? {
        known_letter(email)
    } else {
        confirmation_letter(email, &format!("{public_url}/sign-up?token={secret}"))
    };
    Ok(outbox::insert(transaction, None, email, &letter, now)?)
}

/// Splits a name at the first space into given and family name.
fn parts_of(name: &str, email: &str) -> (String, String) {
    match name.split_once(char::is_whitespace) {
        Some((given, family)) => (given.to_owned(), family.trim().to_owned()),
        None => (name.to_owned(), address::placeholder_name(email).1),
    }
}

fn confirmation_letter(email: &str, url: &str) -> Letter {
    Letter::new("Confirm your address")
        .paragraph(format!("Somebody signs up to Insomnia with the address {email}."))
        .link("Confirm the address", url)
        .paragraph("The link works once, within 24 hours. If it was not you, do nothing.")
}

fn known_letter(email: &str) -> Letter {
    Letter::new("You have an Insomnia account")
        .paragraph(format!(
            "Somebody signs up to Insomnia with the address {email}, which has an account already."
        ))
        .paragraph("If it was you, sign in with it. If not, do nothing.")
        .page("Sign in", "/sign-in")
}

/// The destination of a confirmed sign-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The account that captures the person, if one does.
    pub enterprise: Option<AccountPk>,
    /// The confirmed address.
    pub email: String,
}

/// Returns the current destination of the sign-up with this token.
///
/// # Errors
/// Fails with [`SignUpError::NoSuchLink`] if the link is not valid.
pub fn destination(conn: &mut Conn, secret: &str, now: Timestamp) -> Result<Destination> {
    let sign_up = open(conn, secret, now)?;
    let entry = entry_rule(conn, &sign_up.email, now)?;
    let enterprise = entry.enterprise.filter(|_| entry.admission == Admission::Captured);
    Ok(Destination { enterprise, email: sign_up.email })
}

fn open(conn: &mut Conn, secret: &str, now: Timestamp) -> Result<SignUpRow> {
    let hash = token::hash(secret);
    let found = sign_ups::by_hash(conn, &hash)?;
    let valid = |row: &SignUpRow| bool::from(row.hash.ct_eq(&hash)) && now < row.expires_at;
    Ok(found.filter(valid).ok_or(SignUpError::NoSuchLink)?)
}

/// A person who has confirmed the sign-up.
#[derive(Clone, Debug, JsonSchema, PartialEq, Eq, Serialize)]
#[schemars(rename = "ConfirmedSignUp")]
pub struct SignedUp {
    /// The person's id, `acct_…`; it is not the id of a member.
    pub user_id: String,
    /// The address that the person has proved by the link.
    pub email: String,
    /// The id of the account that the person is a member of now: the one whose domain captured the
    /// sign-up, or else one of their own; null if an account has invited or added the person.
    pub account_id: Option<String>,
    /// The id of the member that the person is in that account; null if in none.
    pub member_id: Option<String>,
    /// The role of that member: `owner` in an account of their own; null if in none.
    pub role: Option<Role>,
}

/// Creates the person, and makes them a member of the account that captures the domain, or the owner
/// of an account of their own. After a refusal nothing has changed and the link still works.
///
/// # Errors
/// Fails with [`SignUpError`], for example if the domain is locked or the capturing account has no
/// free seat.
pub fn confirm(
    transaction: &mut Transaction<'_>,
    secret: &str,
    destination: &Destination,
) -> Result<SignedUp> {
    let now = transaction.now();
    let sign_up = open(transaction, secret, now)?;
    let email = sign_up.email.as_str();
    if users::is_proved(transaction, email)? {
        return Err(SignUpError::Known(email.to_owned()).into());
    }
    let entry = entry_rule(transaction, email, now)?;
    let capturing = entry.enterprise.filter(|_| entry.admission == Admission::Captured);
    let domain = DomainName::stored(entry.domain).to_string();
    if entry.admission == Admission::Refused {
        return Err(SignUpError::Locked(domain).into());
    }
    // The transaction holds the lock of the account that was read before; the seats of any other
    // account could change concurrently.
    if capturing != destination.enterprise {
        return Err(SignUpError::Moved.into());
    }
    if !sign_ups::take(transaction, sign_up.pk)? {
        return Err(SignUpError::NoSuchLink.into());
    }
    sign_ups::forget_address(transaction, email)?;
    let name = sign_up.given_name.zip(sign_up.family_name);
    let name = name.unwrap_or_else(|| address::placeholder_name(email));
    let person = users::prove(transaction, email, Proof::Link, now)?;
    users::sign_up(transaction, person.pk, &format!("{} {}", name.0, name.1), now)?;
    let joined = match capturing {
        Some(enterprise) => {
            let member = capture(transaction, enterprise, email, name, &domain)?;
            claims::claim(transaction, &member, &person, Basis::Domain)?;
            Some((enterprises::get(transaction, enterprise)?.id, member))
        }
        None => own_accounts::make_for_newcomer(transaction, &person, name)?
            .map(|made| (made.account.id, made.owner)),
    };
    let (account_id, member) = joined.unzip();
    Ok(SignedUp {
        user_id: person.id,
        email: email.to_owned(),
        account_id,
        role: member.as_ref().map(|member| member.role),
        member_id: member.map(|member| member.id),
    })
}

/// Refuses a person without an invitation if the domain of the address is locked (docs/domain.md
/// §5). Checked at every sign-in.
///
/// # Errors
/// Fails with [`SignUpError::Locked`] in that case.
pub fn refuse_locked_out(conn: &mut Conn, email: &str, now: Timestamp) -> Result<()> {
    let entry = entry_rule(conn, email, now)?;
    match entry.admission {
        Admission::Refused => {
            Err(SignUpError::Locked(DomainName::stored(entry.domain).to_string()).into())
        }
        _ => Ok(()),
    }
}

/// Makes an unknown person, for whom the account's identity provider vouches, a member of the
/// account if the domain captures newcomers.
///
/// # Errors
/// Fails if the account has no free seat ([`SignUpError::NoSeat`]).
pub fn capture_newcomer(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    email: &str,
) -> Result<Option<MemberRow>> {
    let now = transaction.now();
    let entry = entry_rule(transaction, email, now)?;
    if entry.enterprise != Some(enterprise) || entry.admission != Admission::Captured {
        return Ok(None);
    }
    let domain = DomainName::stored(entry.domain).to_string();
    let name = address::placeholder_name(email);
    capture(transaction, enterprise, email, name, &domain).map(Some)
}

fn capture(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    email: &str,
    name: (String, String),
    domain: &str,
) -> Result<MemberRow> {
    let added = members::add(transaction, enterprise, email, Some(name), Role::Member);
    let added = added.map_err(|error| match error {
        AdministrationError::NoFreeSeat(_) => SignUpError::NoSeat(domain.to_owned()).into(),
        other => other,
    })?;
    let now = transaction.now();
    member_lists::note_captured(transaction, &added.member, now)?;
    let change = Change::made(
        "member.captured",
        Target::new("member", added.member.id.clone(), email),
        json!({"email": email, "domain": domain, "role": Role::Member}),
    );
    audit::record(transaction, enterprise, &change)?;
    Ok(added.member)
}
