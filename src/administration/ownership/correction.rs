//! Corrects the address of an owner who has not claimed the account.

use serde_json::{Value, json};

use super::{OwnershipError, Result, invite};
use crate::administration::AdministrationError;
use crate::administration::error::checked_address;
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::{AccountPk, MemberPk, MemberSource, Timestamp, address};
use crate::store::members::{self, MemberRow, MemberValues};
use crate::store::{StoreError, Transaction, audit, candidates, claims, ownership_links as links};

/// The owner with the corrected address.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    /// The member who is the owner.
    pub owner: MemberRow,
    /// When the link that was sent to the address ends.
    pub link_ends_at: Timestamp,
}

/// Gives the owner another address, or the same once more, and sends the link there by which its
/// holder claims the account. Earlier links end.
///
/// # Errors
/// Fails with [`OwnershipError`] if a person has claimed the owner or too many mails were sent, or
/// if the address is invalid or another member's.
pub fn correct(
    transaction: &mut Transaction<'_>,
    (enterprise, member): (AccountPk, MemberPk),
    email: &str,
    public_url: &str,
) -> Result<Correction> {
    let email = checked_address("owner_email", email)?;
    let before = members::by_pk(transaction, enterprise, member)?
        .ok_or_else(|| StoreError::Damaged("the member who asks is gone".to_owned()))?;
    if claims::of_member(transaction, member)?.is_some() {
        return Err(OwnershipError::Claimed(before.user_name).into());
    }
    if before.source != MemberSource::Manual {
        return Err(OwnershipError::KeptByIdentityProvider(before.user_name).into());
    }
    let keys = [address::key(email.as_str())];
    if !candidates::of_keys(transaction, enterprise, &keys, Some(member))?.is_empty() {
        return Err(AdministrationError::AlreadyMember(email.as_str().to_owned()));
    }
    let now = transaction.now();
    let owner = readdress(transaction, &before, email.as_str())?;
    links::end(transaction, member, now)?;
    let link_ends_at = invite(transaction, &owner, public_url)?;
    let change = Change::changed(
        "owner.address-corrected",
        Target::new("member", &owner.id, &owner.user_name),
        json!({"email": before.email}),
        json!({"email": owner.email}),
    );
    audit::record(transaction, enterprise, &change)?;
    Ok(Correction { owner, link_ends_at })
}

/// Changes the address of a manual member, which is its user name, too.
fn readdress(
    transaction: &mut Transaction<'_>,
    before: &MemberRow,
    email: &str,
) -> Result<MemberRow> {
    let mut document: Value = serde_json::from_str(&before.document)
        .map_err(|error| StoreError::Damaged(format!("a member's document: {error}")))?;
    document["emails"] = json!([{"value": email, "type": "work", "primary": true}]);
    let values = MemberValues {
        email: Some(email.to_owned()),
        source: before.source,
        active: before.active,
        user_name: email.to_owned(),
        external_id: before.external_id.clone(),
        display_name: before.display_name.clone(),
        note: before.note.clone(),
        document: document.to_string(),
    };
    let (emails, now) = ([email.to_owned()], transaction.now());
    Ok(members::update(transaction, before, &values, Some(&emails), now)?)
}
