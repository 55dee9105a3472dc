//! Queries of the audit log (docs/domain.md, *Reports*).

use super::{AdministrationError, Page};
use crate::enterprise::AccountPk;
use crate::store::Conn;
use crate::store::audit::{self, AuditFilter, AuditPosition, AuditRow};

/// Returns the changes that match the filter, newest first, and the start of the next page.
pub fn list(
    conn: &mut Conn,
    enterprise: AccountPk,
    filter: &AuditFilter,
    after: Option<AuditPosition>,
    limit: i64,
) -> Result<(Vec<AuditRow>, Option<AuditPosition>), AdministrationError> {
    let rows = audit::find(conn, enterprise, filter, after, limit + 1)?;
    let positions: Vec<AuditPosition> = rows.iter().map(|row| (row.at, row.pk)).collect();
    let page = Page::of(rows, limit, |row| row.pk);
    let next = page.next.and_then(|pk| positions.into_iter().find(|(_, row)| *row == pk));
    Ok((page.items, next))
}
