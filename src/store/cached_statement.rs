//! Keeps prepared statements that Diesel would prepare anew at each run.
//!
//! Diesel does not know that an UPDATE always sets the same columns, nor that a list always has one
//! element, and so keeps no statement with either: SQLite parses and plans it each time, which costs
//! several times what running it does, and PostgreSQL is asked twice instead of once.

use diesel::RunQueryDsl;
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;

/// A statement that may be prepared once for each connection. It is found again by its text, so a
/// text that differs is another statement; there must be few of them, because all are kept.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct CachedStatement<Q> {
    statement: Q,
    keep: bool,
}

/// A statement whose text is the same at each run.
pub(in crate::store) fn kept<Q>(statement: Q) -> CachedStatement<Q> {
    CachedStatement { statement, keep: true }
}

/// A statement with a list in it. It is kept where the list has one element, which nearly all have;
/// other lengths are other texts.
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

// No static id: the text is the key.
impl<Q> QueryId for CachedStatement<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for CachedStatement<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, C> RunQueryDsl<C> for CachedStatement<Q> {}
