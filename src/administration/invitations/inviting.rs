//! Creation of invitations, for one address or several at once.

use serde_json::json;

use super::letter::{self, LetterKind};
use super::{DAYS, DAYS_TO_REMINDER, InvitationError, Result, renew, targets};
use crate::administration::error::checked_address;
use crate::administration::{AdministrationError, invite_control, organizations, teams};
use crate::enterprise::audit::Change;
use crate::enterprise::invite_control::Controls;
use crate::enterprise::seats::Arrival;
use crate::enterprise::{
    AccountPk, InvitationPk, OrganizationPk, PlaceRole, Role, TeamPk, TeamRole, address,
};
use crate::store::enterprises::EnterpriseRow;
use crate::store::invitations::{self, InvitationRow, NewInvitation};
use crate::store::{StoreError, Transaction, audit, candidates, git_sync, seats};

/// The maximum number of addresses invited by one call.
pub const MOST_ADDRESSES: usize = 500;

/// The target of an invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The id of an organization, and the role in it.
    Organization(String, TeamRole),
    /// The account itself, as a co-owner.
    CoOwner,
    /// The id of a team, and the role of the place in it (docs/domain.md §3).
    Team(String, PlaceRole),
}

/// The result for one address of several.
#[derive(Debug)]
pub struct Invited {
    /// The address as it was sent.
    pub email: String,
    /// The invitation, or why it was not created.
    pub outcome: Result<InvitationRow>,
    /// Whether the address had a pending invitation, to which the target was added: no further seat
    /// was taken.
    pub was_pending: bool,
}

/// Invites an address. An address with a pending invitation keeps its seat; this target is added to
/// the invitation, and a new link is sent that works for another 30 days. `public_url` is the base
/// of the link in the mail.
///
/// # Errors
/// Fails if the address is invalid or a member's, invite control does not allow it, the target does
/// not exist, or no seat is free.
pub fn create(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    public_url: &str,
    email: &str,
    target: &Target,
) -> Result<InvitationRow> {
    let mut round = Round::begin(transaction, enterprise, public_url, target)?;
    Ok(round.invite(transaction, email)?.0)
}

/// Invites several addresses independently: one that cannot be invited does not stop the others.
/// Duplicates are invited once.
///
/// # Errors
/// Fails if there are no addresses or too many, or the target does not exist.
pub fn create_many(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    public_url: &str,
    emails: &[String],
    target: &Target,
) -> Result<Vec<Invited>> {
    if emails.is_empty() || emails.len() > MOST_ADDRESSES {
        return Err(AdministrationError::InvalidValue {
            field: "emails",
            reason: format!("1 to {MOST_ADDRESSES} addresses; there are {}", emails.len()),
        });
    }
    let mut round = Round::begin(transaction, enterprise, public_url, target)?;
    let mut known = std::collections::HashSet::new();
    let mut all = Vec::with_capacity(emails.len());
    for email in emails.iter().filter(|email| known.insert(address::key(email))) {
        let outcome = match round.invite(transaction, email) {
            Err(
                failure @ (AdministrationError::Store(_) | AdministrationError::NoRandomness(_)),
            ) => {
                return Err(failure);
            }
            outcome => outcome,
        };
        let was_pending = outcome.as_ref().is_ok_and(|(_, was_pending)| *was_pending);
        let outcome = outcome.map(|(invitation, _)| invitation);
        all.push(Invited { email: email.clone(), outcome, was_pending });
    }
    Ok(all)
}

/// The target of an invitation by primary key.
enum Destination {
    CoOwner,
    Organization(OrganizationPk, TeamRole),
    /// A team, and the role of the place in it if that is not the team's.
    Team(TeamPk, Option<TeamRole>),
}

/// The data shared by all addresses of one call.
struct Round<'a> {
    account: EnterpriseRow,
    destination: Destination,
    controls: Controls,
    /// Public ids of the organizations that the invitation gives access to.
    reach: Vec<String>,
    public_url: &'a str,
}

impl<'a> Round<'a> {
    fn begin(
        transaction: &mut Transaction<'_>,
        enterprise: AccountPk,
        public_url: &'a str,
        target: &Target,
    ) -> Result<Self> {
        let (destination, reach) = match target {
            Target::CoOwner => (Destination::CoOwner, Vec::new()),
            Target::Organization(id, role) => {
                let organization = organizations::require(transaction, enterprise, id)?;
                (Destination::Organization(organization.pk, *role), vec![organization.id])
            }
            Target::Team(id, role) => {
                let team = teams::require(transaction, enterprise, id)?;
                let reach = invite_control::reach_of_team(transaction, team.pk)?;
                (Destination::Team(team.pk, team.role.own(*role)), reach)
            }
        };
        let controls = invite_control::load(transaction, enterprise)?;
        let account = seats::expire_and_count(transaction, enterprise)?;
        Ok(Self { account, destination, controls, reach, public_url })
    }

    /// Returns the invitation, and whether it was pending before.
    fn invite(
        &mut self,
        transaction: &mut Transaction<'_>,
        email: &str,
    ) -> Result<(InvitationRow, bool)> {
        let email = checked_address("email", email)?;
        let email = email.as_str();
        if let Some(violation) = targets::check(&self.controls, email, &self.reach) {
            return Err(InvitationError::NotAllowed { email: email.to_owned(), violation }.into());
        }
        let keys = [address::key(email)];
        if !candidates::of_keys(transaction, self.account.pk, &keys, None)?.is_empty() {
            return Err(AdministrationError::AlreadyMember(email.to_owned()));
        }
        let pending = invitations::pending_for(transaction, self.account.pk, &keys)?;
        match pending.into_iter().next() {
            Some(invitation) => Ok((self.extend(transaction, invitation)?, true)),
            None => Ok((self.make(transaction, email)?, false)),
        }
    }

    /// Creates an invitation, which takes a seat.
    fn make(&mut self, transaction: &mut Transaction<'_>, email: &str) -> Result<InvitationRow> {
        seats::admit(transaction, &self.account, Arrival::New)??;
        self.admit_into(transaction)?;
        let now = transaction.now();
        let inviter = &transaction.origin().actor;
        let new = NewInvitation {
            email,
            inviter: (&inviter.id, &inviter.name),
            expires_at: now.plus_days(DAYS),
            remind_at: now.plus_days(DAYS_TO_REMINDER),
        };
        let invitation = invitations::insert(transaction, self.account.pk, &new, now)?;
        self.account.seats_invitations += 1;
        self.add_destination(transaction, invitation.pk)?;
        let account_role = self.account_role();
        let invitation = InvitationRow { account_role, ..invitation };
        let mut shown = targets::of(transaction, invitation.pk)?.shown();
        shown["account_role"] = json!(account_role);
        shown["expires_at"] = json!(now.plus_days(DAYS).to_rfc3339());
        let change = Change::made("invitation.created", invitation.target(), shown);
        audit::record(transaction, self.account.pk, &change)?;
        let occasion = LetterKind::Invitation;
        letter::send(transaction, &self.account, self.public_url, &invitation, occasion)
    }

    /// Adds the target to a pending invitation and sends it again. An administrator who repeats an
    /// invitation expects a link with its full lifetime, whatever the earlier targets were.
    fn extend(
        &self,
        transaction: &mut Transaction<'_>,
        invitation: InvitationRow,
    ) -> Result<InvitationRow> {
        let before = targets::of(transaction, invitation.pk)?;
        if !before.organizations.iter().any(|target| self.reach == [target.id.as_str()]) {
            self.admit_into(transaction)?;
        }
        self.add_destination(transaction, invitation.pk)?;
        let after = targets::of(transaction, invitation.pk)?;
        let (mut before, mut after) = (before.shown(), after.shown());
        before["account_role"] = json!(invitation.account_role);
        after["account_role"] = json!(self.account_role().or(invitation.account_role));
        let change = Change::changed("invitation.changed", invitation.target(), before, after);
        audit::record(transaction, self.account.pk, &change)?;
        renew(transaction, &self.account, self.public_url, &invitation)
    }

    /// Returns the role in the account that the invitation gives, if it is not that of a member.
    fn account_role(&self) -> Option<Role> {
        matches!(self.destination, Destination::CoOwner).then_some(Role::CoOwner)
    }

    /// Checks whether the organization can have one more user ([`git_sync::admit_into`]).
    fn admit_into(&self, transaction: &mut Transaction<'_>) -> Result<()> {
        if let (Destination::Organization(..), [id]) = (&self.destination, &self.reach[..]) {
            let into = organizations::require(transaction, self.account.pk, id)?;
            git_sync::admit_into(transaction, &self.account, &into, Arrival::New)??;
        }
        Ok(())
    }

    fn add_destination(
        &self,
        transaction: &mut Transaction<'_>,
        invitation: InvitationPk,
    ) -> std::result::Result<(), StoreError> {
        match self.destination {
            Destination::CoOwner => {
                invitations::set_account_role(transaction, invitation, Role::CoOwner)
            }
            Destination::Organization(organization, role) => {
                invitations::invite_to_organization(transaction, invitation, organization, role)
            }
            Destination::Team(team, own) => {
                invitations::invite_to_team(transaction, invitation, team, own)
            }
        }
    }
}
