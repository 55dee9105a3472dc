//! Sign-ins through a connection, for both protocols: begun, answered once, finished.
//!
//! [`begin`] binds a sign-in to a browser and to the handle that will come back. [`expected`] and
//! [`take`] return it once, to the same browser. Between them and [`finish`], the protocol's
//! validation decides who it is. A sign-in that the identity provider initiates (SAML) has only the
//! second half: [`of_connection`] and [`finish`].

use subtle::ConstantTimeEq;

use super::{SsoError, arrivals, switching};
use crate::administration::AdministrationError;
use crate::administration::second_proof::{self, Again};
use crate::administration::sessions::{self, Opened, SignIn};
use crate::enterprise::secret::Keyring;
use crate::enterprise::sso::{LOGIN_LASTS, Settings, SignedInBy, speaks_for};
use crate::enterprise::{AccountPk, SessionPk, Timestamp, token};
use crate::store::sso_connections::{self as stored, Connection};
use crate::store::sso_logins::{self, LoginRow, NewLogin};
use crate::store::{Conn, Transaction};

type Result<T> = std::result::Result<T, AdministrationError>;

/// The settings that a sign-in uses: those in use, or the draft that is tried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInMethod {
    /// The connection that is signed in through.
    pub connection: Connection,
    /// The settings, of the connection or of its draft.
    pub settings: Settings,
    /// The revision of the draft that is tried out; `None` for an ordinary sign-in.
    pub trial: Option<i64>,
    /// The id of the owner who made the link of the trial, if an owner did.
    trial_by: Option<String>,
    /// The session that the sign-in is to prove, in place of opening one.
    proving: Option<SessionPk>,
    sealed: Option<Vec<u8>>,
}

impl SignInMethod {
    fn in_use(connection: Connection, now: Timestamp) -> Result<Self> {
        let settings = connection.settings()?.filter(|_| connection.binds(now));
        let Some(settings) = settings else {
            return Err(SsoError::NotOn(connection.domain).into());
        };
        let sealed = connection.row.secret.clone();
        Ok(Self { connection, settings, trial: None, trial_by: None, proving: None, sealed })
    }

    fn tried(connection: Connection) -> Result<Self> {
        let settings = connection.draft()?.ok_or(SsoError::Changed)?;
        let (trial, sealed) = (Some(connection.row.revision), connection.row.draft_secret.clone());
        let trial_by = connection.row.trial_by.clone();
        Ok(Self { connection, settings, trial, trial_by, proving: None, sealed })
    }

    /// Makes it a way to prove this session again: the identity provider lets the person sign in anew.
    #[must_use]
    pub fn proving(self, session: SessionPk) -> Self {
        Self { proving: Some(session), ..self }
    }

    /// Returns `true` if the person has to sign in anew at the identity provider.
    pub const fn is_anew(&self) -> bool {
        self.proving.is_some()
    }

    /// Returns the connection's account.
    pub const fn enterprise(&self) -> AccountPk {
        self.connection.row.enterprise_pk
    }

    /// Decrypts the client secret.
    ///
    /// # Errors
    /// Fails with [`SsoError::NoSecretKey`] if the server has no key, or with
    /// [`SsoError::SecretLost`] if the key does not open the secret.
    pub fn secret(&self, key: Option<&Keyring>) -> Result<Option<String>> {
        let Some(sealed) = &self.sealed else { return Ok(None) };
        let key = key.ok_or(SsoError::NoSecretKey)?;
        Ok(Some(key.open(sealed, &self.connection.row.id).map_err(SsoError::from)?))
    }
}

/// Returns how users of this domain sign in.
///
/// # Errors
/// Fails with [`SsoError::NotOn`] if single sign-on is off for the domain.
pub fn of_domain(conn: &mut Conn, domain: &str, now: Timestamp) -> Result<SignInMethod> {
    match stored::of_domain(conn, domain)? {
        Some(connection) => SignInMethod::in_use(connection, now),
        None => Err(SsoError::NotOn(domain.to_owned()).into()),
    }
}

/// Returns how users sign in through the connection with this id.
///
/// # Errors
/// Fails with [`SsoError::NotOn`] if the connection does not exist or is off.
pub fn of_connection(conn: &mut Conn, id: &str, now: Timestamp) -> Result<SignInMethod> {
    match stored::by_public_id(conn, id)? {
        Some(connection) => SignInMethod::in_use(connection, now),
        None => Err(SsoError::NotOn(id.to_owned()).into()),
    }
}

/// Returns the draft that a link tries out.
///
/// # Errors
/// Fails with [`SsoError::TrialUnknown`] if the link is not valid.
pub fn of_trial(conn: &mut Conn, link: &str, now: Timestamp) -> Result<SignInMethod> {
    let connection = stored::by_trial(conn, &token::hash(link))?
        .filter(|connection| connection.row.trial_expires_at.is_some_and(|end| now < end))
        .ok_or(SsoError::TrialUnknown)?;
    SignInMethod::tried(connection)
}

/// Stores a sign-in that begins. `handle` is the value that the identity provider will send back,
/// `browser` the secret in the browser's cookie.
pub fn begin(
    transaction: &mut Transaction<'_>,
    way: &SignInMethod,
    handle: &str,
    browser: &str,
    return_to: &str,
) -> Result<()> {
    let login = NewLogin {
        connection: way.connection.row.pk,
        handle: token::hash(handle),
        browser: token::hash(browser),
        revision: way.trial,
        trial_by: way.trial_by.as_deref(),
        session: way.proving,
        return_to,
        expires_at: transaction.now().plus_millis(LOGIN_LASTS),
    };
    Ok(sso_logins::insert(transaction, &login)?)
}

/// Returns the sign-in that an answer belongs to, if this browser began it and it has not expired.
///
/// # Errors
/// Fails with [`SsoError::LoginUnknown`], whatever is wrong.
pub fn expected(conn: &mut Conn, handle: &str, browser: &str, now: Timestamp) -> Result<LoginRow> {
    let hash = token::hash(browser);
    let login = sso_logins::find(conn, &token::hash(handle))?
        .filter(|login| bool::from(login.browser_hash.ct_eq(&hash)) && now < login.expires_at)
        .ok_or(SsoError::LoginUnknown)?;
    Ok(login)
}

/// Takes the sign-in out of the database, so that it can be answered only once, even by an invalid
/// answer.
///
/// # Errors
/// Fails if a concurrent answer took it first, or if the connection was changed in the meantime.
pub fn take(transaction: &mut Transaction<'_>, login: &LoginRow) -> Result<SignInMethod> {
    if !sso_logins::take(transaction, login.pk)? {
        return Err(SsoError::LoginUnknown.into());
    }
    let connection = stored::by_pk(transaction, login.enterprise_pk, login.connection_pk)?
        .ok_or(SsoError::Changed)?;
    let way = current(connection, login.revision, transaction.now())?;
    Ok(SignInMethod { trial_by: login.trial_by.clone(), proving: login.session_pk, ..way })
}

fn current(connection: Connection, trial: Option<i64>, now: Timestamp) -> Result<SignInMethod> {
    match trial {
        None => SignInMethod::in_use(connection, now),
        Some(revision) if revision == connection.row.revision => SignInMethod::tried(connection),
        Some(_) => Err(SsoError::Changed.into()),
    }
}

/// The identity provider's own identifier of a person, which stays when the address changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The issuer (OpenID Connect) or the entity id (SAML).
    pub issuer: String,
    /// The `sub` claim or the NameID.
    pub name: String,
}

/// The validated answer of an identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The email address of the person.
    pub email: String,
    /// The person's subject; `None` if the identity provider sends no lasting one (SAML without a
    /// NameID, or with a transient one).
    pub subject: Option<Subject>,
    /// Whether the address is the NameID, because the attribute `email` was not sent.
    pub by_name_id: bool,
    /// A value that must not be used twice, and how long it must be remembered: the id of a SAML
    /// assertion. An OIDC code needs none: its provider accepts it only once, and the nonce binds
    /// it to the sign-in.
    pub once: Option<(String, Timestamp)>,
}

/// The result of a sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finished {
    /// The draft works. It is in use now, or waits for an owner.
    Verified(Box<Connection>),
    /// A session was opened.
    SignedIn(Box<Opened>),
    /// The session that the sign-in was begun in is fresh now.
    Proved,
    /// Another person than that of the session signed in, with this address.
    OtherPerson(String),
    /// The identity provider gives this address another subject than before, which waits for an
    /// administrator's confirmation.
    OtherIdentity(String),
}

/// Finishes a sign-in: verifies the draft that is tried out, or opens a session.
///
/// # Errors
/// Fails with [`SsoError`] if the connection was changed, the address is not in its domain, the
/// answer was used before, or the person has no access.
pub fn finish(
    transaction: &mut Transaction<'_>,
    way: &SignInMethod,
    answer: &Answer,
) -> Result<Finished> {
    let SignInMethod { connection, trial, trial_by, proving, .. } = way;
    let connection = stored::by_pk(transaction, way.enterprise(), connection.row.pk)?
        .ok_or(SsoError::Changed)?;
    let way = current(connection, *trial, transaction.now())?;
    let (connection, email) = (&way.connection, answer.email.trim());
    if !speaks_for(&connection.domain, email) {
        let (email, domain) = (email.to_owned(), connection.domain.clone());
        return Err(SsoError::OtherDomain { email, domain }.into());
    }
    if let Some((id, until)) = &answer.once
        && !sso_logins::spend(transaction, connection.row.pk, &token::hash(id), *until)?
    {
        return Err(SsoError::Replayed.into());
    }
    if trial.is_some() {
        let verified = switching::verified(transaction, connection, trial_by.as_deref())?;
        return Ok(Finished::Verified(Box::new(verified)));
    }
    let Some((person, member)) = arrivals::arrive(transaction, &way, answer)? else {
        return Ok(Finished::OtherIdentity(email.to_owned()));
    };
    if let Some(session) = proving {
        match second_proof::by_sso(transaction, *session, &person, way.enterprise())? {
            Again::Proved => return Ok(Finished::Proved),
            Again::OtherPerson => return Ok(Finished::OtherPerson(email.to_owned())),
            Again::Ended => {}
        }
    }
    let sign_in = SignIn {
        person,
        email: email.to_owned(),
        by: SignedInBy::Sso,
        through: Some(way.enterprise()),
    };
    let opened = sessions::open(transaction, &sign_in, member.as_ref())?;
    Ok(Finished::SignedIn(Box::new(opened)))
}

/// The maximum length in characters of a stored failure.
const LONGEST_FAILURE: usize = 500;

/// Stores why a sign-in failed, for the administrator.
pub fn fail(transaction: &mut Transaction<'_>, way: &SignInMethod, text: &str) -> Result<()> {
    let text: String = text.chars().filter(|one| *one != '\0').take(LONGEST_FAILURE).collect();
    let now = transaction.now();
    Ok(stored::note_failure(transaction, way.connection.row.pk, &text, now)?)
}
