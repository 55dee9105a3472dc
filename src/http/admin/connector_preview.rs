//! `/api/v1/connector/preview`: what an identity provider's list of users would do.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::Json;
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::administrator::Administrator;
use super::api::Api;
use super::body::Body;
use super::permits::{ManageConnector, Reading};
use crate::http::base::problem::Problem;
use crate::provisioning::preview::{Columns, Preview, PreviewError, Previewing};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.post("/connector/preview", "connector.preview", preview)
        .summary("What an identity provider's list of users would do; changes nothing")
        .description(
            "Takes the export of Okta or Microsoft Entra ID, or any comma-separated table whose first \
             line names the columns, with at most 20,000 users. Each is judged as a request that creates \
             it would be: new, taken over, changed, in conflict, refused. Provisioned members who are \
             not on the list are named, too, so that the same list reconciles at any time.",
        )
        .refuses(&[422]);
}

/// A list of users.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UserList {
    /// The list as comma-separated values; its first line names the columns.
    pub list: String,
    /// Which columns hold what; known names are found without.
    #[serde(default)]
    pub columns: Columns,
}

impl From<PreviewError> for Problem {
    fn from(error: PreviewError) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-value", error.to_string())
    }
}

/// Previews a list, section by section.
///
/// # Errors
/// Returns 422 if the list cannot be read.
pub async fn previewed<P>(
    admin: &Administrator<P>,
    list: &str,
    columns: &Columns,
) -> Result<Preview, Problem> {
    let mut under_way = Arc::new(Previewing::of(list, columns)?);
    let now = admin.now();
    while !under_way.is_done() {
        let seen = Arc::clone(&under_way);
        let turn = admin.read_page(move |conn, account| Ok(seen.look(conn, account, now)?)).await?;
        // The reader has let go of it, so nothing is copied.
        Arc::make_mut(&mut under_way).take(turn);
    }
    Ok(Arc::unwrap_or_clone(under_way).report())
}

async fn preview(
    admin: Administrator<Reading<ManageConnector>>,
    Body(body): Body<UserList>,
) -> Shown<Preview> {
    previewed(&admin, &body.list, &body.columns).await.map(Json)
}
