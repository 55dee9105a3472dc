//! The request that a browser carries to the identity provider: an `AuthnRequest` in the
//! HTTP-Redirect binding or, if that is not offered, in the HTTP-POST binding (SAML bindings,
//! sections 3.4 and 3.5).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use super::error::SamlError;
use super::metadata::ServiceProvider;
use super::xml::{self, ASSERTION, PROTOCOL};
use crate::enterprise::sso::Binding;
use crate::enterprise::{Timestamp, token};

const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/// A request to sign a user in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthnRequest {
    id: String,
    carried: Carried,
}

/// How a browser carries a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carried {
    /// In this URL.
    Redirect(String),
    /// As the field `SAMLRequest` of a form that is posted to the sign-on URL.
    Post(String),
}

impl AuthnRequest {
    /// Creates a request to the identity provider at this sign-on URL. With `anew` the user has to
    /// sign in anew, though the identity provider knows them already.
    ///
    /// # Errors
    /// Returns [`SamlError::SignOnUrl`] if the URL is invalid, and [`SamlError::Randomness`] if
    /// there are no random bytes for the id.
    pub fn new(
        service_provider: &ServiceProvider,
        sign_on_url: &str,
        binding: Binding,
        anew: bool,
        now: Timestamp,
    ) -> Result<Self, SamlError> {
        // An XML id must not begin with a digit.
        let id = token::generate("_").map_err(|_| SamlError::Randomness)?;
        let message = format!(
            "<samlp:AuthnRequest xmlns:samlp=\"{PROTOCOL}\" xmlns:saml=\"{ASSERTION}\" ID=\"{id}\" \
             Version=\"2.0\" IssueInstant=\"{instant}\" Destination=\"{destination}\" \
             ProtocolBinding=\"{POST}\" AssertionConsumerServiceURL=\"{acs}\"{force}>\
             <saml:Issuer>{issuer}</saml:Issuer>\
             <samlp:NameIDPolicy AllowCreate=\"true\"/>\
             </samlp:AuthnRequest>",
            force = if anew { " ForceAuthn=\"true\"" } else { "" },
            instant = now.to_rfc3339(),
            destination = xml::escape(sign_on_url),
            acs = xml::escape(service_provider.acs_url()),
            issuer = xml::escape(service_provider.entity_id()),
        );
        let carried = match binding {
            Binding::Post => Carried::Post(STANDARD.encode(message)),
            Binding::Redirect => {
                let deflated = miniz_oxide::deflate::compress_to_vec(message.as_bytes(), 6);
                let mut url = Url::parse(sign_on_url).map_err(|_| SamlError::SignOnUrl)?;
                url.query_pairs_mut().append_pair("SAMLRequest", &STANDARD.encode(deflated));
                Carried::Redirect(url.into())
            }
        };
        Ok(Self { id, carried })
    }

    /// Returns the request's id, which the response names as `InResponseTo`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns what the browser carries.
    pub const fn carried(&self) -> &Carried {
        &self.carried
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_names_who_asks_and_where_the_answer_goes() {
        let service_provider =
            ServiceProvider::new("https://sp.example/a&b", "https://sp.example/acs");
        let request = AuthnRequest::new(
            &service_provider,
            "https://idp.example/sso?tenant=1",
            Binding::Redirect,
            true,
            Timestamp(0),
        )
        .unwrap();
        let Carried::Redirect(url) = request.carried() else { panic!("a redirect") };
        let url = Url::parse(url).unwrap();
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        assert_eq!(pairs[0], ("tenant".to_owned(), "1".to_owned()));
        let deflated = STANDARD.decode(&pairs[1].1).unwrap();
        let message =
            String::from_utf8(miniz_oxide::inflate::decompress_to_vec(&deflated).unwrap()).unwrap();
        let document = xml::parse("request", &message).unwrap();
        let root = document.document_element().unwrap();
        let attribute = |name| xml::attribute(&document, root, name);
        assert_eq!(attribute("ID"), Some(request.id()));
        assert_eq!(attribute("IssueInstant"), Some("1970-01-01T00:00:00.000Z"));
        assert_eq!(attribute("Destination"), Some("https://idp.example/sso?tenant=1"));
        assert_eq!(attribute("ForceAuthn"), Some("true"));
        assert_eq!(attribute("AssertionConsumerServiceURL"), Some("https://sp.example/acs"));
        let issuer = xml::child(&document, root, ASSERTION, "Issuer").unwrap();
        assert_eq!(xml::text(&document, issuer).as_deref(), Some("https://sp.example/a&b"));
    }

    #[test]
    fn a_form_carries_the_request_as_it_is() {
        let service_provider = ServiceProvider::new("a", "https://sp.example/acs");
        let url = "https://idp.example/sso";
        let request =
            AuthnRequest::new(&service_provider, url, Binding::Post, false, Timestamp(0)).unwrap();
        let Carried::Post(field) = request.carried() else { panic!("a form") };
        let message = String::from_utf8(STANDARD.decode(field).unwrap()).unwrap();
        let document = xml::parse("request", &message).unwrap();
        let root = document.document_element().unwrap();
        assert_eq!(xml::attribute(&document, root, "ID"), Some(request.id()));
        assert_eq!(xml::attribute(&document, root, "Destination"), Some(url));
    }

    #[test]
    fn every_request_has_an_id_of_its_own() {
        let service_provider = ServiceProvider::new("a", "b");
        let make = || {
            let url = "https://idp.example/";
            AuthnRequest::new(&service_provider, url, Binding::Redirect, false, Timestamp(0))
                .unwrap()
        };
        assert_ne!(make().id(), make().id());
        assert!(make().id().starts_with('_'));
    }
}
