//! Brings what nodes of an earlier release have written up to the rules of this one: keys, and the
//! terms by which lists find things.

use std::sync::Arc;

use super::connection::Purpose;
use super::error::{StoreError, StoreResult};
use super::migrations::{LOCK, ask, earlier_serve};
use super::source::Source;
use super::{Store, rekey};

impl Store {
    /// Makes anew the keys and search terms that nodes of an earlier release have written since the
    /// database was migrated, once those nodes are gone. If there are none, this costs a connection
    /// and three look-ups. SQLite has one node, which does this when it starts.
    ///
    /// # Errors
    /// Fails if the database cannot be reached.
    pub async fn follow_rules(&self) -> StoreResult<()> {
        let source = Arc::clone(&self.parts.source);
        if !source.is_shared() {
            return Ok(());
        }
        let (sender, answer) = tokio::sync::oneshot::channel();
        // A thread of its own: a large directory takes longer than any query may.
        let work = move || {
            // Whoever asked may have stopped waiting.
            let _ = sender.send(follow(&source));
        };
        let thread = std::thread::Builder::new().name("rules".to_owned()).spawn(work);
        thread.map_err(|error| StoreError::Connection(error.to_string()))?;
        answer.await.unwrap_or_else(|error| Err(StoreError::Connection(error.to_string())))
    }
}

/// Brings keys and search terms up to the rules of this release that nodes of an earlier release have
/// written, once those are gone. Costs a connection and three look-ups if there is nothing to do.
///
/// # Errors
/// Fails if the database cannot be reached; the next call does the rest.
fn follow(source: &Source) -> StoreResult<()> {
    let mut conn = source.connect(Purpose::Migrate)?.conn;
    // Another node is at it, or migrates.
    if !ask(&mut conn, &format!("pg_try_advisory_lock({LOCK})"))? {
        return Ok(());
    }
    let is_alone = !earlier_serve(&mut conn)?;
    let followed = rekey::follow(&mut conn, is_alone);
    ask(&mut conn, &format!("pg_advisory_unlock({LOCK})"))?;
    if followed? {
        log::info!("brought keys and search terms up to the rules of this release");
    }
    Ok(())
}
