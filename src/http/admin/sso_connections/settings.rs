//! A connection in requests and answers.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

pub use super::saml::EnteredSaml;
use super::saml::{ShownCertificate, ShownSaml};
use crate::administration::sso::connections::{SecretWish, Wish};
use crate::enterprise::Timestamp;
use crate::enterprise::sso::{ConnectionState, Protocol, RestReason, Settings};
use crate::http::base::problem::Problem;
use crate::http::sso::{redirect_url, urls};
use crate::store::StoreResult;
use crate::store::sso_connections::Connection as Stored;

/// Settings of a connection; exactly one of `oidc` and `saml` has to be given.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnteredSettings {
    /// The settings of an OpenID Connect provider.
    pub oidc: Option<EnteredOidc>,
    /// The settings of a SAML provider.
    pub saml: Option<EnteredSaml>,
}

/// Settings of OpenID Connect.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnteredOidc {
    /// The provider's issuer URL, exactly as its discovery document gives it.
    issuer: String,
    /// The client id that the provider gave to Insomnia, at most 255 bytes.
    client_id: String,
    /// The client secret, at most 1000 bytes; null for a public client. If left out, the former one
    /// stays, as long as issuer and client id are the same.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<String>")]
    client_secret: Option<Secret>,
}

/// A client secret, or `None` for a public client. `Debug` does not print it.
#[derive(Clone)]
struct Secret(Option<String>);

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}

/// Deserializes null as `Some`, to tell it from a missing field.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
    Ok(Some(Secret(Option::deserialize(deserializer)?)))
}

impl EnteredSettings {
    /// Converts the request into the settings of the one given protocol, and notes about what was
    /// left out; `None` if no protocol is given.
    ///
    /// # Errors
    /// Fails if both protocols are given, or the settings are invalid.
    pub fn read(self) -> Result<Option<(Wish, Vec<String>)>, Problem> {
        match (self.oidc, self.saml) {
            (None, None) => Ok(None),
            (Some(oidc), None) => Ok(Some((oidc.wish(), Vec::new()))),
            (None, Some(saml)) => saml.wish().map(Some),
            (Some(_), Some(_)) => {
                Err(Problem::bad_request("The body: either oidc or saml can be given."))
            }
        }
    }
}

impl EnteredOidc {
    fn wish(self) -> Wish {
        let secret = match self.client_secret {
            None => SecretWish::Keep,
            Some(Secret(None)) => SecretWish::None,
            Some(Secret(Some(secret))) => SecretWish::New(secret),
        };
        let settings = Settings::Oidc { issuer: self.issuer, client_id: self.client_id };
        Wish { settings, secret }
    }
}

/// A single sign-on connection of a domain.
#[derive(Debug, JsonSchema, Serialize)]
pub struct SsoConnection {
    /// The id of the connection, `sso_…`, for the paths below `/sso-connections`.
    id: String,
    /// The domain whose users sign in through the connection.
    domain: String,
    /// How far the connection is; only one that is `on` binds the users of the domain.
    state: ConnectionState,
    /// Why a connection that is on binds nobody; null if it binds users, or is off.
    rests_because: Option<RestReason>,
    /// The verified settings, which users sign in with; null before a sign-in has worked.
    settings: Option<ShownSettings>,
    /// Settings that were entered and are not in use yet; null if there are none.
    draft: Option<ShownSettings>,
    /// When a sign-in with the draft worked, which now waits for an owner; null if none.
    draft_verified_at: Option<Timestamp>,
    /// For OpenID Connect: the redirect URL to register at the identity provider.
    redirect_url: String,
    /// For SAML: the single sign-on URL (ACS) to register at the identity provider.
    acs_url: String,
    /// For SAML: the audience URI (entity id) to register at the identity provider.
    audience_uri: String,
    /// For SAML: the URL of the metadata, which has the ACS URL and the audience URI.
    metadata_url: String,
    /// The URL at which users of the domain begin to sign in.
    sign_in_url: String,
    /// When the connection was made.
    created_at: Timestamp,
    /// When a sign-in with `settings` worked and they came into use; null before that.
    verified_at: Option<Timestamp>,
    /// Why the last sign-in that failed did; null if none has since `verified_at`.
    last_failure: Option<String>,
    /// When the last sign-in that failed did; null if `last_failure` is.
    last_failure_at: Option<Timestamp>,
    /// What was left out of the settings that were just entered, and why; empty in other answers.
    notes: Vec<String>,
}

/// Settings of a connection; the client secret is never shown.
#[derive(Debug, JsonSchema, Serialize)]
struct ShownSettings {
    /// The protocol, which says whether `oidc` or `saml` is given.
    protocol: Protocol,
    /// The settings of OpenID Connect; null for a SAML provider.
    oidc: Option<ShownOidc>,
    /// The settings of SAML; null for an OpenID Connect provider.
    saml: Option<ShownSaml>,
}

/// Settings of OpenID Connect, without the client secret.
#[derive(Debug, JsonSchema, Serialize)]
struct ShownOidc {
    /// The provider's issuer URL.
    issuer: String,
    /// The client id that the provider gave to Insomnia.
    client_id: String,
    /// Whether a client secret is kept; false for a public client.
    has_client_secret: bool,
}

impl ShownSettings {
    fn of(settings: Settings, has_client_secret: bool, now: Timestamp) -> Self {
        let protocol = settings.protocol();
        match settings {
            Settings::Oidc { issuer, client_id } => {
                let oidc = ShownOidc { issuer, client_id, has_client_secret };
                Self { protocol, oidc: Some(oidc), saml: None }
            }
            Settings::Saml { entity_id, sign_on_url, certificates, binding, idp_initiated } => {
                let saml = ShownSaml {
                    entity_id,
                    sign_on_url,
                    sign_on_binding: binding,
                    certificates: certificates
                        .into_iter()
                        .map(|certificate| ShownCertificate::of(certificate, now))
                        .collect(),
                    idp_initiated,
                };
                Self { protocol, oidc: None, saml: Some(saml) }
            }
        }
    }
}

impl SsoConnection {
    /// Adds these notes.
    pub fn noting(self, notes: Vec<String>) -> Self {
        Self { notes, ..self }
    }

    /// Makes the answer of a server with this public URL.
    ///
    /// # Errors
    /// Fails if the stored settings cannot be read.
    pub fn of(stored: Stored, public_url: &str, now: Timestamp) -> StoreResult<Self> {
        let (settings, draft) = (stored.settings()?, stored.draft()?);
        let (state, rests_because) = (stored.state(now), stored.rests(now));
        let (domain, row) = (stored.domain, stored.row);
        let urls = urls(public_url, &row.id);
        Ok(Self {
            sign_in_url: format!("{public_url}/sso/start?domain={domain}"),
            state,
            rests_because,
            domain,
            settings: settings
                .map(|settings| ShownSettings::of(settings, row.secret.is_some(), now)),
            draft: draft.map(|draft| ShownSettings::of(draft, row.draft_secret.is_some(), now)),
            draft_verified_at: row.draft_verified_at,
            redirect_url: redirect_url(public_url, &row),
            acs_url: urls.acs,
            audience_uri: urls.audience,
            metadata_url: urls.metadata,
            created_at: row.created_at,
            verified_at: row.verified_at,
            last_failure: row.last_failure,
            last_failure_at: row.last_failure_at,
            id: row.id,
            notes: Vec::new(),
        })
    }
}
