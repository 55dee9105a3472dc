//! `/Me` (RFC 7644 §3.11).

use actix_web::HttpResponse;

use super::connector::Connector;
use super::failure::Failure;
use crate::scim::ScimError;

/// Refuses with 501, because a connector's token does not belong to a user.
pub async fn me(_: Connector) -> Result<HttpResponse, Failure> {
    Err(ScimError::new(
        501,
        "/Me needs a signed-in user, and this token belongs to a connector. Read the user at \
         /Users/{id}.",
    )
    .into())
}
