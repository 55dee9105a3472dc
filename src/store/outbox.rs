//! Outgoing mail, written in the transaction that causes it, and what became of it.
//!
//! A mail waits while `next_attempt_at` is set. The node that wants to send it first moves that
//! time on by the length of a lease, so that no other node takes it meanwhile. If the node crashes,
//! any node can take it once the lease is over.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diesel::dsl::{count_star, min};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde::{Deserialize, Serialize};

use super::connection::{Backend, Conn, on};
use super::error::{StoreError, StoreResult};
use super::invitations::InvitationRow;
use super::tables::mails;
use crate::enterprise::letter::Letter;
use crate::enterprise::secret::{Keyring, WrongKey};
use crate::enterprise::{AccountPk, InvitationPk, MailPk, Timestamp, id};

/// The lane of mail without an account.
const NO_ACCOUNT: i64 = 0;
/// Smaller than any lane.
const BEFORE_ALL: i64 = -1;

/// Sealed mail is due this many milliseconds later, in another era. Release 0.1 therefore never
/// finds it due, and so never tries to send what it cannot open.
const ERA: i64 = 1_000_000_000_000_000;

/// Returns the due time, as stored, of a mail that may be tried from `at` on.
const fn due(is_sealed: bool, at: Timestamp) -> i64 {
    if is_sealed { at.0 + ERA } else { at.0 }
}

/// The part of a mail that is sealed: its links are valid while it waits.
#[derive(Deserialize, Serialize)]
struct Inside {
    text: String,
    html: Option<String>,
}

impl MailRow {
    /// Returns `true` if the mail is waiting in sealed form.
    pub fn is_sealed(&self) -> bool {
        self.next_attempt_at.is_some_and(|at| at >= ERA)
    }

    /// Returns when the mail may be tried, or `None` once it is settled.
    pub fn due_at(&self) -> Option<Timestamp> {
        self.next_attempt_at.map(|at| Timestamp(if at >= ERA { at - ERA } else { at }))
    }

    /// Returns the mail with its text decrypted.
    ///
    /// # Errors
    /// Returns [`WrongKey`] if none of the keys opens it.
    pub fn open(self, keys: Option<&Keyring>) -> Result<Self, WrongKey> {
        if !self.is_sealed() {
            return Ok(self);
        }
        let sealed = STANDARD.decode(&self.body).map_err(|_| WrongKey)?;
        let inside = keys.ok_or(WrongKey)?.open(&sealed, &self.message_id)?;
        let Inside { text, html } = serde_json::from_str(&inside).map_err(|_| WrongKey)?;
        Ok(Self { body: text, html, ..self })
    }
}

/// A mail as stored in the database.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = mails)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct MailRow {
    pub pk: MailPk,
    pub lane: i64,
    pub recipient: String,
    pub subject: String,
    pub body: String,
    pub html: Option<String>,
    pub message_id: String,
    pub created_at: Timestamp,
    pub attempts: i64,
    pub next_attempt_at: Option<i64>,
    pub claimed_by: Option<String>,
    pub sent_at: Option<Timestamp>,
    pub failed_at: Option<Timestamp>,
    pub last_error: Option<String>,
    pub invitation_pk: Option<InvitationPk>,
}

/// Adds a letter to the outbox, with the account it belongs to, if the recipient has one.
pub fn insert(
    conn: &mut Conn,
    enterprise: impl Into<Option<AccountPk>>,
    recipient: &str,
    letter: &Letter,
    now: Timestamp,
) -> StoreResult<()> {
    write(conn, enterprise.into(), None, recipient, letter, now).map(drop)
}

/// Adds the letter of an invitation to the outbox and returns its row.
pub(super) fn insert_of_invitation(
    conn: &mut Conn,
    invitation: &InvitationRow,
    letter: &Letter,
    now: Timestamp,
) -> StoreResult<MailPk> {
    let (enterprise, pk) = (Some(invitation.enterprise_pk), Some(invitation.pk));
    write(conn, enterprise, pk, &invitation.email, letter, now)
}

fn write(
    conn: &mut Conn,
    enterprise: Option<AccountPk>,
    invitation: Option<InvitationPk>,
    recipient: &str,
    letter: &Letter,
    now: Timestamp,
) -> StoreResult<MailPk> {
    let message_id = id::message();
    let letter = letter.at(conn.public_url.get().map(String::as_str));
    let inside = Inside { text: letter.text(), html: Some(letter.html()) };
    let (is_sealed, inside) = match conn.keyring.get() {
        Some(keys) => {
            let whole = serde_json::to_string(&inside)
                .map_err(|error| StoreError::Damaged(format!("a mail: {error}")))?;
            let whole = keys
                .seal(&whole, &message_id)
                .map_err(|error| StoreError::Connection(error.to_string()))?;
            (true, Inside { text: STANDARD.encode(whole), html: None })
        }
        None => (false, inside),
    };
    Ok(on!(conn, connection => diesel::insert_into(mails::table)
        .values((
            mails::enterprise_pk.eq(enterprise),
            mails::invitation_pk.eq(invitation),
            mails::lane.eq(enterprise.map_or(NO_ACCOUNT, |account| account.0)),
            mails::recipient.eq(recipient),
            mails::subject.eq(letter.subject()),
            mails::body.eq(&inside.text),
            mails::html.eq(&inside.html),
            mails::message_id.eq(&message_id),
            mails::created_at.eq(now),
            mails::next_attempt_at.eq(due(is_sealed, now)),
        ))
        .returning(mails::pk)
        .get_result(connection))?)
}

/// Deletes the waiting mails of an invitation that are not being sent, and returns their rows.
pub(super) fn withdraw(conn: &mut Conn, invitation: InvitationPk) -> StoreResult<Vec<MailPk>> {
    Ok(on!(conn, connection => diesel::delete(mails::table)
        .filter(mails::invitation_pk.eq(invitation))
        .filter(mails::next_attempt_at.is_not_null())
        .filter(mails::claimed_by.is_null())
        .returning(mails::pk)
        .get_results(connection))?)
}

/// Returns the account's mails after row `after`, oldest first.
pub fn of_enterprise(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<MailRow>> {
    Ok(on!(conn, connection => mails::table
        .filter(mails::lane.eq(enterprise))
        .filter(mails::pk.gt(after))
        .order(mails::pk)
        .limit(limit)
        .select(MailRow::as_select())
        .load(connection))?)
}

/// Returns `true` if a mail is due.
pub fn any_due(conn: &mut Conn, now: Timestamp) -> StoreResult<bool> {
    Ok(next_lane(conn, BEFORE_ALL, now)?.is_some())
}

/// Claims the mail that has been due longest in the first lane after `lane`, or in the first lane
/// of all if there is none, until `until`. Only one node gets each mail.
pub fn claim(
    conn: &mut Conn,
    lane: i64,
    claim: &str,
    now: Timestamp,
    until: Timestamp,
) -> StoreResult<Option<MailRow>> {
    let found = match hold_next(conn, lane, now)? {
        None if lane > BEFORE_ALL => hold_next(conn, BEFORE_ALL, now)?,
        found => found,
    };
    let Some((pk, is_sealed)) = found else { return Ok(None) };
    Ok(Some(on!(conn, connection => diesel::update(mails::table)
        .filter(mails::pk.eq(pk))
        .set((
            mails::claimed_by.eq(claim),
            mails::attempts.eq(mails::attempts + 1_i64),
            mails::next_attempt_at.eq(due(is_sealed, until)),
        ))
        .returning(MailRow::as_returning())
        .get_result(connection))?))
}

/// The row of a mail, and whether it is sealed.
type Held = (MailPk, bool);

/// Locks the next mail after `lane` until the transaction ends.
fn hold_next(conn: &mut Conn, mut lane: i64, now: Timestamp) -> StoreResult<Option<Held>> {
    while let Some(next) = next_lane(conn, lane, now)? {
        if let Some(mail) = hold_in(conn, next, now)? {
            return Ok(Some(mail));
        }
        lane = next;
    }
    Ok(None)
}

fn hold_in(conn: &mut Conn, lane: i64, now: Timestamp) -> StoreResult<Option<Held>> {
    let mut first: Option<((i64, MailPk), bool)> = None;
    for is_sealed in [false, true] {
        let era = due(is_sealed, Timestamp(0));
        let Some((at, pk)) = hold_between(conn, lane, era, due(is_sealed, now))? else { continue };
        let place = (at - era, pk);
        if first.is_none_or(|(known, _)| place < known) {
            first = Some((place, is_sealed));
        }
    }
    Ok(first.map(|((_, pk), is_sealed)| (pk, is_sealed)))
}

/// Skips mails that another node has locked. The embedded database has one writer and needs no
/// lock.
fn hold_between(
    conn: &mut Conn,
    lane: i64,
    from: i64,
    until: i64,
) -> StoreResult<Option<(i64, MailPk)>> {
    let query = mails::table
        .filter(mails::lane.eq(lane))
        .filter(mails::next_attempt_at.between(from, until))
        .order((mails::next_attempt_at, mails::pk))
        .limit(1)
        .select((mails::next_attempt_at.assume_not_null(), mails::pk));
    Ok(match &mut conn.backend {
        Backend::Sqlite(connection) => query.first(connection).optional()?,
        Backend::Postgres(connection) => {
            query.for_update().skip_locked().first(connection).optional()?
        }
    })
}

/// Finds the first lane after this one in which a mail is due. It steps from lane to lane by the
/// index, so that the cost does not depend on how many mails wait in each.
const NEXT_LANE: &str = "\
    WITH RECURSIVE lanes (lane) AS (
        SELECT min(lane) FROM mails WHERE next_attempt_at IS NOT NULL AND lane > $1
        UNION ALL
        SELECT (SELECT min(m.lane) FROM mails m
                WHERE m.next_attempt_at IS NOT NULL AND m.lane > lanes.lane)
        FROM lanes WHERE lanes.lane IS NOT NULL
    )
    SELECT lane FROM lanes
    WHERE lane IS NOT NULL AND (EXISTS (
        SELECT 1 FROM mails m WHERE m.lane = lanes.lane AND m.next_attempt_at <= $2
    ) OR EXISTS (
        SELECT 1 FROM mails m
        WHERE m.lane = lanes.lane AND m.next_attempt_at BETWEEN $3 AND $4
    ))
    LIMIT 1";

#[derive(QueryableByName)]
struct Lane {
    #[diesel(sql_type = BigInt)]
    lane: i64,
}

fn next_lane(conn: &mut Conn, after: i64, now: Timestamp) -> StoreResult<Option<i64>> {
    let lane: Option<Lane> = on!(conn, connection => diesel::sql_query(NEXT_LANE)
        .bind::<BigInt, _>(after)
        .bind::<BigInt, _>(now.0)
        .bind::<BigInt, _>(due(true, Timestamp(0)))
        .bind::<BigInt, _>(due(true, now))
        .get_result(connection)
        .optional())?;
    Ok(lane.map(|lane| lane.lane))
}

/// Records that a mail was sent, even if another node has claimed it meanwhile, and deletes its
/// content.
pub fn sent(conn: &mut Conn, mail: MailPk, now: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::update(mails::table)
        .filter(mails::pk.eq(mail))
        .set((
            mails::sent_at.eq(now),
            mails::failed_at.eq(None::<Timestamp>),
            mails::next_attempt_at.eq(None::<i64>),
            mails::claimed_by.eq(None::<String>),
            mails::last_error.eq(None::<String>),
            mails::body.eq(""),
            mails::html.eq(None::<String>),
        ))
        .execute(connection))?;
    Ok(())
}

/// Reschedules a mail for another attempt. Returns `true` if this claim still held it.
pub fn put_off(
    conn: &mut Conn,
    mail: MailPk,
    is_sealed: bool,
    claim: &str,
    error: &str,
    until: Timestamp,
) -> StoreResult<bool> {
    let held = on!(conn, connection => diesel::update(mails::table)
        .filter(mails::pk.eq(mail))
        .filter(mails::claimed_by.eq(claim))
        .set((
            mails::next_attempt_at.eq(due(is_sealed, until)),
            mails::claimed_by.eq(None::<String>),
            mails::last_error.eq(error),
        ))
        .execute(connection))?;
    Ok(held > 0)
}

/// Gives up on a mail and deletes its content. Returns `true` if this claim still held it.
pub fn give_up(
    conn: &mut Conn,
    mail: MailPk,
    claim: &str,
    error: &str,
    now: Timestamp,
) -> StoreResult<bool> {
    let held = on!(conn, connection => diesel::update(mails::table)
        .filter(mails::pk.eq(mail))
        .filter(mails::claimed_by.eq(claim))
        .set((
            mails::failed_at.eq(now),
            mails::next_attempt_at.eq(None::<i64>),
            mails::claimed_by.eq(None::<String>),
            mails::last_error.eq(error),
            mails::body.eq(""),
            mails::html.eq(None::<String>),
        ))
        .execute(connection))?;
    Ok(held > 0)
}

/// Deletes up to `limit` settled mails that were written before this time, oldest first. Returns
/// how many.
pub fn forget(conn: &mut Conn, before: Timestamp, limit: i64) -> StoreResult<usize> {
    let old: Vec<MailPk> = on!(conn, connection => mails::table
        .filter(mails::created_at.lt(before))
        .filter(mails::next_attempt_at.is_null())
        .order((mails::created_at, mails::pk))
        .limit(limit)
        .select(mails::pk)
        .load(connection))?;
    Ok(on!(conn, connection => diesel::delete(mails::table)
        .filter(mails::pk.eq_any(&old))
        .execute(connection))?)
}

/// Returns sealed mails that wait, after row `after`, with the message id that they are bound to
/// and their ciphertext.
pub fn waiting_sealed(
    conn: &mut Conn,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<(MailPk, String, String)>> {
    Ok(on!(conn, connection => mails::table
        .filter(mails::next_attempt_at.ge(ERA))
        .filter(mails::pk.gt(after))
        .order(mails::pk)
        .limit(limit)
        .select((mails::pk, mails::message_id, mails::body))
        .load(connection))?)
}

/// Replaces the ciphertext of a waiting mail, unless it has changed meanwhile.
pub fn seal_again(conn: &mut Conn, mail: MailPk, before: &str, after: &str) -> StoreResult<()> {
    on!(conn, connection => diesel::update(mails::table)
        .filter(mails::pk.eq(mail))
        .filter(mails::body.eq(before))
        .set(mails::body.eq(after))
        .execute(connection))?;
    Ok(())
}

/// The state of the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backlog {
    /// The number of mails that wait.
    pub waiting: i64,
    /// When the oldest waiting mail was written.
    pub oldest: Option<Timestamp>,
    /// The number of mails that were given up and not deleted yet.
    pub given_up: i64,
}

/// Counts the waiting and the given-up mails. The cost grows with their number.
pub fn backlog(conn: &mut Conn) -> StoreResult<Backlog> {
    let (waiting, oldest) = on!(conn, connection => mails::table
        .filter(mails::next_attempt_at.is_not_null())
        .select((count_star(), min(mails::created_at)))
        .first(connection))?;
    let given_up = on!(conn, connection => mails::table
        .filter(mails::failed_at.is_not_null())
        .count()
        .get_result(connection))?;
    Ok(Backlog { waiting, oldest, given_up })
}
