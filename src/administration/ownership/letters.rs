//! Mails that welcome the owner of a new account.

use crate::enterprise::letter::Letter;
use crate::store::enterprises::EnterpriseRow;

/// The mail to an owner who has only been named.
pub(super) fn to_claim(account: &EnterpriseRow, url: &str) -> Letter {
    let name = &account.name;
    Letter::new(format!("Welcome: {name} is yours to claim"))
        .paragraph(format!(
            "The Insomnia account {name} was made, with you as its owner. It has the plan {} and {} \
             seats.",
            account.plan, account.seats_total
        ))
        .link("Claim the account", url)
        .paragraph(
            "The link proves that this address is yours and signs you in. It works once, within 30 \
             days.",
        )
        .paragraph("If you do not know of this account, do nothing.")
}

/// The mail to an owner who made the account while signed in.
pub(super) fn claimed(account: &EnterpriseRow, public_url: &str) -> Letter {
    let name = &account.name;
    Letter::new(format!("Welcome to {name}"))
        .paragraph(format!(
            "You are the owner of the Insomnia account {name}. It has the plan {} and {} seats.",
            account.plan, account.seats_total
        ))
        .link("Open Insomnia", format!("{public_url}/app"))
        .paragraph("If it was not you who made it, sign in and end your other sessions.")
}
