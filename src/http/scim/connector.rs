//! Authenticates a request as the connector whose token it carries.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, HeaderName, USER_AGENT};
use actix_web::{FromRequest, HttpRequest, web};
use subtle::ConstantTimeEq;

use super::failure::Failure;
use super::keeping;
use crate::enterprise::audit::{Actor, ActorKind, Origin};
use crate::enterprise::idp::Idp;
use crate::enterprise::permissions::{Credential, Power};
use crate::enterprise::plan::{self};
use crate::enterprise::token;
use crate::http::base::state::Service;
use crate::http::base::{bodies, request_id};
use crate::provisioning::{Directory, ProvisioningError};
use crate::scim::ScimError;
use crate::store::connectors::Admitted;
use crate::store::{Cost, connectors, oauth};

/// An authenticated connector. A handler requires authentication by taking this as an argument.
#[derive(Clone, Debug)]
pub struct Connector {
    /// The directory of the connector's account.
    pub directory: Directory,
}

impl FromRequest for Connector {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let connector = admit(&request).await?;
            bodies::raise_limit(&request);
            Ok(connector)
        })
    }
}

/// Authenticates a request.
pub(super) async fn admit(request: &HttpRequest) -> Result<Connector, Failure> {
    let service = request
        .app_data::<web::Data<Service>>()
        .ok_or_else(|| ScimError::new(500, "The server is not set up."))?;
    let secret = credentials(request).ok_or_else(unauthorized)?;
    let (hash, is_oauth) = (token::hash(secret), secret.starts_with(token::OAUTH_ACCESS));
    let credential = if is_oauth { Credential::OauthAccess } else { Credential::ScimToken };
    let (started, changes) = (Instant::now(), service.store.admissions());
    let remembered = service.admissions.find(&hash, changes, started);
    let is_remembered = remembered.is_some();
    let admitted = match remembered {
        Some(admitted) => admitted,
        None => look_up(service, hash, is_oauth).await?.ok_or_else(unauthorized)?,
    };
    let now = service.store.clock().now();
    let valid = admitted.hash.ct_eq(&hash).into()
        && admitted.expires_at.is_none_or(|end| now < end)
        && admitted.enabled
        && credential.may(Power::Provision)
        && request.match_info().get("connector") == Some(&admitted.connector_id);
    if !valid {
        return Err(unauthorized().into());
    }
    keeping::admitted(request, &admitted, now);
    let includes_scim = admitted.plan.includes_scim();
    let active = plan::is_active(admitted.plan_active, admitted.plan_ends_at, now);
    if !(includes_scim && active) {
        return Err(ScimError::new(
            403,
            "The account's Enterprise plan has ended, so provisioning is off and nothing was \
             changed. Reactivate the plan in Insomnia; the same requests then succeed.",
        )
        .into());
    }
    if !is_remembered {
        service.admissions.keep(hash, Arc::clone(&admitted), changes, started);
    }
    service.check_rate(admitted.enterprise_pk).map_err(Failure::too_many_requests)?;
    let base_url = format!("{}/scim/v2/{}", service.public_url, admitted.connector_id);
    let idp = Idp::of_user_agent(header(request, &USER_AGENT));
    let actor = Actor {
        kind: ActorKind::IdentityProvider,
        id: admitted.connector_id.clone(),
        name: idp.name().to_owned(),
    };
    let origin = Arc::new(Origin { actor, request_id: request_id::id_of(request) });
    let directory = Directory {
        enterprise: admitted.enterprise_pk,
        base_url: base_url.into(),
        origin,
        cursor_key: service.store.cursor_key(),
    };
    Ok(Connector { directory })
}

/// Looks up the account and connector of a token.
async fn look_up(
    service: &Service,
    hash: [u8; 32],
    is_oauth: bool,
) -> Result<Option<Arc<Admitted>>, Failure> {
    let found = service
        .store
        .read(Cost::Point, move |conn| {
            Ok::<_, ProvisioningError>(if is_oauth {
                oauth::find_admitted(conn, &hash)?
            } else {
                connectors::find_admitted(conn, &hash)?
            })
        })
        .await?;
    Ok(found.map(Arc::new))
}

/// Returns a header as text; empty if it is missing.
pub fn header<'a>(request: &'a HttpRequest, name: &HeaderName) -> &'a str {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Returns the token: after `Bearer`, or alone, which Okta calls header authentication.
fn credentials(request: &HttpRequest) -> Option<&str> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?.trim();
    let token = match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        Some(_) => return None,
        None => header,
    };
    (!token.is_empty()).then_some(token)
}

/// Returns the same refusal for a missing, wrong, expired or foreign token, so that it does not
/// tell which it is.
fn unauthorized() -> ScimError {
    ScimError::new(
        401,
        "The bearer token is missing, expired, or not valid for this URL. Ask an owner of the \
         Insomnia account for the connector's URL and token, and enter both in your identity \
         provider.",
    )
}
