//! Sessions: who is signed in, as whom, and until when.

use serde_json::json;
use subtle::ConstantTimeEq;

use super::{AdministrationError, Class, Page, Refusal, recovery, sign_up};
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::sso::{SESSION_LASTS, SignedInBy, is_session_good};
use crate::enterprise::{Timestamp, token};
use crate::store::admin_tokens::AdminRow;
use crate::store::sessions::{self as stored, Membership, NewSession, PersonRow, SessionRow};
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
    /// A recovery link is for one account.
    #[error(
        "You signed in by a recovery link, which is for its own account only. Sign in to the other \
         account by its own way."
    )]
    RecoveryStays,
}

impl Refusal for SessionError {
    fn class(&self) -> Class {
        Class::Forbidden
    }

    fn word(&self) -> &'static str {
        match self {
            Self::NotYourAccount(_) => "not-your-account",
            Self::RecoveryStays => "recovery-one-account",
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

/// Signs somebody in: into the preferred account if they are a member there, else into the first
/// that they are a member of, else into none, where no Enterprise data is reached (DOMAIN.md §4).
///
/// # Errors
/// That the domain is locked for them; the database's.
pub fn open(
    transaction: &mut Transaction<'_>,
    person: &PersonRow,
    preferred: Option<i64>,
    signed_in_by: SignedInBy,
) -> Result<Opened> {
    let now = transaction.now();
    sign_up::refuse_locked_out(transaction, &person.email, now)?;
    let all = stored::memberships(transaction, person.pk, MOST_ACCOUNTS)?;
    let chosen = all
        .iter()
        .find(|membership| Some(membership.enterprise_pk) == preferred)
        .or_else(|| all.first());
    let secret = token::generate(token::SESSION)?;
    let new = NewSession {
        user: person.pk,
        member: chosen.map(|membership| membership.member_pk),
        signed_in_by,
        expires_at: now.0 + SESSION_LASTS,
    };
    let session = stored::insert(transaction, &token::hash(&secret), &new, now)?;
    if let Some(membership) = chosen {
        activity::touch(transaction, membership.enterprise_pk, membership.member_pk, now)?;
    }
    // Who is nowhere a member is signed in at the account whose identity provider vouched for them.
    if let Some(account) = chosen.map(|membership| membership.enterprise_pk).or(preferred) {
        let after = json!({
            "session": session.id,
            "signed_in_by": session.signed_in_by,
            "expires_at": Timestamp(session.expires_at).to_rfc3339(),
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

/// The session with this secret, if it is good. One whose member is active no more is not.
///
/// # Errors
/// The database's.
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

/// Accounts that a person is an active member of.
///
/// # Errors
/// The database's.
pub fn accounts(conn: &mut Conn, user: i64) -> Result<Vec<Membership>> {
    Ok(stored::memberships(conn, user, MOST_ACCOUNTS)?)
}

/// Lets a session act in another account of the person's; gives the member's row.
///
/// # Errors
/// [`SessionError`].
pub fn choose(
    transaction: &mut Transaction<'_>,
    session: &SessionRow,
    account: &str,
) -> Result<i64> {
    let all = stored::memberships(transaction, session.user_pk, MOST_ACCOUNTS)?;
    let chosen = all
        .iter()
        .find(|membership| membership.account_id == account)
        .ok_or_else(|| SessionError::NotYourAccount(account.to_owned()))?;
    if !recovery::lets_choose(session, chosen.member_pk) {
        return Err(SessionError::RecoveryStays.into());
    }
    stored::act_as(transaction, session.pk, chosen.member_pk)?;
    Ok(chosen.member_pk)
}

/// A person's sessions that are good, in order of creation.
///
/// # Errors
/// The database's.
pub fn list(
    conn: &mut Conn,
    member: i64,
    after: i64,
    limit: i64,
    now: Timestamp,
) -> Result<Page<SessionRow>> {
    let Some(user) = stored::user_of(conn, member)? else {
        return Ok(Page { items: Vec::new(), next: None });
    };
    let rows = stored::of_user(conn, user, after, limit + 1, now)?;
    Ok(Page::of(rows, limit, |row| row.pk))
}

/// Ends a session of the member's person.
///
/// # Errors
/// Where they have no such session.
pub fn revoke(
    transaction: &mut Transaction<'_>,
    enterprise: i64,
    member: i64,
    id: &str,
) -> Result<()> {
    let ended = match stored::user_of(transaction, member)? {
        Some(user) => stored::delete(transaction, user, id)?,
        None => None,
    };
    let Some(ended) = ended else {
        return Err(AdministrationError::NotFound { kind: "The session", id: id.to_owned() });
    };
    record_end(transaction, enterprise, "session.revoked", &ended)
}

/// Signs somebody out of this session.
///
/// # Errors
/// The database's.
pub fn sign_out(
    transaction: &mut Transaction<'_>,
    enterprise: Option<i64>,
    session: &SessionRow,
) -> Result<()> {
    let ended = stored::delete(transaction, session.user_pk, &session.id)?;
    match (ended, enterprise) {
        (Some(ended), Some(enterprise)) => {
            record_end(transaction, enterprise, "session.ended", &ended)
        }
        _ => Ok(()),
    }
}

fn record_end(
    transaction: &mut Transaction<'_>,
    enterprise: i64,
    action: &'static str,
    session: &SessionRow,
) -> Result<()> {
    let before = json!({"signed_in_by": session.signed_in_by});
    let target = Target::new("session", &session.id, &session.signed_in_by);
    Ok(audit::record(transaction, enterprise, &Change::ended(action, target, before))?)
}
