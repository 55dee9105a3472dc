//! Keeps PostgreSQL's planner informed while a directory grows.
//!
//! Statements are planned once and kept. A plan made while a table was all but empty may take the
//! wrong index for good, and PostgreSQL looks at a growing table only about once a minute: too late
//! for an initial sync. So tables that have grown by half are analysed at once, which also makes
//! every connection of every node plan again.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::connection::{Conn, DatabaseUrl, Purpose};
use super::error::{StoreError, StoreResult};

/// How often the tables are looked at.
const INTERVAL: Duration = Duration::from_secs(2);

/// The thread that looks after the statistics; ends with the value.
pub struct Statistics {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Statistics {
    /// Starts the thread; nothing where the database is embedded, whose planner needs none of this.
    ///
    /// # Errors
    /// Where there is no thread to be had.
    pub fn keep(url: &DatabaseUrl) -> StoreResult<Self> {
        if matches!(url, DatabaseUrl::Sqlite(_)) {
            return Ok(Self { stop: None, thread: None });
        }
        let (stop, stopped) = channel();
        let url = url.clone();
        let thread = std::thread::Builder::new()
            .name("statistics".to_owned())
            .spawn(move || watch(&url, &stopped))
            .map_err(|error| StoreError::Connection(error.to_string()))?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Statistics {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("the statistics thread panicked");
        }
    }
}

fn watch(url: &DatabaseUrl, stopped: &Receiver<()>) {
    let mut conn = None;
    while stopped.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
        let opened = match conn.take() {
            Some(conn) => Ok(conn),
            None => Conn::open(url, Purpose::Write),
        };
        let looked = opened.and_then(|mut opened| {
            analyse_grown(&mut opened)?;
            Ok(opened)
        });
        match looked {
            Ok(opened) => conn = Some(opened),
            // The next round tries again, with a new connection.
            Err(error) => log::warn!("statistics: {error}"),
        }
    }
}

#[derive(QueryableByName)]
struct Grown {
    #[diesel(sql_type = Text)]
    name: String,
}

fn analyse_grown(conn: &mut Conn) -> StoreResult<()> {
    let Conn::Postgres(connection) = conn else { return Ok(()) };
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
