//! Additional checks for two providers that serve many organizations: both sign tokens for users of
//! any organization, so the organization has to be checked.

use openidconnect::url::Url;

use super::client::Client;
use super::error::OidcError;
use super::token::{Told, is_true, text};

/// Hosts of Entra: worldwide, the older issuer, and the clouds of the US government and of China.
const ENTRA: [&str; 4] = [
    "login.microsoftonline.com",
    "sts.windows.net",
    "login.microsoftonline.us",
    "login.partner.microsoftonline.cn",
];
/// Issuers of Entra that sign in users of any tenant, or any Microsoft account.
const OF_MANY: [&str; 4] =
    ["common", "organizations", "consumers", "9188040d-6c67-4c5b-b112-36a304b66dad"];

/// The checks for an issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rules {
    /// A provider for a single organization.
    Plain,
    /// Google: one issuer for all organizations.
    Google,
    /// Entra: one issuer per tenant. The tenant's administrators can give users any address.
    Entra {
        /// The tenant's id.
        tenant: String,
    },
}

impl Rules {
    /// Returns the checks for this issuer.
    pub(super) fn of(issuer: &str) -> Self {
        if issuer.trim_end_matches('/') == "https://accounts.google.com" {
            return Self::Google;
        }
        tenant(issuer).map_or(Self::Plain, |tenant| Self::Entra { tenant })
    }

    /// Checks that a token belongs to the connection's own organization.
    pub(super) fn check(&self, told: &Told, client: &Client) -> Result<(), OidcError> {
        let refuse = |reason: String| Err(OidcError::Claims(reason));
        match self {
            Self::Plain => Ok(()),
            Self::Google => {
                let own = text(told.hd.as_ref()).unwrap_or_default();
                if own.eq_ignore_ascii_case(&client.domain) {
                    return Ok(());
                }
                refuse(format!(
                    "Google does not say that the user belongs to the organization of {} (hd)",
                    client.domain
                ))
            }
            Self::Entra { tenant } => {
                if text(told.tid.as_ref()).is_none_or(|own| !own.eq_ignore_ascii_case(tenant)) {
                    return refuse(format!("the user is of another tenant than {tenant} (tid)"));
                }
                check_entra_address(told, &client.issuer)
            }
        }
    }
}

/// Checks an address from Entra. It is whatever an administrator of the user's home tenant entered.
/// For a member of this tenant, that administrator is the account's own. For a guest it is an
/// outsider, so the address is accepted only if Entra says that the owner of the domain is verified
/// (`xms_edov`).
fn check_entra_address(told: &Told, issuer: &str) -> Result<(), OidcError> {
    let refuse = |reason: &str| Err(OidcError::Claims(reason.to_owned()));
    let is_guest = text(told.idp.as_ref()).is_some_and(|home| home != issuer);
    match told.xms_edov.as_ref().map(is_true) {
        Some(true) => Ok(()),
        Some(false) => refuse(
            "Entra says that the tenant does not own the domain of the address (xms_edov is false)",
        ),
        None if is_guest => refuse(
            "the user is a guest of the tenant, and Entra does not say that the address is theirs: \
             let it send the optional claim xms_edov",
        ),
        None => Ok(()),
    }
}

/// Returns the tenant in an issuer of Entra.
fn tenant(issuer: &str) -> Option<String> {
    let url = Url::parse(issuer).ok()?;
    let is_entra = url.host_str().is_some_and(|host| ENTRA.contains(&host));
    is_entra.then(|| url.path_segments()?.next().map(str::to_ascii_lowercase)).flatten()
}

/// Rejects an issuer that signs in users of any organization.
pub(super) fn check_issuer(issuer: &str) -> Result<(), OidcError> {
    match tenant(issuer) {
        Some(tenant) if tenant.is_empty() || OF_MANY.contains(&tenant.as_str()) => {
            Err(OidcError::ManyTenants)
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const TENANT: &str = "0f1d2c3b-0000-4000-8000-123456789abc";

    fn checked(issuer: &str, claims: Value) -> Result<(), OidcError> {
        let client = Client {
            issuer: issuer.to_owned(),
            domain: "kongair.example".to_owned(),
            client_id: "insomnia".to_owned(),
            client_secret: None,
            redirect_uri: String::new(),
        };
        Rules::of(issuer).check(&serde_json::from_value(claims).unwrap(), &client)
    }

    #[test]
    fn google_signs_in_the_organization_of_the_domain_alone() {
        let google = "https://accounts.google.com";
        assert_eq!(checked(google, json!({"hd": "KongAir.example"})), Ok(()));
        for claims in [
            json!({}),
            json!({"hd": ""}),
            json!({"hd": "evil.example"}),
            json!({"hd": ["kongair.example"]}),
            json!({"email": "jane@kongair.example", "email_verified": true}),
        ] {
            assert!(checked(google, claims.clone()).is_err(), "{claims}");
        }
        assert_eq!(checked("https://idp.example", json!({})), Ok(()));
    }

    #[test]
    fn entra_signs_in_its_tenant_alone() {
        let issuer = format!("https://login.microsoftonline.com/{TENANT}/v2.0");
        assert_eq!(checked(&issuer, json!({"tid": TENANT})), Ok(()));
        assert_eq!(
            checked(&issuer, json!({"tid": TENANT.to_uppercase(), "xms_edov": "1"})),
            Ok(())
        );
        assert_eq!(checked(&issuer, json!({"tid": TENANT, "idp": issuer})), Ok(()));
        for claims in [
            json!({}),
            json!({"tid": "other"}),
            json!({"tid": TENANT, "xms_edov": false}),
            json!({"tid": TENANT, "xms_edov": "0"}),
            json!({"tid": TENANT, "idp": "https://sts.windows.net/another/"}),
        ] {
            assert!(checked(&issuer, claims.clone()).is_err(), "{claims}");
        }
        let guest =
            json!({"tid": TENANT, "idp": "https://sts.windows.net/other/", "xms_edov": true});
        assert_eq!(checked(&issuer, guest), Ok(()));
    }

    #[test]
    fn an_issuer_of_many_tenants_is_not_taken() {
        for tenant in OF_MANY.into_iter().chain(["Common", ""]) {
            let issuer = format!("https://login.microsoftonline.com/{tenant}/v2.0");
            assert_eq!(check_issuer(&issuer), Err(OidcError::ManyTenants), "{issuer}");
        }
        for issuer in [
            &format!("https://login.microsoftonline.com/{TENANT}/v2.0"),
            "https://idp.example/common/v2.0",
            "https://accounts.google.com",
        ] {
            assert_eq!(check_issuer(issuer), Ok(()), "{issuer}");
        }
    }
}
