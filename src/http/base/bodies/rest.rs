//! An answer that is sent before the request's body was read to its end.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::Payload;
use actix_web::web::Bytes;

/// An answer that owns the unread rest of a chunked request body. actix-web reads such a body to
/// its end once its payload is dropped, however long that takes; if the payload lives until the
/// answer is sent, the connection is closed instead.
pub struct Answer {
    body: BoxBody,
    _rest: Payload,
}

impl Answer {
    /// Combines the answer with the unread rest of the request body.
    pub fn new(body: BoxBody, rest: Payload) -> Self {
        Self { body, _rest: rest }
    }
}

impl MessageBody for Answer {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}
