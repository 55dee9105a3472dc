//! OAuth clients of the connector.

use schemars::JsonSchema;
use serde::Serialize;

use crate::administration::oauth::clients::MadeClient;
use crate::enterprise::Timestamp;
use crate::enterprise::oauth::GrantType;
use crate::store::oauth::ClientRow;

/// An OAuth client of the connector.
#[derive(Debug, JsonSchema, Serialize)]
pub struct OAuthClient {
    /// The `client_id` to enter in the identity provider, `ocl_…`.
    pub id: String,
    /// The name by which administrators know the client.
    pub name: String,
    /// The URLs that `authorization_code` may redirect to; empty without that grant.
    pub redirect_uris: Vec<String>,
    /// The grants that the client may use.
    #[schemars(with = "Vec<GrantType>")]
    pub grant_types: Vec<String>,
    /// When the client was made.
    pub created_at: Timestamp,
    /// Who made the client: a user name, or `operator`.
    pub created_by: String,
    /// Until when the secret before the last rotation is valid; null if never rotated.
    pub former_secret_until: Option<Timestamp>,
    /// The authorization endpoint to enter in the identity provider.
    pub authorization_url: String,
    /// The token endpoint to enter in the identity provider.
    pub token_url: String,
}

impl OAuthClient {
    /// Makes the answer of a server with this public URL.
    pub fn of(public_url: &str, row: ClientRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            redirect_uris: row.redirect_uris.lines().map(str::to_owned).collect(),
            grant_types: row.grant_types.split(' ').map(str::to_owned).collect(),
            created_at: row.created_at,
            created_by: row.created_by,
            former_secret_until: row.former_secret_until,
            authorization_url: format!("{public_url}/oauth/authorize"),
            token_url: format!("{public_url}/oauth/token"),
        }
    }
}

/// An OAuth client with its new secret.
#[derive(Debug, JsonSchema, Serialize)]
pub struct CreatedOAuthClient {
    /// The client.
    #[serde(flatten)]
    pub client: OAuthClient,
    /// The `client_secret` to enter in the identity provider. It is not shown again.
    pub secret: String,
}

impl CreatedOAuthClient {
    /// Makes the answer of a server with this public URL.
    pub fn of(public_url: &str, made: MadeClient) -> Self {
        Self { client: OAuthClient::of(public_url, made.client), secret: made.secret }
    }
}
