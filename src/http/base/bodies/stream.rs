//! A stream of a request body that enforces the limits on length and time.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::web::Bytes;
use futures_util::Stream;
use tokio::time::{Instant, Sleep, sleep};

use crate::http::base::bodies::meter::{Ended, Meter};
use crate::http::base::bodies::waiting::Slot;
use crate::http::base::bodies::{LEAST_IN_SPAN, Rules, STRANGERS};
use crate::http::base::place::Place;

/// The minimum average speed of a long body, in bytes per second.
const SLOWEST: usize = 512 * 1024;

/// The timers of a body that has to be waited for.
struct Clocks {
    whole: Pin<Box<Sleep>>,
    span: Pin<Box<Sleep>>,
    /// The bytes received when the span began.
    before: usize,
}

/// A body that is read only as far as its meter allows.
pub struct Bounded {
    inner: Payload,
    meter: Rc<Meter>,
    rules: Rules,
    place: Place,
    clocks: Option<Clocks>,
    slot: Option<Slot>,
}

impl Bounded {
    pub fn new(inner: Payload, meter: Rc<Meter>, rules: Rules, place: Place) -> Self {
        Self { inner, meter, rules, place, clocks: None, slot: None }
    }

    fn end(&mut self, why: Ended) -> Poll<Option<Result<Bytes, PayloadError>>> {
        self.meter.end(why);
        (self.clocks, self.slot) = (None, None);
        Poll::Ready(Some(Err(match why {
            Ended::Longer(_) => PayloadError::Overflow,
            Ended::Late | Ended::Crowded => PayloadError::Incomplete(None),
        })))
    }

    fn wait(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, PayloadError>>> {
        if self.slot.is_none() && self.meter.is_strangers() {
            self.slot = self.rules.waiting.slot(self.place);
            if self.slot.is_none() {
                return self.end(Ended::Crowded);
            }
        }
        let patience = self.rules.patience;
        let (read, limit) = (self.meter.read(), self.meter.limit());
        let clocks = self.clocks.get_or_insert_with(|| Clocks {
            whole: Box::pin(sleep(patience.whole.max(at_least(limit)))),
            span: Box::pin(sleep(patience.span)),
            before: read,
        });
        if clocks.whole.as_mut().poll(context).is_ready() {
            return self.end(Ended::Late);
        }
        while clocks.span.as_mut().poll(context).is_ready() {
            if read - clocks.before < LEAST_IN_SPAN {
                return self.end(Ended::Late);
            }
            clocks.before = read;
            clocks.span.as_mut().reset(Instant::now() + patience.span);
        }
        Poll::Pending
    }
}

/// Returns the minimum for the total timeout of a body over the unauthenticated limit, for settings
/// that allow very long bodies.
fn at_least(limit: usize) -> Duration {
    if limit <= STRANGERS { Duration::ZERO } else { Duration::from_secs((limit / SLOWEST) as u64) }
}

impl Drop for Bounded {
    fn drop(&mut self) {
        if !self.meter.is_read() {
            self.meter.leave(std::mem::replace(&mut self.inner, Payload::None));
        }
    }
}

impl Stream for Bounded {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.meter.ended().is_some() {
            return Poll::Ready(None);
        }
        if self.meter.declares_too_much() {
            let limit = self.meter.limit();
            return self.end(Ended::Longer(limit));
        }
        match Pin::new(&mut self.inner).poll_next(context) {
            Poll::Ready(Some(Ok(bytes))) => {
                if self.meter.count(bytes.len()) {
                    return Poll::Ready(Some(Ok(bytes)));
                }
                let limit = self.meter.limit();
                self.end(Ended::Longer(limit))
            }
            Poll::Ready(None) => {
                self.meter.finish();
                (self.clocks, self.slot) = (None, None);
                Poll::Ready(None)
            }
            Poll::Ready(error) => Poll::Ready(error),
            Poll::Pending => self.wait(context),
        }
    }
}
