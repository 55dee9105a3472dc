//! What the operator sees: the lists of accounts and activation codes, with search, and one account.

use super::listing::{Listing, Position, Section, page};
use super::sso::connections;
use super::{AdministrationError, audit, domains};
use crate::enterprise::search::{Findable, Search, Terms};
use crate::enterprise::{AccountPk, ActivationCodePk, Role};
use crate::store::activation_codes::{self, CodeRow};
use crate::store::audit::{AuditFilter, AuditRow};
use crate::store::domains::DomainRow;
use crate::store::plans::{self, PlanRow};
use crate::store::responsible::{self, ResponsibleRow};
use crate::store::search::{self, Hit, Kind};
use crate::store::sso_connections::Connection;
use crate::store::{Conn, StoreResult};

type Result<T> = std::result::Result<T, AdministrationError>;

/// The number of owners, domains, connections and changes of an account that are read.
const MOST: i64 = 100;
/// The number of changes that are read.
const CHANGES: i64 = 20;

/// What the operator needs to know of an account in order to help: who owns it, how its people sign
/// in, and what was changed last. Of what the account holds, nothing.
#[derive(Clone, Debug)]
pub struct KnownAccount {
    /// The account with its plan.
    pub plan: PlanRow,
    /// Its active owners.
    pub owners: Vec<ResponsibleRow>,
    /// Its domains.
    pub domains: Vec<DomainRow>,
    /// Its connections to identity providers.
    pub connections: Vec<Connection>,
    /// The changes by administrators and the operator, the newest first.
    pub changes: Vec<AuditRow>,
}

/// Returns an account.
///
/// # Errors
/// Fails if there is no account with this id.
pub fn account(conn: &mut Conn, id: &str) -> Result<KnownAccount> {
    let plan = plan(conn, id)?;
    let account = plan.pk;
    Ok(KnownAccount {
        owners: responsible::of_account(conn, account, Role::Owner, MOST)?,
        domains: domains::list(conn, account, 0, MOST)?.items,
        connections: connections::list(conn, account, 0, MOST)?.items,
        changes: audit::list(conn, account, &AuditFilter::default(), None, CHANGES)?.0,
        plan,
    })
}

/// Returns the plan of an account.
///
/// # Errors
/// Fails if there is no account with this id.
pub fn plan(conn: &mut Conn, id: &str) -> Result<PlanRow> {
    plans::by_id(conn, id)?
        .ok_or_else(|| AdministrationError::NotFound { kind: "The account", id: id.to_owned() })
}

/// Lists all accounts that the search finds: in order of creation or, for a search, in alphabetical
/// order of what was found.
pub fn accounts(
    conn: &mut Conn,
    search: Option<&Search>,
    (from, limit): (&Position, i64),
) -> Result<Listing<PlanRow>> {
    page(from, limit, search.is_some(), |at, size| {
        let Some(search) = search else {
            let rows = plans::all(conn, at.pk, size)?;
            return Ok(Section::of_rows(rows, size, |row| row.pk.0, Some));
        };
        let rows = |conn: &mut Conn, pks: &[i64]| -> StoreResult<Vec<(i64, PlanRow)>> {
            let pks: Vec<AccountPk> = pks.iter().copied().map(AccountPk).collect();
            let rows = plans::by_pks(conn, &pks)?;
            Ok(rows.into_iter().map(|row| (row.pk.0, row)).collect())
        };
        found(conn, (Findable::Account, search), (at, size), rows, |row| &row.name)
    })
}

/// Lists all activation codes that the search finds: in order of issue or, for a search, in
/// alphabetical order of what was found.
pub fn codes(
    conn: &mut Conn,
    search: Option<&Search>,
    (from, limit): (&Position, i64),
) -> Result<Listing<CodeRow>> {
    page(from, limit, search.is_some(), |at, size| {
        let Some(search) = search else {
            let rows = activation_codes::all(conn, at.pk, size)?;
            return Ok(Section::of_rows(rows, size, |row| row.pk.0, Some));
        };
        let rows = |conn: &mut Conn, pks: &[i64]| -> StoreResult<Vec<(i64, CodeRow)>> {
            let pks: Vec<ActivationCodePk> = pks.iter().copied().map(ActivationCodePk).collect();
            let rows = activation_codes::by_pks(conn, &pks)?;
            Ok(rows.into_iter().map(|row| (row.pk.0, row)).collect())
        };
        found(conn, (Findable::Code, search), (at, size), rows, |row| &row.customer)
    })
}

fn found<T>(
    conn: &mut Conn,
    (kind, search): (Findable, &Search),
    (at, size): (&Position, i64),
    rows: impl Fn(&mut Conn, &[i64]) -> StoreResult<Vec<(i64, T)>>,
    name: impl Fn(&T) -> &str,
) -> Result<Section<T>> {
    let (kind, after) = (Kind::Stored(kind), at.hit());
    let beginning = search.beginning();
    let hits = search::find(conn, search::SERVER, kind, (beginning, after.as_ref()), size)?;
    let mut pks: Vec<i64> = hits.iter().map(|hit| hit.pk).collect();
    pks.sort_unstable();
    pks.dedup();
    let rows = rows(conn, &pks)?;
    let keep = |hit: &Hit, row: &T| search.shows(&Terms::of_name(name(row)), &hit.term);
    Ok(Section::of_hits(hits, size, rows, keep, |row| row))
}
