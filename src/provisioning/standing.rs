//! What a change of a member's addresses means for the person who claimed the member
//! (docs/domain.md §0). The change affects only the member; a person who has proved none of the new
//! addresses loses the claim.

use super::ProvisioningError;
use super::mapping::MemberWish;
use crate::enterprise::owner::Said;
use crate::enterprise::{address, owner, person};
use crate::store::members::MemberRow;
use crate::store::{StoreResult, Transaction, claims};

/// Returns the member's addresses: its e-mails, and its user name if that is an address.
fn said(wish: &MemberWish) -> Said {
    let claim = wish.claim();
    let mut said = Said { logins: Vec::new(), all: claim.email_keys() };
    said.logins.extend(wish.primary.as_deref().map(address::key));
    if address::is_address(&wish.user_name) {
        said.logins.push(claim.user_name_key());
        said.all.push(claim.user_name_key());
    }
    said
}

/// Returns the address that is shown for the member and that mail is sent to. An owner or co-owner
/// keeps their current address, unless the identity provider sets another primary one that
/// [`readdress`] has accepted.
pub fn email(row: &MemberRow, wish: &MemberWish) -> StoreResult<Option<String>> {
    let first = wish.addresses.first();
    if owner::governs(row.role) && wish.primary.is_none() {
        let own = row.email.as_deref().map(address::key);
        let same = |one: &&String| Some(address::key(one)) == own;
        return Ok(wish.addresses.iter().find(same).or(first).cloned());
    }
    Ok(first.cloned())
}

/// Changes the addresses of a member. Owners and co-owners are protected. The claim on any other
/// member ends if its person has proved none of the new addresses; their sessions in this account
/// and the member's tokens end with it.
///
/// # Errors
/// Fails with [`ProvisioningError::OwnerAddress`] if an owner or co-owner has not proved the
/// address.
pub fn readdress(
    transaction: &mut Transaction<'_>,
    row: &MemberRow,
    (before, wish): (&MemberWish, &MemberWish),
) -> Result<(), ProvisioningError> {
    let (old, new) = (said(before), said(wish));
    let proved = claims::proved_by_claimer(transaction, row.pk)?;
    let own = row.email.as_deref().map(address::key);
    owner::may_readdress(row.role, (&old, &new), own.as_ref(), proved.as_deref())?;
    let Some(proved) = proved else { return Ok(()) };
    if person::claim_stands(&new.all, &proved) {
        return Ok(());
    }
    Ok(claims::end(transaction, row, &old.all)?)
}
