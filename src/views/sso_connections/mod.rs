//! Connections to identity providers, with their settings.

pub mod identities;
pub mod saml;

use schemars::JsonSchema;
use serde::Serialize;

use self::saml::{ShownCertificate, ShownSaml};
use crate::administration::Page;
use crate::administration::sso::urls::{redirect_url, urls};
use crate::enterprise::Timestamp;
use crate::enterprise::sso::{ConnectionState, Protocol, RestReason, Settings};
use crate::store::StoreResult;
use crate::store::sso_connections::Connection as Stored;

/// A single sign-on connection of a domain.
#[derive(Debug, JsonSchema, Serialize)]
pub struct SsoConnection {
    /// The id of the connection, `sso_…`, for the paths below `/sso-connections`.
    pub id: String,
    /// The domain whose users sign in through the connection.
    pub domain: String,
    /// How far the connection is; only one that is `on` binds the users of the domain.
    pub state: ConnectionState,
    /// Why a connection that is on binds nobody; null if it binds users, or is off.
    pub rests_because: Option<RestReason>,
    /// The verified settings, which users sign in with; null before a sign-in has worked.
    pub settings: Option<ShownSettings>,
    /// Settings that were entered and are not in use yet; null if there are none.
    pub draft: Option<ShownSettings>,
    /// When a sign-in with the draft worked, which now waits for an owner; null if none.
    pub draft_verified_at: Option<Timestamp>,
    /// For OpenID Connect: the redirect URL to register at the identity provider.
    pub redirect_url: String,
    /// For SAML: the single sign-on URL (ACS) to register at the identity provider.
    pub acs_url: String,
    /// For SAML: the audience URI (entity id) to register at the identity provider.
    pub audience_uri: String,
    /// For SAML: the URL of the metadata, which has the ACS URL and the audience URI.
    pub metadata_url: String,
    /// The URL at which users of the domain begin to sign in.
    pub sign_in_url: String,
    /// When the connection was made.
    pub created_at: Timestamp,
    /// When a sign-in with `settings` worked and they came into use; null before that.
    pub verified_at: Option<Timestamp>,
    /// Why the last sign-in that failed did; null if none has since `verified_at`.
    pub last_failure: Option<String>,
    /// When the last sign-in that failed did; null if `last_failure` is.
    pub last_failure_at: Option<Timestamp>,
    /// What was left out of the settings that were just entered, and why; empty in other answers.
    pub notes: Vec<String>,
}

/// Settings of a connection; the client secret is never shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ShownSettings {
    /// The protocol, which says whether `oidc` or `saml` is given.
    pub protocol: Protocol,
    /// The settings of OpenID Connect; null for a SAML provider.
    pub oidc: Option<ShownOidc>,
    /// The settings of SAML; null for an OpenID Connect provider.
    pub saml: Option<ShownSaml>,
}

/// Settings of OpenID Connect, without the client secret.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ShownOidc {
    /// The provider's issuer URL.
    pub issuer: String,
    /// The client id that the provider gave to Insomnia.
    pub client_id: String,
    /// Whether a client secret is kept; false for a public client.
    pub has_client_secret: bool,
}

impl ShownSettings {
    /// Makes the answer as of this time, which counts for the certificates.
    pub fn of(settings: Settings, has_client_secret: bool, now: Timestamp) -> Self {
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

    /// Makes the answers of a page of connections.
    ///
    /// # Errors
    /// Fails if the stored settings cannot be read.
    pub fn page(page: Page<Stored>, public_url: &str, now: Timestamp) -> StoreResult<Page<Self>> {
        let Page { items, next } = page;
        let items = items.into_iter().map(|stored| Self::of(stored, public_url, now));
        Ok(Page { items: items.collect::<StoreResult<_>>()?, next })
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

/// A link that verifies the draft of a connection.
#[derive(Debug, JsonSchema, Serialize)]
pub struct SsoVerification {
    /// The link to open in a browser, to sign in there as somebody of the domain.
    pub url: String,
    /// When the link ends, an hour after it was made.
    pub expires_at: Timestamp,
}

impl SsoVerification {
    /// Makes the answer of a server with this public URL.
    pub fn of(public_url: &str, (link, until): (String, Timestamp)) -> Self {
        Self { url: format!("{public_url}/sso/trials/{link}"), expires_at: until }
    }
}
