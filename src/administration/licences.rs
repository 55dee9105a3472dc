//! The Licenses page: who holds a seat, since when, from which source (DOMAIN.md, *Reports*).

use super::AdministrationError;
use crate::enterprise::source::LicenceSource;
use crate::enterprise::{AccountPk, Role, Timestamp, name};
use crate::store::{Conn, licences};

type Result<T> = std::result::Result<T, AdministrationError>;

/// A seat that is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Licence {
    /// The member's id, or the invitation's.
    pub id: String,
    /// The address, if there is one.
    pub email: Option<String>,
    /// The user name; an invitation has none.
    pub user_name: Option<String>,
    /// The name shown.
    pub display_name: Option<String>,
    /// The role in the account; an invitation has none.
    pub role: Option<Role>,
    /// Where the holder comes from.
    pub source: LicenceSource,
    /// Since when, in milliseconds.
    pub since: Timestamp,
}

/// Which licences are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// From this source.
    pub source: Option<LicenceSource>,
    /// With this text in address, user name or name, in any letter case.
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

/// Where a page begins: members come before invitations, whose rows are counted on from here.
const INVITATIONS: i64 = 1 << 62;
/// Rows that are read at once.
const SECTION: i64 = 500;

/// Licences that pass the filter, after position `after`, and where the next page begins. What does
/// not pass is read section by section, so that memory holds no more than a page.
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

/// Licences with their positions, and where the next section begins.
type Section = (Vec<(i64, Licence)>, Option<i64>);

/// One section's licences that pass, each with its position, and where the next section begins.
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
