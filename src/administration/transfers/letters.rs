//! Mails about a transfer.

use crate::enterprise::letter::Letter;
use crate::enterprise::transfer::DAYS;
use crate::store::transfers::TransferRow;

pub(super) fn offer(transfer: &TransferRow, public_url: &str) -> Letter {
    let TransferRow { organization_name: name, enterprise_name: account, id, .. } = transfer;
    Letter::new(format!("The organization \"{name}\" is offered to you"))
        .paragraph(format!(
            "{account} offers you its organization \"{name}\". If you accept, it moves into an \
             account of which you are owner, together with everybody who reaches it: each of them \
             who is not there yet takes one of its seats. What they have in {account} stays."
        ))
        .paragraph(format!(
            "Accept within {DAYS} days, until {}, as the owner of the account that is to receive \
             it, on the page Offers to me; or decline there. Programs do the same by \
             {public_url}/api/v1/organization-transfers/{id}.",
            transfer.expires_at.to_rfc3339()
        ))
        .link("Look at the offer", format!("{public_url}/app/transfers"))
}

pub(super) fn cancelled(transfer: &TransferRow) -> Letter {
    let TransferRow { organization_name: name, enterprise_name: account, .. } = transfer;
    Letter::new(format!("The organization \"{name}\" is not offered to you any more"))
        .paragraph(format!("{account} has taken the offer of \"{name}\" back. Nothing moves."))
}

pub(super) fn declined(transfer: &TransferRow) -> Letter {
    let TransferRow { organization_name: name, email, .. } = transfer;
    Letter::new(format!("{email} declined the organization \"{name}\"")).paragraph(format!(
        "{email} does not want to take \"{name}\" over. It stays in your account as it is."
    ))
}

pub(super) fn accepted(transfer: &TransferRow) -> Letter {
    let TransferRow { organization_name: name, email, .. } = transfer;
    Letter::new(format!("{email} accepted the organization \"{name}\"")).paragraph(format!(
        "\"{name}\" is in an account of {email} now. Members who reached it keep their seats in \
         your account; free them on the Licenses page if they are not needed."
    ))
}
