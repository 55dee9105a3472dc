//! The second proof: the person of a session proves again who they are, in the way in which they
//! signed in, before something that a stolen session must not do (`permissions::freshness`). The
//! session stays the same.

use serde_json::json;

use super::sessions::Current;
use super::{AdministrationError, Class, Refusal, sign_in};
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::letter::Letter;
use crate::enterprise::permissions::FRESH_FOR;
use crate::enterprise::sso::{LINK_LASTS, LINKS_AN_HOUR, SignedInBy, return_path};
use crate::enterprise::{AccountPk, SessionPk, Timestamp, token};
use crate::store::sessions::{self, SessionRow};
use crate::store::users::{self, PersonRow};
use crate::store::{Conn, Transaction, audit, outbox, session_proofs};

type Result<T> = std::result::Result<T, AdministrationError>;

/// Why a second proof is needed, or was not given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The session is not fresh.
    #[error(
        "This needs a proof of who you are that is not older than {minutes} minutes. {}",
        how(*.0),
        minutes = FRESH_FOR / 60_000
    )]
    Stale(SignedInBy),
    /// The session began in a way that has no links by mail.
    #[error("You did not sign in by mail. {}", how(*.0))]
    NotByMail(SignedInBy),
    /// The link is not valid.
    #[error(
        "This link is not valid: it works once, for 15 minutes, in the session that asked for it. \
         Ask for a new one."
    )]
    LinkUnknown,
    /// The session asked for too many links.
    #[error(
        "{LINKS_AN_HOUR} links were asked for in this session within an hour. Use the newest one, \
         or try again later."
    )]
    TooManyLinks,
}

/// Returns how to prove again who one is.
const fn how(by: SignedInBy) -> &'static str {
    match by {
        SignedInBy::Mail => {
            "POST /api/v1/session/proof sends you a link by mail: open it in the browser in which you \
             are signed in, or send what it ends with to POST /api/v1/session/proof/confirm. Then \
             repeat the request."
        }
        SignedInBy::Sso => {
            "Open /sso/again in the browser in which you are signed in: it leads to your identity \
             provider and back. Then repeat the request."
        }
        SignedInBy::Recovery => {
            "Sign in again with another recovery link, then repeat the request."
        }
    }
}

impl Refusal for ProofError {
    fn class(&self) -> Class {
        match self {
            Self::Stale(_) => Class::Forbidden,
            Self::NotByMail(_) => Class::Conflict,
            Self::LinkUnknown => Class::NotFound,
            Self::TooManyLinks => Class::TooMany,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Stale(_) => "sign-in-again",
            Self::NotByMail(_) => "not-by-mail",
            Self::LinkUnknown => "link-unknown",
            Self::TooManyLinks => "too-many-links",
        }
    }

    fn retry_after(&self) -> u64 {
        LINK_LASTS.unsigned_abs() / 1000
    }

    fn is_wrong_secret(&self) -> bool {
        matches!(self, Self::LinkUnknown)
    }
}

/// Checks that a session is fresh.
///
/// # Errors
/// Fails with [`ProofError::Stale`] if it is not.
pub fn require(session: &SessionRow, now: Timestamp) -> Result<()> {
    if now < session.fresh_until() {
        Ok(())
    } else {
        Err(ProofError::Stale(session.signed_in_by).into())
    }
}

/// Sends a link to the address that the session was opened with. The path to return to is where the
/// page of the link leads.
///
/// # Errors
/// Fails if the session did not begin by mail, if the domain of the address requires single sign-on
/// by now, or if there were too many requests.
pub fn ask(
    transaction: &mut Transaction<'_>,
    current: &Current,
    return_to: Option<&str>,
    public_url: &str,
) -> Result<()> {
    let Current { session, person, .. } = current;
    if session.signed_in_by != SignedInBy::Mail {
        return Err(ProofError::NotByMail(session.signed_in_by).into());
    }
    let now = transaction.now();
    let email = users::addresses(transaction, person.pk)?
        .into_iter()
        .find(|proved| proved.email_key == session.email_key)
        .map_or_else(|| person.email.clone(), |proved| proved.email);
    sign_in::refuse_where_sso_binds(transaction, &email, Some(person), now)?;
    if session_proofs::count(transaction, session.pk, now.minus_hours(1))? >= LINKS_AN_HOUR {
        return Err(ProofError::TooManyLinks.into());
    }
    let secret = token::generate("")?;
    let (hash, until) = (token::hash(&secret), now.plus_millis(LINK_LASTS));
    let path = return_path(return_to);
    session_proofs::insert(transaction, &hash, session.pk, path, (now, until))?;
    let letter = letter(&format!("{public_url}/sign-in-again/{secret}"));
    Ok(outbox::insert(transaction, None, &email, &letter, now)?)
}

fn letter(url: &str) -> Letter {
    Letter::new("Confirm that it is you")
        .paragraph(
            "Somebody who is signed in with this address, probably you, is about to do something that \
             needs a fresh proof: to make a secret, to give an organization away, to downgrade, or to \
             switch single sign-on on.",
        )
        .link("Confirm that it is you", url)
        .paragraph("The link works once, for 15 minutes, in the browser that asked for it.")
        .paragraph(
            "If it was not you, somebody else has your session: sign in and end all other sessions.",
        )
}

/// Returns where the link with this secret leads, if it is this session's.
///
/// # Errors
/// Fails with [`ProofError::LinkUnknown`] if it is not valid.
pub fn look(conn: &mut Conn, session: &SessionRow, secret: &str, now: Timestamp) -> Result<String> {
    let found = session_proofs::find(conn, &token::hash(secret), session.pk, now)?;
    Ok(found.ok_or(ProofError::LinkUnknown)?)
}

/// Uses a link up: the session is fresh from now on. Returns where to go.
///
/// # Errors
/// Fails as [`look`] does.
pub fn confirm(
    transaction: &mut Transaction<'_>,
    current: &Current,
    secret: &str,
) -> Result<String> {
    let now = transaction.now();
    let return_to = look(transaction, &current.session, secret, now)?;
    session_proofs::spend(transaction, current.session.pk, now)?;
    prove(transaction, &current.session, current.account())?;
    Ok(return_to)
}

/// What a sign-in at the identity provider, begun in a session, says of that session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// The same person: the session is fresh.
    Proved,
    /// Another person signed in.
    OtherPerson,
    /// The session has ended meanwhile.
    Ended,
}

/// Proves a session by a sign-in of this person through the account's single sign-on.
pub fn by_sso(
    transaction: &mut Transaction<'_>,
    session: SessionPk,
    person: &PersonRow,
    account: AccountPk,
) -> Result<Again> {
    let Some(row) = sessions::by_pk(transaction, session)? else { return Ok(Again::Ended) };
    if row.user_pk != person.pk || row.confined_to != Some(account) {
        return Ok(Again::OtherPerson);
    }
    prove(transaction, &row, Some(account))?;
    Ok(Again::Proved)
}

fn prove(
    transaction: &mut Transaction<'_>,
    session: &SessionRow,
    account: Option<AccountPk>,
) -> Result<()> {
    let now = transaction.now();
    session_proofs::record(transaction, session.pk, now)?;
    let Some(account) = account else { return Ok(()) };
    let target = Target::new("session", &session.id, session.signed_in_by.as_str());
    let change = Change::made("session.proved", target, json!({"by": session.signed_in_by}));
    Ok(audit::record(transaction, account, &change)?)
}
