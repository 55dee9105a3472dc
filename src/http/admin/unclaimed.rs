//! `/api/v1/domains/{id}/unclaimed-accounts`: who has an address in a domain and is not a member.

use actix_web::web::Path;
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::{Created, Csv, Download};
use super::api::Api;
use super::creation::Creation;
use super::invitations::target;
use super::list::Paged;
use super::permits::{ManageMembers, ReadAccount};
use crate::administration::domains;
use crate::enterprise::PlaceRole;
use crate::http::base::csv;
use crate::http::base::problem::Problem;
use crate::http::base::streaming::Section;
use crate::store::users::UnclaimedRow;
use crate::views::list::List;
use crate::views::unclaimed::{UnclaimedAccount, UnclaimedInvitationResults};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/domains/{id}/unclaimed-accounts", "domains.list-unclaimed-accounts", list)
        .formerly("unclaimed-accounts")
        .summary("People with an address in a verified domain who are not members")
        .refuses(&[409]);
    api.post(
        "/domains/{id}/unclaimed-accounts/invite",
        "domains.invite-unclaimed-accounts",
        invite,
    )
    .summary("Invites the people with an address in the domain, each with a result")
    .description(
        "Invites up to 500 of them who have no pending invitation. If more is true, call it again \
         for the next.",
    )
    .refuses(&[409]);
    api.get("/domains/{id}/unclaimed-accounts.csv", "domains.export-unclaimed-accounts", export)
        .summary("The same as comma-separated values, whole")
        .refuses(&[409]);
}

async fn list(
    admin: Administrator<ReadAccount>,
    paging: Paged,
    id: Path<String>,
) -> Shown<List<UnclaimedAccount>> {
    admin
        .list(paging, move |conn, account, after, limit| {
            domains::unclaimed(conn, account, &id, after, limit)
        })
        .await
}

/// The number of people that one query of an export reads.
const SECTION: i64 = 500;

async fn export(
    admin: Administrator<ReadAccount>,
    id: Path<String>,
) -> Result<Download<Csv>, Problem> {
    let domain =
        admin.read(move |conn, account| domains::require_verified(conn, account, &id)).await?;
    let file = format!("unclaimed-accounts-{}.csv", domain.name);
    let head = csv::line(["id", "email", "name", "known_since"]);
    Ok(admin.download::<Csv, _>(&file, head, 0, move |conn, account, after| {
        let page = domains::unclaimed_after(conn, account, &domain.name, *after, SECTION)?;
        Ok(Section { text: page.items.into_iter().map(line).collect(), next: page.next })
    }))
}

fn line(row: UnclaimedRow) -> String {
    let since = row.created_at.to_rfc3339();
    csv::line([row.id.as_str(), &row.email, row.name.as_deref().unwrap_or_default(), &since])
}

/// To what the unclaimed accounts of a domain are invited: one organization or one team.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnclaimedInvitation {
    /// The organization to invite to; either this or `team_id` has to be given.
    organization_id: Option<String>,
    /// The team to invite to; either this or `organization_id` has to be given.
    team_id: Option<String>,
    /// The role in the organization, `member` if left out; or of the place in the team, the team's if
    /// left out or `team`.
    role: Option<PlaceRole>,
}

async fn invite(
    creation: Creation<ManageMembers, UnclaimedInvitation>,
    id: Path<String>,
) -> Result<Created<UnclaimedInvitationResults>, Problem> {
    let new = creation.body.clone();
    let target = target(new.organization_id, new.team_id, new.role)?;
    let url = creation.admin.service.public_url.clone();
    creation
        .create(move |transaction, account, _| {
            let now = transaction.now();
            let invited = domains::invite_unclaimed(transaction, account, &url, &id, &target)?;
            Ok(UnclaimedInvitationResults::at(invited, now))
        })
        .await
}
