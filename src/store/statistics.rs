//! Keeps PostgreSQL's planner statistics up to date while a directory grows.
//!
//! Statements are planned once and the plan is kept. A plan made while a table was almost empty may
//! use the wrong index for good, and PostgreSQL looks at a growing table only about once a minute:
//! too late for an initial sync. So tables that have grown by half are analysed at once, which also
//! makes every connection of every node plan again.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::connection::{Backend, Conn, Purpose};
use super::crew::{Crew, Desk};
use super::error::StoreResult;
use super::source::{Connected, Source};

/// How often the tables are checked.
const INTERVAL: Duration = Duration::from_secs(2);

/// The thread that keeps the statistics up to date. It ends when this is dropped.
pub struct Statistics {
    stop: Arc<Stop>,
    crew: Option<Arc<Crew>>,
}

impl Statistics {
    /// Starts the thread. Does nothing for the embedded database, whose planner does not need it.
    ///
    /// # Errors
    /// Fails if the thread cannot be started.
    pub fn keep(source: &Arc<Source>) -> StoreResult<Self> {
        if source.is_embedded() {
            return Ok(Self { stop: Arc::default(), crew: None });
        }
        let (source, stop) = (Arc::clone(source), Arc::<Stop>::default());
        let stopped = Arc::clone(&stop);
        let crew = Crew::start("statistics", 1, move |desk| watch(&source, desk, &stopped))?;
        Ok(Self { stop, crew: Some(Arc::new(crew)) })
    }

    pub fn crew(&self) -> Option<Arc<Crew>> {
        self.crew.clone()
    }
}

impl Drop for Statistics {
    fn drop(&mut self) {
        self.stop.stop();
        if let Some(crew) = &self.crew {
            crew.join();
        }
    }
}

/// Tells the thread to end. The lock is never held while working, so that a given-up thread blocks
/// no other.
#[derive(Default)]
struct Stop {
    stopped: Mutex<bool>,
    wake: Condvar,
}

impl Stop {
    fn stop(&self) {
        *self.stopped.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.wake.notify_all();
    }

    /// Waits for the next round. Returns `false` if there is none.
    fn pause(&self) -> bool {
        let stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        let (stopped, _) = self
            .wake
            .wait_timeout_while(stopped, INTERVAL, |stopped| !*stopped)
            .unwrap_or_else(PoisonError::into_inner);
        !*stopped
    }
}

fn watch(source: &Source, desk: &Desk, stop: &Stop) {
    let mut kept: Option<Connected> = None;
    while stop.pause() {
        let looked = look(source, desk, kept.take());
        if desk.is_given_up() {
            return;
        }
        match looked {
            Ok(connected) => kept = Some(connected),
            // The next round tries again on a new connection.
            Err(error) => log::warn!("statistics: {error}"),
        }
    }
}

fn look(source: &Source, desk: &Desk, kept: Option<Connected>) -> StoreResult<Connected> {
    source.check_open()?;
    let mut connected = match kept.filter(|connected| source.is_current(connected)) {
        Some(connected) => connected,
        None => source.connect_at(desk, Purpose::Write)?,
    };
    analyse_grown(&mut connected.conn)?;
    Ok(connected)
}

#[derive(QueryableByName)]
struct Grown {
    #[diesel(sql_type = Text)]
    name: String,
}

fn analyse_grown(conn: &mut Conn) -> StoreResult<()> {
    let Backend::Postgres(connection) = &mut conn.backend else { return Ok(()) };
    let grown: Vec<Grown> = diesel::sql_query(
        "SELECT quote_ident(s.relname) AS name FROM pg_stat_user_tables s \
         JOIN pg_class c ON c.oid = s.relid \
         WHERE s.schemaname = current_schema() \
         AND s.n_mod_since_analyze > 50 + greatest(c.reltuples, 0) / 2",
    )
    .load(connection)?;
    for table in grown {
        log::debug!("analysing {}", table.name);
        diesel::sql_query(format!("ANALYZE {}", table.name)).execute(connection)?;
    }
    Ok(())
}
