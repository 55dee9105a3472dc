//! Sessions: who is signed in, as whom, and until when.

use serde_json::json;
use subtle::ConstantTimeEq;

use super::{AdministrationError, Class, Page, Refusal, recovery, sign_in, sign_up};
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::permissions::{Bound, Credential, Power, reaches};
use crate::enterprise::sso::{SESSION_LASTS, SignedInBy, is_session_good};
use crate::enterprise::{AccountPk, PersonPk, Timestamp, token};
use crate::store::admin_tokens::AdminRow;
use crate::store::sessions::{self as stored, Membership, NewSession, SessionRow};
use crate::store::users::PersonRow;
use crate::store::{Conn, Transaction, activity, audit};

type Result<T> = std::result::Result<T, AdministrationError>;

/// Accounts of one person that are looked at.
const MOST_ACCOUNTS: i64 = 100;

/// Why a session does not do that.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// Not a member there, or not active.
    #[error("You are no active member of the account \"{0}\".")]
    NotYourAccount(String),
    /// Single sign-on or a recovery link of one account says nothing in another.
    #[error(
        "This session was opened through another account (its single sign-on, or a recovery link), \
         and acts in that account only. Sign in by mail, or by the single sign-on of \"{0}\", to act \
         there."
    )]
    Confined(String),
}

impl Refusal for SessionError {
    fn class(&self) -> Class {
        Class::Forbidden
    }

    fn word(&self) -> &'static str {
        match self {
            Self::NotYourAccount(_) => "not-your-account",
            Self::Confined(_) => "session-confined",
        }
    }
}

/// A session that just began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// What it is known by. It is told to nobody else.
    pub secret: String,
    /// The session.
    pub session: SessionRow,
}

/// How somebody signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Who.
    pub person: PersonRow,
    /// The address that they showed.
    pub email: String,
    /// By what.
    pub by: SignedInBy,
    /// The account whose single sign-on or recovery link it is.
    pub through: Option<AccountPk>,
}

/// Opens a session that acts as this member; as none where the person has not chosen, or is a member
/// of no account and reaches no Enterprise data (DOMAIN.md §4).
///
/// # Errors
/// That the domain is locked for them; the database's.
pub fn open(
    transaction: &mut Transaction<'_>,
    sign_in: &SignIn,
    chosen: Option<&Membership>,
) -> Result<Opened> {
    let (now, person) = (transaction.now(), &sign_in.person);
    sign_up::refuse_locked_out(transaction, &sign_in.email, now)?;
    let secret = token::generate(token::SESSION)?;
    let bound = reaches(Credential::session(sign_in.by), Power::Session);
    let confined_to = sign_in.through.filter(|_| bound != Some(Bound::Person));
    let new = NewSession {
        user: person.pk,
        member: chosen.map(|membership| membership.member_pk),
        signed_in_by: sign_in.by,
        email_key: crate::enterprise::address::key(&sign_in.email),
        confined_to,
        expires_at: now.plus_millis(SESSION_LASTS),
    };
    let session = stored::insert(transaction, &token::hash(&secret), &new, now)?;
    if let Some(membership) = chosen {
        activity::touch(transaction, membership.enterprise_pk, membership.member_pk, now)?;
    }
    // Who is no member is signed in at the account whose identity provider vouched for them.
    let account = chosen.map(|membership| membership.enterprise_pk).or(sign_in.through);
    if let Some(account) = account {
        let after = json!({
            "session": session.id,
            "signed_in_by": session.signed_in_by,
            "expires_at": session.expires_at.to_rfc3339(),
        });
        let change = Change::made("session.started", target(person, chosen), after);
        audit::record(transaction, account, &change)?;
    }
    Ok(Opened { secret, session })
}

fn target(person: &PersonRow, membership: Option<&Membership>) -> Target {
    match membership {
        Some(membership) => Target::new("member", &membership.member_id, &person.email),
        None => Target::new("user", &person.id, &person.email),
    }
}

/// A session that is good now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Current {
    /// The session.
    pub session: SessionRow,
    /// Whose it is.
    pub person: PersonRow,
    /// The member that they act as.
    pub member: Option<AdminRow>,
}

impl Current {
    /// The account that they act in.
    pub fn account(&self) -> Option<AccountPk> {
        self.member.as_ref().map(|member| member.enterprise_pk)
    }
}

/// The session with this secret, if it is good. One whose member is active no more is not.
pub fn current(conn: &mut Conn, hash: &[u8; 32], now: Timestamp) -> Result<Option<Current>> {
    let found = stored::find(conn, hash)?.filter(|(session, _)| {
        bool::from(session.hash.ct_eq(hash))
            && is_session_good(session.last_seen_at, session.expires_at, now)
    });
    let Some((session, person)) = found else { return Ok(None) };
    let member = stored::administrator(conn, &session)?
        .filter(|member| member.active && recovery::lets_act(&session, member));
    let signed_out = session.member_pk.is_some() && member.is_none();
    Ok((!signed_out).then_some(Current { session, person, member }))
}

/// Accounts in which a person is an active member.
pub fn accounts(conn: &mut Conn, user: PersonPk) -> Result<Vec<Membership>> {
    Ok(stored::memberships(conn, user, MOST_ACCOUNTS)?)
}

/// Accounts in which this session can act: of a session that single sign-on opened, that account.
pub fn accounts_of(conn: &mut Conn, session: &SessionRow) -> Result<Vec<Membership>> {
    let mut all = accounts(conn, session.user_pk)?;
    if let Some(own) = session.confined_to {
        all.retain(|membership| membership.enterprise_pk == own);
    }
    Ok(all)
}

/// The account with this id, as one in which this session may act.
///
/// # Errors
/// [`SessionError`]; that the account asks for single sign-on.
pub fn choice(
    conn: &mut Conn,
    session: &SessionRow,
    account: &str,
    now: Timestamp,
) -> Result<Membership> {
    let chosen = accounts(conn, session.user_pk)?
        .into_iter()
        .find(|membership| membership.account_id == account)
        .ok_or_else(|| SessionError::NotYourAccount(account.to_owned()))?;
    if session.confined_to.is_some_and(|own| own != chosen.enterprise_pk) {
        return Err(SessionError::Confined(chosen.account_name).into());
    }
    if session.signed_in_by == SignedInBy::Mail {
        sign_in::refuse_bound(conn, &chosen, now)?;
    }
    Ok(chosen)
}

/// Lets a session act in another account of the person's. The transaction is of that account.
///
/// # Errors
/// As for [`choice`].
pub fn choose(
    transaction: &mut Transaction<'_>,
    session: &SessionRow,
    account: &str,
) -> Result<Membership> {
    let now = transaction.now();
    let chosen = choice(transaction, session, account, now)?;
    stored::act_as(transaction, session.pk, chosen.member_pk)?;
    Ok(chosen)
}

/// Sessions of this session's person that are good, in order of creation: all of them, or of a
/// session that single sign-on opened those of the same account.
pub fn list(
    conn: &mut Conn,
    session: &SessionRow,
    after: i64,
    limit: i64,
    now: Timestamp,
) -> Result<Page<SessionRow>> {
    let of = (session.user_pk, session.confined_to);
    let rows = stored::of_user(conn, of, after, limit + 1, now)?;
    Ok(Page::of(rows, limit, |row| row.pk.0))
}

/// Ends a session of this session's person, of those that [`list`] shows.
///
/// # Errors
/// Where they have no such session.
pub fn revoke(transaction: &mut Transaction<'_>, current: &Current, id: &str) -> Result<()> {
    let of = (current.session.user_pk, current.session.confined_to);
    let ended = stored::delete(transaction, of, id)?
        .ok_or_else(|| AdministrationError::NotFound { kind: "The session", id: id.to_owned() })?;
    match current.account() {
        Some(account) => record_end(transaction, account, "session.revoked", &ended),
        None => Ok(()),
    }
}

/// Signs somebody out of this session.
pub fn sign_out(transaction: &mut Transaction<'_>, current: &Current) -> Result<()> {
    let session = &current.session;
    let ended = stored::delete(transaction, (session.user_pk, None), &session.id)?;
    match (ended, current.account()) {
        (Some(ended), Some(account)) => record_end(transaction, account, "session.ended", &ended),
        _ => Ok(()),
    }
}

fn record_end(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    action: &'static str,
    session: &SessionRow,
) -> Result<()> {
    let before = json!({"signed_in_by": session.signed_in_by});
    let target = Target::new("session", &session.id, session.signed_in_by.as_str());
    Ok(audit::record(transaction, enterprise, &Change::ended(action, target, before))?)
}
