//! The mails of invitations, with the links that accept them.

use super::targets::Targets;
use super::{Result, targets};
use crate::enterprise::letter::Letter;
use crate::enterprise::token;
use crate::store::enterprises::EnterpriseRow;
use crate::store::invitations::InvitationRow;
use crate::store::{Transaction, invitation_delivery, invitation_tokens};

/// The kind of a mail about an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LetterKind {
    /// The invitation itself.
    Invitation,
    /// A reminder of an unanswered invitation.
    Reminder,
}

/// The path and query of the link in a mail, up to the token.
const PATH: &str = "/invitations/accept?token=";

/// Sends the mail with a new link. Returns the invitation, which now tracks the delivery of this
/// mail.
pub(super) fn send(
    transaction: &mut Transaction<'_>,
    account: &EnterpriseRow,
    public_url: &str,
    invitation: &InvitationRow,
    occasion: LetterKind,
) -> Result<InvitationRow> {
    let secret = token::generate(token::INVITATION)?;
    let now = transaction.now();
    invitation_tokens::insert(transaction, invitation.pk, &token::hash(&secret), now)?;
    let targets = targets::of(transaction, invitation.pk)?;
    let url = format!("{public_url}{PATH}{secret}");
    let letter = letter(&account.name, invitation, &targets, &url, occasion);
    Ok(invitation_delivery::post(transaction, invitation, &letter, now)?)
}

fn letter(
    account: &str,
    invitation: &InvitationRow,
    targets: &Targets,
    url: &str,
    occasion: LetterKind,
) -> Letter {
    let inviter = invitation.inviter_name.as_deref().unwrap_or("An administrator");
    let end = invitation.expires_at.to_rfc3339();
    let day = end.split_once('T').map_or(end.as_str(), |(day, _)| day);
    let (subject, first) = match occasion {
        LetterKind::Invitation => (
            format!("{inviter} invites you to {account}"),
            format!("{inviter} invites you to join {account} on Insomnia."),
        ),
        LetterKind::Reminder => (
            format!("Reminder: {inviter} invites you to {account}"),
            format!(
                "{inviter} has invited you to join {account} on Insomnia, and you have not \
                 answered yet."
            ),
        ),
    };
    let mut letter = Letter::new(subject).paragraph(first);
    if let Some(role) = invitation.account_role {
        letter = letter.paragraph(format!("You would be {role} of {account}."));
    }
    if !targets.is_empty() {
        letter = letter.paragraph(format!("You would be in:\n{}", places(targets)));
    }
    letter
        .link("Accept the invitation", url)
        .paragraph(format!(
            "The link is for {} alone and works once, until {day} (UTC). Do not pass it on.",
            invitation.email
        ))
        .paragraph("If you do not know what this is about, ignore this mail.")
}

/// Lists the targets of an invitation, one per line and at most 20, to keep mails short.
fn places(targets: &Targets) -> String {
    const SHOWN: usize = 20;
    let organizations = targets
        .organizations
        .iter()
        .map(|target| format!("- the organization {} as {}", target.name, target.role));
    let teams =
        targets.teams.iter().map(|team| format!("- the team {} as {}", team.name, team.role()));
    let mut lines: Vec<String> = organizations.chain(teams).collect();
    if lines.len() > SHOWN {
        let more = lines.len() - SHOWN;
        lines.truncate(SHOWN);
        lines.push(format!("- and {more} more"));
    }
    lines.join("\n")
}
