//! An OpenID Connect client: discovery, the authorization code flow with PKCE, ID tokens.
//!
//! `openidconnect` parses the documents, redeems codes and verifies signatures. This module decides
//! which addresses it may connect to, which tokens are trusted, and what time it is. Everything
//! that connects blocks the thread.

mod answer;
mod client;
mod error;
mod jws;
mod provider;
mod rules;
mod token;
mod transport;

use openidconnect::core::CoreAuthenticationFlow;
use openidconnect::{
    AuthorizationCode, CsrfToken, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier,
    Scope,
};

use self::provider::FetchedProvider;
use self::rules::Rules;
use crate::enterprise::Timestamp;
pub use client::Client;
pub use error::OidcError;
pub use provider::{Providers, check_issuer};

/// Secrets that bind a response to the browser that started the sign-in. No other party knows them.
#[derive(Clone)]
pub struct Proof {
    /// Returned with the code.
    pub state: String,
    /// Returned in the ID token.
    pub nonce: String,
    /// Needed to redeem the code (RFC 7636): 43 to 128 characters.
    pub verifier: String,
}

/// The parameters with which a provider sent the browser back.
#[derive(Clone, Debug, Default)]
pub struct Returned {
    /// The issuer of the response (RFC 9207).
    pub issuer: Option<String>,
    /// The authorization code to redeem.
    pub code: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
}

/// The user as the provider describes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The user's e-mail address.
    pub email: String,
    /// The provider's issuer.
    pub issuer: String,
    /// The provider's id of the user.
    pub subject: String,
}

/// What the provider asks of the user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    /// The address that the user typed in, if any.
    pub hint: Option<String>,
    /// Whether the user has to sign in anew, though the provider knows them already.
    pub anew: bool,
}

impl Providers {
    /// Returns the URL to which the browser is sent.
    ///
    /// # Errors
    /// Fails if the provider cannot be used.
    pub fn authorization_url(
        &self,
        client: &Client,
        proof: &Proof,
        prompt: &Prompt,
        now: Timestamp,
    ) -> Result<String, OidcError> {
        let known = self.known(&client.issuer, now)?;
        let verifier = PkceCodeVerifier::new(proof.verifier.clone());
        let machine = provider::machine(client, &known)?;
        let (state, nonce) = (proof.state.clone(), proof.nonce.clone());
        let mut request = machine
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        if let Some(hint) = &prompt.hint {
            request = request.add_extra_param("login_hint", hint.clone());
        }
        if prompt.anew {
            request = request.add_extra_param("prompt", "login");
        }
        if Rules::of(&client.issuer) == Rules::Google {
            request = request.add_extra_param("hd", client.domain.clone());
        }
        Ok(request.url().0.into())
    }

    /// Redeems the code that the browser brought back, and returns the user.
    ///
    /// # Errors
    /// Fails if the response comes from another provider, if the provider did not sign anyone in or
    /// rejects the code, or if its ID token is not trusted.
    pub fn redeem(
        &self,
        client: &Client,
        returned: &Returned,
        proof: &Proof,
        now: Timestamp,
    ) -> Result<Identity, OidcError> {
        let known = self.known(&client.issuer, now)?;
        let code = code_of(returned, client, &known)?;
        let machine = provider::machine(client, &known)?;
        let answer = machine
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(proof.verifier.clone()))
            .request(&self.transport)
            .map_err(|error| OidcError::of_exchange(&client.issuer, error))?;
        let id_token = answer.id_token()?;
        let validate = |keys: &_| token::validate(id_token, client, keys, &proof.nonce, now);
        let verdict = validate(known.metadata.jwks());
        let claims = match verdict {
            // The provider may have changed its keys since they were fetched.
            Err(OidcError::Signature(_)) => match self.fetched_again(&client.issuer, now)? {
                Some(newer) => validate(newer.metadata.jwks()),
                None => verdict,
            },
            verdict => verdict,
        }?;
        let (subject, email) = (claims.subject, claims.email);
        let email = match email {
            Some(email) => email,
            // Some providers send the address only there (OpenID Connect Core 1.0, section 5.4).
            None => token::email_of(&self.userinfo(&known, answer.access_token())?, &subject)?,
        };
        Ok(Identity { email, issuer: client.issuer.clone(), subject })
    }
}

/// Returns the code if the response is from this provider. Otherwise a provider run by an attacker
/// could send the browser back with another provider's code, or have its own code redeemed at the
/// wrong provider. A provider that declares that it identifies its responses must do so (RFC 9207,
/// section 2.4).
fn code_of<'a>(
    returned: &'a Returned,
    client: &Client,
    known: &FetchedProvider,
) -> Result<&'a str, OidcError> {
    let refuse = |reason: &str| Err(OidcError::Claims(reason.to_owned()));
    match &returned.issuer {
        Some(issuer) if *issuer != client.issuer => {
            return refuse("the answer comes from another issuer (iss)");
        }
        None if known.promises_issuer() => {
            return refuse("the answer does not name its issuer, as the provider promises (iss)");
        }
        _ => {}
    }
    if let Some(error) = &returned.error {
        return Err(OidcError::declined(error));
    }
    returned.code.as_deref().ok_or_else(|| OidcError::declined("there is no code"))
}
