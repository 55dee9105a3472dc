//! The database without the product: the rows of a new user written in a bare loop, and rows read,
//! on the very database that the server has, in an account beside the one that is measured.

use std::time::{Duration, Instant};

use diesel::connection::{Connection as _, SimpleConnection};
use diesel::prelude::*;
use diesel::{PgConnection, SqliteConnection};

use super::rows::Rows;
use super::tables::{
    Change, Logged, Member, audit_log, enterprises, member_emails, members, scim_requests,
};
use crate::Outcome;
use crate::load::Load;

/// More users than any database takes in a second on two cores.
const HIGHEST_RATE: f64 = 25_000.0;

enum Raw {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Runs the expression on the connection, whichever it is.
macro_rules! on {
    ($raw:expr, $connection:ident => $body:expr) => {
        match $raw {
            Raw::Sqlite($connection) => $body,
            Raw::Postgres($connection) => $body,
        }
    };
}

/// A connection beside the server's.
pub struct Database {
    raw: Raw,
    enterprise: i64,
    pattern: Rows,
    written: usize,
}

impl Database {
    /// Opens the database as the server does, to write into the account with this id what the
    /// server wrote for its latest POST of a user.
    ///
    /// # Errors
    /// The database's; or when no user was created by a POST yet.
    pub fn open(url: &str, account: &str) -> Outcome<Self> {
        let mut raw = match url.strip_prefix("sqlite://") {
            Some(path) => Raw::Sqlite(SqliteConnection::establish(path)?),
            None => Raw::Postgres(PgConnection::establish(url)?),
        };
        match &mut raw {
            Raw::Sqlite(connection) => connection.batch_execute(
                "PRAGMA busy_timeout = 10000; PRAGMA synchronous = FULL; \
                 PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;",
            )?,
            Raw::Postgres(connection) => connection.batch_execute(
                "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET jit = off;",
            )?,
        }
        let enterprise = on!(&mut raw, connection => enterprises::table
            .filter(enterprises::id.eq(account))
            .select(enterprises::pk)
            .first(connection))?;
        let pattern = pattern(&mut raw)?;
        Ok(Self { raw, enterprise, pattern, written: 0 })
    }

    /// Writes the rows of new users, so many to a commit, and takes them out again.
    ///
    /// # Errors
    /// The database's.
    pub fn write(&mut self, to_a_commit: usize, within: Duration) -> Outcome<Load> {
        let count = (HIGHEST_RATE * within.as_secs_f64()) as usize + to_a_commit;
        let from = self.written;
        self.written += count;
        let rows: Vec<Rows> = (from..self.written)
            .map(|number| self.pattern.of(self.enterprise, number))
            .collect::<Outcome<_>>()?;
        let (started, mut written) = (Instant::now(), 0);
        for commit in rows.chunks(to_a_commit) {
            if started.elapsed() >= within {
                break;
            }
            written += commit.len();
            on!(&mut self.raw, connection => connection
            .transaction(|connection| {
                for rows in commit {
                    let member: i64 = diesel::insert_into(members::table)
                        .values(&rows.member)
                        .returning(members::pk)
                        .get_result(connection)?;
                    diesel::insert_into(member_emails::table)
                        .values((
                            member_emails::enterprise_pk.eq(rows.member.enterprise_pk),
                            member_emails::email_key.eq(&rows.member.user_name_key),
                            member_emails::member_pk.eq(member),
                            member_emails::is_email.eq(true),
                        ))
                        .execute(connection)?;
                    diesel::insert_into(audit_log::table)
                        .values(&rows.change)
                        .execute(connection)?;
                }
                // The request log is written many rows at a time.
                let logged: Vec<&Logged> = commit.iter().map(|rows| &rows.logged).collect();
                diesel::insert_into(scim_requests::table).values(logged).execute(connection)?;
                QueryResult::Ok(())
            }))?;
        }
        let load = Load::of_loop(written, started.elapsed());
        self.take_out()?;
        Ok(load)
    }

    /// Reads one member after the other by its id, over one connection.
    ///
    /// # Errors
    /// The database's, or when one is not there.
    pub fn read(&mut self, ids: &[String], within: Duration) -> Outcome<Load> {
        let (started, mut count) = (Instant::now(), 0);
        while started.elapsed() < within {
            let _: Member = on!(&mut self.raw, connection => members::table
                .filter(members::id.eq(&ids[count % ids.len()]))
                .select(Member::as_select())
                .first(connection))?;
            count += 1;
        }
        Ok(Load::of_loop(count, started.elapsed()))
    }

    /// Removes what `write` wrote, as far as it can be: the audit log stays.
    fn take_out(&mut self) -> Outcome<()> {
        let (enterprise, pattern) = (self.enterprise, "row%@limit.example");
        on!(&mut self.raw, connection => {
            let mine = members::table
                .filter(members::enterprise_pk.eq(enterprise))
                .filter(members::user_name_key.like(pattern));
            diesel::delete(mine).execute(connection)?;
            let mine = scim_requests::table.filter(scim_requests::enterprise_pk.eq(enterprise));
            diesel::delete(mine).execute(connection)?;
        });
        Ok(())
    }
}

/// The rows that the server wrote for its latest POST of a user.
fn pattern(raw: &mut Raw) -> Outcome<Rows> {
    let logged: Logged = on!(&mut *raw, connection => scim_requests::table
        .filter(scim_requests::method.eq("POST"))
        .filter(scim_requests::path.eq("/Users"))
        .filter(scim_requests::status.eq(201))
        .order(scim_requests::pk.desc())
        .select(Logged::as_select())
        .first(connection))
    .map_err(|error| format!("the request log has no POST of a user: {error}"))?;
    let id = logged.resource_id.clone().ok_or("the request log does not name the user")?;
    let member: Member = on!(&mut *raw, connection => members::table
        .filter(members::id.eq(&id))
        .select(Member::as_select())
        .first(connection))?;
    let change: Change = on!(&mut *raw, connection => audit_log::table
        .filter(audit_log::enterprise_pk.eq(member.enterprise_pk))
        .filter(audit_log::target_id.eq(&id))
        .order(audit_log::pk)
        .select(Change::as_select())
        .first(connection))?;
    Ok(Rows { member, change, logged })
}
