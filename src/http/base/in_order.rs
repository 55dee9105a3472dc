//! Sequential extraction.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

/// Extracts `A`, and only if that succeeded, `B`.
///
/// actix-web extracts a handler's arguments concurrently. Authentication has to come before the
/// body is read: an unauthenticated client must learn nothing about the body, and must not make the
/// server buffer one.
pub struct InOrder<A, B>(pub A, pub B);

impl<A, B> FromRequest for InOrder<A, B>
where
    A: FromRequest + 'static,
    B: FromRequest<Error = A::Error> + 'static,
{
    type Error = A::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, A::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let first = A::from_request(&request, &mut Payload::None).await?;
            Ok(Self(first, B::from_request(&request, &mut payload).await?))
        })
    }
}
