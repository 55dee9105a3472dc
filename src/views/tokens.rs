//! Personal tokens.

use schemars::JsonSchema;
use serde::Serialize;

use crate::administration::tokens::MadeToken;
use crate::enterprise::Timestamp;
use crate::enterprise::permissions::Operation;
use crate::store::admin_tokens::TokenRow;

/// A personal token of the member who asks.
#[derive(Debug, JsonSchema, Serialize)]
pub struct PersonalToken {
    /// The id of the token, `tok_…`; it is not the secret.
    pub id: String,
    /// What the token is for, as its maker said.
    pub name: String,
    /// The operations that the token may do; null if all that you may.
    #[schemars(with = "Option<Vec<Operation>>")]
    pub scopes: Option<Vec<String>>,
    /// When the token was made.
    pub created_at: Timestamp,
    /// When the token ends; null if never.
    pub expires_at: Option<Timestamp>,
    /// When the token was last used, to the hour; null if never.
    pub last_used_at: Option<Timestamp>,
}

impl From<TokenRow> for PersonalToken {
    fn from(row: TokenRow) -> Self {
        Self {
            id: row.id.unwrap_or_default(),
            name: row.name,
            scopes: row.scopes.map(|words| words.split(' ').map(str::to_owned).collect()),
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
        }
    }
}

/// A new personal token with its secret.
#[derive(Debug, JsonSchema, Serialize)]
pub struct CreatedPersonalToken {
    /// The token.
    #[serde(flatten)]
    pub token: PersonalToken,
    /// The secret to send as `Authorization: Bearer …`. It is not shown again.
    pub secret: String,
}

impl From<MadeToken> for CreatedPersonalToken {
    fn from(made: MadeToken) -> Self {
        Self { token: made.token.into(), secret: made.secret }
    }
}
