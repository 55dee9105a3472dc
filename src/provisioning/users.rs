//! Users, stored as members (docs/domain.md §7, the table of users).

use std::collections::{HashMap, HashSet};

use super::mapping::{MemberWish, UserParts, check, member_wish, unassign_active, user};
use super::owners::{self, Departure};
use super::precondition::entity_tag;
use super::resource_types::{USER, USER_EXTENSION};
use super::{Answer, Call, Directory, ProvisioningError, Resources, record, standing};
use crate::enterprise::identity::{self, Decision};
use crate::enterprise::invitation_roles::Extent;
use crate::enterprise::invite_control::InviteRule;
use crate::enterprise::seats::Arrival;
use crate::enterprise::{AccountPk, MemberPk, MemberSource, address, name};
use crate::scim::patch::{self, PatchRequest};
use crate::scim::projection::Projection;
use crate::scim::{Resource, ResourceType, ScimError};
use crate::store::enterprises::EnterpriseRow;
use crate::store::invitations::InvitationRow;
use crate::store::members::{self, MemberRow, MemberValues};
use crate::store::{
    Conn, StoreError, StoreResult, Transaction, access, candidates, enrolment, enterprises,
    invitations, invite_control, seats, team_members,
};

type Result<T> = std::result::Result<T, ProvisioningError>;

/// The account's members as SCIM users.
pub(super) struct Users;

impl Resources for Users {
    fn resource_type(&self) -> &'static ResourceType {
        &USER
    }

    /// Creates a member, or adopts the manual member or the pending invitation that the user
    /// matches. Returns 409 if the user name or an address belongs to another member, and 403 if no
    /// seat is free or invite control forbids the domain.
    fn create(
        &self,
        transaction: &mut Transaction<'_>,
        call: &Call,
        resource: &Resource,
    ) -> Result<Answer> {
        let wish = member_wish(resource.clone())?;
        check(&wish, None)?;
        let (account, claim) = (call.directory.enterprise, wish.claim());
        let candidates = candidates::of_keys(transaction, account, &claim.keys(), None)?;
        let decision = identity::recognise(&claim, &candidates)?;
        // Also ends expired invitations, which would otherwise block the user.
        let account = seats::expire_and_count(transaction, account)?;
        check_domain(transaction, &account, &wish)?;
        match decision {
            Decision::Adopt(pk) => {
                let row = adopt(transaction, &call.directory, pk, wish, &candidates)?;
                answer(transaction, call, &row)
            }
            Decision::New => enrol(transaction, call, account, &wish),
        }
    }

    fn get(&self, conn: &mut Conn, call: &Call, id: &str) -> Result<Answer> {
        if !asks_for_the_usual(&call.projection) {
            let row = require(conn, &call.directory, id)?;
            return answer(conn, call, &row);
        }
        let (row, teams) = team_members::member_with_teams(conn, call.directory.enterprise, id)?
            .ok_or_else(|| not_found(id))?;
        let parts = UserParts { teams: Some(teams), organizations: None };
        let resource = user(&call.directory, &row, parts)?;
        Ok(shown(call, &row, resource))
    }

    /// Replaces a user. A manual member is adopted. Returns the errors of [`Self::create`], and 403
    /// if the account would lose its last owner.
    fn replace(
        &self,
        transaction: &mut Transaction<'_>,
        call: &Call,
        id: &str,
        resource: &Resource,
    ) -> Result<Answer> {
        let row = require_version(transaction, call, id)?;
        let wish = member_wish(resource.clone())?;
        let row = change(transaction, &call.directory, &row, wish, false)?;
        answer(transaction, call, &row)
    }

    /// Applies PATCH operations to a user. A manual member is adopted. Returns the errors of
    /// [`Self::replace`].
    fn patch(
        &self,
        transaction: &mut Transaction<'_>,
        call: &Call,
        id: &str,
        request: &PatchRequest,
    ) -> Result<Answer> {
        let row = require_version(transaction, call, id)?;
        let mut resource = user(&call.directory, &row, UserParts::default())?;
        for operation in &request.operations {
            patch::apply(&mut resource, operation, &USER)?;
        }
        let mut wish = member_wish(resource)?;
        if wish.active.is_none() {
            unassign_active(&mut wish);
        }
        let row = change(transaction, &call.directory, &row, wish, false)?;
        answer(transaction, call, &row)
    }

    /// Deletes a user from the account and all its teams and frees the seat. Returns 403 if the
    /// account would lose its last owner.
    fn delete(&self, transaction: &mut Transaction<'_>, call: &Call, id: &str) -> Result<()> {
        let row = require_version(transaction, call, id)?;
        owners::may_leave(transaction, &row)?;
        owners::tell_left(transaction, &row, Departure::Removed)?;
        let before = member_wish(user(&call.directory, &row, UserParts::default())?)?;
        members::remove(transaction, &row)?;
        record::deleted(transaction, &row, &MemberWish { active: Some(row.active), ..before })?;
        Ok(())
    }
}

/// Puts a manual member under the control of the identity provider.
fn adopt(
    transaction: &mut Transaction<'_>,
    directory: &Directory,
    pk: MemberPk,
    wish: MemberWish,
    candidates: &[identity::Candidate],
) -> Result<MemberRow> {
    let row = require_row(transaction, directory, pk)?;
    refuse_strange_invitation(transaction, directory, &wish, candidates)?;
    let active = wish.active.unwrap_or(true);
    change(transaction, directory, &row, MemberWish { active: Some(active), ..wish }, true)
}

/// Inserts a new member. A pending invitation for one of its addresses provides its seat.
fn enrol(
    transaction: &mut Transaction<'_>,
    call: &Call,
    account: EnterpriseRow,
    wish: &MemberWish,
) -> Result<Answer> {
    let (enterprise, now) = (account.pk, transaction.now());
    let (accepted, account) = invitations::accept_into(transaction, account, &wish.claim().keys())?;
    let active = wish.active.unwrap_or(true);
    if active {
        let arrival = if accepted.is_empty() { Arrival::New } else { Arrival::Invited };
        require_seat(transaction, &account, arrival, wish)?;
    }
    let values = values(wish, wish.addresses.first().cloned(), active)?;
    let row = enrolment::insert(transaction, enterprise, &values, &wish.emails, now)?;
    invitations::grant_promised(transaction, &accepted, row.pk, |one| extent(wish, one))?;
    let recorded = MemberWish { active: Some(active), ..wish.clone() };
    record::provisioned(transaction, &row, &recorded, accepted.len())?;
    if accepted.is_empty() {
        // Without an invitation the member is in no team and no organization, so nothing more is
        // read.
        let resource = user(&call.directory, &row, UserParts::default())?;
        return Ok(shown(call, &row, resource));
    }
    answer(transaction, call, &row)
}

/// Returns `true` if the projection includes groups but not organizations, as usual. One query
/// reads such a user.
fn asks_for_the_usual(projection: &Projection) -> bool {
    projection.includes(None, "groups")
        && !projection.includes(Some(USER_EXTENSION), "organizations")
}

/// Returns the values to store for a member.
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

/// Accepts the pending invitations for the member's new addresses. The member already has a seat.
fn accept_invitations(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    member: MemberPk,
    wish: &MemberWish,
) -> Result<()> {
    seats::expire_and_count(transaction, enterprise)?;
    let accepted = invitations::accept(transaction, enterprise, &wish.claim().keys())?;
    Ok(invitations::grant_promised(transaction, &accepted, member, |one| extent(wish, one))?)
}

/// Returns how much of an invitation is granted to the user.
fn extent(wish: &MemberWish, invitation: &InvitationRow) -> Extent {
    let primary = wish.addresses.first().map(String::as_str);
    Extent::to_provisioned(&invitation.email, &wish.user_name, primary)
}

/// Refuses a user who matches a manual member by one address and an invitation by another: these
/// may be two people.
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

/// Updates the member to match the wish. Writes nothing if nothing has changed.
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
    // A PUT without `active` keeps the state: nobody is activated or deactivated implicitly.
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
        let account = seats::expire_and_count(transaction, enterprise)?;
        require_seat(transaction, &account, Arrival::New, &wish)?;
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

/// Checks the domains of all addresses if invite control applies to provisioning. If the rule has a
/// list of domains, each domain must be on it; under any other rule it must be a verified domain.
/// With "all domains" there would be no restriction at all, and "off" ends invitations, not
/// provisioning. Rules of organizations are about invitations into the organization, not about
/// membership in the account.
pub(super) fn check_domain(
    conn: &mut Conn,
    account: &EnterpriseRow,
    wish: &MemberWish,
) -> Result<()> {
    if !account.invite_control_binds_scim {
        return Ok(());
    }
    let control = invite_control::of_account(conn, account.pk)?;
    for email in &wish.addresses {
        let Some(domain) = address::domain(email) else { continue };
        if control.rule == InviteRule::CustomDomains {
            if control.admits(email, &HashSet::new()).is_err() {
                return Err(ProvisioningError::DomainNotListed(domain));
            }
        } else if !enterprises::has_domain(conn, account.pk, &domain)? {
            return Err(ProvisioningError::DomainNotAllowed(domain));
        }
    }
    Ok(())
}

fn require_seat(
    conn: &mut Conn,
    account: &EnterpriseRow,
    arrival: Arrival,
    wish: &MemberWish,
) -> Result<()> {
    seats::admit(conn, account, arrival)?.map_err(|refusal| ProvisioningError::NoFreeSeat {
        subject: wish.user_name.clone(),
        refusal,
    })
}

fn require(conn: &mut Conn, directory: &Directory, id: &str) -> Result<MemberRow> {
    members::by_id(conn, directory.enterprise, id)?.ok_or_else(|| not_found(id))
}

/// Returns the member if it satisfies the call's precondition.
fn require_version(conn: &mut Conn, call: &Call, id: &str) -> Result<MemberRow> {
    let row = require(conn, &call.directory, id)?;
    call.precondition.check(row.version)?;
    Ok(row)
}

fn not_found(id: &str) -> ProvisioningError {
    ProvisioningError::NotFound { kind: USER.name, id: id.to_owned() }
}

fn require_row(conn: &mut Conn, directory: &Directory, pk: MemberPk) -> Result<MemberRow> {
    members::by_pk(conn, directory.enterprise, pk)?.ok_or_else(|| not_found(&pk.0.to_string()))
}

fn answer(conn: &mut Conn, call: &Call, row: &MemberRow) -> Result<Answer> {
    let rows = std::slice::from_ref(row);
    let mut resources = views(conn, &call.directory, rows, &call.projection)?;
    let resource = resources.pop().ok_or_else(|| ScimError::new(500, "no view"))?;
    Ok(shown(call, row, resource))
}

fn shown(call: &Call, row: &MemberRow, mut resource: Resource) -> Answer {
    call.projection.apply(&mut resource);
    Answer {
        id: row.id.clone(),
        location: format!("{}/Users/{}", call.directory.base_url, row.id),
        version: entity_tag(row.version),
        resource: Some(resource.into()),
    }
}

/// Returns the members as User resources with the attributes that the projection includes, not yet
/// projected.
pub(super) fn views(
    conn: &mut Conn,
    directory: &Directory,
    rows: &[MemberRow],
    projection: &Projection,
) -> StoreResult<Vec<Resource>> {
    let pks: Vec<MemberPk> = rows.iter().map(|row| row.pk).collect();
    let teams = if projection.includes(None, "groups") {
        Some(team_members::teams_of(conn, &pks)?)
    } else {
        None
    };
    let grants = if projection.includes(Some(USER_EXTENSION), "organizations") {
        Some(access::of_members(conn, &pks)?)
    } else {
        None
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
