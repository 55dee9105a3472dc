//! Invite control, and what does not comply with it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::administration::AdministrationError;
use crate::administration::invite_control::{self, Kind, NonCompliant, Preview};
use crate::enterprise::invite_control::{InviteControl, InviteRule, Violation};
use crate::store::invite_control::OwnControl;

/// A rule that says which addresses may be invited.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AccountInviteControl {
    /// Which addresses may be invited.
    pub rule: InviteRule,
    /// The domains whose addresses may be invited, 1 to 200 with `custom_domains`, else none.
    #[serde(default)]
    pub domains: Vec<String>,
}

impl AccountInviteControl {
    /// Checks the rule.
    ///
    /// # Errors
    /// Fails if the domains are invalid, or do not fit the rule.
    pub fn checked(&self) -> Result<InviteControl, AdministrationError> {
        invite_control::checked(self.rule, &self.domains)
    }
}

impl From<InviteControl> for AccountInviteControl {
    fn from(control: InviteControl) -> Self {
        Self { rule: control.rule, domains: control.domains }
    }
}

/// The rule that counts for invitations to an organization.
#[derive(Debug, JsonSchema, Serialize)]
pub struct EffectiveRule {
    /// Which addresses may be invited to the organization.
    pub rule: InviteRule,
    /// The domains of the rule `custom_domains`; empty with any other rule.
    pub domains: Vec<String>,
    /// Whether the rule is the organization's own (true) or the account's (false).
    pub own: bool,
}

impl From<(InviteControl, bool)> for EffectiveRule {
    fn from((control, own): (InviteControl, bool)) -> Self {
        Self { rule: control.rule, domains: control.domains, own }
    }
}

/// An organization with a rule of its own.
#[derive(Debug, JsonSchema, Serialize)]
pub struct OrganizationRule {
    /// The id of the organization, for the paths below `/organizations`.
    pub organization_id: String,
    /// The name of the organization.
    pub organization_name: String,
    /// Which addresses may be invited to the organization.
    pub rule: InviteRule,
    /// The domains of the rule `custom_domains`; empty with any other rule.
    pub domains: Vec<String>,
}

impl From<OwnControl> for OrganizationRule {
    fn from(own: OwnControl) -> Self {
        Self {
            organization_id: own.id,
            organization_name: own.name,
            rule: own.control.rule,
            domains: own.control.domains,
        }
    }
}

/// What does not comply with invite control.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "texts here would change the schema; the words say it all")]
pub enum NonCompliantKind {
    Member,
    Invitation,
}

/// A member or a pending invitation that does not comply with invite control.
#[derive(Debug, JsonSchema, Serialize)]
pub struct NonCompliantSubject {
    /// Whether it is a member or an invitation.
    pub kind: NonCompliantKind,
    /// The id of the member, or of the invitation.
    pub id: String,
    /// The address of the member or the invitation that the rules are about.
    pub email: String,
    /// Every rule that the address does not comply with.
    pub violations: Vec<InviteControlViolation>,
}

/// A rule that an address does not comply with.
#[derive(Debug, JsonSchema, Serialize)]
pub struct InviteControlViolation {
    /// The id of the organization whose own rule it is; null if it is the account's.
    pub organization_id: Option<String>,
    /// The name of that organization; null if the rule is the account's.
    pub organization_name: Option<String>,
    /// Why the address does not comply, as a phrase for people.
    pub reason: String,
}

impl From<Violation> for InviteControlViolation {
    fn from(violation: Violation) -> Self {
        let (organization_id, organization_name) = violation.organization.unzip();
        Self { reason: violation.reason.to_string(), organization_id, organization_name }
    }
}

impl From<NonCompliant> for NonCompliantSubject {
    fn from(found: NonCompliant) -> Self {
        Self {
            kind: match found.kind {
                Kind::Member => NonCompliantKind::Member,
                Kind::Invitation => NonCompliantKind::Invitation,
            },
            id: found.id,
            email: found.email,
            violations: found.violations.into_iter().map(InviteControlViolation::from).collect(),
        }
    }
}

/// The members and invitations that comply now and would not after a change.
#[derive(Debug, JsonSchema, Serialize)]
pub struct InviteControlPreview {
    /// The number of members who would no longer comply.
    pub members: i64,
    /// The number of pending invitations that would no longer comply.
    pub pending_invitations: i64,
    /// The first 100 of these members and invitations.
    pub first: Vec<NonCompliantSubject>,
}

impl From<Preview> for InviteControlPreview {
    fn from(preview: Preview) -> Self {
        Self {
            members: preview.members,
            pending_invitations: preview.invitations,
            first: preview.first.into_iter().map(NonCompliantSubject::from).collect(),
        }
    }
}
