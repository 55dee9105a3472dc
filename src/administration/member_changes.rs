//! Changes to manual members: name and address, and whether they are active (docs/domain.md §0,
//! §4). What the identity provider provisioned is changed there.

use serde_json::{Value, json};

use super::error::{checked_address, checked_name};
use super::members::{ClaimedMember, check_roles, get, require, shown, target};
use super::{AdministrationError, Class, Refusal};
use crate::enterprise::audit::Change;
use crate::enterprise::invitation_roles::Extent;
use crate::enterprise::owner::{Said, UnprovedAddress};
use crate::enterprise::seats::Arrival;
use crate::enterprise::{AccountPk, MemberSource, address, name, owner, person};
use crate::store::members::{self, MemberRow, MemberValues};
use crate::store::{
    StoreError, Transaction, audit, candidates, claims, enterprises, git_sync, invitations, seats,
};

type Result<T> = std::result::Result<T, AdministrationError>;

/// Why a member cannot be changed by hand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MemberChangeError {
    /// The identity provider says what the member is.
    #[error(
        "\"{0}\" is provisioned by SCIM. {1} in the identity provider; the next sync brings the change \
         here."
    )]
    Provisioned(String, ProvisionedChange),
    /// The new address of an owner or co-owner is not proved.
    #[error(
        "email: \"{0}\" would be the sign-in address of an owner or co-owner, who has not proved it. \
         They prove it while signed in, under My account (POST /api/v1/session/addresses); then it \
         can be set here."
    )]
    Unproved(String),
    /// The member is active already.
    #[error("\"{0}\" is active already.")]
    IsActive(String),
    /// The member is deactivated already.
    #[error("\"{0}\" is deactivated already.")]
    IsInactive(String),
}

/// What the identity provider has to do instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProvisionedChange {
    /// Change name or address.
    #[error("Change the name or the address")]
    Profile,
    /// Deactivate.
    #[error("Unassign or deactivate the user")]
    Deactivate,
    /// Reactivate.
    #[error("Assign or reactivate the user")]
    Reactivate,
}

impl Refusal for MemberChangeError {
    fn class(&self) -> Class {
        match self {
            Self::Unproved(_) => Class::Forbidden,
            _ => Class::Conflict,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Provisioned(..) => "kept-by-identity-provider",
            Self::Unproved(_) => "address-not-proved",
            Self::IsActive(_) => "active-member",
            Self::IsInactive(_) => "inactive-member",
        }
    }
}

/// A new name or address; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Given and family name.
    pub full_name: Option<(String, String)>,
    /// The address, which is the user name of a manual member, too.
    pub email: Option<String>,
}

/// Changes the name or the address of a manual member. The person keeps the member if they have
/// proved one of its addresses afterwards; otherwise their claim ends, with their sessions in this
/// account and the member's tokens. A pending invitation to the new address counts as accepted.
///
/// # Errors
/// Fails if the member does not exist or is provisioned, the name or the address is invalid, another
/// member has the address, or an owner or co-owner has not proved it.
pub fn change_profile(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    profile: &Profile,
    manages_owners: bool,
) -> Result<ClaimedMember> {
    let before = require_manual(transaction, enterprise, id, ProvisionedChange::Profile)?;
    check_roles(manages_owners, &[before.role])?;
    let mut values = values_of(&before);
    let mut document: Value = serde_json::from_str(&before.document)
        .map_err(|error| StoreError::Damaged(error.to_string()))?;
    if let Some((given, family)) = &profile.full_name {
        let given = checked_name("given_name", given)?;
        let family = checked_name("family_name", family)?;
        let full = format!("{given} {family}");
        document["name"] = json!({"formatted": full, "familyName": family, "givenName": given});
        values.display_name = Some(full);
    }
    let mut emails = None;
    if let Some(email) = &profile.email {
        let email = checked_address("email", email)?;
        emails = Some(move_to(&before, &mut values, &mut document, email.as_str()));
        readdress(transaction, &before, &values, emails.as_deref().unwrap_or_default())?;
    }
    values.document = document.to_string();
    let now = transaction.now();
    let after = members::update(transaction, &before, &values, emails.as_deref(), now)?;
    let profile = |row: &MemberRow| json!({"email": row.email, "display_name": row.display_name});
    let change =
        Change::changed("member.changed", target(&after), profile(&before), profile(&after));
    audit::record(transaction, enterprise, &change)?;
    get(transaction, enterprise, id)
}

/// Gives the member the address in place of the one that it has. Returns all its e-mails.
fn move_to(
    before: &MemberRow,
    values: &mut MemberValues,
    document: &mut Value,
    email: &str,
) -> Vec<String> {
    let old = before.email.as_deref().map(address::key);
    if old == Some(name::user_key(&before.user_name)) {
        email.clone_into(&mut values.user_name);
    }
    values.email = Some(email.to_owned());
    let mut others = Vec::new();
    for one in document["emails"].as_array().into_iter().flatten() {
        let Some(value) = one["value"].as_str() else { continue };
        let key = address::key(value);
        if Some(&key) != old.as_ref() && key != address::key(email) {
            others.push((value.to_owned(), one["type"].clone()));
        }
    }
    let shown = std::iter::once(json!({"value": email, "type": "work", "primary": true}))
        .chain(others.iter().map(|(value, kind)| json!({"value": value, "type": kind})));
    document["emails"] = shown.collect();
    std::iter::once(email.to_owned()).chain(others.into_iter().map(|(value, _)| value)).collect()
}

/// Checks a change of addresses and does what it means for the person and for invitations.
fn readdress(
    transaction: &mut Transaction<'_>,
    before: &MemberRow,
    values: &MemberValues,
    emails: &[String],
) -> Result<()> {
    let enterprise = before.enterprise_pk;
    let new: Vec<String> = emails.iter().map(|email| address::key(email)).collect();
    let others = candidates::of_keys(transaction, enterprise, &new, Some(before.pk))?;
    let email = values.email.clone().unwrap_or_default();
    if !others.is_empty() {
        return Err(AdministrationError::AlreadyMember(email));
    }
    let old = claims::addresses_of(transaction, before.pk)?;
    let proved = claims::proved_by_claimer(transaction, before.pk)?;
    let own = before.email.as_deref().map(address::key);
    let said = |logins: Vec<String>, all: Vec<String>| Said { logins, all };
    let said_before = said(own.clone().into_iter().collect(), old.clone());
    let said_after = said(vec![address::key(&email)], new.clone());
    owner::may_readdress(before.role, (&said_before, &said_after), own.as_ref(), proved.as_deref())
        .map_err(|refusal| match refusal {
            UnprovedAddress::New(_) | UnprovedAddress::Lost(_) => {
                MemberChangeError::Unproved(email.clone())
            }
        })?;
    if proved.is_some_and(|proved| !person::claim_stands(&new, &proved)) {
        claims::end(transaction, before, &old)?;
    }
    seats::expire_and_count(transaction, enterprise)?;
    let accepted = invitations::accept(transaction, enterprise, &new)?;
    Ok(invitations::grant_promised(transaction, &accepted, before.pk, |_| Extent::Whole)?)
}

/// Deactivates a manual member: it reaches nothing and its seat is free. Its memberships are kept
/// for [`reactivate`].
///
/// # Errors
/// Fails if the member does not exist, is provisioned, inactive or the last owner, or only an owner
/// may do this.
pub fn deactivate(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    manages_owners: bool,
) -> Result<ClaimedMember> {
    let row = require_manual(transaction, enterprise, id, ProvisionedChange::Deactivate)?;
    check_roles(manages_owners, &[row.role])?;
    if !row.active {
        return Err(MemberChangeError::IsInactive(row.user_name).into());
    }
    let account = enterprises::get(transaction, enterprise)?;
    owner::may_leave(row.role, row.active, account.active_owners)?;
    set_active(transaction, &row, false, "member.deactivated")
}

/// Activates a deactivated manual member again, with the memberships that it had. It takes a seat.
///
/// # Errors
/// Fails if the member does not exist, is provisioned or active, only an owner may do this, or the
/// account does not admit one more active user.
pub fn reactivate(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    manages_owners: bool,
) -> Result<ClaimedMember> {
    let row = require_manual(transaction, enterprise, id, ProvisionedChange::Reactivate)?;
    check_roles(manages_owners, &[row.role])?;
    if row.active {
        return Err(MemberChangeError::IsActive(row.user_name).into());
    }
    let account = seats::expire_and_count(transaction, enterprise)?;
    seats::admit(transaction, &account, Arrival::New)??;
    let back = set_active(transaction, &row, true, "member.reactivated")?;
    git_sync::admit_back(transaction, &account, row.pk)??;
    Ok(back)
}

fn set_active(
    transaction: &mut Transaction<'_>,
    before: &MemberRow,
    active: bool,
    action: &'static str,
) -> Result<ClaimedMember> {
    let values = MemberValues { active, ..values_of(before) };
    let now = transaction.now();
    let after = members::update(transaction, before, &values, None, now)?;
    let change = Change::changed(action, target(&after), shown(before), shown(&after));
    audit::record(transaction, after.enterprise_pk, &change)?;
    get(transaction, after.enterprise_pk, &after.id)
}

fn require_manual(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    instead: ProvisionedChange,
) -> Result<MemberRow> {
    let row = require(transaction, enterprise, id)?;
    match row.source {
        MemberSource::Manual => Ok(row),
        MemberSource::Scim => Err(MemberChangeError::Provisioned(row.user_name, instead).into()),
    }
}

/// Returns the values that a member has now.
pub(super) fn values_of(row: &MemberRow) -> MemberValues {
    MemberValues {
        email: row.email.clone(),
        source: row.source,
        active: row.active,
        user_name: row.user_name.clone(),
        external_id: row.external_id.clone(),
        display_name: row.display_name.clone(),
        note: row.note.clone(),
        document: row.document.clone(),
    }
}
