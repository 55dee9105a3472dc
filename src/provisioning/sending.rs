//! Responses that are read while they are sent. Memory holds only a few pieces of a response,
//! however long it is, and no database connection waits long for a client.
//!
//! A burst reads in one snapshot and stays a few pieces ahead of the client. If the client is slow,
//! the burst waits for a moment, and then reads the rest into a buffer shared by all responses, so
//! that it still belongs to the snapshot. If that buffer is full, the burst ends. When the client
//! has received what was read, another burst continues from the same place in a new snapshot, but
//! only if the groups are still in the same versions. If they are not, the response is cut off
//! without its end, so that the client cannot mistake the part for the whole.

use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{Stream, stream};
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use super::ProvisioningError;
use super::document::{Body, Document, Piece, Place};
use crate::store::{Conn, Cost, Store, StoreError, snapshot};

type Result<T> = std::result::Result<T, ProvisioningError>;

/// How many pieces a burst may be ahead of its client.
const AHEAD: usize = 4;
/// How long the bursts of one response may wait for the client in total.
const PATIENCE: Duration = Duration::from_millis(250);
/// The size of the buffer for slow clients that all responses share, in KiB.
static SHARED: Semaphore = Semaphore::const_new(32 * 1024);

/// The content of a response.
pub enum Content {
    /// A JSON value.
    Value(Value),
    /// A JSON text.
    Text(Vec<u8>),
    /// A JSON text that is sent piece by piece.
    Pieces(Pieces),
}

impl TryFrom<Body> for Content {
    type Error = ProvisioningError;

    /// Converts a body that is completely read.
    fn try_from(body: Body) -> Result<Self> {
        match body {
            Body::Whole(value) => Ok(Self::Value(value)),
            Body::Written(text) => Ok(Self::Text(text)),
            // Only `send` reads the members.
            Body::Parts(_) => Err(StoreError::Conflict.into()),
        }
    }
}

/// The pieces of a text. An error cuts it off.
pub type Pieces = Pin<Box<dyn Stream<Item = Result<Vec<u8>>>>>;

/// Composes a response in a snapshot and begins to send it. `cost` is the cost of composing. What
/// `compose` returns besides the body is from the same snapshot.
///
/// # Errors
/// Fails if `compose` or the first read fails. Later errors cut the response off.
pub async fn send<T: Send + 'static>(
    store: &Store,
    cost: Cost,
    compose: impl Fn(&mut Conn) -> Result<(T, Body)> + Send + 'static,
) -> Result<(T, Content)> {
    let (sender, mut news) = unbounded_channel();
    let line = sender.clone();
    let here = Handle::current();
    spawn(store, cost, sender, move |conn| {
        snapshot(conn, |conn| {
            let (head, body) = compose(conn)?;
            let document = match body {
                Body::Parts(document) => Arc::new(document),
                whole => {
                    let _ = line.send(Ok(News::Whole(head, whole)));
                    return Ok(());
                }
            };
            let _ = line.send(Ok(News::Begun(head, Arc::clone(&document))));
            Burst::new(&line, &here, PATIENCE).run(conn, &document, Place::default());
            Ok(())
        })
    });
    let (head, document) = match next(&mut news).await? {
        News::Whole(head, whole) => return Ok((head, Content::try_from(whole)?)),
        News::Begun(head, document) => (head, document),
        News::Text(..) | News::Last(_) | News::Paused(..) => return Err(ended().into()),
    };
    // A response of one piece needs no stream, and an error can still be reported with a status.
    let first = match next(&mut news).await? {
        News::Last(text) => return Ok((head, Content::Text(text))),
        first => first,
    };
    let sending = Sending { store: store.clone(), cost, document, first: Some(first), news };
    Ok((head, Content::Pieces(sending.pieces())))
}

/// A message from a burst.
enum News<T> {
    /// A complete response, which is not sent piece by piece.
    Whole(T, Body),
    /// The start of a response, with the document that follows.
    Begun(T, Arc<Document>),
    /// A piece and the buffer space that it takes.
    Text(Vec<u8>, Option<Room>),
    /// The last piece.
    Last(Vec<u8>),
    /// The burst ended before the document; the duration is the waiting time left.
    Paused(Place, Duration),
}

/// Buffer space that a piece takes until it is sent.
#[allow(dead_code)] // held, not read
enum Room {
    Ahead(OwnedSemaphorePermit),
    Shared(SemaphorePermit<'static>),
}

type Line<T> = UnboundedSender<Result<News<T>>>;

/// Runs a burst on a database reader.
fn spawn<T: Send + 'static>(
    store: &Store,
    cost: Cost,
    line: Line<T>,
    burst: impl Fn(&mut Conn) -> Result<()> + Send + 'static,
) {
    let store = store.clone();
    tokio::spawn(async move {
        if let Err(error) = store.read(cost, burst).await {
            // The receiver may be gone.
            let _ = line.send(Err(error));
        }
    });
}

async fn next<T>(news: &mut UnboundedReceiver<Result<News<T>>>) -> Result<News<T>> {
    news.recv().await.unwrap_or_else(|| Err(ended().into()))
}

const fn ended() -> StoreError {
    StoreError::Stopping
}

/// A burst, running on the thread of its reader.
struct Burst<'a, T> {
    line: &'a Line<T>,
    /// The runtime whose timer is used to wait for the client.
    here: &'a Handle,
    ahead: Arc<Semaphore>,
    patience: Duration,
}

impl<'a, T> Burst<'a, T> {
    fn new(line: &'a Line<T>, here: &'a Handle, patience: Duration) -> Self {
        Self { line, here, ahead: Arc::new(Semaphore::new(AHEAD)), patience }
    }

    fn run(mut self, conn: &mut Conn, document: &Document, place: Place) {
        let news = match document.write(conn, place, |piece| self.piece(piece)) {
            Ok(None) => return,
            Ok(Some(place)) => Ok(News::Paused(place, self.patience)),
            Err(error) => Err(error),
        };
        let _ = self.line.send(news);
    }

    fn piece(&mut self, piece: Piece) -> ControlFlow<()> {
        let (news, flow) = match piece {
            Piece::Last(text) => (News::Last(text), ControlFlow::Break(())),
            Piece::Text(text) => match self.room(text.len()) {
                Some(room) => (News::Text(text, Some(room)), ControlFlow::Continue(())),
                // The piece is already read, so it is sent even if there is no space. The burst
                // ends after it.
                None => (News::Text(text, None), ControlFlow::Break(())),
            },
        };
        match self.line.send(Ok(news)) {
            Ok(()) => flow,
            Err(_) => ControlFlow::Break(()),
        }
    }

    fn room(&mut self, length: usize) -> Option<Room> {
        if let Ok(room) = Arc::clone(&self.ahead).try_acquire_owned() {
            return Some(Room::Ahead(room));
        }
        if !self.patience.is_zero() {
            let (ahead, began) = (Arc::clone(&self.ahead), Instant::now());
            let room = async { tokio::time::timeout(self.patience, ahead.acquire_owned()).await };
            let room = self.here.block_on(room);
            self.patience = self.patience.saturating_sub(began.elapsed());
            if let Ok(Ok(room)) = room {
                return Some(Room::Ahead(room));
            }
        }
        let kibibytes = u32::try_from(length.div_ceil(1024)).ok()?;
        SHARED.try_acquire_many(kibibytes).ok().map(Room::Shared)
    }
}

/// A response that is being sent.
struct Sending<T> {
    store: Store,
    cost: Cost,
    document: Arc<Document>,
    first: Option<News<T>>,
    news: UnboundedReceiver<Result<News<T>>>,
}

impl<T: Send + 'static> Sending<T> {
    fn pieces(self) -> Pieces {
        Box::pin(stream::try_unfold(Some(self), |sending| async move {
            let Some(mut sending) = sending else { return Ok(None) };
            loop {
                let news = match sending.first.take() {
                    Some(first) => first,
                    None => next(&mut sending.news).await?,
                };
                match news {
                    News::Text(text, room) => {
                        drop(room);
                        return Ok(Some((text, Some(sending))));
                    }
                    News::Last(text) => return Ok(Some((text, None))),
                    News::Paused(place, patience) => sending.go_on(place, patience),
                    News::Whole(..) | News::Begun(..) => return Err(ended().into()),
                }
            }
        }))
    }

    fn go_on(&mut self, place: Place, patience: Duration) {
        let (line, news) = unbounded_channel();
        self.news = news;
        let (document, bursting) = (Arc::clone(&self.document), line.clone());
        let here = Handle::current();
        spawn(&self.store, self.cost, line, move |conn| {
            snapshot(conn, |conn| {
                Burst::new(&bursting, &here, patience).run(conn, &document, place);
                Ok(())
            })
        });
    }
}
