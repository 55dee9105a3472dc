//! A connection as it is entered and shown.

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

/// Settings as entered: those of one protocol.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnteredSettings {
    /// If it is OpenID Connect.
    pub oidc: Option<EnteredOidc>,
    /// If it is SAML.
    pub saml: Option<EnteredSaml>,
}

/// Settings of OpenID Connect as entered.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnteredOidc {
    /// The provider's issuer, exactly as its discovery document says it.
    issuer: String,
    client_id: String,
    /// Null for a public client. If not given, the one from before stays, as long as issuer and
    /// client id are the same.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<String>")]
    client_secret: Option<Secret>,
}

/// A client secret, or that there is none. It is never printed.
#[derive(Clone)]
struct Secret(Option<String>);

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}

/// Tells null from what is not there.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
    Ok(Some(Secret(Option::deserialize(deserializer)?)))
}

impl EnteredSettings {
    /// The settings of the one protocol that was given, and what was left out of them; nothing
    /// where none was.
    ///
    /// # Errors
    /// Where both were given, or what was given cannot be.
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

/// A connection as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct SsoConnection {
    id: String,
    domain: String,
    state: ConnectionState,
    /// Why it binds nobody although it is on; null where it does, or is off.
    rests_because: Option<RestReason>,
    /// What users sign in with; null until a sign-in has worked.
    settings: Option<ShownSettings>,
    /// What was entered and is not in use yet.
    draft: Option<ShownSettings>,
    /// When a sign-in with the draft worked: it waits for an owner to put it into use.
    draft_verified_at: Option<Timestamp>,
    /// OpenID Connect: the redirect URL to register at the identity provider.
    redirect_url: String,
    /// SAML: the single sign-on URL (ACS) to register at the identity provider.
    acs_url: String,
    /// SAML: the audience URI (entity id) to register at the identity provider.
    audience_uri: String,
    /// SAML: the metadata that says all of it.
    metadata_url: String,
    /// Where users of the domain begin.
    sign_in_url: String,
    created_at: Timestamp,
    verified_at: Option<Timestamp>,
    /// Why the last sign-in that failed did.
    last_failure: Option<String>,
    last_failure_at: Option<Timestamp>,
    /// What was left out of what was entered, and why; only in the answer to entering it.
    notes: Vec<String>,
}

/// Settings as shown; the client secret is not.
#[derive(Debug, JsonSchema, Serialize)]
struct ShownSettings {
    protocol: Protocol,
    oidc: Option<ShownOidc>,
    saml: Option<ShownSaml>,
}

#[derive(Debug, JsonSchema, Serialize)]
struct ShownOidc {
    issuer: String,
    client_id: String,
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
    /// The same with these notes.
    pub fn noting(self, notes: Vec<String>) -> Self {
        Self { notes, ..self }
    }

    /// As shown by the server at this URL.
    ///
    /// # Errors
    /// Where what is stored cannot be read.
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
            settings: settings.map(|settings| ShownSettings::of(settings, row.secret.is_some(), now)),
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
