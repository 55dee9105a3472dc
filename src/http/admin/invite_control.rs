//! `/api/v1/invite-control` and `/api/v1/organizations/{id}/invite-control`.

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::administrator::{Administrator, ManageInviteControl, ReadAccount, ReadOrganization};
use super::api::Api;
use super::body::Body;
use super::list::{List, Paged, Paging};
use crate::administration::invite_control::{self, Kind, NonCompliant, Preview};
use crate::enterprise::invite_control::{InviteControl, InviteRule, Violation};
use crate::enterprise::permissions::Operation;
use crate::http::base::in_order::InOrder;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::store::Cost;
use crate::store::invite_control::OwnControl;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/invite-control", "invite-control.read", read)
        .summary("Whom invitations may go to")
        .needs(Operation::ReadAccount)
        .answers::<Rule>(200);
    api.put("/invite-control", "invite-control.change", change)
        .summary("Says whom invitations may go to")
        .description(
            "Members stay as they are. A pending invitation can be accepted only where the rule \
             allows it then. See beforehand with invite-control.preview.",
        )
        .needs(Operation::ManageInviteControl)
        .body::<Rule>()
        .answers::<Rule>(200);
    api.get("/invite-control/organizations", "invite-control.organizations", organizations)
        .summary("Organizations with a rule of their own")
        .needs(Operation::ReadAccount)
        .query::<Paging>()
        .answers::<List<OrganizationRule>>(200);
    api.get("/invite-control/non-compliant", "invite-control.non-compliant", non_compliant)
        .summary("Members and pending invitations that do not comply")
        .description(
            "Members come first. A page can hold fewer than were asked for and lead on all the \
             same. Remove members with licences.remove and invitations with invitations.revoke.",
        )
        .needs(Operation::ReadAccount)
        .query::<Paging>()
        .answers::<List<Stray>>(200);
    api.post("/invite-control/preview", "invite-control.preview", preview)
        .summary("What a change would make non-compliant; changes nothing")
        .needs(Operation::ManageInviteControl)
        .body::<Wish>()
        .answers::<Previewed>(200)
        .refuses(&[404]);
    api.get("/organizations/{id}/invite-control", "organizations.invite-control", read_own)
        .summary("Whom invitations to an organization may go to")
        .needs(Operation::ReadOrganization)
        .answers::<EffectiveRule>(200);
    api.put("/organizations/{id}/invite-control", "organizations.set-invite-control", change_own)
        .summary("Gives an organization a rule of its own")
        .needs(Operation::ManageInviteControl)
        .body::<Rule>()
        .answers::<EffectiveRule>(200);
    api.delete(
        "/organizations/{id}/invite-control",
        "organizations.reset-invite-control",
        reset_own,
    )
    .summary("Gives an organization the account's rule again")
    .needs(Operation::ManageInviteControl)
    .answers_nothing(204);
}

/// A rule.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "InviteControl")]
pub struct Rule {
    rule: InviteRule,
    /// The domains of `custom_domains`; none with any other rule.
    #[serde(default)]
    domains: Vec<String>,
}

impl Rule {
    fn checked(&self) -> Result<InviteControl, Problem> {
        Ok(invite_control::checked(self.rule, &self.domains)?)
    }
}

impl From<InviteControl> for Rule {
    fn from(control: InviteControl) -> Self {
        Self { rule: control.rule, domains: control.domains }
    }
}

/// The rule that holds in an organization.
#[derive(Debug, JsonSchema, Serialize)]
pub struct EffectiveRule {
    rule: InviteRule,
    domains: Vec<String>,
    /// Whether it is the organization's own, not the account's.
    own: bool,
}

/// An organization with a rule of its own.
#[derive(Debug, JsonSchema, Serialize)]
pub struct OrganizationRule {
    organization_id: String,
    organization_name: String,
    rule: InviteRule,
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

/// What does not comply.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
enum StrayKind {
    Member,
    Invitation,
}

/// A member or a pending invitation that does not comply.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "NonCompliant")]
pub struct Stray {
    kind: StrayKind,
    id: String,
    email: String,
    violations: Vec<Broken>,
}

/// A rule that is not complied with.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "InviteControlViolation")]
struct Broken {
    /// The organization whose rule it is; null where it is the account's.
    organization_id: Option<String>,
    reason: String,
}

impl From<Violation> for Broken {
    fn from(violation: Violation) -> Self {
        Self {
            reason: violation.reason.to_string(),
            organization_id: violation.organization.map(|(id, _)| id),
        }
    }
}

impl From<NonCompliant> for Stray {
    fn from(found: NonCompliant) -> Self {
        Self {
            kind: match found.kind {
                Kind::Member => StrayKind::Member,
                Kind::Invitation => StrayKind::Invitation,
            },
            id: found.id,
            email: found.email,
            violations: found.violations.into_iter().map(Broken::from).collect(),
        }
    }
}

/// A change that is thought of.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "InviteControlWish")]
pub struct Wish {
    /// The organization whose rule would change; the account's if not given.
    organization_id: Option<String>,
    /// The rule; without one the organization would have the account's.
    rule: Option<InviteRule>,
    /// The domains of `custom_domains`.
    #[serde(default)]
    domains: Vec<String>,
}

/// What a change would make non-compliant that is not yet.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "InviteControlPreview")]
pub struct Previewed {
    members: i64,
    pending_invitations: i64,
    /// The first 100 of them.
    first: Vec<Stray>,
}

impl From<Preview> for Previewed {
    fn from(preview: Preview) -> Self {
        Self {
            members: preview.members,
            pending_invitations: preview.invitations,
            first: preview.first.into_iter().map(Stray::from).collect(),
        }
    }
}

/// `GET /api/v1/invite-control`.
async fn read(
    service: web::Data<Service>,
    admin: Administrator<ReadAccount>,
) -> Result<web::Json<Rule>, Problem> {
    let control = service
        .store
        .read(Cost::Point, move |conn| invite_control::of_account(conn, admin.enterprise))
        .await?;
    Ok(web::Json(control.into()))
}

/// `PUT /api/v1/invite-control`.
async fn change(
    service: web::Data<Service>,
    InOrder(admin, Body(rule)): InOrder<Administrator<ManageInviteControl>, Body<Rule>>,
) -> Result<web::Json<Rule>, Problem> {
    let control = rule.checked()?;
    let wanted = control.clone();
    service
        .store
        .write(admin.by(), move |transaction| {
            invite_control::set_account(transaction, admin.enterprise, &wanted)
        })
        .await?;
    Ok(web::Json(control.into()))
}

/// `GET /api/v1/invite-control/organizations`.
async fn organizations(
    service: web::Data<Service>,
    admin: Administrator<ReadAccount>,
    paging: Paged,
) -> Result<web::Json<List<OrganizationRule>>, Problem> {
    let (after, limit) = paging.range()?;
    let page = service
        .store
        .read(Cost::Page(admin.enterprise), move |conn| {
            invite_control::list_own(conn, admin.enterprise, after, limit)
        })
        .await?;
    Ok(web::Json(paging.list(page, OrganizationRule::from)))
}

/// `GET /api/v1/invite-control/non-compliant`.
async fn non_compliant(
    service: web::Data<Service>,
    admin: Administrator<ReadAccount>,
    paging: Paged,
) -> Result<web::Json<List<Stray>>, Problem> {
    let (after, limit) = paging.range()?;
    let now = service.store.clock().now();
    let page = service
        .store
        .read(Cost::Page(admin.enterprise), move |conn| {
            invite_control::non_compliant(conn, admin.enterprise, now, after, limit)
        })
        .await?;
    Ok(web::Json(paging.list(page, Stray::from)))
}

/// `POST /api/v1/invite-control/preview`.
async fn preview(
    service: web::Data<Service>,
    InOrder(admin, Body(wish)): InOrder<Administrator<ManageInviteControl>, Body<Wish>>,
) -> Result<web::Json<Previewed>, Problem> {
    let control = match wish.rule {
        Some(rule) => Some(invite_control::checked(rule, &wish.domains)?),
        None => None,
    };
    let now = service.store.clock().now();
    let preview = service
        .store
        .read(Cost::Page(admin.enterprise), move |conn| {
            let organization = wish.organization_id.as_deref();
            invite_control::preview(conn, admin.enterprise, now, organization, control.clone())
        })
        .await?;
    Ok(web::Json(preview.into()))
}

/// `GET /api/v1/organizations/{id}/invite-control`.
async fn read_own(
    service: web::Data<Service>,
    admin: Administrator<ReadOrganization>,
    id: web::Path<String>,
) -> Result<web::Json<EffectiveRule>, Problem> {
    let (control, own) = service
        .store
        .read(Cost::Point, move |conn| invite_control::of_organization(conn, admin.enterprise, &id))
        .await?;
    Ok(web::Json(EffectiveRule { rule: control.rule, domains: control.domains, own }))
}

/// `PUT /api/v1/organizations/{id}/invite-control`.
async fn change_own(
    service: web::Data<Service>,
    id: web::Path<String>,
    InOrder(admin, Body(rule)): InOrder<Administrator<ManageInviteControl>, Body<Rule>>,
) -> Result<web::Json<EffectiveRule>, Problem> {
    let control = rule.checked()?;
    let wanted = control.clone();
    service
        .store
        .write(admin.by(), move |transaction| {
            invite_control::set_organization(transaction, admin.enterprise, &id, Some(&wanted))
        })
        .await?;
    Ok(web::Json(EffectiveRule { rule: control.rule, domains: control.domains, own: true }))
}

/// `DELETE /api/v1/organizations/{id}/invite-control`.
async fn reset_own(
    service: web::Data<Service>,
    admin: Administrator<ManageInviteControl>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    service
        .store
        .write(admin.by(), move |transaction| {
            invite_control::set_organization(transaction, admin.enterprise, &id, None)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
