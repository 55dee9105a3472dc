//! SAML metadata: parses the identity provider's, writes ours.

use uppsala::{Document, NodeId};
use url::{Host, Url};

use super::certificate::{Certificate, MAX_CERTIFICATES};
use super::error::SamlError;
use super::pasted;
use super::signers::Signers;
use super::xml::{self, METADATA, SIGNATURE};
use crate::enterprise::sso::Binding;

/// Maximum size of metadata, in bytes. The metadata of Active Directory Federation Services has
/// about 80 KB.
pub const MAX_METADATA: usize = 512 * 1024;
const MAX_URL: usize = 2000;
/// Maximum number of certificates that are examined, including those of authorities.
const MAX_FOUND: usize = 50;
const MAX_ENTITY_ID: usize = 1024;

const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
const SAML2: &str = "urn:oasis:names:tc:SAML:2.0:protocol";

/// The settings of an identity provider, entered by hand or read from metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityProvider {
    /// The entity id, which the identity provider sends as issuer.
    pub entity_id: String,
    /// The URL to which browsers are sent to sign in.
    pub sign_on_url: String,
    /// How browsers carry the request there.
    pub binding: Binding,
    /// The certificates with which it may sign; at least one.
    pub certificates: Vec<Certificate>,
    /// Which of the given certificates were left out, and why.
    pub left_out: Vec<String>,
}

impl IdentityProvider {
    /// Validates what an administrator enters by hand: certificates in any format, possibly
    /// together with those of authorities (see [`Signers`]).
    ///
    /// # Errors
    /// Fails if the entity id, the sign-on URL or all of the certificates are invalid.
    pub fn new<T: AsRef<str>>(
        entity_id: &str,
        sign_on_url: &str,
        binding: Binding,
        certificates: &[T],
    ) -> Result<Self, SamlError> {
        let mut found = Vec::new();
        for text in certificates {
            found.extend(pasted::certificates(text.as_ref())?);
        }
        Self::of(entity_id, sign_on_url, binding, &found)
    }

    fn of(
        entity_id: &str,
        sign_on_url: &str,
        binding: Binding,
        certificates: &[Vec<u8>],
    ) -> Result<Self, SamlError> {
        let entity_id = entity_id.trim();
        if entity_id.is_empty() || entity_id.chars().count() > MAX_ENTITY_ID {
            return Err(refuse("its entity id (issuer) is empty or longer than 1024 characters"));
        }
        let Signers { certificates, left_out } = Signers::among(certificates)?;
        if certificates.is_empty() {
            return Err(refuse("it has no signing certificate"));
        }
        if certificates.len() > MAX_CERTIFICATES {
            return Err(refuse("it has more than 10 signing certificates"));
        }
        Ok(Self {
            entity_id: entity_id.to_owned(),
            sign_on_url: sign_on_url_of(sign_on_url)?,
            binding,
            certificates,
            left_out,
        })
    }

    /// Parses the metadata of an identity provider: an `EntityDescriptor` with one
    /// `IDPSSODescriptor` for SAML 2.0, or an `EntitiesDescriptor` that contains exactly one of
    /// those. Its signature is not verified: the administrator who uploads it vouches for it.
    ///
    /// # Errors
    /// Fails with what is missing or invalid.
    pub fn from_metadata(text: &str) -> Result<Self, SamlError> {
        if text.len() > MAX_METADATA {
            return Err(SamlError::TooLarge { what: "metadata", limit: MAX_METADATA });
        }
        let document = xml::parse("metadata", text.trim_start_matches('\u{feff}'))?;
        let (entity, role) = the_identity_provider(&document)?;
        let (binding, sign_on_url) = sign_on_service(&document, role)?;
        let entity_id = xml::attribute(&document, entity, "entityID").unwrap_or_default();
        Self::of(entity_id, sign_on_url, binding, &certificates(&document, role)?)
    }
}

/// Returns the only entity in the document that signs people in, and its role descriptor.
fn the_identity_provider(document: &Document<'_>) -> Result<(NodeId, NodeId), SamlError> {
    let is = |root: NodeId, name| xml::is(document, root, METADATA, name);
    document
        .document_element()
        .filter(|root| is(*root, "EntityDescriptor") || is(*root, "EntitiesDescriptor"))
        .ok_or_else(|| refuse("its root is not an EntityDescriptor or EntitiesDescriptor"))?;
    let speaks_saml2 = |role: &NodeId| {
        xml::attribute(document, *role, "protocolSupportEnumeration")
            .is_some_and(|protocols| protocols.split_whitespace().any(|one| one == SAML2))
    };
    let mut found = Vec::new();
    for entity in xml::all(document, document.root(), METADATA, "EntityDescriptor") {
        let roles = xml::children(document, entity, METADATA, "IDPSSODescriptor");
        found.extend(roles.into_iter().filter(speaks_saml2).map(|role| (entity, role)));
    }
    match found.as_slice() {
        [only] => Ok(*only),
        [(one, _), rest @ ..] if rest.iter().any(|(other, _)| other != one) => {
            let names: Vec<String> = found
                .iter()
                .take(5)
                .filter_map(|(entity, _)| xml::attribute(document, *entity, "entityID"))
                .map(|name| name.chars().take(100).collect())
                .collect();
            Err(refuse(&format!(
                "it holds {} identity providers ({}, …): give the EntityDescriptor of the one that \
                 is meant",
                found.len(),
                names.join(", ")
            )))
        }
        _ => Err(refuse("it must hold exactly one IDPSSODescriptor for SAML 2.0")),
    }
}

/// Prefers HTTP-Redirect, which needs neither a page nor a script.
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

/// Returns the certificates of keys for signing, or for unspecified use.
fn certificates(document: &Document<'_>, role: NodeId) -> Result<Vec<Vec<u8>>, SamlError> {
    let mut found = Vec::new();
    for descriptor in xml::children(document, role, METADATA, "KeyDescriptor") {
        if !matches!(xml::attribute(document, descriptor, "use"), None | Some("signing")) {
            continue;
        }
        for certificate in xml::all(document, descriptor, SIGNATURE, "X509Certificate") {
            if found.len() > MAX_FOUND {
                return Err(refuse("it holds more than 50 certificates"));
            }
            let text = xml::text(document, certificate).unwrap_or_default();
            found.extend(pasted::certificates(&text)?);
        }
    }
    Ok(found)
}

fn refuse(reason: &str) -> SamlError {
    SamlError::Metadata(reason.to_owned())
}

/// Validates the sign-on URL: browsers are sent there, so it needs TLS unless it leads to this
/// machine.
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

/// Our side of a connection, as its identity provider knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceProvider {
    entity_id: String,
    acs_url: String,
}

impl ServiceProvider {
    /// Creates a service provider with this audience URI and assertion consumer service (ACS) URL.
    pub fn new(entity_id: &str, acs_url: &str) -> Self {
        Self { entity_id: entity_id.to_owned(), acs_url: acs_url.to_owned() }
    }

    /// Returns the audience URI: our entity id.
    pub fn entity_id(&self) -> &str {
        &self.entity_id
    }

    /// Returns the ACS URL, to which responses are posted.
    pub fn acs_url(&self) -> &str {
        &self.acs_url
    }

    /// Returns our metadata, to be uploaded to the identity provider.
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
