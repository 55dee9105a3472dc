//! Extracts a handler's arguments one after the other.
//!
//! actix-web extracts them side by side. But who sends a request must be known before anything else
//! of it is looked at: unauthenticated clients learn nothing about query and body, and the server
//! buffers none for them.

use std::future::Future;

use actix_web::dev::{Handler, Payload};
use actix_web::{Error, FromRequest, HttpRequest, Responder, Route, web};

/// All arguments of a handler.
pub trait Arguments: Sized + 'static {
    /// Extracts them in the order of the handler's signature; the first refusal is the answer.
    fn extract(
        request: &HttpRequest,
        payload: Payload,
    ) -> impl Future<Output = Result<Self, Error>>;
}

/// Implements [`Arguments`] for tuples.
macro_rules! arguments {
    ($($argument:ident)*) => {
        impl<$($argument: FromRequest + 'static),*> Arguments for ($($argument,)*) {
            async fn extract(request: &HttpRequest, mut payload: Payload) -> Result<Self, Error> {
                Ok(($($argument::from_request(request, &mut payload).await.map_err(Into::into)?,)*))
            }
        }
    };
}
arguments!(A);
arguments!(A B);
arguments!(A B C);
arguments!(A B C D);
arguments!(A B C D E);

/// Makes the route lead to this handler, whose first argument is who sends the request.
pub fn in_order<H, A>(route: Route, handler: H) -> Route
where
    H: Handler<A>,
    H::Output: Responder + 'static,
    A: Arguments,
{
    route.to(move |request: HttpRequest, payload: web::Payload| {
        let handler = handler.clone();
        async move {
            let arguments = A::extract(&request, payload.into_inner()).await?;
            let answer = handler.call(arguments).await;
            Ok::<_, Error>(answer.respond_to(&request).map_into_boxed_body())
        }
    })
}
