//! The request log.

use schemars::JsonSchema;
use serde::Serialize;

use crate::enterprise::Timestamp;
use crate::enterprise::idp::Idp;
use crate::store::scim_requests::RequestRow;

/// A request that an identity provider sent to the connector.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ScimRequest {
    /// The id of the log's entry, `sreq_…`, for the paths below `/connector/requests`.
    pub id: String,
    /// When the request arrived.
    pub at: Timestamp,
    /// The identity provider, as its `User-Agent` tells.
    pub idp: Idp,
    /// The HTTP method, such as `PATCH`.
    pub method: String,
    /// The path below the connector's URL, such as `/Users`; personal values masked as in `query`.
    pub path: String,
    /// The query of the URL; personal values masked unless the log keeps them.
    pub query: String,
    /// The HTTP status of the answer.
    pub status: i64,
    /// How long the server took to answer, in milliseconds.
    pub duration_ms: f64,
    /// The SCIM id of the user or group that the request was about; null if there was none.
    pub resource_id: Option<String>,
    /// What the identity provider was told is wrong, masked as `query` is; null if nothing was.
    pub error_detail: Option<String>,
    /// The `X-Request-Id` of the answer; null if it had none.
    pub request_id: Option<String>,
    /// The `User-Agent` of the request; empty if it had none.
    pub user_agent: String,
    /// The length of the request's body in bytes.
    pub request_bytes: i64,
    /// The length of the answer's body in bytes.
    pub response_bytes: i64,
}

/// A request that an identity provider sent to the connector, with the bodies.
#[derive(Debug, JsonSchema, Serialize)]
pub struct WholeScimRequest {
    /// The request, without the bodies.
    #[serde(flatten)]
    pub request: ScimRequest,
    /// The request's body, masked as `query` is; null if there was none, or more than 16 KiB.
    pub request_body: Option<String>,
    /// The answer's body, masked as `query` is; null if there was none, or more than 16 KiB.
    pub response_body: Option<String>,
}

impl From<RequestRow> for ScimRequest {
    fn from(row: RequestRow) -> Self {
        Self {
            id: row.id,
            at: row.at,
            idp: row.idp,
            method: row.method,
            path: row.path,
            query: row.query,
            status: row.status,
            duration_ms: row.duration_us as f64 / 1000.0,
            resource_id: row.resource_id,
            error_detail: row.error_detail,
            request_id: row.request_id,
            user_agent: row.user_agent,
            request_bytes: row.request_bytes,
            response_bytes: row.response_bytes,
        }
    }
}

impl From<RequestRow> for WholeScimRequest {
    fn from(mut row: RequestRow) -> Self {
        let (request_body, response_body) = (row.request_body.take(), row.response_body.take());
        Self { request: row.into(), request_body, response_body }
    }
}
