//! `/api/v1/members/{id}/merge/{other_id}`: two members that are one person.

use actix_web::web::{Json, Path};

use super::acting::Shown;
use super::administrator::Administrator;
use super::api::Api;
use super::permits::ManageMembers;
use crate::administration::member_merging;
use crate::enterprise::permissions::Operation;
use crate::views::member_merging::MergePreview;
use crate::views::members::Member;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/members/{id}/merge/{other_id}/preview", "members.preview-merge", preview)
        .summary("What merging two members would do: which one stays, and what it has then")
        .refuses(&[409, 422]);
    api.post("/members/{id}/merge/{other_id}", "members.merge", merge)
        .summary("Merges two members that are one person; one seat is free")
        .description(
            "The member that SCIM provisioned stays, with its id; of two manual ones the first, \
             unless only the other is active. It has the higher role, and the teams and \
             organizations of both. Two members that were both provisioned, or that two people have \
             claimed, are not merged.",
        )
        .refuses(&[409, 422]);
}

async fn preview(
    admin: Administrator<ManageMembers>,
    path: Path<(String, String)>,
) -> Shown<MergePreview> {
    let owners = admin.may(Operation::ManageOwners);
    let plan = admin
        .read_page(move |conn, account| {
            member_merging::plan(conn, account, (&path.0, &path.1), owners)
        })
        .await?;
    Ok(Json(plan.into()))
}

async fn merge(admin: Administrator<ManageMembers>, path: Path<(String, String)>) -> Shown<Member> {
    let owners = admin.may(Operation::ManageOwners);
    admin
        .change(move |transaction, account| {
            member_merging::merge(transaction, account, (&path.0, &path.1), owners)
        })
        .await
}
