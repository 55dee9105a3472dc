//! Sessions: their start and end, and the account that they act in.

use serde_json::json;
use subtle::ConstantTimeEq;

use super::{AdministrationError, Class, Page, Refusal, recovery, sign_in, sign_up};
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::permissions::{Bound, Credential, Power, reaches};
use crate::enterprise::plan::Plan;
use crate::enterprise::sso::{SESSION_LASTS, SignedInBy, is_session_good};
use crate::enterprise::{AccountPk, PersonPk, Timestamp, token};
use crate::store::admin_tokens::AdminRow;
use crate::store::sessions::{self as stored, Membership, NewSession, SessionRow};
use crate::store::users::PersonRow;
use crate::store::{Conn, Transaction, activity, audit, plans};

type Result<T> = std::result::Result<T, AdministrationError>;

/// The maximum number of accounts read for one person.
const MOST_ACCOUNTS: i64 = 100;

/// Why a session may not act in an account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// The person is not an active member of the account.
    #[error("You are not an active member of the account \"{0}\".")]
    NotYourAccount(String),
    /// The session is confined to another account, because it began with that account's single
    /// sign-on or recovery link.
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

/// A new session with its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The session's secret; only its hash is stored.
    pub secret: String,
    /// The session as stored.
    pub session: SessionRow,
}

/// A completed authentication, for which a session can be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// The person who signs in.
    pub person: PersonRow,
    /// The address that they signed in with.
    pub email: String,
    /// The method of authentication.
    pub by: SignedInBy,
    /// The account whose single sign-on or recovery link was used, if any.
    pub through: Option<AccountPk>,
}

/// Opens a session that acts as this member. Without a member the person has yet to choose an
/// account, or is a member of none and has no access to Enterprise data (docs/domain.md §4).
///
/// # Errors
/// Fails if the domain of the address is locked for the person.
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
    // A session of a person who is not a member is audited in the account whose identity provider
    // signed them in.
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

/// A valid session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Current {
    /// The session as stored.
    pub session: SessionRow,
    /// The person who is signed in.
    pub person: PersonRow,
    /// The member that the person acts as, if any.
    pub member: Option<AdminRow>,
}

impl Current {
    /// Returns the account that the session acts in.
    pub fn account(&self) -> Option<AccountPk> {
        self.member.as_ref().map(|member| member.enterprise_pk)
    }
}

/// Returns the session with this secret's hash if it is valid. A session is not valid while its
/// member is deactivated.
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

/// Returns the accounts in which a person is an active member.
pub fn accounts(conn: &mut Conn, user: PersonPk) -> Result<Vec<Membership>> {
    Ok(stored::memberships(conn, user, MOST_ACCOUNTS)?)
}

/// Returns the accounts in which a session may act: only one if it is confined.
pub fn accounts_of(conn: &mut Conn, session: &SessionRow) -> Result<Vec<Membership>> {
    let mut all = accounts(conn, session.user_pk)?;
    if let Some(own) = session.confined_to {
        all.retain(|membership| membership.enterprise_pk == own);
    }
    Ok(all)
}

/// An account in which a session may act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The account, and the member that the person is there.
    pub membership: Membership,
    /// The account's plan.
    pub plan: Plan,
    /// Whether the plan has not ended.
    pub is_active: bool,
}

/// Returns the accounts of [`accounts_of`] with their plans.
pub fn choices(conn: &mut Conn, session: &SessionRow, now: Timestamp) -> Result<Vec<Choice>> {
    let mut choices = Vec::new();
    for membership in accounts_of(conn, session)? {
        let row = plans::get(conn, membership.enterprise_pk)?;
        choices.push(Choice { membership, plan: row.plan, is_active: row.is_active(now) });
    }
    Ok(choices)
}

/// Returns the account with this id if the session may act in it.
///
/// # Errors
/// Fails with [`SessionError`] if the person is not an active member or the session is confined to
/// another account, or if the account requires single sign-on.
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

/// Switches the session to another account of the person. The transaction is that account's.
///
/// # Errors
/// Fails like [`choice`].
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

/// Lists valid sessions of the session's person in order of creation. A confined session sees only
/// those that are confined to the same account.
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

/// Revokes one of the sessions that [`list`] returns.
///
/// # Errors
/// Fails if there is no such session.
pub fn revoke(transaction: &mut Transaction<'_>, current: &Current, id: &str) -> Result<()> {
    let of = (current.session.user_pk, current.session.confined_to);
    let ended = stored::delete(transaction, of, id)?
        .ok_or_else(|| AdministrationError::NotFound { kind: "The session", id: id.to_owned() })?;
    match current.account() {
        Some(account) => record_end(transaction, account, "session.revoked", &ended),
        None => Ok(()),
    }
}

/// Ends all sessions that [`list`] returns but the current one, and returns how many they were.
pub fn end_others(transaction: &mut Transaction<'_>, current: &Current) -> Result<usize> {
    let session = &current.session;
    let of = (session.user_pk, session.confined_to);
    let ended = stored::delete_others(transaction, of, session.pk)?;
    if let Some(account) = current.account()
        && ended > 0
    {
        let kept = Target::new("session", &session.id, session.signed_in_by.as_str());
        let change = Change::ended("session.others-ended", kept, json!({"sessions": ended}));
        audit::record(transaction, account, &change)?;
    }
    Ok(ended)
}

/// Ends the current session.
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
