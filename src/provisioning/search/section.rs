//! The part of a query that concerns one resource type, and what it finds.

use super::collection::{Collection, Groups, Users};
use super::places::Place;
use super::plan::{Plan, plan};
use super::scan;
use crate::provisioning::document::View;
use crate::provisioning::resource_types::USER;
use crate::provisioning::{Directory, ProvisioningError};
use crate::scim::projection::Projection;
use crate::scim::query::Query;
use crate::scim::sort::{Sort, SortKey};
use crate::scim::{AttributeRef, Filter, Resource, ResourceType};
use crate::store::Conn;
use crate::store::member_lookups::MemberLookup;
use crate::store::teams::TeamLookup;

type Result<T> = std::result::Result<T, ProvisioningError>;

/// The part of a query that concerns one resource type.
pub struct Section {
    directory: Directory,
    pub(super) resource_type: &'static ResourceType,
    pub(super) filter_text: Option<Filter>,
    source: Source,
    pub(super) sort: Option<Sort>,
    projection: Projection,
    /// The attributes that the residual filter and sorting read.
    shape: Projection,
}

enum Source {
    Users(Plan<MemberLookup>),
    Groups(Plan<TeamLookup>),
}

/// Runs the body with the section's collection as a type. The functions of [`Collection`] take no
/// `self`, so a trait object is impossible.
macro_rules! with {
    ($section:expr, |$collection:ident, $plan:ident| $body:expr) => {
        match &$section.source {
            Source::Users($plan) => {
                type $collection = Users;
                $body
            }
            Source::Groups($plan) => {
                type $collection = Groups;
                $body
            }
        }
    };
}

impl Section {
    /// Plans the section.
    pub fn new(
        directory: &Directory,
        resource_type: &'static ResourceType,
        filter: Option<Filter>,
        sort: Option<Sort>,
        query: &Query,
    ) -> Self {
        let source = if resource_type.name == USER.name {
            Source::Users(plan::<Users>(filter.clone()))
        } else {
            Source::Groups(plan::<Groups>(filter.clone()))
        };
        let residual = match &source {
            Source::Users(plan) => plan.residual.as_ref(),
            Source::Groups(plan) => plan.residual.as_ref(),
        };
        let read: Vec<String> = residual
            .into_iter()
            .flat_map(Filter::references)
            .chain(sort.as_ref().map(|sort| &sort.attribute))
            .map(outer_name)
            .collect();
        Self {
            directory: directory.clone(),
            resource_type,
            shape: Projection::new(&read, &[], resource_type),
            projection: Projection::new(
                &query.attributes,
                &query.excluded_attributes,
                resource_type,
            ),
            filter_text: filter,
            source,
            sort,
        }
    }

    /// Returns `true` if a resource of this section can be long, so that it is sent while it is
    /// read.
    pub(super) fn may_be_long(&self) -> bool {
        with!(self, |C, _plan| C::may_be_long(&self.projection))
    }

    /// Returns `true` if one look-up answers the section without evaluating resources.
    pub(super) fn is_plain(&self) -> bool {
        let one_lookup = with!(self, |C, plan| {
            // Uses the type alias of `with!`, which would otherwise be reported as unused.
            let _: Option<C> = None;
            plan.lookups.len() == 1 && plan.residual.is_none()
        });
        one_lookup && self.sort.is_none()
    }

    /// Returns `true` if an index finds few rows however large the account is.
    pub(super) fn is_few(&self) -> bool {
        with!(self, |C, plan| {
            let _: Option<C> = None;
            plan.few
        })
    }

    /// Returns all matches if there are at most `most`, without counting them first.
    pub(super) fn all(&self, conn: &mut Conn, most: u64) -> Result<Option<Vec<View>>> {
        let most = most.min(FEW);
        with!(self, |C, plan| {
            let rows = scan::candidates::<C>(conn, &self.directory, plan, most)?;
            let Some(mut rows) = rows else { return Ok(None) };
            let residual = plan.residual.as_ref();
            // Attributes stored in the rows are part of every view, so the filter can be evaluated
            // on the views. If it needs more, that is read first, so that nothing is read for rows
            // that do not match.
            let in_rows = !C::reads_more(&self.shape);
            if let Some(filter) = residual.filter(|_| !in_rows) {
                rows = scan::among::<C>(conn, &self.directory, rows, filter, &self.shape)?;
            }
            let mut views = C::shown(conn, &self.directory, &rows, &self.projection)?;
            if let Some(filter) = residual.filter(|_| in_rows) {
                views.retain(|view| filter.matches(&view.resource));
            }
            views.iter_mut().for_each(|view| view.project(&self.projection));
            Ok(Some(views))
        })
    }

    /// Returns the number of rows of a plain section.
    pub(super) fn count(&self, conn: &mut Conn) -> Result<u64> {
        let enterprise = self.directory.enterprise;
        let count = with!(self, |C, plan| match plan.lookups.first() {
            Some(lookup) => C::count(conn, enterprise, lookup)?,
            None => 0,
        });
        Ok(count.unsigned_abs())
    }

    /// Returns the resources of a plain section from an offset on, or after a row.
    pub(super) fn plain(
        &self,
        conn: &mut Conn,
        from: From,
        limit: u64,
    ) -> Result<Vec<(i64, View)>> {
        let enterprise = self.directory.enterprise;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        with!(self, |C, plan| {
            let Some(lookup) = plan.lookups.first() else { return Ok(Vec::new()) };
            let rows = match from {
                From::Position(offset) => {
                    let offset = i64::try_from(offset).unwrap_or(i64::MAX);
                    C::page(conn, enterprise, lookup, offset, limit)?
                }
                From::After(row) => C::find(conn, enterprise, lookup, row, limit)?,
            };
            self.project::<C>(conn, &rows)
        })
    }

    fn project<C: Collection>(&self, conn: &mut Conn, rows: &[C::Row]) -> Result<Vec<(i64, View)>> {
        let mut views = C::shown(conn, &self.directory, rows, &self.projection)?;
        views.iter_mut().for_each(|view| view.project(&self.projection));
        Ok(rows.iter().map(C::key).zip(views).collect())
    }

    /// Visits the place of every match after a row.
    pub(super) fn places(
        &self,
        conn: &mut Conn,
        section: u8,
        after: i64,
        mut visit: impl FnMut(Place),
    ) -> Result<()> {
        let place = |row: i64, resource: &Resource| Place {
            key: self.sort.as_ref().and_then(|sort| SortKey::of(resource, &sort.attribute)),
            section,
            row,
        };
        with!(self, |C, plan| scan::matches::<C>(
            conn,
            &self.directory,
            plan,
            &self.shape,
            after,
            |row, resource| visit(place(row, resource)),
        ))
    }

    /// Returns the projected resources of these rows, in directory order.
    pub(super) fn at(
        &self,
        conn: &mut Conn,
        rows: impl Iterator<Item = i64>,
    ) -> Result<Vec<(i64, View)>> {
        with!(self, |C, _plan| {
            let rows = C::by_keys(conn, self.directory.enterprise, rows)?;
            self.project::<C>(conn, &rows)
        })
    }
}

/// The largest number of matches that are read without counting them first.
const FEW: u64 = 100;

/// Where the resources of a plain section begin.
pub(super) enum From {
    /// At this position.
    Position(u64),
    /// After this row.
    After(i64),
}

/// Returns the name of the attribute without its sub-attribute, as a projection takes it.
fn outer_name(attribute: &AttributeRef) -> String {
    AttributeRef { sub_attribute: None, ..attribute.clone() }.to_string()
}
