//! The audit log: who changed what, with the values before and after. Rows are added at the end of
//! the change's transaction. The database refuses to update or delete them.

use diesel::prelude::*;

use super::Transaction;
use super::connection::{Backend, Conn, on};
use super::error::StoreResult;
use super::tables::audit_log;
use crate::enterprise::audit::ActorKind;
use crate::enterprise::audit::{Change, Origin};
use crate::enterprise::{AccountPk, Timestamp};

/// A row of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = audit_log)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct AuditRow {
    pub pk: i64,
    pub at: Timestamp,
    pub actor_kind: ActorKind,
    pub actor_id: String,
    pub actor_name: String,
    pub action: String,
    pub target_kind: String,
    pub target_id: String,
    pub target_name: String,
    pub before: String,
    pub after: String,
    pub request_id: Option<String>,
}

/// Records a change, unless nothing was different.
pub fn record(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    change: &Change,
) -> StoreResult<()> {
    let origin = transaction.origin();
    record_of(transaction, enterprise, origin, change)
}

/// Records a change that happens in this transaction but has another origin. What expires on its
/// own must not be attributed to the next caller.
pub fn record_of(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    origin: &Origin,
    change: &Change,
) -> StoreResult<()> {
    if change.is_empty() {
        return Ok(());
    }
    transaction.note(NewChange {
        enterprise_pk: enterprise,
        at: transaction.now(),
        actor_kind: origin.actor.kind,
        actor_id: origin.actor.id.clone(),
        actor_name: origin.actor.name.clone(),
        action: change.action,
        target_kind: change.target.kind,
        target_id: change.target.id.clone(),
        target_name: change.target.name.clone(),
        before: change.before.to_string(),
        after: change.after.to_string(),
        request_id: origin.request_id.clone(),
    });
    Ok(())
}

/// A change to add to the log.
#[derive(Clone, Debug, PartialEq, Eq, Insertable)]
#[diesel(table_name = audit_log)]
// Missing values are written as NULL, not DEFAULT, so that all rows share one cached statement.
#[diesel(treat_none_as_default_value = false)]
pub(super) struct NewChange {
    enterprise_pk: AccountPk,
    at: Timestamp,
    actor_kind: ActorKind,
    actor_id: String,
    actor_name: String,
    action: &'static str,
    target_kind: &'static str,
    target_id: String,
    target_name: String,
    before: String,
    after: String,
    request_id: Option<String>,
}

/// Writes the changes of transactions that are about to be committed.
pub(super) fn write(conn: &mut Conn, changes: &[NewChange]) -> StoreResult<()> {
    match &mut conn.backend {
        // Single-row statements would need a round trip for each row.
        Backend::Postgres(connection) if changes.len() > 1 => {
            diesel::copy_from(audit_log::table).from_insertable(changes).execute(connection)?;
        }
        // A multi-row statement would be parsed each time; a single-row one is prepared once.
        _ => {
            for change in changes {
                on!(conn, connection => diesel::insert_into(audit_log::table)
                    .values(change)
                    .execute(connection))?;
            }
        }
    }
    Ok(())
}

/// A filter for the audit log; fields that are `None` do not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// From this time on, inclusive.
    pub since: Option<Timestamp>,
    /// Before this time, exclusive.
    pub until: Option<Timestamp>,
    /// By the actor with this id or name.
    pub actor: Option<String>,
    /// With one of these actions.
    pub actions: Option<Vec<String>>,
    /// Concerning the target with this id.
    pub target: Option<String>,
}

/// The last row of the previous page: its time and its row number.
pub type AuditPosition = (Timestamp, i64);

/// Returns matching changes, newest first. Each action is a range of an index: its rows are found in
/// the index alone, because SQLite, which knows nothing of how often an action is, would else read the
/// changes of all actions in their order.
pub fn find(
    conn: &mut Conn,
    enterprise: AccountPk,
    filter: &AuditFilter,
    after: Option<AuditPosition>,
    limit: i64,
) -> StoreResult<Vec<AuditRow>> {
    let Some(actions) = &filter.actions else {
        return find_of(conn, enterprise, filter, None, (after, limit));
    };
    let mut rows = Vec::new();
    for action in actions {
        rows.extend(find_of(conn, enterprise, filter, Some(action.as_str()), (after, limit))?);
    }
    rows.sort_unstable_by_key(|row| std::cmp::Reverse((row.at, row.pk)));
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(rows)
}

/// Makes the query for matching changes, newest first.
macro_rules! matching {
    ($enterprise:expr, $filter:expr, $after:expr) => {{
        let (at, pk) = $after.unwrap_or((Timestamp::LAST, i64::MAX));
        let mut query = audit_log::table
            .filter(audit_log::enterprise_pk.eq($enterprise))
            .filter(audit_log::at.ge($filter.since.unwrap_or(Timestamp::FIRST)))
            .filter(audit_log::at.lt($filter.until.unwrap_or(Timestamp::LAST)))
            .filter(audit_log::at.le(at))
            .filter(audit_log::at.lt(at).or(audit_log::pk.lt(pk)))
            .order((audit_log::at.desc(), audit_log::pk.desc()))
            .into_boxed();
        if let Some(actor) = &$filter.actor {
            query = query.filter(audit_log::actor_id.eq(actor).or(audit_log::actor_name.eq(actor)));
        }
        if let Some(target) = &$filter.target {
            query = query.filter(audit_log::target_id.eq(target));
        }
        query
    }};
}

fn find_of(
    conn: &mut Conn,
    enterprise: AccountPk,
    filter: &AuditFilter,
    action: Option<&str>,
    (after, limit): (Option<AuditPosition>, i64),
) -> StoreResult<Vec<AuditRow>> {
    let Some(action) = action else {
        return Ok(on!(conn, connection => matching!(enterprise, filter, after)
            .limit(limit)
            .select(AuditRow::as_select())
            .load(connection))?);
    };
    let found: Vec<i64> = on!(conn, connection => matching!(enterprise, filter, after)
        .filter(audit_log::action.eq(action))
        .limit(limit)
        .select(audit_log::pk)
        .load(connection))?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on!(conn, connection => audit_log::table
        .filter(audit_log::pk.eq_any(&found))
        .select(AuditRow::as_select())
        .load(connection))?)
}
