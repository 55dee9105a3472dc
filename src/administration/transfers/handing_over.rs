//! Acceptance of a transfer: moves the organization and the members with access to it.

use serde_json::{Value, json};

use super::{Result, TransferError, conditions, end, letters, open_offer, tell_owners};
use crate::administration::{members as administered, organizations};
use crate::enterprise::audit::Change;
use crate::enterprise::transfer::TransferState;
use crate::enterprise::{AccountPk, MemberPk, Role, address};
use crate::store::members::MemberRow;
use crate::store::organizations::{self as stored, OrganizationRow};
use crate::store::sessions::SessionRow;
use crate::store::{Transaction, audit, candidates, members};

/// The result of a transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The organization that moved.
    pub organization: OrganizationRow,
    /// The number of members who moved along.
    pub came_along: i64,
    /// The number of members who did not, because they have no address to be known by.
    pub left_behind: i64,
}

/// Accepts an offer: moves the organization into this account, which the member owns. The
/// transaction covers both accounts, and checks the conditions again.
///
/// # Errors
/// Fails if there is no such transfer, it is not pending any more, or conditions are not met.
pub fn accept(
    transaction: &mut Transaction<'_>,
    (enterprise, member): (AccountPk, MemberPk),
    session: &SessionRow,
    id: &str,
) -> Result<Moved> {
    let transfer = open_offer(transaction, session, id)?;
    let from = transfer.enterprise_pk;
    if from == enterprise {
        return Err(TransferError::SameAccount.into());
    }
    let organization = organizations::require(transaction, from, &transfer.organization_id)?;
    let coming = conditions::coming(transaction, from, organization.pk)?;
    conditions::check(transaction, from, &organization, &transfer.email, enterprise, &coming)?;
    end(transaction, &transfer, TransferState::Accepted)?;
    stored::hand_over(transaction, organization.pk, enterprise)?;
    let (mut came_along, mut left_behind) = (0, 0);
    for one in &coming {
        let Some(email) = &one.email else {
            left_behind += 1;
            continue;
        };
        let here = bring(transaction, from, one.member, enterprise, email)?;
        came_along += 1;
        // The owner of the account owns the organization, and needs no direct access.
        if here != member {
            stored::put_member(transaction, organization.pk, here, one.role)?;
        }
    }
    tell_owners(transaction, &transfer, &letters::accepted(&transfer))?;
    let target = organizations::target(&organization);
    let after = json!({
        "name": organization.name,
        "transfer": transfer.id,
        "came_along": came_along,
        "left_behind": left_behind,
    });
    let change = Change::made("organization.received", target, after);
    audit::record(transaction, enterprise, &change)?;
    Ok(Moved { organization, came_along, left_behind })
}

/// Returns the member with this address in the receiving account, or inserts one.
fn bring(
    transaction: &mut Transaction<'_>,
    from: AccountPk,
    member: MemberPk,
    enterprise: AccountPk,
    email: &str,
) -> Result<MemberPk> {
    let keys = [address::key(email)];
    let known = candidates::of_keys(transaction, enterprise, &keys, None)?;
    if let Some(known) = known.first() {
        return Ok(known.member);
    }
    let full_name = members::by_pk(transaction, from, member)?.and_then(|row| full_name(&row));
    let made = administered::add(transaction, enterprise, email, full_name, Role::Member)?;
    Ok(made.member.pk)
}

/// Returns given and family name if both are known.
fn full_name(row: &MemberRow) -> Option<(String, String)> {
    let document: Value = serde_json::from_str(&row.document).ok()?;
    let part = |name: &str| document["name"][name].as_str().map(str::to_owned);
    Some((part("givenName")?, part("familyName")?))
}
