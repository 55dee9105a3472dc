//! Domains that accounts have added, verified or not.

use diesel::prelude::*;

use super::connection::{Conn, on, storable};
use super::error::StoreResult;
use super::sso_connections;
use super::tables::{connectors, domains, enterprises};
use crate::enterprise::domain_check::{self, CheckResult, VerificationMethod, VerifyUsing};
use crate::enterprise::domain_entry::DomainRule;
use crate::enterprise::plan::{self, Plan};
use crate::enterprise::{AccountPk, DomainPk, Timestamp, id};

/// A domain as stored in the database.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = domains)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct DomainRow {
    pub pk: DomainPk,
    pub id: String,
    pub name: String,
    pub challenge: String,
    pub created_at: Timestamp,
    pub checked_at: Option<Timestamp>,
    pub check_result: Option<CheckResult>,
    pub verified_at: Option<Timestamp>,
    pub method: Option<VerificationMethod>,
    pub capture: bool,
    pub locked: bool,
    pub lost_since: Option<Timestamp>,
    pub rest_warned_at: Option<Timestamp>,
    pub verify_using: Option<VerifyUsing>,
}

/// The values of a new domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewDomain<'a> {
    /// The name in canonical form.
    pub name: &'a str,
    /// The value of the TXT record that verifies the domain.
    pub challenge: &'a str,
    /// How the account wants it to be verified, if it has said so.
    pub verify_using: Option<VerifyUsing>,
    /// How it is verified already, if it is.
    pub verified: Option<VerificationMethod>,
}

/// Inserts a domain: unverified, or verified by this method.
///
/// # Errors
/// Fails if the account already has the domain or, for a verified domain, if another account has
/// verified it.
pub fn insert(
    conn: &mut Conn,
    enterprise: AccountPk,
    new: NewDomain<'_>,
    now: Timestamp,
) -> StoreResult<DomainRow> {
    Ok(on!(conn, connection => diesel::insert_into(domains::table)
        .values((
            domains::id.eq(id::domain()),
            domains::enterprise_pk.eq(enterprise),
            domains::name.eq(new.name),
            domains::challenge.eq(new.challenge),
            domains::created_at.eq(now),
            domains::verified_at.eq(new.verified.map(|_| now)),
            domains::method.eq(new.verified),
            domains::verify_using.eq(new.verify_using),
        ))
        .returning(DomainRow::as_returning())
        .get_result(connection))?)
}

/// Returns the names of the account's verified domains.
pub fn of_enterprise(conn: &mut Conn, enterprise: AccountPk) -> StoreResult<Vec<String>> {
    Ok(on!(conn, connection => domains::table
        .filter(domains::enterprise_pk.eq(enterprise))
        .filter(domains::verified_at.is_not_null())
        .order(domains::pk)
        .select(domains::name)
        .load(connection))?)
}

/// Returns the account's domain with this id.
pub fn by_id(conn: &mut Conn, enterprise: AccountPk, id: &str) -> StoreResult<Option<DomainRow>> {
    if !storable(id) {
        return Ok(None);
    }
    Ok(on!(conn, connection => domains::table
        .filter(domains::id.eq(id))
        .filter(domains::enterprise_pk.eq(enterprise))
        .select(DomainRow::as_select())
        .first(connection)
        .optional())?)
}

/// Returns the account's domain with this name, verified or not.
pub fn by_name(
    conn: &mut Conn,
    enterprise: AccountPk,
    name: &str,
) -> StoreResult<Option<DomainRow>> {
    Ok(on!(conn, connection => domains::table
        .filter(domains::enterprise_pk.eq(enterprise))
        .filter(domains::name.eq(name))
        .select(DomainRow::as_select())
        .first(connection)
        .optional())?)
}

/// Returns the account's domains after row `after`, in order of creation.
pub fn find(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<DomainRow>> {
    Ok(on!(conn, connection => domains::table
        .filter(domains::enterprise_pk.eq(enterprise))
        .filter(domains::pk.gt(after))
        .order(domains::pk)
        .limit(limit)
        .select(DomainRow::as_select())
        .load(connection))?)
}

/// Counts the account's domains, verified or not.
pub fn count(conn: &mut Conn, enterprise: AccountPk) -> StoreResult<i64> {
    Ok(on!(conn, connection => domains::table
        .filter(domains::enterprise_pk.eq(enterprise))
        .count()
        .get_result(connection))?)
}

/// Returns `true` if the account has verified one of these domains and its DNS record is still
/// there, so that domains below it can be verified by it.
pub fn any_verified(conn: &mut Conn, enterprise: AccountPk, names: &[String]) -> StoreResult<bool> {
    Ok(on!(conn, connection => diesel::select(diesel::dsl::exists(
        domains::table
            .filter(domains::enterprise_pk.eq(enterprise))
            .filter(domains::name.eq_any(names))
            .filter(domains::verified_at.is_not_null())
            .filter(domains::lost_since.is_null())
    ))
    .get_result(connection))?)
}

/// Returns those of these domains that the account has, verified or not, in order of creation.
pub fn among(
    conn: &mut Conn,
    enterprise: AccountPk,
    names: &[String],
) -> StoreResult<Vec<DomainRow>> {
    Ok(on!(conn, connection => domains::table
        .filter(domains::enterprise_pk.eq(enterprise))
        .filter(domains::name.eq_any(names))
        .order(domains::pk)
        .select(DomainRow::as_select())
        .load(connection))?)
}

/// Returns `true` if any account has verified this domain.
pub fn is_taken(conn: &mut Conn, name: &str) -> StoreResult<bool> {
    Ok(on!(conn, connection => diesel::select(diesel::dsl::exists(
        domains::table
            .filter(domains::name.eq(name))
            .filter(domains::verified_at.is_not_null())
    ))
    .get_result(connection))?)
}

/// Marks a domain as verified.
///
/// # Errors
/// Fails if another account has verified the domain.
pub fn verify(
    conn: &mut Conn,
    domain: DomainPk,
    method: VerificationMethod,
    now: Timestamp,
) -> StoreResult<DomainRow> {
    Ok(on!(conn, connection => diesel::update(domains::table)
        .filter(domains::pk.eq(domain))
        .set((
            domains::verified_at.eq(now),
            domains::method.eq(method),
            domains::looked_at.eq(now),
        ))
        .returning(DomainRow::as_returning())
        .get_result(connection))?)
}

/// Records the result of a DNS look-up.
pub fn note_check(
    conn: &mut Conn,
    domain: DomainPk,
    result: CheckResult,
    now: Timestamp,
) -> StoreResult<()> {
    on!(conn, connection => diesel::update(domains::table)
        .filter(domains::pk.eq(domain))
        .set((domains::checked_at.eq(now), domains::check_result.eq(result)))
        .execute(connection))?;
    Ok(())
}

/// Sets the rule for addresses in the domain.
///
/// # Errors
/// Fails if the domain is not verified.
pub fn set_rule(conn: &mut Conn, domain: DomainPk, rule: DomainRule) -> StoreResult<DomainRow> {
    Ok(on!(conn, connection => diesel::update(domains::table)
        .filter(domains::pk.eq(domain))
        .set((domains::capture.eq(rule.capture), domains::locked.eq(rule.locked)))
        .returning(DomainRow::as_returning())
        .get_result(connection))?)
}

/// Deletes a domain.
pub fn delete(conn: &mut Conn, domain: DomainPk) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(domains::table)
        .filter(domains::pk.eq(domain))
        .execute(connection))?;
    Ok(())
}

/// Returns the account that has verified this domain, and its rule for addresses in the domain.
/// Returns `None` if the rule is not in force: the account's plan has ended or does not include
/// domains, or the domain's DNS record has been missing for too long.
pub fn rule(
    conn: &mut Conn,
    name: &str,
    now: Timestamp,
) -> StoreResult<Option<(AccountPk, DomainRule)>> {
    type Found = (AccountPk, Plan, Option<Timestamp>, Option<Timestamp>, bool, bool);
    let found: Option<Found> = on!(conn, connection => domains::table
        .inner_join(enterprises::table)
        .filter(domains::name.eq(name))
        .filter(domains::verified_at.is_not_null())
        .filter(enterprises::plan_active.eq(true))
        .select((
            enterprises::pk,
            enterprises::plan,
            enterprises::plan_ends_at,
            domains::lost_since,
            domains::capture,
            domains::locked,
        ))
        .first(connection)
        .optional())?;
    Ok(found
        .filter(|(_, plan, ends_at, lost_since, ..)| {
            let includes = plan.includes_advanced();
            let rests = domain_check::rests(*lost_since, now);
            includes && plan::is_active(true, *ends_at, now) && !rests
        })
        .map(|(enterprise, _, _, _, capture, locked)| (enterprise, DomainRule { capture, locked })))
}

/// What in the account needs a verified domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dependants {
    /// Whether a connection is on. An operator's confirmation of single sign-on needs no domain.
    pub sso: bool,
    /// Whether the connector is enabled.
    pub scim: bool,
}

/// Returns what in the account needs a verified domain.
pub fn dependants(conn: &mut Conn, enterprise: AccountPk) -> StoreResult<Dependants> {
    let scim = on!(conn, connection => diesel::select(diesel::dsl::exists(
        connectors::table
            .filter(connectors::enterprise_pk.eq(enterprise))
            .filter(connectors::enabled.eq(true))
    ))
    .get_result(connection))?;
    Ok(Dependants { sso: sso_connections::any_on(conn, enterprise)?, scim })
}
