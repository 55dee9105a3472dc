//! An answer before the request's body has ended.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::Payload;
use actix_web::web::Bytes;

/// An answer that holds on to what was not read of a chunked body. actix-web reads such a body to its
/// end once nobody holds it, however long that takes; one that is held while the answer is sent ends
/// the connection.
pub struct Answer {
    body: BoxBody,
    _rest: Payload,
}

impl Answer {
    /// This answer, and what was not read.
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
