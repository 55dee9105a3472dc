//! The server's recurring jobs: which are due, and which node runs them.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::jobs;
use crate::enterprise::Timestamp;

/// A job as stored in the database.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = jobs)]
pub struct JobRow {
    /// The job's name.
    pub name: String,
    /// When the job is due.
    pub due_at: Timestamp,
    /// Until when a node holds the job.
    pub held_until: Option<Timestamp>,
    /// When the job last succeeded.
    pub succeeded_at: Option<Timestamp>,
}

impl JobRow {
    /// Returns `true` if a node may claim the job.
    pub fn is_free(&self, now: Timestamp) -> bool {
        self.due_at <= now && self.held_until.is_none_or(|until| until <= now)
    }
}

/// Returns every job that was ever recorded, by name.
pub fn all(conn: &mut Conn) -> StoreResult<Vec<JobRow>> {
    Ok(on!(conn, connection => jobs::table
        .order(jobs::name)
        .select(JobRow::as_select())
        .load(connection))?)
}

/// Claims a job for one node if it is due and no node holds it. A job that is not recorded yet is
/// due at once.
pub fn claim(
    conn: &mut Conn,
    name: &str,
    claim: &str,
    now: Timestamp,
    until: Timestamp,
) -> StoreResult<bool> {
    on!(conn, connection => diesel::insert_into(jobs::table)
        .values((jobs::name.eq(name), jobs::due_at.eq(now)))
        .on_conflict(jobs::name)
        .do_nothing()
        .execute(connection))?;
    let taken = on!(conn, connection => diesel::update(jobs::table)
        .filter(jobs::name.eq(name))
        .filter(jobs::due_at.le(now))
        .filter(jobs::held_until.is_null().or(jobs::held_until.le(now)))
        .set((jobs::held_by.eq(claim), jobs::held_until.eq(until)))
        .execute(connection))?;
    Ok(taken == 1)
}

/// Extends a claim. Returns `true` if the job was still held by it.
pub fn prolong(conn: &mut Conn, name: &str, claim: &str, until: Timestamp) -> StoreResult<bool> {
    let kept = on!(conn, connection => diesel::update(jobs::table)
        .filter(jobs::name.eq(name))
        .filter(jobs::held_by.eq(claim))
        .set(jobs::held_until.eq(until))
        .execute(connection))?;
    Ok(kept == 1)
}

/// The outcome of a claimed job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Succeeded; due again at this time.
    Done(Timestamp),
    /// Failed with this error; due again at this time.
    Failed(String, Timestamp),
    /// Interrupted because the node stops; due at once.
    Left,
}

/// Releases a job, if this claim still holds it.
pub fn give_back(
    conn: &mut Conn,
    name: &str,
    claim: &str,
    outcome: &Outcome,
    now: Timestamp,
) -> StoreResult<()> {
    on!(conn, connection => {
        let row = jobs::table.filter(jobs::name.eq(name)).filter(jobs::held_by.eq(claim));
        let free = (jobs::held_by.eq(None::<String>), jobs::held_until.eq(None::<Timestamp>));
        match outcome {
            Outcome::Done(due) => diesel::update(row)
                .set((
                    free,
                    jobs::due_at.eq(due),
                    jobs::succeeded_at.eq(now),
                    jobs::last_error.eq(None::<String>),
                ))
                .execute(connection),
            Outcome::Failed(error, due) => diesel::update(row)
                .set((free, jobs::due_at.eq(due), jobs::last_error.eq(error)))
                .execute(connection),
            Outcome::Left => diesel::update(row).set(free).execute(connection),
        }
    })?;
    Ok(())
}
