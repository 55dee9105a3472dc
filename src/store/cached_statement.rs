//! Keeps prepared statements that Diesel would prepare again at each run.
//!
//! Diesel does not know that an UPDATE always sets the same columns, or that a list always has one
//! element, and so does not cache such statements. SQLite then parses and plans them each time,
//! which costs several times as much as running them, and PostgreSQL needs two round trips instead
//! of one.

use diesel::RunQueryDsl;
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;

/// A statement that is prepared once per connection. The cache finds it by its text, and keeps
/// every text, so there must be few different ones.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct CachedStatement<Q> {
    statement: Q,
    keep: bool,
}

/// Caches a statement whose text is the same at each run.
pub(in crate::store) fn cached<Q>(statement: Q) -> CachedStatement<Q> {
    CachedStatement { statement, keep: true }
}

/// Caches a statement with a list if the list has one element, as nearly all have. Other lengths
/// produce other texts.
pub(in crate::store) fn cached_if_single<T, Q>(list: &[T], statement: Q) -> CachedStatement<Q> {
    CachedStatement { statement, keep: list.len() == 1 }
}

impl<DB: Backend, Q: QueryFragment<DB>> QueryFragment<DB> for CachedStatement<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.statement.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, backend: &DB) -> QueryResult<bool> {
        Ok(self.keep || self.statement.is_safe_to_cache_prepared(backend)?)
    }
}

// No static id: the cache finds the statement by its text.
impl<Q> QueryId for CachedStatement<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for CachedStatement<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, C> RunQueryDsl<C> for CachedStatement<Q> {}
