//! What identity providers call members by names of their own (issuer and `sub`, or NameID), which stay
//! when addresses change and are never given to somebody else (DOMAIN.md §6).

use serde_json::json;

use super::connections;
use super::logins::{SignInMethod, Subject};
use crate::administration::{AdministrationError, Page};
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::{AccountPk, Role, address};
use crate::store::members::{self, MemberRow};
use crate::store::sso_identities::{self as stored, IdentityRow};
use crate::store::{Conn, Transaction, audit, claims};

type Result<T> = std::result::Result<T, AdministrationError>;

/// Whom the identity provider means.
pub(super) enum Recognised {
    /// This member, or nobody who is known.
    Member(Option<MemberRow>),
    /// This member by its address, whom the provider called by another name before.
    Other(MemberRow),
}

/// The member that the identity provider means, given the one that is known by the address.
pub(super) fn recognise(
    transaction: &mut Transaction<'_>,
    way: &SignInMethod,
    by_address: Option<MemberRow>,
    subject: Option<&Subject>,
) -> Result<Recognised> {
    let Some(subject) = subject else { return Ok(Recognised::Member(by_address)) };
    let (enterprise, connection) = (way.enterprise(), way.connection.row.pk);
    let by_name = stored::member_of(transaction, connection, &subject.issuer, &subject.name)?;
    let Some(member) = by_address else {
        // Renamed at the identity provider, and not yet provisioned under the new address.
        let known = match by_name {
            Some(pk) => members::by_pk(transaction, enterprise, pk)?,
            None => None,
        };
        return Ok(Recognised::Member(known));
    };
    let is_other = match by_name {
        Some(pk) => pk != member.pk,
        None => {
            let remembered = stored::get(transaction, member.pk, connection)?;
            // A name that is an address of the member says no more than the address does.
            remembered.is_some_and(|row| row.issuer.is_some())
                && !is_address_of(transaction, &member, &subject.name)?
        }
    };
    Ok(if is_other { Recognised::Other(member) } else { Recognised::Member(Some(member)) })
}

fn is_address_of(conn: &mut Conn, member: &MemberRow, name: &str) -> Result<bool> {
    let carried = claims::addresses_of(conn, member.pk)?;
    Ok(address::is_address(name) && carried.contains(&address::key(name)))
}

/// Remembers what the identity provider calls the member, at its first sign-in.
pub(super) fn remember(
    transaction: &mut Transaction<'_>,
    way: &SignInMethod,
    member: &MemberRow,
    subject: Option<&Subject>,
) -> Result<()> {
    let Some(subject) = subject else { return Ok(()) };
    if is_address_of(transaction, member, &subject.name)? {
        return Ok(());
    }
    let (connection, now) = (way.connection.row.pk, transaction.now());
    let name = (subject.issuer.as_str(), subject.name.as_str());
    Ok(stored::remember(transaction, member.pk, connection, name, now)?)
}

/// Keeps a name that is not the member's yet, so that an administrator can confirm it.
pub(super) fn ask(
    transaction: &mut Transaction<'_>,
    way: &SignInMethod,
    member: &MemberRow,
    subject: Option<&Subject>,
) -> Result<()> {
    let Some(subject) = subject else { return Ok(()) };
    let now = transaction.now();
    let name = (subject.issuer.as_str(), subject.name.as_str());
    Ok(stored::ask(transaction, member.pk, way.connection.row.pk, name, now)?)
}

/// The names by which a connection knows members, in the order of the members.
///
/// # Errors
/// Where there is no such connection.
pub fn list(
    conn: &mut Conn,
    enterprise: AccountPk,
    connection: &str,
    after: i64,
    limit: i64,
) -> Result<Page<IdentityRow>> {
    let connection = connections::get(conn, enterprise, connection)?;
    let rows = stored::of_connection(conn, connection.row.pk, after, limit + 1)?;
    Ok(Page::of(rows, limit, |row| row.member_pk.0))
}

/// Confirms the name that a sign-in was refused for: from now on it is the member's.
///
/// # Errors
/// Where there is no such connection or no name waits; that owners are the owner's to confirm.
pub fn confirm(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    connection: &str,
    member: &str,
    manages_owners: bool,
) -> Result<()> {
    let connection = connections::get(transaction, enterprise, connection)?;
    let unknown = || AdministrationError::NotFound {
        kind: "A name that waits for the member",
        id: member.to_owned(),
    };
    let row = members::by_id(transaction, enterprise, member)?.ok_or_else(unknown)?;
    let role: Role = row.role;
    crate::administration::members::check_roles(manages_owners, &[role])?;
    let before = stored::get(transaction, row.pk, connection.row.pk)?.ok_or_else(unknown)?;
    let (Some(issuer), Some(name)) = (&before.asked_issuer, &before.asked_subject) else {
        return Err(unknown());
    };
    let now = transaction.now();
    stored::replace(transaction, row.pk, connection.row.pk, (issuer, name), now)?;
    let change = Change::changed(
        "member.sso-identity-confirmed",
        Target::new("member", &row.id, &row.user_name),
        json!({"issuer": before.issuer, "subject": before.subject}),
        json!({"issuer": issuer, "subject": name}),
    );
    Ok(audit::record(transaction, enterprise, &change)?)
}
