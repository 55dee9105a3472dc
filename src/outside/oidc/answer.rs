//! The answer of a token endpoint. Only what is used of it is read: whether `expires_in` is a number
//! or a text refuses nobody.

use std::fmt;
use std::time::Duration;

use openidconnect::core::{
    CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreTokenType,
};
use openidconnect::{
    AccessToken, EmptyAdditionalClaims, IdToken, OAuth2TokenResponse, RefreshToken, Scope,
    TokenResponse,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::OidcError;

/// See above.
#[derive(Clone, Deserialize, Serialize)]
pub(super) struct Answer {
    access_token: AccessToken,
    id_token: Option<Value>,
}

impl fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Answer")
    }
}

impl Answer {
    /// The ID token, as it was sent.
    pub fn id_token(&self) -> Result<&str, OidcError> {
        let token = self.id_token.as_ref().and_then(Value::as_str);
        token.ok_or_else(|| OidcError::NoToken("there is none".to_owned()))
    }
}

impl OAuth2TokenResponse for Answer {
    type TokenType = CoreTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &CoreTokenType {
        &CoreTokenType::Bearer
    }

    fn expires_in(&self) -> Option<Duration> {
        None
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        None
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
}

/// The library's own reading of the ID token is not used (see [`super::jws`]).
impl
    TokenResponse<
        EmptyAdditionalClaims,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    > for Answer
{
    fn id_token(
        &self,
    ) -> Option<
        &IdToken<
            EmptyAdditionalClaims,
            CoreGenderClaim,
            CoreJweContentEncryptionAlgorithm,
            CoreJwsSigningAlgorithm,
        >,
    > {
        None
    }
}
