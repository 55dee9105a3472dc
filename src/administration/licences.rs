//! The Licenses page: the holders of seats, with date and source (DOMAIN.md, *Reports*).

use super::{AdministrationError, invitations as invited, members as administered};
use crate::enterprise::source::LicenceSource;
use crate::enterprise::{AccountPk, Role, Timestamp, name};
use crate::store::{Conn, Transaction, licences, members as stored};

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
}

/// A filter for licences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this source.
    pub source: Option<LicenceSource>,
    /// Only licences with this text in the address, user name or display name; case-insensitive.
    pub search: Option<String>,
}

impl Filter {
    fn passes(&self, licence: &Licence) -> bool {
        self.source.is_none_or(|source| source == licence.source)
            && self.search.as_ref().is_none_or(|search| {
                let search = name::key(search);
                [&licence.email, &licence.user_name, &licence.display_name]
                    .into_iter()
                    .flatten()
                    .any(|text| name::key(text).contains(&search))
            })
    }
}

/// The offset of invitations in positions of the list: members come first, then invitations.
const INVITATIONS: i64 = 1 << 62;
/// The number of rows read by one query.
const SECTION: i64 = 500;

/// Returns licences that match the filter after position `after`, and the start of the next page.
/// Reads section by section, so that memory holds little more than a page however few rows match.
pub fn list(
    conn: &mut Conn,
    enterprise: AccountPk,
    now: Timestamp,
    filter: &Filter,
    after: i64,
    limit: i64,
) -> Result<(Vec<Licence>, Option<i64>)> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut found: Vec<(i64, Licence)> = Vec::new();
    let mut position = Some(after);
    while let Some(at) = position
        && found.len() <= limit
    {
        let section = section(conn, enterprise, now, filter, at)?;
        found.extend(section.0);
        position = section.1;
    }
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|(position, _)| *position);
    Ok((found.into_iter().map(|(_, licence)| licence).collect(), next))
}

/// Licences with their positions, and the start of the next section.
type Section = (Vec<(i64, Licence)>, Option<i64>);

/// Reads one section and returns its licences that match.
fn section(
    conn: &mut Conn,
    enterprise: AccountPk,
    now: Timestamp,
    filter: &Filter,
    after: i64,
) -> Result<Section> {
    let (mut read, next) = if after < INVITATIONS {
        members(conn, enterprise, after)?
    } else {
        invitations(conn, enterprise, now, after)?
    };
    read.retain(|(_, licence)| filter.passes(licence));
    Ok((read, next))
}

fn members(conn: &mut Conn, enterprise: AccountPk, after: i64) -> Result<Section> {
    let rows = licences::members(conn, enterprise, after, SECTION)?;
    let next = if rows.len() as i64 == SECTION { rows.last().map(|row| row.pk.0) } else { None };
    let mut held = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(since) = row.seat_since else { continue };
        let licence = Licence {
            id: row.id,
            email: row.email,
            user_name: Some(row.user_name),
            display_name: row.display_name,
            role: Some(row.role),
            source: row.source.into(),
            since,
        };
        held.push((row.pk.0, licence));
    }
    Ok((held, Some(next.unwrap_or(INVITATIONS))))
}

fn invitations(
    conn: &mut Conn,
    enterprise: AccountPk,
    now: Timestamp,
    after: i64,
) -> Result<Section> {
    let rows = licences::invitations(conn, enterprise, now, after - INVITATIONS, SECTION)?;
    let full = rows.len() as i64 == SECTION;
    let next = rows.last().filter(|_| full).map(|(pk, ..)| INVITATIONS + pk.0);
    let held = rows.into_iter().map(|(pk, id, email, since)| {
        let licence = Licence {
            id,
            email: Some(email),
            user_name: None,
            display_name: None,
            role: None,
            source: LicenceSource::Invitation,
            since,
        };
        (INVITATIONS + pk.0, licence)
    });
    Ok((held.collect(), next))
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
    if ids.is_empty() || ids.len() > MOST_REMOVED {
        return Err(AdministrationError::InvalidValue {
            field: "ids",
            reason: format!("1 to {MOST_REMOVED} ids; there are {}", ids.len()),
        });
    }
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

fn remove(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    manages_owners: bool,
) -> Result<()> {
    if stored::by_id(transaction, enterprise, id)?.is_some() {
        return administered::remove(transaction, enterprise, id, manages_owners);
    }
    match invited::revoke(transaction, enterprise, id) {
        Err(AdministrationError::NotFound { .. }) => {
            Err(AdministrationError::NotFound { kind: "The licence", id: id.to_owned() })
        }
        outcome => outcome,
    }
}
