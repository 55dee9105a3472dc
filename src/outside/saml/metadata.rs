//! Metadata: the identity provider's, read; ours, written.

use uppsala::{Document, NodeId};
use url::{Host, Url};

use super::certificate::{Certificate, MAX_CERTIFICATES};
use super::error::SamlError;
use super::xml::{self, METADATA, SIGNATURE};
use crate::enterprise::sso::Binding;

/// How long metadata may be, in bytes. That of Active Directory Federation Services is about 80 KB.
pub const MAX_METADATA: usize = 512 * 1024;
const MAX_URL: usize = 2000;
const MAX_ENTITY_ID: usize = 1024;

const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
const SAML2: &str = "urn:oasis:names:tc:SAML:2.0:protocol";

/// What an administrator enters of an identity provider, by hand or as metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityProvider {
    /// Its entity id, which it writes as issuer.
    pub entity_id: String,
    /// Where browsers are sent to sign in.
    pub sign_on_url: String,
    /// How they carry the request there.
    pub binding: Binding,
    /// The certificates with which it may sign; at least one.
    pub certificates: Vec<Certificate>,
}

impl IdentityProvider {
    /// Takes what an administrator enters by hand.
    ///
    /// # Errors
    /// [`SamlError::Metadata`], [`SamlError::SignOnUrl`].
    pub fn new(
        entity_id: &str,
        sign_on_url: &str,
        binding: Binding,
        certificates: Vec<Certificate>,
    ) -> Result<Self, SamlError> {
        let entity_id = entity_id.trim();
        if entity_id.is_empty() || entity_id.chars().count() > MAX_ENTITY_ID {
            return Err(refuse("its entity id (issuer) is empty or longer than 1024 characters"));
        }
        let mut distinct: Vec<Certificate> = Vec::new();
        for certificate in certificates {
            if !distinct.contains(&certificate) {
                distinct.push(certificate);
            }
        }
        if distinct.is_empty() {
            return Err(refuse("it has no signing certificate"));
        }
        if distinct.len() > MAX_CERTIFICATES {
            return Err(refuse("it has more than 10 signing certificates"));
        }
        Ok(Self {
            entity_id: entity_id.to_owned(),
            sign_on_url: sign_on_url_of(sign_on_url)?,
            binding,
            certificates: distinct,
        })
    }

    /// Reads the metadata that an identity provider publishes: one `EntityDescriptor` with one
    /// `IDPSSODescriptor` for SAML 2.0. Its signature, if any, is not looked at: the administrator
    /// who uploads it answers for it.
    ///
    /// # Errors
    /// [`SamlError`], saying what is missing.
    pub fn from_metadata(text: &str) -> Result<Self, SamlError> {
        if text.len() > MAX_METADATA {
            return Err(SamlError::TooLarge { what: "metadata", limit: MAX_METADATA });
        }
        let document = xml::parse("metadata", text.trim_start_matches('\u{feff}'))?;
        let root = document
            .document_element()
            .filter(|root| xml::is(&document, *root, METADATA, "EntityDescriptor"))
            .ok_or_else(|| refuse("its root is not an EntityDescriptor"))?;
        let roles: Vec<NodeId> = xml::children(&document, root, METADATA, "IDPSSODescriptor")
            .into_iter()
            .filter(|role| {
                xml::attribute(&document, *role, "protocolSupportEnumeration")
                    .is_some_and(|protocols| protocols.split_whitespace().any(|one| one == SAML2))
            })
            .collect();
        let [role] = roles.as_slice() else {
            return Err(refuse("it must hold exactly one IDPSSODescriptor for SAML 2.0"));
        };
        let (binding, sign_on_url) = sign_on_service(&document, *role)?;
        let entity_id = xml::attribute(&document, root, "entityID").unwrap_or_default();
        Self::new(entity_id, sign_on_url, binding, certificates(&document, *role)?)
    }
}

/// HTTP-Redirect where it is offered: it needs no page and no script.
fn sign_on_service<'d>(
    document: &'d Document<'_>,
    role: NodeId,
) -> Result<(Binding, &'d str), SamlError> {
    let services = xml::children(document, role, METADATA, "SingleSignOnService");
    for (binding, name) in [(Binding::Redirect, REDIRECT), (Binding::Post, POST)] {
        let offers =
            |service: &&NodeId| xml::attribute(document, **service, "Binding") == Some(name);
        if let Some(service) = services.iter().find(offers) {
            let url = xml::attribute(document, *service, "Location").unwrap_or_default();
            return Ok((binding, url));
        }
    }
    Err(refuse("it has no SingleSignOnService for HTTP-Redirect or HTTP-POST"))
}

/// Keys for signing, or for anything.
fn certificates(document: &Document<'_>, role: NodeId) -> Result<Vec<Certificate>, SamlError> {
    let mut found = Vec::new();
    for descriptor in xml::children(document, role, METADATA, "KeyDescriptor") {
        if !matches!(xml::attribute(document, descriptor, "use"), None | Some("signing")) {
            continue;
        }
        for certificate in xml::all(document, descriptor, SIGNATURE, "X509Certificate") {
            if found.len() > MAX_CERTIFICATES {
                return Err(refuse("it has more than 10 signing certificates"));
            }
            found.push(Certificate::read(&xml::text(document, certificate).unwrap_or_default())?);
        }
    }
    Ok(found)
}

fn refuse(reason: &str) -> SamlError {
    SamlError::Metadata(reason.to_owned())
}

/// Browsers are sent there: over TLS, except to this machine.
fn sign_on_url_of(text: &str) -> Result<String, SamlError> {
    let text = text.trim();
    let parsed = Url::parse(text).map_err(|_| SamlError::SignOnUrl)?;
    let loopback = match parsed.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let secure = parsed.scheme() == "https" || (parsed.scheme() == "http" && loopback);
    let plain = parsed.username().is_empty() && parsed.password().is_none();
    if text.len() > MAX_URL || !secure || !plain {
        return Err(SamlError::SignOnUrl);
    }
    Ok(text.to_owned())
}

/// Ourselves, as one connection's identity provider knows us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceProvider {
    entity_id: String,
    acs_url: String,
}

impl ServiceProvider {
    /// A service provider of this audience URI and this assertion consumer (ACS) URL.
    pub fn new(entity_id: &str, acs_url: &str) -> Self {
        Self { entity_id: entity_id.to_owned(), acs_url: acs_url.to_owned() }
    }

    /// The audience URI: our entity id.
    pub fn entity_id(&self) -> &str {
        &self.entity_id
    }

    /// The single sign-on URL: where responses are posted to.
    pub fn acs_url(&self) -> &str {
        &self.acs_url
    }

    /// Our metadata, to be uploaded at the identity provider.
    pub fn metadata(&self) -> String {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <md:EntityDescriptor xmlns:md=\"{METADATA}\" entityID=\"{entity_id}\">\n\
             \x20 <md:SPSSODescriptor AuthnRequestsSigned=\"false\" WantAssertionsSigned=\"true\" \
             protocolSupportEnumeration=\"{SAML2}\">\n\
             \x20   <md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\
             </md:NameIDFormat>\n\
             \x20   <md:AssertionConsumerService Binding=\"{POST}\" Location=\"{acs}\" index=\"0\" \
             isDefault=\"true\"/>\n\
             \x20   <md:AttributeConsumingService index=\"0\">\n\
             \x20     <md:ServiceName xml:lang=\"en\">Insomnia</md:ServiceName>\n\
             \x20     <md:RequestedAttribute Name=\"email\" \
             NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:basic\" \
             isRequired=\"true\"/>\n\
             \x20   </md:AttributeConsumingService>\n\
             \x20 </md:SPSSODescriptor>\n\
             </md:EntityDescriptor>\n",
            entity_id = xml::escape(&self.entity_id),
            acs = xml::escape(&self.acs_url),
        )
    }
}

#[cfg(test)]
mod tests;
