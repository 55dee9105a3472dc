//! Mails to owners about recovery links.

use super::Result;
use crate::enterprise::letter::Letter;
use crate::store::members::MemberRow;
use crate::store::{Transaction, enterprises};

/// The mail with the link that the operator sends to one owner.
pub(super) fn sent(
    transaction: &mut Transaction<'_>,
    owner: &MemberRow,
    url: &str,
) -> Result<Letter> {
    let account = enterprises::get(transaction, owner.enterprise_pk)?.name;
    Ok(Letter::new(format!("{account}: sign in past single sign-on"))
        .paragraph(format!(
            "The operator of this server sends you a link to sign in to {account} as an owner, past \
             single sign-on."
        ))
        .link("Sign in", url)
        .paragraph(
            "The link works once, for an hour. If you have not asked for it, do not open it, and ask \
             the operator who has.",
        ))
}

/// The notice to every owner that one of them created a link.
pub(super) fn made(transaction: &mut Transaction<'_>, owner: &MemberRow) -> Result<Letter> {
    let account = enterprises::get(transaction, owner.enterprise_pk)?.name;
    let (who, at) = (&owner.user_name, transaction.now().to_rfc3339());
    Ok(Letter::new(format!("{account}: {who} made a recovery link"))
        .paragraph(format!(
            "{who} made a recovery link at {at}. With it they sign in to {account} past single \
             sign-on, once, within a year."
        ))
        .paragraph(format!(
            "If {who} has not done that, let them revoke the link (insomnia-scim admin recovery-links \
             list, then recovery-links delete ID) and end their tokens and sessions."
        ))
        .page("Audit log", "/app/enterprise/audit-log"))
}

/// The notice to every owner that a link was used.
pub(super) fn used(transaction: &mut Transaction<'_>, owner: &MemberRow) -> Result<Letter> {
    let account = enterprises::get(transaction, owner.enterprise_pk)?.name;
    let (who, at) = (&owner.user_name, transaction.now().to_rfc3339());
    Ok(Letter::new(format!("{account}: {who} signed in past single sign-on"))
        .paragraph(format!("{who} signed in to {account} by a recovery link at {at}."))
        .paragraph(format!(
            "If that was not {who}, take the role of owner from them, or deactivate them: both end \
             that session. Then look at the audit log for what was done in it."
        ))
        .page("Audit log", "/app/enterprise/audit-log"))
}
