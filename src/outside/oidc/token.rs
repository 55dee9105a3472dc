//! Validation of ID tokens (OpenID Connect Core 1.0, section 3.1.3.7).
//!
//! Only the claims that we use are parsed, so that no other claim can prevent a sign-in.

use openidconnect::core::CoreJsonWebKeySet;
use serde::Deserialize;
use serde_json::Value;
use subtle::ConstantTimeEq;

use super::client::Client;
use super::error::{OidcError, shortened};
use super::jws;
use super::rules::Rules;
use crate::enterprise::Timestamp;

/// Maximum difference between the provider's clock and ours, in seconds.
const LEEWAY: f64 = 60.0;

/// The claims that we use.
#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    /// Seconds since 1970 (RFC 7519, section 2).
    exp: f64,
    iat: f64,
    nbf: Option<f64>,
    nonce: Option<String>,
    azp: Option<String>,
    #[serde(flatten)]
    told: Told,
}

/// One client id, or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// The claims about the user. For each of them, there are providers that send a text and providers
/// that send a boolean or a number.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Told {
    email: Option<Value>,
    email_verified: Option<Value>,
    /// Google: the organization's domain.
    pub hd: Option<Value>,
    /// Entra: the tenant.
    pub tid: Option<Value>,
    /// Entra: the provider from which a guest comes.
    pub idp: Option<Value>,
    /// Entra: whether the tenant owns the domain of the address.
    pub xms_edov: Option<Value>,
}

/// The validated content of a token.
#[derive(Clone, Debug)]
pub(super) struct Believed {
    pub subject: String,
    /// The address, if the token contains one.
    pub email: Option<String>,
}

/// Validates a token and returns its user.
pub(super) fn validate(
    token: &str,
    client: &Client,
    keys: &CoreJsonWebKeySet,
    nonce: &str,
    now: Timestamp,
) -> Result<Believed, OidcError> {
    let payload = jws::payload(token, keys)?;
    let claims: Claims = serde_json::from_slice(&payload)
        .map_err(|error| OidcError::NoToken(shortened(&error.to_string())))?;
    check_parties(&claims, client, nonce)?;
    check_times(&claims, now)?;
    let rules = Rules::of(&client.issuer);
    rules.check(&claims.told, client)?;
    let email = match text(claims.told.email.as_ref()) {
        None => None,
        Some(email) => Some(vouched_for(email, &claims.told)?),
    };
    Ok(Believed { subject: claims.sub, email })
}

fn check_parties(claims: &Claims, client: &Client, nonce: &str) -> Result<(), OidcError> {
    let refuse = |reason: String| Err(OidcError::Claims(shortened(&reason)));
    if claims.iss != client.issuer {
        return refuse(format!("its issuer is {} (iss)", claims.iss));
    }
    // Another client in the audience could have forwarded its own token to us.
    let is_ours = match &claims.aud {
        Audience::One(one) => *one == client.client_id,
        Audience::Many(many) => matches!(many.as_slice(), [one] if *one == client.client_id),
    };
    if !is_ours {
        return refuse("it is made for another client, or for several (aud)".to_owned());
    }
    if claims.azp.as_ref().is_some_and(|party| *party != client.client_id) {
        return refuse("it is made for another client (azp)".to_owned());
    }
    let own = claims.nonce.as_deref().unwrap_or_default().as_bytes();
    if !bool::from(own.ct_eq(nonce.as_bytes())) {
        return refuse("it answers another sign-in (nonce)".to_owned());
    }
    if claims.sub.is_empty() {
        return refuse("it does not name a user (sub)".to_owned());
    }
    Ok(())
}

fn check_times(claims: &Claims, now: Timestamp) -> Result<(), OidcError> {
    let now = now.0 as f64 / 1000.0;
    let refuse = |reason: &str| Err(OidcError::Time(reason.to_owned()));
    if claims.exp + LEEWAY <= now {
        return refuse("it has expired (exp)");
    }
    if claims.iat > now + LEEWAY {
        return refuse("it is from the future (iat)");
    }
    if claims.nbf.is_some_and(|from| from > now + LEEWAY) {
        return refuse("it is not valid yet (nbf)");
    }
    Ok(())
}

/// The response of the userinfo endpoint.
#[derive(Deserialize)]
struct UserInfo {
    sub: String,
    #[serde(flatten)]
    told: Told,
}

/// Returns the address from the userinfo response. The response must be about this user (OpenID
/// Connect Core 1.0, section 5.3.2).
pub(super) fn email_of(userinfo: &[u8], subject: &str) -> Result<String, OidcError> {
    // The parser's error is not shown, because it may quote the response.
    let info: UserInfo = serde_json::from_slice(userinfo).map_err(|_| OidcError::NoEmail)?;
    if info.sub != subject {
        return Err(OidcError::Claims(
            "the userinfo endpoint describes another user (sub)".to_owned(),
        ));
    }
    let email = text(info.told.email.as_ref()).ok_or(OidcError::NoEmail)?;
    vouched_for(email, &info.told)
}

/// Returns the address unless the provider says that it is not verified.
fn vouched_for(email: &str, told: &Told) -> Result<String, OidcError> {
    if told.email_verified.as_ref().is_some_and(|verified| !is_true(verified)) {
        return Err(OidcError::EmailNotVerified);
    }
    Ok(email.to_owned())
}

/// Returns a claim that is a non-empty text.
pub(super) fn text(claim: Option<&Value>) -> Option<&str> {
    claim.and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}

/// Returns `true` if a claim is true, as a boolean, a number or a text.
pub(super) fn is_true(claim: &Value) -> bool {
    match claim {
        Value::Bool(is) => *is,
        Value::Number(number) => number.as_i64() == Some(1),
        Value::String(text) => text == "1" || text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn yes_is_said_in_several_ways() {
        for yes in [json!(true), json!("true"), json!("True"), json!(1), json!("1")] {
            assert!(is_true(&yes), "{yes}");
        }
        for no in [json!(false), json!("false"), json!(0), json!("0"), json!("no"), json!([true])] {
            assert!(!is_true(&no), "{no}");
        }
    }

    #[test]
    fn claims_that_are_not_used_may_be_anything() {
        let claims = json!({
            "iss": "https://idp.example", "sub": "jane", "aud": ["insomnia"], "exp": 1.5, "iat": 1,
            "updated_at": "2026-01-01T00:00:00Z", "address": "Main Street", "locale": 7,
            "phone_number_verified": "yes", "birthdate": {}, "zoneinfo": [], "name": {"en": 1},
            "auth_time": "now", "acr": 3, "amr": "pwd", "at_hash": 1, "email_verified": "true",
        });
        let read: Claims = serde_json::from_value(claims).unwrap();
        assert_eq!(read.sub, "jane");
        assert!(vouched_for("jane@kong.example", &read.told).is_ok());
    }

    #[test]
    fn the_userinfo_of_another_user_is_not_taken() {
        let info = json!({"sub": "jane", "email": "jane@kong.example", "updated_at": "today"});
        let info = info.to_string();
        assert_eq!(email_of(info.as_bytes(), "jane").as_deref(), Ok("jane@kong.example"));
        assert!(matches!(email_of(info.as_bytes(), "other"), Err(OidcError::Claims(_))));
        assert_eq!(email_of(b"{\"sub\":\"jane\",\"email\":[]}", "jane"), Err(OidcError::NoEmail));
        assert_eq!(email_of(b"<html>", "jane"), Err(OidcError::NoEmail));
    }
}
