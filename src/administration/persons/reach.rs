//! The organizations that somebody reaches, over all of their accounts, and the storage rules that
//! bind them (docs/domain.md §2, §8).

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::administration::listing::{Listing, Position, Section, page};
use crate::administration::organization_list::{self, Numbers};
use crate::administration::sessions::{self, SessionError};
use crate::administration::{AdministrationError, Class, Refusal, sign_in};
use crate::enterprise::reach::{InactiveReason, WayKind, by_account_role};
use crate::enterprise::search::{Findable, Search, Terms};
use crate::enterprise::sso::SignedInBy;
use crate::enterprise::storage::{EffectiveRule, StorageRule, effective};
use crate::enterprise::{AccountPk, MemberPk, OrganizationPk, OrganizationRole, Timestamp, plan};
use crate::store::admin_tokens::AdminRow;
use crate::store::reached::{self, PlanRow, ReachedRow, Reacher};
use crate::store::search::{self, Hit, Kind};
use crate::store::sessions::{Membership, SessionRow};
use crate::store::storage::AccountRules;
use crate::store::{Conn, enterprises, storage};

type Result<T> = std::result::Result<T, AdministrationError>;

/// A way by which somebody reaches an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// What kind of way it is.
    pub kind: WayKind,
    /// The role that it gives.
    pub role: OrganizationRole,
    /// Id and name of the team, if it is one.
    pub team: Option<(String, String)>,
}

/// An organization as somebody who reaches it sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReachedOrganization {
    /// The organization's row.
    pub pk: OrganizationPk,
    /// The organization's id.
    pub id: String,
    /// The organization's name.
    pub name: String,
    /// The account's id.
    pub account_id: String,
    /// The account's name.
    pub account_name: String,
    /// The highest role of all ways.
    pub role: OrganizationRole,
    /// All ways by which it is reached.
    pub ways: Vec<Way>,
    /// Why nobody can work in it; `None` if it is active.
    pub inactive: Option<InactiveReason>,
    /// The storage rule in force.
    pub storage: EffectiveRule,
}

/// The storage rule of the personal workspaces of one account's members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonalStorage {
    /// The account's id.
    pub account_id: String,
    /// The account's name.
    pub account_name: String,
    /// The rule in force.
    pub rule: StorageRule,
}

/// The organization is not one that the caller reaches.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "You reach no organization with the id \"{0}\". GET /api/v1/me/organizations lists those that \
     you reach."
)]
pub struct NotReached(String);

impl Refusal for NotReached {
    fn class(&self) -> Class {
        Class::NotFound
    }

    fn word(&self) -> &'static str {
        "not-found"
    }
}

/// Returns the memberships in which a session reads: those in which it may act. A session by mail
/// leaves out accounts that require single sign-on for the member, and a session that single sign-on
/// opened has that account only: another account asks for its own proof (docs/domain.md §0). The
/// account in which it acts already is left out in neither case: switching single sign-on on ends no
/// session.
pub fn of_session(
    conn: &mut Conn,
    session: &SessionRow,
    now: Timestamp,
) -> Result<Vec<Membership>> {
    let mut open = Vec::new();
    for membership in sessions::accounts_of(conn, session)? {
        let acts_there = session.member_pk == Some(membership.member_pk);
        if session.signed_in_by == SignedInBy::Mail && !acts_there {
            match sign_in::refuse_bound(conn, &membership, now) {
                Ok(()) => {}
                Err(AdministrationError::Refused(_)) => continue,
                Err(error) => return Err(error),
            }
        }
        open.push(membership);
    }
    Ok(open)
}

/// Returns the membership that a member's token stands for.
pub fn of_token(conn: &mut Conn, member: &AdminRow) -> Result<Vec<Membership>> {
    let account = enterprises::get(conn, member.enterprise_pk)?;
    Ok(vec![Membership {
        enterprise_pk: account.pk,
        account_id: account.id,
        account_name: account.name,
        member_pk: member.member_pk,
        member_id: member.member_id.clone(),
        role: member.role,
    }])
}

/// Keeps only the membership in this account, if one is asked for.
///
/// # Errors
/// Fails with [`SessionError::NotYourAccount`] if there is none.
pub fn only(mut all: Vec<Membership>, account: Option<&str>) -> Result<Vec<Membership>> {
    let Some(id) = account else { return Ok(all) };
    all.retain(|membership| membership.account_id == id);
    if all.is_empty() {
        return Err(SessionError::NotYourAccount(id.to_owned()).into());
    }
    Ok(all)
}

fn reachers(memberships: &[Membership]) -> Vec<Reacher> {
    memberships
        .iter()
        .map(|membership| Reacher {
            enterprise: membership.enterprise_pk,
            member: membership.member_pk,
            everything: by_account_role(membership.role).is_some(),
        })
        .collect()
}

/// Lists the organizations that these memberships reach and the search finds: in the order of
/// creation or, for a search, in alphabetical order of what was found.
pub fn organizations(
    conn: &mut Conn,
    memberships: &[Membership],
    now: Timestamp,
    search: Option<&Search>,
    (from, limit): (&Position, i64),
) -> Result<Listing<ReachedOrganization>> {
    let rows = page(from, limit, search.is_some(), |at, size| match search {
        Some(search) => found(conn, memberships, search, (at, size)),
        None => {
            let rows = reached::page(conn, &reachers(memberships), at.pk, size)?;
            Ok(Section::of_rows(rows, size, |row| row.pk.0, Some))
        }
    })?;
    let items = view(conn, memberships, rows.items, now)?;
    Ok(Listing { items, next: rows.next })
}

/// Reads a section of what the search finds in all accounts of these memberships.
fn found(
    conn: &mut Conn,
    memberships: &[Membership],
    search: &Search,
    (at, size): (&Position, i64),
) -> Result<Section<ReachedRow>> {
    let (kind, after) = (Kind::Stored(Findable::Organization), at.hit());
    let mut hits: Vec<Hit> = Vec::new();
    for account in accounts(memberships) {
        hits.extend(search::find(conn, account, kind, (search.beginning(), after.as_ref()), size)?);
    }
    hits.sort_unstable();
    hits.truncate(usize::try_from(size).unwrap_or(usize::MAX));
    let mut pks: Vec<OrganizationPk> = hits.iter().map(|hit| OrganizationPk(hit.pk)).collect();
    pks.sort_unstable();
    pks.dedup();
    let ways = ways(conn, memberships, &pks)?;
    let everything: Vec<AccountPk> = memberships
        .iter()
        .filter(|membership| by_account_role(membership.role).is_some())
        .map(|membership| membership.enterprise_pk)
        .collect();
    let rows = reached::by_pks(conn, &pks)?
        .into_iter()
        .filter(|row| ways.contains_key(&row.pk) || everything.contains(&row.enterprise_pk));
    let rows = rows.map(|row| (row.pk.0, row)).collect();
    let keep = |hit: &Hit, row: &ReachedRow| search.shows(&Terms::of_name(&row.name), &hit.term);
    Ok(Section::of_hits(hits, size, rows, keep, |row| row))
}

/// Counts people and teams of an organization, if it is of an account that the person administers.
pub fn numbers(
    conn: &mut Conn,
    memberships: &[Membership],
    reached: &ReachedOrganization,
) -> Result<Option<Numbers>> {
    let of = memberships.iter().find(|one| one.account_id == reached.account_id);
    match of.filter(|membership| by_account_role(membership.role).is_some()) {
        Some(membership) => {
            organization_list::numbers(conn, membership.enterprise_pk, reached.pk).map(Some)
        }
        None => Ok(None),
    }
}

/// Returns one organization that these memberships reach.
///
/// # Errors
/// Fails with [`NotReached`] if they do not reach it.
pub fn organization(
    conn: &mut Conn,
    memberships: &[Membership],
    id: &str,
    now: Timestamp,
) -> Result<ReachedOrganization> {
    let accounts = accounts(memberships);
    let rows: Vec<ReachedRow> = reached::by_id(conn, &accounts, id)?.into_iter().collect();
    let seen = view(conn, memberships, rows, now)?;
    let reached = seen.into_iter().find(|organization| !organization.ways.is_empty());
    Ok(reached.ok_or_else(|| NotReached(id.to_owned()))?)
}

/// Returns the storage rules of the personal workspaces of these memberships.
pub fn personal_storage(
    conn: &mut Conn,
    memberships: &[Membership],
) -> Result<Vec<PersonalStorage>> {
    let plans = plans(conn, memberships)?;
    let mut rules = Vec::new();
    for membership in memberships {
        let account = membership.enterprise_pk;
        rules.push(PersonalStorage {
            account_id: membership.account_id.clone(),
            account_name: membership.account_name.clone(),
            rule: in_force(conn, account, plans.get(&account))?.personal_workspaces,
        });
    }
    Ok(rules)
}

fn accounts(memberships: &[Membership]) -> Vec<AccountPk> {
    memberships.iter().map(|membership| membership.enterprise_pk).collect()
}

fn plans(conn: &mut Conn, memberships: &[Membership]) -> Result<HashMap<AccountPk, PlanRow>> {
    let rows = reached::plans(conn, &accounts(memberships))?;
    Ok(rows.into_iter().map(|row| (row.enterprise_pk, row)).collect())
}

/// Returns the account's rules as far as they bind: storage control rests under a plan that does not
/// include it (docs/domain.md §1).
fn in_force(conn: &mut Conn, account: AccountPk, plan: Option<&PlanRow>) -> Result<AccountRules> {
    if binds(plan) { Ok(storage::of_account(conn, account)?) } else { Ok(AccountRules::default()) }
}

fn binds(plan: Option<&PlanRow>) -> bool {
    plan.is_some_and(|row| row.plan.includes_advanced())
}

/// Adds to these organizations what the members see of them.
fn view(
    conn: &mut Conn,
    memberships: &[Membership],
    rows: Vec<ReachedRow>,
    now: Timestamp,
) -> Result<Vec<ReachedOrganization>> {
    let pks: Vec<OrganizationPk> = rows.iter().map(|row| row.pk).collect();
    let mut ways = ways(conn, memberships, &pks)?;
    let mut own_rules = storage::of_organizations(conn, &pks)?;
    let plans = plans(conn, memberships)?;
    let mut account_rules: HashMap<AccountPk, AccountRules> = HashMap::new();
    let mut seen = Vec::with_capacity(rows.len());
    for row in rows {
        let account = row.enterprise_pk;
        let member = memberships.iter().find(|one| one.enterprise_pk == account);
        let Some(membership) = member else { continue };
        let plan = plans.get(&account);
        let rules = match account_rules.entry(account) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(in_force(conn, account, plan)?),
        };
        let rule = rules.organizations.clone();
        let own = own_rules.remove(&row.pk).filter(|_| binds(plan));
        let mut reached = ways.remove(&row.pk).unwrap_or_default();
        if let Some((kind, role)) = by_account_role(membership.role) {
            reached.insert(0, Way { kind, role, team: None });
        }
        let active = plan.is_some_and(|row| plan::is_active(row.active, row.ends_at, now));
        seen.push(ReachedOrganization {
            pk: row.pk,
            id: row.id,
            name: row.name,
            account_id: membership.account_id.clone(),
            account_name: membership.account_name.clone(),
            role: reached.iter().map(|way| way.role).max().unwrap_or(OrganizationRole::Member),
            ways: reached,
            inactive: (!active).then_some(InactiveReason::PlanEnded),
            storage: effective(rule, own),
        });
    }
    Ok(seen)
}

/// Returns the direct ways and those through teams to each of these organizations.
fn ways(
    conn: &mut Conn,
    memberships: &[Membership],
    organizations: &[OrganizationPk],
) -> Result<HashMap<OrganizationPk, Vec<Way>>> {
    let members: Vec<MemberPk> = memberships.iter().map(|one| one.member_pk).collect();
    let mut ways: HashMap<OrganizationPk, Vec<Way>> = HashMap::new();
    for (organization, role) in reached::direct_roles(conn, &members, organizations)? {
        let way = Way { kind: WayKind::Direct, role: role.into(), team: None };
        ways.entry(organization).or_default().push(way);
    }
    for way in reached::team_ways(conn, &members, organizations)? {
        let team = Some((way.team_id, way.team_name));
        let found = Way { kind: WayKind::Team, role: way.role.into(), team };
        ways.entry(way.organization_pk).or_default().push(found);
    }
    Ok(ways)
}
