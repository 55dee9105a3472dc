//! The list of those who reach an organization, with search and filters.

use std::collections::HashMap;

use super::collaborators::among;
use super::listing::{FEW, Listing, Position, Section, page};
use super::member_list::found;
use super::{AdministrationError, organizations, teams};
use crate::enterprise::access::{Access, Via};
use crate::enterprise::search::Search;
use crate::enterprise::{AccountPk, MemberPk, OrganizationPk, OrganizationRole};
use crate::store::access::Collaborator;
use crate::store::reach::{self, Way};
use crate::store::search::Hit;
use crate::store::{Conn, members};

type Result<T> = std::result::Result<T, AdministrationError>;

/// A filter for collaborators; fields that are `None` do not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only members that the search finds.
    pub search: Option<Search>,
    /// Only members with this role in the organization.
    pub role: Option<OrganizationRole>,
    /// Only members who reach it in this way: `direct`, or through the team with this id.
    pub via: Option<String>,
}

impl Filter {
    fn passes(&self, access: &Access<Collaborator>) -> bool {
        self.role.is_none_or(|role| role == access.role)
            && self.via.as_ref().is_none_or(|via| access.via.iter().any(|way| way.as_str() == via))
    }
}

/// The place where the list is made: an organization of an account, and the ways that may lead there.
struct Place<'a> {
    enterprise: AccountPk,
    organization: OrganizationPk,
    ways: Vec<Way>,
    filter: &'a Filter,
}

/// Lists the members with access to an organization that pass the filter: in the order in which they
/// joined the account or, for a search, in alphabetical order of what was found.
///
/// # Errors
/// Fails if there is no such organization, or no such team.
pub fn list(
    conn: &mut Conn,
    enterprise: AccountPk,
    id: &str,
    filter: &Filter,
    (from, limit): (&Position, i64),
) -> Result<Listing<Access<Collaborator>>> {
    let organization = organizations::require(conn, enterprise, id)?.pk;
    let ways = ways(conn, enterprise, organization, filter)?;
    let place = Place { enterprise, organization, ways, filter };
    let Some(search) = &filter.search else {
        // Inactive members are dropped, and those with another role.
        return page(from, limit, filter.role.is_some(), |at, size| {
            let pks = place.pks(conn, at.pk, size)?;
            let mut reached = place.reached(conn, &pks)?;
            Ok(Section::of_rows(pks, size, |pk| pk.0, |pk| reached.remove(&pk)))
        });
    };
    let pks = place.pks(conn, 0, FEW + 1)?;
    if pks.len() as i64 <= FEW {
        return place.few(conn, search, &pks, (from, limit));
    }
    page(from, limit, true, |at, size| place.found(conn, search, (at, size)))
}

/// Returns the ways to the organization that the filter leaves.
fn ways(
    conn: &mut Conn,
    enterprise: AccountPk,
    organization: OrganizationPk,
    filter: &Filter,
) -> Result<Vec<Way>> {
    let mut ways = match filter.via.as_deref() {
        None => reach::ways(conn, organization)?,
        Some(via) if via == Via::Direct.as_str() => vec![Way::Owner, Way::Direct],
        Some(team) => vec![Way::Team(teams::require(conn, enterprise, team)?.pk)],
    };
    if filter.role == Some(OrganizationRole::Owner) {
        ways.retain(|way| *way == Way::Owner);
    }
    Ok(ways)
}

impl Place<'_> {
    fn pks(&self, conn: &mut Conn, after: i64, limit: i64) -> Result<Vec<MemberPk>> {
        let Self { enterprise, organization, ways, .. } = self;
        Ok(reach::members_by(conn, *enterprise, *organization, ways, (after, limit))?)
    }

    /// Returns the access of those of these members who pass the filter.
    fn reached(
        &self,
        conn: &mut Conn,
        pks: &[MemberPk],
    ) -> Result<HashMap<MemberPk, Access<Collaborator>>> {
        let reached = among(conn, self.enterprise, self.organization, pks)?;
        Ok(reached.into_iter().filter(|(_, access)| self.filter.passes(access)).collect())
    }

    /// Searches all of them at once.
    fn few(
        &self,
        conn: &mut Conn,
        search: &Search,
        pks: &[MemberPk],
        (from, limit): (&Position, i64),
    ) -> Result<Listing<Access<Collaborator>>> {
        let mut reached = self.reached(conn, pks)?;
        let rows = members::by_pks(conn, self.enterprise, pks)?;
        let found = rows.into_iter().filter_map(|row| {
            let term = search.place(&row.terms())?.to_owned();
            Some((Hit { term, pk: row.pk.0 }, reached.remove(&row.pk)?))
        });
        Ok(Listing::of_few(found.collect(), from, limit))
    }

    /// Reads a section of everybody in the account whom the search finds.
    fn found(
        &self,
        conn: &mut Conn,
        search: &Search,
        (at, size): (&Position, i64),
    ) -> Result<Section<Access<Collaborator>>> {
        let section = found(conn, self.enterprise, search, (at, size), |hit, row| {
            search.shows(&row.terms(), &hit.term)
        })?;
        let pks: Vec<MemberPk> = section.found.iter().map(|(_, row)| row.pk).collect();
        let mut reached = self.reached(conn, &pks)?;
        let found = section
            .found
            .into_iter()
            .filter_map(|(position, row)| Some((position, reached.remove(&row.pk)?)));
        Ok(Section { found: found.collect(), next: section.next, read: section.read })
    }
}
