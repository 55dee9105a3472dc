//! The Licenses page: the holders of seats, with date and source (docs/domain.md, *Reports*).

use std::collections::HashMap;

use super::listing::{Listing, Position, Section, page};
use super::member_list::{found, last_active, of_kind};
use super::{AdministrationError, invitations as invited, members as administered};
use crate::enterprise::search::{Search, Terms};
use crate::enterprise::source::LicenceSource;
use crate::enterprise::{AccountPk, InvitationPk, MemberPk, MemberSource, Role, Timestamp};
use crate::store::licences::InvitationLine;
use crate::store::member_lists::{self, MemberKind};
use crate::store::members::{self, MemberRow};
use crate::store::search::{self, Kind};
use crate::store::{Conn, Transaction, invitation_lists, licences, reach};

/// The maximum number of licences that one call removes.
pub const MOST_REMOVED: usize = 500;

/// What became of one licence that was to be removed.
#[derive(Debug)]
pub struct Removed {
    /// The id of the member or invitation, as it was sent.
    pub id: String,
    /// Why it was not removed, if it was not.
    pub outcome: Result<()>,
}

type Result<T> = std::result::Result<T, AdministrationError>;

/// A seat in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Licence {
    /// The public id of the member or the invitation.
    pub id: String,
    /// The email address, if there is one.
    pub email: Option<String>,
    /// The user name; `None` for an invitation.
    pub user_name: Option<String>,
    /// The display name, if there is one.
    pub display_name: Option<String>,
    /// The role in the account; `None` for an invitation.
    pub role: Option<Role>,
    /// How the holder came into the account.
    pub source: LicenceSource,
    /// When the seat was taken.
    pub since: Timestamp,
    /// The last active day, counted from 1970, if it is recent enough to be shown.
    pub last_active: Option<i64>,
    /// Whether the member reaches an organization; `None` for an invitation.
    pub reaches_organizations: Option<bool>,
    /// When the invitation expires, which frees the seat; `None` for a member.
    pub expires_at: Option<Timestamp>,
}

/// A filter for licences; fields that are `None` do not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only licences that the search finds.
    pub search: Option<Search>,
    /// Only this source.
    pub source: Option<LicenceSource>,
    /// Only members with this role.
    pub role: Option<Role>,
    /// Only members who were not active in the last so many days.
    pub not_active_for: Option<i64>,
    /// Only members who reach organizations, or who do not.
    pub reaches_organizations: Option<bool>,
}

impl Filter {
    /// Returns `true` if invitations can pass: they have no role, and are not active.
    fn has_invitations(&self) -> bool {
        self.source.is_none_or(|source| source == LicenceSource::Invitation)
            && self.role.is_none()
            && self.not_active_for.is_none()
            && self.reaches_organizations.is_none()
    }

    fn has_members(&self) -> bool {
        self.source != Some(LicenceSource::Invitation)
    }

    /// Returns `true` if rows that an index leads to may not pass.
    fn drops_rows(&self) -> bool {
        self.search.is_some()
            || self.source == Some(LicenceSource::Manual)
            || self.not_active_for.is_some()
            || self.reaches_organizations.is_some()
    }

    /// Returns the kind of the members who can pass.
    fn kind(&self) -> MemberKind {
        let source = self.source.map(|source| match source {
            LicenceSource::Scim => MemberSource::Scim,
            _ => MemberSource::Manual,
        });
        MemberKind { role: self.role, source, active: Some(true) }
    }

    fn passes(&self, licence: &Licence, now: Timestamp) -> bool {
        let is_idle = |days: i64| licence.last_active.is_none_or(|day| day < now.day() - days);
        self.source.is_none_or(|source| source == licence.source)
            && self.not_active_for.is_none_or(is_idle)
            && (self.reaches_organizations.is_none()
                || self.reaches_organizations == licence.reaches_organizations)
    }
}

/// The offset of invitations in positions of the list: members come first, then invitations.
const INVITATIONS: i64 = 1 << 62;

/// Returns licences that match the filter: members in the order in which they joined, then pending
/// invitations. A search finds both in alphabetical order.
pub fn list(
    conn: &mut Conn,
    enterprise: AccountPk,
    now: Timestamp,
    filter: &Filter,
    (from, limit): (&Position, i64),
) -> Result<Listing<Licence>> {
    page(from, limit, filter.drops_rows(), |at, size| {
        if at.pk >= INVITATIONS {
            return invitations(conn, enterprise, now, filter, (at, size));
        }
        let mut section = if filter.has_members() {
            of_members(conn, enterprise, now, filter, (at, size))?
        } else {
            Section { found: Vec::new(), next: None, read: 0 }
        };
        if section.next.is_none() && filter.has_invitations() {
            let term = filter.search.as_ref().map(|search| search.beginning().to_owned());
            section.next = Some(Position { term, pk: INVITATIONS });
        }
        Ok(section)
    })
}

fn of_members(
    conn: &mut Conn,
    enterprise: AccountPk,
    now: Timestamp,
    filter: &Filter,
    (at, size): (&Position, i64),
) -> Result<Section<Licence>> {
    let kind = filter.kind();
    let Section { found, next, read } = match (&filter.search, filter.source) {
        (Some(search), _) => found(conn, enterprise, search, (at, size), |hit, row| {
            kind.has(row) && search.shows(&row.terms(), &hit.term)
        })?,
        (None, Some(LicenceSource::Captured)) => {
            let pks = member_lists::captured(conn, enterprise, at.pk, size)?;
            let rows = members::by_pks(conn, enterprise, &pks)?;
            Section::of_rows(rows, size, |row| row.pk.0, |row| kind.has(&row).then_some(row))
        }
        (None, _) => {
            let rows = of_kind(conn, enterprise, &kind, at.pk, size)?;
            Section::of_rows(rows, size, |row| row.pk.0, Some)
        }
    };
    let (positions, rows): (Vec<Position>, Vec<MemberRow>) = found.into_iter().unzip();
    let held = described(conn, rows, now)?;
    let found = positions.into_iter().zip(held).filter(|(_, one)| filter.passes(one, now));
    Ok(Section { found: found.collect(), next, read })
}

fn described(conn: &mut Conn, rows: Vec<MemberRow>, now: Timestamp) -> Result<Vec<Licence>> {
    let pks: Vec<MemberPk> = rows.iter().map(|row| row.pk).collect();
    let captured = member_lists::captured_among(conn, &pks)?;
    let last_active = last_active(conn, &pks, now)?;
    let reaching = reach::reaching(conn, &pks)?;
    let held = |row: MemberRow| Licence {
        source: match row.source {
            MemberSource::Manual if captured.contains(&row.pk) => LicenceSource::Captured,
            source => source.into(),
        },
        last_active: last_active.get(&row.pk).copied(),
        // Owners reach every organization, and an account always has one.
        reaches_organizations: Some(row.role == Role::Owner || reaching.contains(&row.pk)),
        expires_at: None,
        // Active members have one.
        since: row.seat_since.unwrap_or(row.created_at),
        id: row.id,
        email: row.email,
        user_name: Some(row.user_name),
        display_name: row.display_name,
        role: Some(row.role),
    };
    Ok(rows.into_iter().map(held).collect())
}

fn invitations(
    conn: &mut Conn,
    enterprise: AccountPk,
    now: Timestamp,
    filter: &Filter,
    (at, size): (&Position, i64),
) -> Result<Section<Licence>> {
    let at = Position { term: at.term.clone(), pk: at.pk - INVITATIONS };
    let mut section = match &filter.search {
        None => {
            let pks = invitation_lists::pending(conn, enterprise, (at.pk, size))?;
            let rows = licences::invitations_among(conn, enterprise, now, &pks)?;
            let mut rows: HashMap<InvitationPk, InvitationLine> =
                rows.into_iter().map(|row| (row.0, row)).collect();
            // Those that have expired are missing.
            Section::of_rows(pks, size, |pk| pk.0, |pk| rows.remove(&pk))
        }
        Some(search) => {
            let after = at.hit();
            let kind = Kind::Invitation;
            let hits =
                search::find(conn, enterprise, kind, (search.beginning(), after.as_ref()), size)?;
            let pks: Vec<InvitationPk> = hits.iter().map(|hit| InvitationPk(hit.pk)).collect();
            let rows = licences::invitations_among(conn, enterprise, now, &pks)?;
            let rows = rows.into_iter().map(|row| (row.0.0, row)).collect();
            let keep = |hit: &search::Hit, row: &InvitationLine| {
                search.shows(&Terms::of_address(&row.2), &hit.term)
            };
            Section::of_hits(hits, size, rows, keep, |row| row)
        }
    };
    for position in section.found.iter_mut().map(|(at, _)| at).chain(&mut section.next) {
        position.pk += INVITATIONS;
    }
    let found = section.found.into_iter().map(|(at, row)| (at, promised(row)));
    Ok(Section { found: found.collect(), next: section.next, read: section.read })
}

fn promised((_, id, email, since, expires_at): InvitationLine) -> Licence {
    Licence {
        id,
        email: Some(email),
        user_name: None,
        display_name: None,
        role: None,
        source: LicenceSource::Invitation,
        since,
        last_active: None,
        reaches_organizations: None,
        expires_at: Some(expires_at),
    }
}

/// Removes several licences independently: members from the account, and invitations. One that
/// cannot be removed does not stop the others. Repetitions are removed once.
///
/// # Errors
/// Fails if there are no ids or too many.
pub fn remove_several(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    ids: &[String],
    manages_owners: bool,
) -> Result<Vec<Removed>> {
    check_number(ids)?;
    let mut known = std::collections::HashSet::new();
    let mut all = Vec::with_capacity(ids.len());
    for id in ids.iter().filter(|id| known.insert(id.as_str())) {
        let outcome = match remove(transaction, enterprise, id, manages_owners) {
            Err(failure @ AdministrationError::Store(_)) => return Err(failure),
            outcome => outcome,
        };
        all.push(Removed { id: id.clone(), outcome });
    }
    Ok(all)
}

/// Checks that one call names licences, and not too many.
pub(super) fn check_number(ids: &[String]) -> Result<()> {
    if ids.is_empty() || ids.len() > MOST_REMOVED {
        return Err(AdministrationError::InvalidValue {
            field: "ids",
            reason: format!("1 to {MOST_REMOVED} ids; there are {}", ids.len()),
        });
    }
    Ok(())
}

fn remove(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    manages_owners: bool,
) -> Result<()> {
    if members::by_id(transaction, enterprise, id)?.is_some() {
        return administered::remove(transaction, enterprise, id, manages_owners);
    }
    match invited::revoke(transaction, enterprise, id) {
        Err(AdministrationError::NotFound { .. }) => {
            Err(AdministrationError::NotFound { kind: "The licence", id: id.to_owned() })
        }
        outcome => outcome,
    }
}
