//! `/api/v1/invite-control` and `/api/v1/organizations/{id}/invite-control`.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::NoContent;
use super::api::Api;
use super::body::Body;
use super::list::{List, Paged};
use super::permits::{ManageInviteControl, ReadAccount, ReadOrganization};
use crate::administration::invite_control::{self, Kind, NonCompliant, Preview};
use crate::enterprise::invite_control::{InviteControl, InviteRule, Violation};
use crate::http::base::problem::Problem;
use crate::store::invite_control::OwnControl;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/invite-control", "invite-control.get", read)
        .formerly("read")
        .summary("Whom invitations may go to");
    api.put("/invite-control", "invite-control.change", change)
        .summary("Says whom invitations may go to")
        .description(
            "Members stay as they are. A pending invitation can be accepted only where the rule \
             allows it then. See beforehand with invite-control.preview.",
        );
    api.get("/invite-control/organizations", "invite-control.list-organizations", organizations)
        .formerly("organizations")
        .summary("Organizations with a rule of their own");
    api.get("/invite-control/non-compliant", "invite-control.list-non-compliant", non_compliant)
        .formerly("non-compliant")
        .summary("Members and pending invitations that do not comply")
        .description(
            "Members come first. A page can hold fewer than were asked for and lead on all the \
             same. Remove members with licences.remove and invitations with invitations.revoke.",
        );
    api.post("/invite-control/preview", "invite-control.preview", preview)
        .summary("What a change would make non-compliant; changes nothing")
        .refuses(&[404]);
    api.get("/organizations/{id}/invite-control", "organizations.get-invite-control", read_own)
        .formerly("invite-control")
        .summary("Whom invitations to an organization may go to");
    api.put(
        "/organizations/{id}/invite-control",
        "organizations.change-invite-control",
        change_own,
    )
    .formerly("set-invite-control")
    .summary("Gives an organization a rule of its own");
    api.delete(
        "/organizations/{id}/invite-control",
        "organizations.delete-invite-control",
        reset_own,
    )
    .formerly("reset-invite-control")
    .summary("Gives an organization the account's rule again");
}

/// A rule that says which addresses may be invited.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AccountInviteControl {
    /// Which addresses may be invited.
    rule: InviteRule,
    /// The domains whose addresses may be invited, 1 to 200 with `custom_domains`, else none.
    #[serde(default)]
    domains: Vec<String>,
}

impl AccountInviteControl {
    fn checked(&self) -> Result<InviteControl, Problem> {
        Ok(invite_control::checked(self.rule, &self.domains)?)
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
    rule: InviteRule,
    /// The domains of the rule `custom_domains`; empty with any other rule.
    domains: Vec<String>,
    /// Whether the rule is the organization's own (true) or the account's (false).
    own: bool,
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
    organization_id: String,
    /// The name of the organization.
    organization_name: String,
    /// Which addresses may be invited to the organization.
    rule: InviteRule,
    /// The domains of the rule `custom_domains`; empty with any other rule.
    domains: Vec<String>,
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
enum NonCompliantKind {
    Member,
    Invitation,
}

/// A member or a pending invitation that does not comply with invite control.
#[derive(Debug, JsonSchema, Serialize)]
pub struct NonCompliantSubject {
    /// Whether it is a member or an invitation.
    kind: NonCompliantKind,
    /// The id of the member, or of the invitation.
    id: String,
    /// The address of the member or the invitation that the rules are about.
    email: String,
    /// Every rule that the address does not comply with.
    violations: Vec<InviteControlViolation>,
}

/// A rule that an address does not comply with.
#[derive(Debug, JsonSchema, Serialize)]
struct InviteControlViolation {
    /// The id of the organization whose own rule it is; null if it is the account's.
    organization_id: Option<String>,
    /// The name of that organization; null if the rule is the account's.
    organization_name: Option<String>,
    /// Why the address does not comply, as a phrase for people.
    reason: String,
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

/// A change of invite control to look at beforehand.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteControlDraft {
    /// The id of the organization whose rule would change; if left out, the account's would.
    organization_id: Option<String>,
    /// The new rule; if left out, the organization would get the account's rule again.
    rule: Option<InviteRule>,
    /// The domains of the rule `custom_domains`, 1 to 200; none with any other rule.
    #[serde(default)]
    domains: Vec<String>,
}

/// The members and invitations that comply now and would not after a change.
#[derive(Debug, JsonSchema, Serialize)]
pub struct InviteControlPreview {
    /// The number of members who would no longer comply.
    members: i64,
    /// The number of pending invitations that would no longer comply.
    pending_invitations: i64,
    /// The first 100 of these members and invitations.
    first: Vec<NonCompliantSubject>,
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

async fn read(admin: Administrator<ReadAccount>) -> Shown<AccountInviteControl> {
    admin.show(invite_control::of_account).await
}

async fn change(
    admin: Administrator<ManageInviteControl>,
    Body(rule): Body<AccountInviteControl>,
) -> Shown<AccountInviteControl> {
    let control = rule.checked()?;
    admin
        .change(move |transaction, account| {
            invite_control::set_account(transaction, account, &control)?;
            Ok(control.clone())
        })
        .await
}

async fn organizations(
    admin: Administrator<ReadAccount>,
    paging: Paged,
) -> Shown<List<OrganizationRule>> {
    admin.list(paging, invite_control::list_own).await
}

async fn non_compliant(
    admin: Administrator<ReadAccount>,
    paging: Paged,
) -> Shown<List<NonCompliantSubject>> {
    let now = admin.now();
    admin
        .list(paging, move |conn, account, after, limit| {
            invite_control::non_compliant(conn, account, now, after, limit)
        })
        .await
}

async fn preview(
    admin: Administrator<ManageInviteControl>,
    Body(wish): Body<InviteControlDraft>,
) -> Shown<InviteControlPreview> {
    let checked = wish.rule.map(|rule| invite_control::checked(rule, &wish.domains));
    let (control, now) = (checked.transpose()?, admin.now());
    let preview = admin
        .read_page(move |conn, account| {
            let organization = wish.organization_id.as_deref();
            invite_control::preview(conn, account, now, organization, control.clone())
        })
        .await?;
    Ok(Json(preview.into()))
}

async fn read_own(
    admin: Administrator<ReadOrganization>,
    id: Path<String>,
) -> Shown<EffectiveRule> {
    admin.show(move |conn, account| invite_control::of_organization(conn, account, &id)).await
}

async fn change_own(
    admin: Administrator<ManageInviteControl>,
    Body(rule): Body<AccountInviteControl>,
    id: Path<String>,
) -> Shown<EffectiveRule> {
    let control = rule.checked()?;
    admin
        .change(move |transaction, account| {
            invite_control::set_organization(transaction, account, &id, Some(&control))?;
            Ok((control.clone(), true))
        })
        .await
}

async fn reset_own(
    admin: Administrator<ManageInviteControl>,
    id: Path<String>,
) -> Result<NoContent, Problem> {
    admin
        .end(move |transaction, account| {
            invite_control::set_organization(transaction, account, &id, None)
        })
        .await
}
