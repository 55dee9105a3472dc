//! Mails about a transfer.

use crate::enterprise::letter::Letter;
use crate::enterprise::transfer::DAYS;
use crate::store::transfers::TransferRow;

/// The page of the offers to a person.
const OFFERS: &str = "/app/transfers";

pub(super) fn offer(transfer: &TransferRow, public_url: &str) -> Letter {
    let TransferRow { organization_name: name, enterprise_name: account, .. } = transfer;
    Letter::new(format!("The organization \"{name}\" is offered to you"))
        .paragraph(format!(
            "{account} offers you its organization \"{name}\". If you accept, it moves into an \
             account of which you are owner, together with everybody who reaches it: each of them \
             who is not there yet takes one of its seats. What they have in {account} stays."
        ))
        .paragraph(format!(
            "Accept within {DAYS} days, until {}, as the owner of the account that is to receive \
             it, or decline.",
            transfer.expires_at.to_rfc3339()
        ))
        .link("Look at the offer", format!("{public_url}{OFFERS}"))
}

pub(super) fn cancelled(transfer: &TransferRow) -> Letter {
    let TransferRow { organization_name: name, enterprise_name: account, .. } = transfer;
    Letter::new(format!("The organization \"{name}\" is not offered to you any more"))
        .paragraph(format!("{account} has taken the offer of \"{name}\" back. Nothing moves."))
        .page("Offers to you", OFFERS)
}

pub(super) fn declined(transfer: &TransferRow) -> Letter {
    let TransferRow { organization_name: name, organization_id: id, email, .. } = transfer;
    Letter::new(format!("{email} declined the organization \"{name}\""))
        .paragraph(format!(
            "{email} does not want to take \"{name}\" over. It stays in your account as it is."
        ))
        .page("Open the organization", format!("/app/dashboard/organizations/{id}"))
}

pub(super) fn accepted(transfer: &TransferRow) -> Letter {
    let TransferRow { organization_name: name, email, .. } = transfer;
    Letter::new(format!("{email} accepted the organization \"{name}\""))
        .paragraph(format!(
            "\"{name}\" is in an account of {email} now. Members who reached it keep their seats in \
             your account; free them on the Licenses page if they are not needed."
        ))
        .page("Licenses", "/app/enterprise/licenses")
}
