//! Extracts one thing after another.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

/// The first, and only where it was had, the second.
///
/// actix-web extracts a handler's arguments side by side. Who is let in has to be known before a
/// body is read: a stranger learns nothing about the body, and the server keeps none for it.
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
