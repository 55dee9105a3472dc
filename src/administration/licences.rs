//! The Licenses page: the holders of seats, with date and source (DOMAIN.md, *Reports*).

use super::AdministrationError;
use crate::enterprise::source::LicenceSource;
use crate::enterprise::{AccountPk, Role, Timestamp, name};
use crate::store::{Conn, licences};

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
