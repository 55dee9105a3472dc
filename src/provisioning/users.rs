//! Users → members (DOMAIN.md §7, the table of users).

use std::collections::{HashMap, HashSet};

use super::mapping::{MemberWish, UserParts, check, member_wish, unassign_active, user};
use super::owners::{self, Departure};
use super::precondition::entity_tag;
use super::resource_types::{USER, USER_EXTENSION};
use super::{Answer, Directory, Precondition, ProvisioningError, record, standing};
use crate::enterprise::identity::{self, Decision};
use crate::enterprise::invitation_roles::Extent;
use crate::enterprise::invite_control::InviteRule;
use crate::enterprise::{AccountPk, MemberPk, MemberSource, address, name};
use crate::scim::patch::{self, PatchRequest};
use crate::scim::projection::Projection;
use crate::scim::{Resource, ScimError};
use crate::store::enterprises::EnterpriseRow;
use crate::store::invitations::InvitationRow;
use crate::store::members::{self, MemberRow, MemberValues};
use crate::store::{
    Conn, StoreError, StoreResult, Transaction, access, candidates, enrolment, enterprises,
    invitations, invite_control, seats, team_members,
};

type Result<T> = std::result::Result<T, ProvisioningError>;

/// Provisions a user: a new member, or the manual member or pending invitation that it is.
///
/// # Errors
/// 409 where the name or an address is somebody else's, 403 where no seat is free or the domain is
/// not allowed.
pub fn create(
    transaction: &mut Transaction<'_>,
    directory: &Directory,
    resource: Resource,
    projection: &Projection,
) -> Result<Answer> {
    let wish = member_wish(resource)?;
    check(&wish, None)?;
    let claim = wish.claim();
    let keys = claim.keys();
    let candidates = candidates::of_keys(transaction, directory.enterprise, &keys, None)?;
    let decision = identity::recognise(&claim, &candidates)?;
    // Also ends invitations whose time is over, which stand in nobody's way.
    let account = seats::settle(transaction, directory.enterprise)?;
    check_domain(transaction, &account, &wish)?;
    let row = match decision {
        Decision::Adopt(pk) => {
            let row = require_row(transaction, directory, pk)?;
            refuse_strange_invitation(transaction, directory, &wish, &candidates)?;
            let active = wish.active.unwrap_or(true);
            change(transaction, directory, &row, MemberWish { active: Some(active), ..wish }, true)?
        }
        Decision::New => {
            let (row, invitations) = enrol(transaction, account, &wish)?;
            if invitations == 0 {
                // Nobody invited it to a team or an organization, so it is in none.
                let resource = user(directory, &row, UserParts::default())?;
                return Ok(shown(directory, &row, resource, projection));
            }
            row
        }
    };
    answer(transaction, directory, &row, projection)
}

/// Makes a new member; a pending invitation for one of its addresses becomes its seat. Says also
/// how many invitations did.
fn enrol(
    transaction: &mut Transaction<'_>,
    mut account: EnterpriseRow,
    wish: &MemberWish,
) -> Result<(MemberRow, usize)> {
    let (enterprise, now) = (account.pk, transaction.now());
    let accepted = match account.seats_invitations {
        0 => Vec::new(),
        _ => invitations::accept(transaction, enterprise, &wish.claim().keys())?,
    };
    account.seats_invitations -= accepted.len() as i64;
    let active = wish.active.unwrap_or(true);
    if active {
        require_seat(&account, wish)?;
    }
    let values = values(wish, wish.addresses.first().cloned(), active)?;
    let row = enrolment::insert(transaction, enterprise, &values, &wish.emails, now)?;
    invitations::honour(transaction, &accepted, row.pk, |one| extent(wish, one))?;
    let recorded = MemberWish { active: Some(active), ..wish.clone() };
    record::provisioned(transaction, &row, &recorded, accepted.len())?;
    Ok((row, accepted.len()))
}

/// What is written of a member.
fn values(wish: &MemberWish, email: Option<String>, active: bool) -> Result<MemberValues> {
    Ok(MemberValues {
        email,
        source: MemberSource::Scim,
        active,
        user_name: wish.user_name.clone(),
        external_id: wish.external_id.clone(),
        display_name: wish.display_name.clone(),
        note: wish.note.clone(),
        document: serde_json::to_string(&wish.document)
            .map_err(|error| StoreError::Damaged(error.to_string()))?,
    })
}

/// A member that takes an invited address is the one who was invited: it has its seat already.
fn accept_invitations(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    member: MemberPk,
    wish: &MemberWish,
) -> Result<()> {
    seats::settle(transaction, enterprise)?;
    let accepted = invitations::accept(transaction, enterprise, &wish.claim().keys())?;
    Ok(invitations::honour(transaction, &accepted, member, |one| extent(wish, one))?)
}

/// How much of an invitation the user is given.
fn extent(wish: &MemberWish, invitation: &InvitationRow) -> Extent {
    let primary = wish.addresses.first().map(String::as_str);
    Extent::to_provisioned(&invitation.email, &wish.user_name, primary)
}

/// A user who is a manual member by one address and invited by another may be two people.
fn refuse_strange_invitation(
    transaction: &mut Transaction<'_>,
    directory: &Directory,
    wish: &MemberWish,
    candidates: &[identity::Candidate],
) -> Result<()> {
    let known = |key: &String| {
        candidates.iter().any(|one| one.user_name_key == *key || one.email_keys.contains(key))
    };
    let keys: Vec<String> = wish.claim().keys().into_iter().filter(|key| !known(key)).collect();
    match invitations::pending_for(transaction, directory.enterprise, &keys)?.into_iter().next() {
        Some(invitation) => Err(identity::Taken::Email(invitation.email).into()),
        None => Ok(()),
    }
}

/// The user with this id.
///
/// # Errors
/// 404.
pub fn get(
    conn: &mut Conn,
    directory: &Directory,
    id: &str,
    projection: &Projection,
) -> Result<Answer> {
    // What most ask for is one question to the database.
    let is_usual = projection.includes(None, "groups")
        && !projection.includes(Some(USER_EXTENSION), "organizations");
    if !is_usual {
        let row = require(conn, directory, id)?;
        return answer(conn, directory, &row, projection);
    }
    let (row, teams) = team_members::member_with_teams(conn, directory.enterprise, id)?
        .ok_or_else(|| not_found(id))?;
    let parts = UserParts { teams: Some(teams), organizations: None };
    let resource = user(directory, &row, parts)?;
    Ok(shown(directory, &row, resource, projection))
}

/// Replaces a user with the whole resource given; a manual member is adopted.
///
/// # Errors
/// As for [`create`]; 404, 412; 403 for the last owner.
pub fn replace(
    transaction: &mut Transaction<'_>,
    directory: &Directory,
    id: &str,
    resource: Resource,
    precondition: &Precondition,
    projection: &Projection,
) -> Result<Answer> {
    let row = require(transaction, directory, id)?;
    precondition.check(row.version)?;
    let row = change(transaction, directory, &row, member_wish(resource)?, false)?;
    answer(transaction, directory, &row, projection)
}

/// Applies PATCH operations to a user, all or none; a manual member is adopted.
///
/// # Errors
/// As for [`replace`], and the operations' own.
pub fn patch(
    transaction: &mut Transaction<'_>,
    directory: &Directory,
    id: &str,
    request: &PatchRequest,
    precondition: &Precondition,
    projection: &Projection,
) -> Result<Answer> {
    let row = require(transaction, directory, id)?;
    precondition.check(row.version)?;
    let mut resource = user(directory, &row, UserParts::default())?;
    for operation in &request.operations {
        patch::apply(&mut resource, operation, &USER)?;
    }
    let mut wish = member_wish(resource)?;
    if wish.active.is_none() {
        unassign_active(&mut wish);
    }
    let row = change(transaction, directory, &row, wish, false)?;
    answer(transaction, directory, &row, projection)
}

/// Removes a user from the account and from all its teams; the seat is free.
///
/// # Errors
/// 404, 412; 403 for the last owner.
pub fn delete(
    transaction: &mut Transaction<'_>,
    directory: &Directory,
    id: &str,
    precondition: &Precondition,
) -> Result<()> {
    let row = require(transaction, directory, id)?;
    precondition.check(row.version)?;
    owners::may_leave(transaction, &row)?;
    owners::tell_left(transaction, &row, Departure::Removed)?;
    let before = member_wish(user(directory, &row, UserParts::default())?)?;
    members::remove(transaction, &row)?;
    record::deleted(transaction, &row, &MemberWish { active: Some(row.active), ..before })?;
    Ok(())
}

/// Makes the member what the wish says. Writes nothing where nothing is different.
fn change(
    transaction: &mut Transaction<'_>,
    directory: &Directory,
    row: &MemberRow,
    wish: MemberWish,
    recognised: bool,
) -> Result<MemberRow> {
    let enterprise = directory.enterprise;
    let mut before = member_wish(user(directory, row, UserParts::default())?)?;
    if before.active.is_none() {
        unassign_active(&mut before);
    }
    // A PUT that does not say `active` leaves it: nobody is let in or out by silence.
    let active = wish.active.unwrap_or(row.active);
    let wish = MemberWish { active: Some(active), ..wish };
    before.active = Some(row.active);
    if wish == before && row.source == MemberSource::Scim {
        return Ok(row.clone());
    }
    check(&wish, Some(&before))?;
    let identity_changed = name::user_key(&wish.user_name) != name::user_key(&before.user_name)
        || wish.claim().email_keys() != before.claim().email_keys();
    if identity_changed && !recognised {
        let claim = wish.claim();
        let others = candidates::of_keys(transaction, enterprise, &claim.keys(), Some(row.pk))?;
        identity::keep_apart(&claim, &others)?;
        let account = enterprises::get(transaction, enterprise)?;
        check_domain(transaction, &account, &wish)?;
        accept_invitations(transaction, enterprise, row.pk, &wish)?;
    }
    if active && !row.active {
        require_seat(&seats::settle(transaction, enterprise)?, &wish)?;
    }
    if row.active && !active {
        owners::may_leave(transaction, row)?;
        owners::tell_left(transaction, row, Departure::Deactivated)?;
    }
    if identity_changed || wish.primary != before.primary {
        standing::readdress(transaction, row, (&before, &wish))?;
    }
    let emails = (wish.emails != before.emails || wish.user_name != before.user_name)
        .then_some(&wish.emails[..]);
    let values = values(&wish, standing::email(row, &wish)?, active)?;
    let now = transaction.now();
    let changed = members::update(transaction, row, &values, emails, now)?;
    record::changed(transaction, (row, &before), (&changed, &wish))?;
    Ok(changed)
}

/// Where invite control binds provisioning, every address must be in a domain of the account's
/// list, if its rule has one, and in a verified domain under any other rule: bound to "all domains"
/// provisioning would not be bound, and "off" ends invitations, not what the identity provider
/// does. Rules of organizations say who is invited into them, not who may be a member.
fn check_domain(
    transaction: &mut Transaction<'_>,
    account: &EnterpriseRow,
    wish: &MemberWish,
) -> Result<()> {
    if !account.invite_control_binds_scim {
        return Ok(());
    }
    let control = invite_control::of_account(transaction, account.pk)?;
    for email in &wish.addresses {
        let Some(domain) = address::domain(email) else { continue };
        if control.rule == InviteRule::CustomDomains {
            if control.admits(email, &HashSet::new()).is_err() {
                return Err(ProvisioningError::DomainNotListed(domain));
            }
        } else if !enterprises::has_domain(transaction, account.pk, &domain)? {
            return Err(ProvisioningError::DomainNotAllowed(domain));
        }
    }
    Ok(())
}

fn require_seat(account: &EnterpriseRow, wish: &MemberWish) -> Result<()> {
    account.seats().one_more().map_err(|refusal| ProvisioningError::NoFreeSeat {
        subject: wish.user_name.clone(),
        refusal,
    })
}

fn require(conn: &mut Conn, directory: &Directory, id: &str) -> Result<MemberRow> {
    members::by_id(conn, directory.enterprise, id)?.ok_or_else(|| not_found(id))
}

fn not_found(id: &str) -> ProvisioningError {
    ProvisioningError::NotFound { kind: USER.name, id: id.to_owned() }
}

fn require_row(conn: &mut Conn, directory: &Directory, pk: MemberPk) -> Result<MemberRow> {
    members::by_pk(conn, directory.enterprise, pk)?.ok_or_else(|| not_found(&pk.0.to_string()))
}

fn answer(
    conn: &mut Conn,
    directory: &Directory,
    row: &MemberRow,
    projection: &Projection,
) -> Result<Answer> {
    let mut resources = views(conn, directory, std::slice::from_ref(row), projection)?;
    let resource = resources.pop().ok_or_else(|| ScimError::new(500, "no view"))?;
    Ok(shown(directory, row, resource, projection))
}

fn shown(
    directory: &Directory,
    row: &MemberRow,
    mut resource: Resource,
    projection: &Projection,
) -> Answer {
    projection.apply(&mut resource);
    Answer {
        id: row.id.clone(),
        location: format!("{}/Users/{}", directory.base_url, row.id),
        version: entity_tag(row.version),
        resource: Some(resource.into()),
    }
}

/// The Users that these members are, with what the projection includes, not yet projected.
pub(super) fn views(
    conn: &mut Conn,
    directory: &Directory,
    rows: &[MemberRow],
    projection: &Projection,
) -> StoreResult<Vec<Resource>> {
    let pks: Vec<MemberPk> = rows.iter().map(|row| row.pk).collect();
    let teams = match projection.includes(None, "groups") {
        true => Some(team_members::teams_of(conn, &pks)?),
        false => None,
    };
    let grants = match projection.includes(Some(USER_EXTENSION), "organizations") {
        true => Some(access::of_members(conn, &pks)?),
        false => None,
    };
    let mut teams =
        teams.map(|teams| by_member(teams.into_iter().map(|team| (team.member_pk, team))));
    let mut grants = grants.map(by_member);
    rows.iter()
        .map(|row| {
            let parts = UserParts {
                teams: teams.as_mut().map(|teams| teams.remove(&row.pk).unwrap_or_default()),
                organizations: grants.as_mut().and_then(|grants| grants.remove(&row.pk)),
            };
            user(directory, row, parts)
        })
        .collect()
}

fn by_member<T>(rows: impl IntoIterator<Item = (MemberPk, T)>) -> HashMap<MemberPk, Vec<T>> {
    let mut grouped: HashMap<MemberPk, Vec<T>> = HashMap::new();
    for (member, row) in rows {
        grouped.entry(member).or_default().push(row);
    }
    grouped
}
