//! Merging two members of an account that are one person (docs/domain.md §0, §4, §7).
//!
//! What would come of it is planned first; the preview shows the plan, and merging carries it out.

mod error;

use serde_json::{Value, json};

use super::members::{ClaimedMember, check_roles, get, require, target};
pub use error::MergeError;

use super::{AdministrationError, member_changes};
use crate::enterprise::access::{Access, Grant, Via, effective};
use crate::enterprise::audit::Change;
use crate::enterprise::letter::Letter;
use crate::enterprise::person::{self, MergedClaim};
use crate::enterprise::{AccountPk, MemberSource, OrganizationRole, Role, TeamPk, address, owner};
use crate::store::access::Organization;
use crate::store::claims::{self, ClaimRow};
use crate::store::member_merging::{self as stored, DirectAccess, Place};
use crate::store::members::{self, MemberRow, MemberValues};
use crate::store::{
    Conn, StoreError, Transaction, audit, enterprises, organizations, owners, team_links,
};

type Result<T> = std::result::Result<T, AdministrationError>;

/// What merging two members would do.
#[derive(Clone, Debug)]
pub struct Merge {
    /// The member that stays, with its id, as it is now.
    pub kept: MemberRow,
    /// The member that goes.
    pub gone: MemberRow,
    /// The role in the account: the higher of both.
    pub role: Role,
    /// What becomes of the connection to the person.
    pub claim: MergedClaim,
    /// The addresses of the member that goes which the other one does not get.
    pub dropped_addresses: Vec<String>,
    /// The places in teams, of both.
    pub places: Vec<Place>,
    /// The organizations that the member reaches, by the ways of both.
    pub access: Vec<Access<Organization>>,
    direct: Vec<DirectAccess>,
    person: Option<ClaimRow>,
}

impl Merge {
    /// Returns how many seats become free.
    pub fn freed_seats(&self) -> i64 {
        i64::from(self.gone.active)
    }
}

/// Returns what merging two members would do. The one that SCIM provisioned stays; of two manual
/// ones the first, unless only the other one is active.
///
/// # Errors
/// Fails if a member does not exist, both were provisioned or are two people, only an owner may do
/// this, an owner's sign-in address would not be proved, or the last owner would be inactive.
pub fn plan(
    conn: &mut Conn,
    enterprise: AccountPk,
    (first, second): (&str, &str),
    manages_owners: bool,
) -> Result<Merge> {
    let (first, second) = (require(conn, enterprise, first)?, require(conn, enterprise, second)?);
    if first.pk == second.pk {
        return Err(MergeError::SameMember.into());
    }
    let (kept, gone) = ordered(first, second)?;
    check_roles(manages_owners, &[kept.role, gone.role])?;
    let role = kept.role.min(gone.role);
    if !kept.active {
        let account = enterprises::get(conn, enterprise)?;
        owner::may_leave(gone.role, gone.active, account.active_owners)?;
    }
    let (claim, person) = claim_after(conn, &kept, &gone, role)?;
    let is_manual = kept.source == MemberSource::Manual;
    let kept_keys = claims::addresses_of(conn, kept.pk)?;
    let mut dropped_addresses = claims::addresses_of(conn, gone.pk)?;
    dropped_addresses.retain(|key| !is_manual && !kept_keys.contains(key));
    let places = united_places(conn, &kept, &gone)?;
    let direct = united_access(conn, &kept, &gone)?;
    let access =
        if kept.active { reached(conn, enterprise, role, &places, &direct)? } else { Vec::new() };
    Ok(Merge { kept, gone, role, claim, dropped_addresses, places, access, direct, person })
}

/// Returns the member that stays, and the one that goes.
fn ordered(first: MemberRow, second: MemberRow) -> Result<(MemberRow, MemberRow)> {
    let scim = MemberSource::Scim;
    match (first.source == scim, second.source == scim) {
        (true, true) => Err(MergeError::BothProvisioned(first.user_name, second.user_name).into()),
        (true, false) => Ok((first, second)),
        (false, true) => Ok((second, first)),
        (false, false) if second.active && !first.active => Ok((second, first)),
        (false, false) => Ok((first, second)),
    }
}

/// Returns what becomes of the claims of both, and the claim that counts.
fn claim_after(
    conn: &mut Conn,
    kept: &MemberRow,
    gone: &MemberRow,
    role: Role,
) -> Result<(MergedClaim, Option<ClaimRow>)> {
    let (of_kept, of_gone) = (claims::of_member(conn, kept.pk)?, claims::of_member(conn, gone.pk)?);
    if of_kept.is_some() && of_gone.is_some() {
        let (one, other) = (kept.user_name.clone(), gone.user_name.clone());
        return Err(MergeError::TwoPeople(one, other).into());
    }
    let comes_over = of_gone.is_some();
    let claimed = if comes_over { gone } else { kept };
    let proved = claims::proved_by_claimer(conn, claimed.pk)?.unwrap_or_default();
    let becomes_governing = owner::governs(role) && (owner::governs(gone.role) || comes_over);
    if becomes_governing {
        let unproved = logins(kept).into_iter().find(|key| !proved.contains(key));
        if let Some(address) = unproved {
            return Err(MergeError::Unproved(address).into());
        }
    }
    let mut addresses = claims::addresses_of(conn, kept.pk)?;
    if kept.source == MemberSource::Manual {
        addresses.extend(claims::addresses_of(conn, gone.pk)?);
    }
    Ok(match (of_kept, of_gone) {
        (Some(claim), _) => (MergedClaim::Stays, Some(claim)),
        (None, Some(claim)) if person::claim_stands(&addresses, &proved) => {
            (MergedClaim::Moves, Some(claim))
        }
        (None, Some(_)) => (MergedClaim::Ends, None),
        (None, None) => (MergedClaim::None, None),
    })
}

/// Returns the keys of the addresses with which a member signs in.
fn logins(member: &MemberRow) -> Vec<String> {
    let user_name = Some(&member.user_name).filter(|name| address::is_address(name));
    let mut keys: Vec<String> =
        member.email.iter().chain(user_name).map(|one| address::key(one)).collect();
    keys.dedup();
    keys
}

/// Returns the places of both in teams. Where both have one it has the causes of both, and the
/// higher role.
fn united_places(conn: &mut Conn, kept: &MemberRow, gone: &MemberRow) -> Result<Vec<Place>> {
    let mut all = stored::places(conn, kept.pk)?;
    for place in stored::places(conn, gone.pk)? {
        match all.iter_mut().find(|one| one.team_pk == place.team_pk) {
            None => all.push(place),
            Some(one) => {
                if place.role() > one.role() {
                    one.own_role = place.own_role;
                }
                one.by_hand |= place.by_hand;
                one.by_scim |= place.by_scim;
                one.display = one.display.take().or(place.display);
            }
        }
    }
    Ok(all)
}

/// Returns the direct access of both, each with the higher role.
fn united_access(conn: &mut Conn, kept: &MemberRow, gone: &MemberRow) -> Result<Vec<DirectAccess>> {
    let mut all = stored::direct_access(conn, kept.pk)?;
    for access in stored::direct_access(conn, gone.pk)? {
        match all.iter_mut().find(|one| one.organization_pk == access.organization_pk) {
            None => all.push(access),
            Some(one) => one.role = one.role.max(access.role),
        }
    }
    Ok(all)
}

fn reached(
    conn: &mut Conn,
    enterprise: AccountPk,
    role: Role,
    places: &[Place],
    direct: &[DirectAccess],
) -> Result<Vec<Access<Organization>>> {
    let mut grants = Vec::new();
    let mut grant = |id: &str, name: &str, role: OrganizationRole, via: Via| {
        let subject = Organization { id: id.to_owned(), name: name.to_owned() };
        grants.push(Grant { subject, role, via });
    };
    if role == Role::Owner {
        for row in organizations::find(conn, enterprise, 0, i64::MAX)? {
            grant(&row.id, &row.name, OrganizationRole::Owner, Via::Direct);
        }
    }
    for one in direct {
        grant(&one.id, &one.name, one.role.into(), Via::Direct);
    }
    let teams: Vec<TeamPk> = places.iter().map(|place| place.team_pk).collect();
    for (team, id, name) in team_links::of_teams(conn, &teams)? {
        for place in places.iter().filter(|place| place.team_pk == team) {
            grant(
                &id,
                &name,
                place.role().into(),
                Via::Team { id: place.team_id.clone(), name: place.team_name.clone() },
            );
        }
    }
    Ok(effective(grants))
}

/// Merges two members into one ([`plan`]). The other one is gone, and its seat is free.
///
/// # Errors
/// Fails like [`plan`].
pub fn merge(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    ids: (&str, &str),
    manages_owners: bool,
) -> Result<ClaimedMember> {
    let merge = plan(transaction, enterprise, ids, manages_owners)?;
    let (now, kept, gone) = (transaction.now(), &merge.kept, &merge.gone);
    // First, because an account always has an owner.
    if merge.role != kept.role {
        members::set_role(transaction, kept, merge.role, now)?;
    }
    for place in &merge.places {
        stored::put_place(transaction, kept.pk, place)?;
    }
    for access in &merge.direct {
        organizations::put_member(transaction, access.organization_pk, kept.pk, access.role)?;
    }
    stored::move_identities(transaction, gone.pk, kept.pk)?;
    stored::move_activity(transaction, enterprise, gone.pk, kept.pk)?;
    let also_known = claims::addresses_of(transaction, gone.pk)?;
    members::remove(transaction, gone)?;
    if let (MergedClaim::Moves, Some(claim)) = (merge.claim, &merge.person) {
        claims::insert(transaction, enterprise, kept.pk, claim.user_pk, claim.basis, now)?;
    }
    if kept.source == MemberSource::Manual {
        add_addresses(transaction, kept, also_known)?;
    }
    record(transaction, &merge)?;
    if owner::governs(merge.role) {
        tell(transaction, &merge)?;
    }
    get(transaction, enterprise, &kept.id)
}

/// Adds the addresses of the member that is gone as further addresses.
fn add_addresses(
    transaction: &mut Transaction<'_>,
    kept: &MemberRow,
    more: Vec<String>,
) -> Result<()> {
    let known = claims::addresses_of(transaction, kept.pk)?;
    let mut document: Value = serde_json::from_str(&kept.document)
        .map_err(|error| StoreError::Damaged(error.to_string()))?;
    let mut emails: Vec<Value> = document["emails"].as_array().cloned().unwrap_or_default();
    let new = more.into_iter().filter(|key| !known.contains(key));
    emails.extend(new.map(|value| json!({"value": value, "type": "other"})));
    let all: Vec<String> =
        emails.iter().filter_map(|one| one["value"].as_str().map(str::to_owned)).collect();
    document["emails"] = emails.into();
    let values = MemberValues { document: document.to_string(), ..member_changes::values_of(kept) };
    let now = transaction.now();
    // The row as it is by now: its role and version may have changed.
    let row = require(transaction, kept.enterprise_pk, &kept.id)?;
    members::update(transaction, &row, &values, Some(&all), now)?;
    Ok(())
}

fn record(transaction: &mut Transaction<'_>, merge: &Merge) -> Result<()> {
    let (kept, gone) = (&merge.kept, &merge.gone);
    let teams: Vec<&str> = merge.places.iter().map(|place| place.team_id.as_str()).collect();
    let direct: Vec<&str> = merge.direct.iter().map(|access| access.id.as_str()).collect();
    let change = Change {
        action: "member.merged",
        target: target(kept),
        before: json!({"role": kept.role, "other": gone.id, "other_user_name": gone.user_name,
            "other_role": gone.role, "other_source": gone.source}),
        after: json!({"role": merge.role, "claim": merge.claim, "teams": teams,
            "organizations": direct, "freed_seats": merge.freed_seats()}),
    };
    audit::record(transaction, kept.enterprise_pk, &change)?;
    let change = Change::ended("member.removed", target(gone), json!({"merged_into": kept.id}));
    Ok(audit::record(transaction, gone.enterprise_pk, &change)?)
}

/// Tells every owner that an owner or co-owner was merged, because it decides who gets in as one.
fn tell(transaction: &mut Transaction<'_>, merge: &Merge) -> Result<()> {
    let enterprise = merge.kept.enterprise_pk;
    let (account, who) =
        (enterprises::get(transaction, enterprise)?.name, &transaction.origin().actor.name);
    let (kept, gone) = (&merge.kept.user_name, &merge.gone.user_name);
    let letter = Letter::new(format!("{account}: {kept} and {gone} are one member now"))
        .paragraph(format!(
            "{who} has merged {gone} into {kept}, who is {} of {account} from now on.",
            merge.role
        ))
        .paragraph("If this is wrong, look at the audit log and take the role away at once.")
        .page("Audit log", "/app/enterprise/audit-log");
    Ok(owners::tell(transaction, enterprise, &letter)?)
}
