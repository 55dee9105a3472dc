//! Sign-ins through a connection, for either protocol: begun, answered once, finished.
//!
//! [`begin`] ties a sign-in to a browser and to what will come back; [`expected`] and [`take`] give
//! it out once, to the same browser; between them and [`finish`] the protocol's own validation
//! decides who it is. A sign-in that the identity provider begins by itself (SAML) has no first
//! half: [`of_connection`] and [`finish`].

use subtle::ConstantTimeEq;

use super::{SsoError, arrivals, switching};
use crate::administration::AdministrationError;
use crate::administration::sessions::{self, Opened, SignIn};
use crate::enterprise::secret::Keyring;
use crate::enterprise::sso::{LOGIN_LASTS, Settings, SignedInBy, speaks_for};
use crate::enterprise::{AccountPk, Timestamp, token};
use crate::store::sso_connections::{self as stored, Connection};
use crate::store::sso_logins::{self, LoginRow, NewLogin};
use crate::store::{Conn, Transaction};

type Result<T> = std::result::Result<T, AdministrationError>;

/// What somebody signs in with: what is in use, or the draft that is tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInMethod {
    /// The connection.
    pub connection: Connection,
    /// The settings.
    pub settings: Settings,
    /// The draft that is tried; none for a sign-in.
    pub trial: Option<i64>,
    /// Id of the owner who made the link by which it is tried, if one did.
    trial_by: Option<String>,
    sealed: Option<Vec<u8>>,
}

impl SignInMethod {
    fn in_use(connection: Connection, now: Timestamp) -> Result<Self> {
        let settings = connection.settings()?.filter(|_| connection.binds(now));
        let Some(settings) = settings else {
            return Err(SsoError::NotOn(connection.domain).into());
        };
        let sealed = connection.row.secret.clone();
        Ok(Self { connection, settings, trial: None, trial_by: None, sealed })
    }

    fn tried(connection: Connection) -> Result<Self> {
        let settings = connection.draft()?.ok_or(SsoError::Changed)?;
        let (trial, sealed) = (Some(connection.row.revision), connection.row.draft_secret.clone());
        let trial_by = connection.row.trial_by.clone();
        Ok(Self { connection, settings, trial, trial_by, sealed })
    }

    /// The connection's account.
    pub const fn enterprise(&self) -> AccountPk {
        self.connection.row.enterprise_pk
    }

    /// The client secret.
    ///
    /// # Errors
    /// [`SsoError::SecretLost`], [`SsoError::NoSecretKey`].
    pub fn secret(&self, key: Option<&Keyring>) -> Result<Option<String>> {
        let Some(sealed) = &self.sealed else { return Ok(None) };
        let key = key.ok_or(SsoError::NoSecretKey)?;
        Ok(Some(key.open(sealed, &self.connection.row.id).map_err(SsoError::from)?))
    }
}

/// How users of this domain sign in.
///
/// # Errors
/// [`SsoError::NotOn`].
pub fn of_domain(conn: &mut Conn, domain: &str, now: Timestamp) -> Result<SignInMethod> {
    match stored::of_domain(conn, domain)? {
        Some(connection) => SignInMethod::in_use(connection, now),
        None => Err(SsoError::NotOn(domain.to_owned()).into()),
    }
}

/// How users sign in by the connection with this id.
///
/// # Errors
/// [`SsoError::NotOn`].
pub fn of_connection(conn: &mut Conn, id: &str, now: Timestamp) -> Result<SignInMethod> {
    match stored::by_public_id(conn, id)? {
        Some(connection) => SignInMethod::in_use(connection, now),
        None => Err(SsoError::NotOn(id.to_owned()).into()),
    }
}

/// The draft that this link tries.
///
/// # Errors
/// [`SsoError::TrialUnknown`].
pub fn of_trial(conn: &mut Conn, link: &str, now: Timestamp) -> Result<SignInMethod> {
    let connection = stored::by_trial(conn, &token::hash(link))?
        .filter(|connection| connection.row.trial_expires_at.is_some_and(|end| now < end))
        .ok_or(SsoError::TrialUnknown)?;
    SignInMethod::tried(connection)
}

/// Keeps a sign-in that begins. `handle` is what the identity provider will send back, `browser` the
/// secret in the browser's cookie.
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
        return_to,
        expires_at: transaction.now().plus_millis(LOGIN_LASTS),
    };
    Ok(sso_logins::insert(transaction, &login)?)
}

/// The sign-in that an answer belongs to, if this browser began it and it is not too late.
///
/// # Errors
/// [`SsoError::LoginUnknown`], whatever is wrong.
pub fn expected(conn: &mut Conn, handle: &str, browser: &str, now: Timestamp) -> Result<LoginRow> {
    let hash = token::hash(browser);
    let login = sso_logins::find(conn, &token::hash(handle))?
        .filter(|login| bool::from(login.browser_hash.ct_eq(&hash)) && now < login.expires_at)
        .ok_or(SsoError::LoginUnknown)?;
    Ok(login)
}

/// Takes the sign-in: it can be answered once only, whatever the answer is worth.
///
/// # Errors
/// Where somebody else was first; where the connection was changed meanwhile.
pub fn take(transaction: &mut Transaction<'_>, login: &LoginRow) -> Result<SignInMethod> {
    if !sso_logins::take(transaction, login.pk)? {
        return Err(SsoError::LoginUnknown.into());
    }
    let connection = stored::by_pk(transaction, login.enterprise_pk, login.connection_pk)?
        .ok_or(SsoError::Changed)?;
    let way = current(connection, login.revision, transaction.now())?;
    Ok(SignInMethod { trial_by: login.trial_by.clone(), ..way })
}

fn current(connection: Connection, trial: Option<i64>, now: Timestamp) -> Result<SignInMethod> {
    match trial {
        None => SignInMethod::in_use(connection, now),
        Some(revision) if revision == connection.row.revision => SignInMethod::tried(connection),
        Some(_) => Err(SsoError::Changed.into()),
    }
}

/// The identity provider's own name for a person, which stays when the address changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Who gives the name: the issuer of OpenID Connect, the entity id of SAML.
    pub issuer: String,
    /// The name: `sub`, or the NameID.
    pub name: String,
}

/// What the identity provider said, after its protocol's validation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Who it is.
    pub email: String,
    /// What the identity provider calls the person; `None` where it gives no name that lasts (SAML
    /// without a NameID, or with a transient one).
    pub subject: Option<Subject>,
    /// The address was taken from the NameID, because the attribute `email` was not sent.
    pub by_name_id: bool,
    /// What must not be used twice, and until when it could be: a SAML assertion's id. An OIDC code
    /// is used up by its provider, and bound to the sign-in by its nonce.
    pub once: Option<(String, Timestamp)>,
}

/// How a sign-in ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finished {
    /// The draft works. It is what users sign in with from now on, or waits for an owner.
    Verified(Box<Connection>),
    /// A session began.
    SignedIn(Box<Opened>),
    /// The identity provider means another user with this address than before; the name that it gives
    /// waits for an administrator.
    OtherIdentity(String),
}

/// Ends a sign-in of somebody of the connection's domain: a draft is verified, or a session begins.
///
/// # Errors
/// [`SsoError`].
pub fn finish(
    transaction: &mut Transaction<'_>,
    way: &SignInMethod,
    answer: &Answer,
) -> Result<Finished> {
    let SignInMethod { connection, trial, trial_by, .. } = way;
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
    let sign_in = SignIn {
        person,
        email: email.to_owned(),
        by: SignedInBy::Sso,
        through: Some(way.enterprise()),
    };
    let opened = sessions::open(transaction, &sign_in, member.as_ref())?;
    Ok(Finished::SignedIn(Box::new(opened)))
}

/// Longest text of a failure that is kept, in characters.
const LONGEST_FAILURE: usize = 500;

/// Keeps why a sign-in did not work, for the administrator.
pub fn fail(transaction: &mut Transaction<'_>, way: &SignInMethod, text: &str) -> Result<()> {
    let text: String = text.chars().filter(|one| *one != '\0').take(LONGEST_FAILURE).collect();
    let now = transaction.now();
    Ok(stored::note_failure(transaction, way.connection.row.pk, &text, now)?)
}
