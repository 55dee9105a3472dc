//! `/api/v1/invite-control` and `/api/v1/organizations/{id}/invite-control`.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::NoContent;
use super::api::Api;
use super::body::Body;
use super::list::Paged;
use super::permits::{ManageInviteControl, ReadAccount, ReadOrganization};
use crate::administration::invite_control;
use crate::enterprise::invite_control::InviteRule;
use crate::http::base::problem::Problem;
use crate::views::invite_control::{
    AccountInviteControl, EffectiveRule, InviteControlPreview, NonCompliantSubject,
    OrganizationRule,
};
use crate::views::list::List;

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
