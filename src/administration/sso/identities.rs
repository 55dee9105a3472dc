//! The subjects by which identity providers know members (issuer and `sub`, or NameID). They stay
//! when addresses change, and are never given to another user (docs/domain.md §6).

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

/// The member that the identity provider means.
pub(super) enum Recognised {
    /// This member, or no known one.
    Member(Option<MemberRow>),
    /// The address is this member's, but the identity provider gave it another subject before.
    Other(MemberRow),
}

/// Returns the member that the identity provider means, given the one that has the address.
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
        // The address was changed at the identity provider and is not provisioned yet.
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
            // A subject that is an address of the member proves no more than the address itself.
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

/// Stores the subject of a member at its first sign-in.
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

/// Stores a subject that is not the member's yet, so that an administrator can confirm it.
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

/// Lists the subjects by which a connection knows members, ordered by member.
///
/// # Errors
/// Fails if the connection does not exist.
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

/// By which name a connection knows a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The id of the connection.
    pub connection: String,
    /// The domain of the connection.
    pub domain: String,
    /// The name.
    pub identity: IdentityRow,
}

/// Returns the names by which the account's connections know a member.
///
/// # Errors
/// Fails if there is no such member.
pub fn of_member(conn: &mut Conn, enterprise: AccountPk, member: &str) -> Result<Vec<Known>> {
    let unknown = || AdministrationError::NotFound { kind: "The member", id: member.to_owned() };
    let row = members::by_id(conn, enterprise, member)?.ok_or_else(unknown)?;
    let known = stored::of_member(conn, enterprise, row.pk)?;
    let of = |(connection, domain, identity)| Known { connection, domain, identity };
    Ok(known.into_iter().map(of).collect())
}

/// Confirms the subject for which a sign-in was refused, so that it is the member's from now on.
///
/// # Errors
/// Fails if the connection does not exist, no subject waits for confirmation, or the member is an
/// owner or co-owner and the caller may not manage owners.
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
