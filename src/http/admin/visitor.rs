//! A caller who may be signed in and need not be.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};

use super::api::{Argument, Signature};
use super::credentials::bearer_token;
use super::session::SignedIn;
use crate::enterprise::token;
use crate::http::base::cookies::Cookie;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;

/// Anyone, with the session if the request shows one. A session that is not valid is refused, so
/// that nobody acts as a stranger who believes to be signed in. Other tokens say nothing about a
/// person and are passed over.
pub struct Visitor(pub Option<SignedIn>);

impl Argument for Visitor {
    fn describe(_: &mut Signature<'_>) {}
}

impl FromRequest for Visitor {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if !shows_session(request) {
            return Box::pin(std::future::ready(Ok(Self(None))));
        }
        let signed_in = SignedIn::from_request(request, payload);
        Box::pin(async move { Ok(Self(Some(signed_in.await?))) })
    }
}

fn shows_session(request: &HttpRequest) -> bool {
    if request.headers().contains_key(AUTHORIZATION) {
        return bearer_token(request).is_some_and(|shown| shown.starts_with(token::SESSION));
    }
    let service = request.app_data::<Data<Service>>();
    service.is_some_and(|service| Cookie::Session.read(request, &service.public_url).is_some())
}
