//! Requests whose effect depends on their body: the same endpoint switches something on and off.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::administrator::Administrator;
use super::api::{Argument, Signature};
use super::body::Body;
use super::permits::{Permits, Smaller};
use crate::enterprise::permissions::Effect;
use crate::http::base::problem::Problem;

/// A body that says what the request does to the account.
pub trait Weighed {
    /// Returns the effect of the request.
    fn effect(&self) -> Effect;
}

/// A request by an administrator who is allowed `P` for what the body `B` does.
pub struct Weighing<P, B> {
    /// The authenticated administrator.
    pub admin: Administrator<Smaller<P>>,
    /// The parsed body.
    pub body: B,
}

impl<P, B> Argument for Weighing<P, B>
where
    P: Permits + 'static,
    B: DeserializeOwned + JsonSchema + Weighed + 'static,
{
    fn describe(signature: &mut Signature<'_>) {
        Administrator::<P>::describe(signature);
        signature.body::<B>();
    }
}

impl<P: Permits + 'static, B: DeserializeOwned + Weighed + 'static> FromRequest for Weighing<P, B> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let none = &mut Payload::None;
            let admin = Administrator::<Smaller<P>>::from_request(&request, none).await?;
            let body = Body::<B>::from_request(&request, &mut payload).await;
            let is_smaller = body.as_ref().is_ok_and(|Body(body)| body.effect() != Effect::Changes);
            if !is_smaller {
                // An administrator whose plan does not allow the change learns that first, as with
                // every other endpoint, and then what is wrong with the body.
                Administrator::<P>::from_request(&request, none).await?;
            }
            let Body(body) = body?;
            Ok(Self { admin, body })
        })
    }
}
