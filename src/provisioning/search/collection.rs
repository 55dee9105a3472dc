//! The searchable tables, members and teams, behind one trait.

use serde_json::Value;

use super::plan::{Answered, text};
use crate::enterprise::{AccountPk, MemberPk, TeamPk, address, name};
use crate::provisioning::document::View;
use crate::provisioning::memberships::MEMBERS;
use crate::provisioning::resource_types::{GROUP_EXTENSION, USER_EXTENSION};
use crate::provisioning::{Directory, ProvisioningError, group_views, users};
use crate::scim::filter::{Filter, Operator};
use crate::scim::projection::Projection;
use crate::scim::{AttributeRef, Resource};
use crate::spelling::user_name;
use crate::store::member_lookups::{self, MemberLookup};
use crate::store::members::{self, MemberRow};
use crate::store::teams::{self, TeamLookup, TeamRow};
use crate::store::{Conn, StoreResult, enterprises};

/// A table of resources that can be searched.
pub trait Collection {
    type Row;
    /// The look-ups that the table has an index for.
    type Lookup: PartialEq;

    /// The look-up of all rows.
    const ALL: Self::Lookup;

    /// Returns the look-up for this part of a filter, if there is an index for it.
    fn lookup(filter: &Filter) -> Option<Answered<Self::Lookup>>;

    /// Returns the rows after the row with key `after`, in directory order.
    fn find(
        conn: &mut Conn,
        enterprise: AccountPk,
        lookup: &Self::Lookup,
        after: i64,
        limit: i64,
    ) -> StoreResult<Vec<Self::Row>>;

    /// Returns the rows from an offset on, in directory order.
    fn page(
        conn: &mut Conn,
        enterprise: AccountPk,
        lookup: &Self::Lookup,
        offset: i64,
        limit: i64,
    ) -> StoreResult<Vec<Self::Row>>;

    /// Returns the number of rows that the look-up finds.
    fn count(conn: &mut Conn, enterprise: AccountPk, lookup: &Self::Lookup) -> StoreResult<i64>;

    /// Returns the rows with these keys, in directory order.
    fn by_keys(
        conn: &mut Conn,
        enterprise: AccountPk,
        keys: impl Iterator<Item = i64>,
    ) -> StoreResult<Vec<Self::Row>>;

    /// Returns the key of a row.
    fn key(row: &Self::Row) -> i64;

    /// Returns the rows as resources to evaluate a filter on, with the attributes that the
    /// projection includes.
    fn views(
        conn: &mut Conn,
        directory: &Directory,
        rows: &[Self::Row],
        projection: &Projection,
    ) -> Result<Vec<Resource>, ProvisioningError>;

    /// Returns the rows as resources to be shown, not yet projected.
    fn shown(
        conn: &mut Conn,
        directory: &Directory,
        rows: &[Self::Row],
        projection: &Projection,
    ) -> Result<Vec<View>, ProvisioningError> {
        let views = Self::views(conn, directory, rows, projection)?;
        Ok(views.into_iter().map(View::from).collect())
    }

    /// Returns `true` if the projection includes attributes that are not stored in the rows.
    fn reads_more(projection: &Projection) -> bool;

    /// Returns `true` if a single resource with these attributes can be arbitrarily long.
    fn may_be_long(_: &Projection) -> bool {
        false
    }
}

/// Returns the attribute, sub-attribute and value of an equality on an attribute of the core
/// schema.
fn equality(filter: &Filter) -> Option<(&str, Option<&str>, &str)> {
    match filter {
        Filter::Compare { attribute, operator: Operator::Equal, value: Value::String(value) } => {
            let (name, sub_attribute) = core_names(attribute)?;
            Some((name, sub_attribute, value))
        }
        _ => None,
    }
}

fn core_names(attribute: &AttributeRef) -> Option<(&str, Option<&str>)> {
    if attribute.extension.is_some() {
        return None;
    }
    let sub_attribute = attribute.sub_attribute.as_ref().map(|sub| sub.name.as_ref());
    Some((attribute.attribute.name.as_ref(), sub_attribute))
}

/// Members, shown as User resources.
pub struct Users;

impl Collection for Users {
    type Row = MemberRow;
    type Lookup = MemberLookup;

    const ALL: MemberLookup = MemberLookup::All;

    fn lookup(filter: &Filter) -> Option<Answered<MemberLookup>> {
        if let Some((name, sub_attribute, value)) = equality(filter) {
            let lookup = match (name, sub_attribute) {
                ("id", None) => MemberLookup::Id(text(value)?),
                ("userName", None) => MemberLookup::UserName(name::user_key(&text(value)?)),
                ("externalId", None) => MemberLookup::ExternalId(text(value)?),
                ("displayName", None) => MemberLookup::DisplayName(name::key(&text(value)?)),
                ("emails", Some("value")) => MemberLookup::Email(address::key(&text(value)?)),
                ("groups", Some("value")) => {
                    return Some(Answered::many(MemberLookup::Team(text(value)?)));
                }
                _ => return None,
            };
            return Some(Answered::few(lookup));
        }
        match filter {
            Filter::Compare {
                attribute,
                operator: Operator::StartsWith,
                value: Value::String(value),
            } if core_names(attribute) == Some(("userName", None)) => starting(&text(value)?),
            Filter::ValuePath { attribute, filter }
                if core_names(attribute) == Some(("emails", None)) =>
            {
                // The index finds the address; the rest of the filter, such as the type, is
                // evaluated.
                let value = value_in(filter)?;
                Some(Answered::few(MemberLookup::Email(address::key(&text(value)?))).partly())
            }
            _ => None,
        }
    }

    fn find(
        conn: &mut Conn,
        enterprise: AccountPk,
        lookup: &MemberLookup,
        after: i64,
        limit: i64,
    ) -> StoreResult<Vec<MemberRow>> {
        member_lookups::find(conn, enterprise, lookup, after, limit)
    }

    fn page(
        conn: &mut Conn,
        enterprise: AccountPk,
        lookup: &MemberLookup,
        offset: i64,
        limit: i64,
    ) -> StoreResult<Vec<MemberRow>> {
        member_lookups::page(conn, enterprise, lookup, offset, limit)
    }

    fn count(conn: &mut Conn, enterprise: AccountPk, lookup: &MemberLookup) -> StoreResult<i64> {
        match lookup {
            MemberLookup::All => Ok(enterprises::get(conn, enterprise)?.member_count),
            lookup => member_lookups::count(conn, enterprise, lookup),
        }
    }

    fn by_keys(
        conn: &mut Conn,
        enterprise: AccountPk,
        keys: impl Iterator<Item = i64>,
    ) -> StoreResult<Vec<MemberRow>> {
        members::by_pks(conn, enterprise, &keys.map(MemberPk).collect::<Vec<_>>())
    }

    fn key(row: &MemberRow) -> i64 {
        row.pk.0
    }

    fn views(
        conn: &mut Conn,
        directory: &Directory,
        rows: &[MemberRow],
        projection: &Projection,
    ) -> Result<Vec<Resource>, ProvisioningError> {
        Ok(users::views(conn, directory, rows, projection)?)
    }

    fn reads_more(projection: &Projection) -> bool {
        projection.includes(None, "groups")
            || projection.includes(Some(USER_EXTENSION), "organizations")
    }
}

/// Returns the look-up of user names with this prefix. A domain has two spellings, only one of
/// which is in the index. The index therefore answers up to the `@` or the first non-ASCII
/// character, and the filter decides the rest.
fn starting(text: &str) -> Option<Answered<MemberLookup>> {
    let mut prefix = user_name::prepared(text, true, false);
    let mut characters = prefix.char_indices();
    let Some((at, last)) = characters.find(|(_, found)| !found.is_ascii() || *found == '@') else {
        return Some(Answered::many(MemberLookup::UserNamePrefix(prefix)));
    };
    let certain = at + usize::from(last == '@');
    prefix.truncate(certain);
    let lookup = MemberLookup::UserNamePrefix(prefix);
    (certain > 0).then(|| Answered::many(lookup).partly())
}

/// Returns the value that an inner filter demands: `value eq "x"`, alone or with further
/// conditions.
fn value_in(filter: &Filter) -> Option<&str> {
    match filter {
        Filter::And(all) => all.iter().find_map(value_in),
        other => match equality(other) {
            Some(("value", None, value)) => Some(value),
            _ => None,
        },
    }
}

/// Teams, shown as Group resources.
pub struct Groups;

/// Recognises the filter with which Entra asks whether a user is a member of a group: `id eq "…"
/// and members eq "…"`. With a look-up of its own its cost does not depend on the size of the
/// group.
fn is_member_of(parts: &[Filter]) -> Option<TeamLookup> {
    let [one, other] = parts else { return None };
    let lookup = |group: &Filter, member: &Filter| match (equality(group)?, equality(member)?) {
        (("id", None, group), ("members", Some("value"), member)) => {
            Some(TeamLookup::IdWithMember(text(group)?, text(member)?))
        }
        _ => None,
    };
    lookup(one, other).or_else(|| lookup(other, one))
}

impl Collection for Groups {
    type Row = TeamRow;
    type Lookup = TeamLookup;

    const ALL: TeamLookup = TeamLookup::All;

    fn lookup(filter: &Filter) -> Option<Answered<TeamLookup>> {
        if let Filter::And(parts) = filter {
            return is_member_of(parts).map(Answered::few);
        }
        let (name, sub_attribute, value) = equality(filter)?;
        let value = text(value)?;
        match (name, sub_attribute) {
            ("id", None) => Some(Answered::few(TeamLookup::Id(value))),
            ("displayName", None) => Some(Answered::few(TeamLookup::Name(name::key(&value)))),
            ("externalId", None) => Some(Answered::few(TeamLookup::ExternalId(value))),
            ("members", Some("value")) => Some(Answered::many(TeamLookup::Member(value))),
            _ => None,
        }
    }

    fn find(
        conn: &mut Conn,
        enterprise: AccountPk,
        lookup: &TeamLookup,
        after: i64,
        limit: i64,
    ) -> StoreResult<Vec<TeamRow>> {
        teams::find(conn, enterprise, lookup, after, limit)
    }

    fn page(
        conn: &mut Conn,
        enterprise: AccountPk,
        lookup: &TeamLookup,
        offset: i64,
        limit: i64,
    ) -> StoreResult<Vec<TeamRow>> {
        teams::page(conn, enterprise, lookup, offset, limit)
    }

    fn count(conn: &mut Conn, enterprise: AccountPk, lookup: &TeamLookup) -> StoreResult<i64> {
        match lookup {
            TeamLookup::All => Ok(enterprises::get(conn, enterprise)?.team_count),
            lookup => teams::count(conn, enterprise, lookup),
        }
    }

    fn by_keys(
        conn: &mut Conn,
        enterprise: AccountPk,
        keys: impl Iterator<Item = i64>,
    ) -> StoreResult<Vec<TeamRow>> {
        teams::by_pks(conn, enterprise, &keys.map(TeamPk).collect::<Vec<_>>())
    }

    fn key(row: &TeamRow) -> i64 {
        row.pk.0
    }

    fn views(
        conn: &mut Conn,
        directory: &Directory,
        rows: &[TeamRow],
        projection: &Projection,
    ) -> Result<Vec<Resource>, ProvisioningError> {
        group_views::views(conn, directory, rows, projection)
    }

    fn shown(
        conn: &mut Conn,
        directory: &Directory,
        rows: &[TeamRow],
        projection: &Projection,
    ) -> Result<Vec<View>, ProvisioningError> {
        group_views::shown(conn, directory, rows, projection)
    }

    fn reads_more(projection: &Projection) -> bool {
        projection.includes(None, MEMBERS)
            || projection.includes(Some(GROUP_EXTENSION), "organizations")
    }

    fn may_be_long(projection: &Projection) -> bool {
        projection.includes(None, MEMBERS)
    }
}
