//! OpenID Connect as a client: discovery, the authorization code flow with PKCE, ID tokens.
//!
//! `openidconnect` reads the documents and validates tokens; what is here says where it may connect
//! to, what it must insist on, and what time it is. Everything that connects blocks the thread.

mod error;
mod provider;
mod token;
mod transport;

use openidconnect::core::CoreAuthenticationFlow;
use openidconnect::{
    AuthorizationCode, CsrfToken, Nonce, PkceCodeChallenge, PkceCodeVerifier, Scope,
};

use crate::enterprise::Timestamp;
pub use error::OidcError;
pub use provider::{Providers, check_issuer};

/// What the server is to a provider.
#[derive(Clone)]
pub struct Client {
    /// The provider's issuer, exactly as it calls itself.
    pub issuer: String,
    /// What the provider calls the server.
    pub client_id: String,
    /// How the server proves it; none where PKCE alone has to do.
    pub client_secret: Option<String>,
    /// Where the provider sends the browser back to.
    pub redirect_uri: String,
}

/// What ties an answer to the browser that asked. None of it is known to anybody else.
#[derive(Clone)]
pub struct Proof {
    /// Comes back with the code.
    pub state: String,
    /// Comes back in the ID token.
    pub nonce: String,
    /// Only who has it can use the code (RFC 7636): 43 to 128 characters.
    pub verifier: String,
}

/// Who signed in, as the provider says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The address.
    pub email: String,
    /// The provider.
    pub issuer: String,
    /// The provider's own id of them.
    pub subject: String,
}

impl Providers {
    /// Where to send the browser. `hint` is the address that was typed in, if one was.
    ///
    /// # Errors
    /// Where the provider cannot be used.
    pub fn authorization_url(
        &self,
        client: &Client,
        proof: &Proof,
        hint: Option<&str>,
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
        if let Some(hint) = hint {
            request = request.add_extra_param("login_hint", hint);
        }
        Ok(request.url().0.into())
    }

    /// Redeems the code that the browser brought back, and says whose it is.
    ///
    /// # Errors
    /// Where the provider refuses the code, or its ID token is not to be believed.
    pub fn redeem(
        &self,
        client: &Client,
        code: &str,
        proof: &Proof,
        now: Timestamp,
    ) -> Result<Identity, OidcError> {
        let known = self.known(&client.issuer, now)?;
        let machine = provider::machine(client, &known)?;
        let answer = machine
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(proof.verifier.clone()))
            .request(&self.transport)
            .map_err(OidcError::of_exchange)?;
        let id_token = token::of(&answer)?;
        let verdict = token::validate(id_token, client, &known, &proof.nonce, now);
        let claims = match verdict {
            // The provider may have changed its keys since they were fetched.
            Err(OidcError::Signature(_)) => match self.fetched_again(&client.issuer, now)? {
                Some(newer) => token::validate(id_token, client, &newer, &proof.nonce, now),
                None => verdict,
            },
            verdict => verdict,
        }?;
        let subject = claims.subject.to_string();
        let email = match claims.email {
            Some(email) => email,
            None => {
                token::ask_for_email(machine, &known, &answer, claims.subject, &self.transport)?
            }
        };
        Ok(Identity { email, issuer: client.issuer.clone(), subject })
    }
}
