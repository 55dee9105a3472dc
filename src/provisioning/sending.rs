//! Answers that are read while they are sent: memory holds a few pieces of them, whatever their
//! length, and no connection to the database waits long for a client.
//!
//! A burst reads in one snapshot and runs ahead of the client by a few pieces. A client that does
//! not keep up is waited for, but only a moment: then the rest is read into a buffer that all
//! answers share, so that it still belongs to the snapshot. Where that is full, the burst ends; when
//! the client has taken what there is, another one goes on from the same place, in a snapshot of its
//! own, and only if the groups are still in the versions that the answer is about. If they are not,
//! the answer breaks off without its end, so that nobody takes half for the whole.

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

/// Pieces that a burst is ahead of its client.
const AHEAD: usize = 4;
/// How long the bursts of one answer wait for the client, all together.
const PATIENCE: Duration = Duration::from_millis(250);
/// What waits for slow clients, of all answers together, in KiB.
static SHARED: Semaphore = Semaphore::const_new(32 * 1024);

/// What is sent.
pub enum Content {
    /// A JSON value.
    Value(Value),
    /// A JSON text.
    Text(Vec<u8>),
    /// A JSON text in pieces.
    Pieces(Pieces),
}

impl TryFrom<Body> for Content {
    type Error = ProvisioningError;

    /// What is read already.
    fn try_from(body: Body) -> Result<Self> {
        match body {
            Body::Whole(value) => Ok(Self::Value(value)),
            Body::Written(text) => Ok(Self::Text(text)),
            // Members are read by `send` alone.
            Body::Parts(_) => Err(StoreError::Conflict.into()),
        }
    }
}

/// Pieces of a text; an error breaks it off.
pub type Pieces = Pin<Box<dyn Stream<Item = Result<Vec<u8>>>>>;

/// Composes an answer in a snapshot and begins to send it; composing costs `cost`. What `compose`
/// returns beside the body belongs to the same moment.
///
/// # Errors
/// What `compose` refuses; the database's, as long as nothing is sent.
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
    // What fits into one piece needs no stream, and can still fail in good form.
    let first = match next(&mut news).await? {
        News::Last(text) => return Ok((head, Content::Text(text))),
        first => first,
    };
    let sending = Sending { store: store.clone(), cost, document, first: Some(first), news };
    Ok((head, Content::Pieces(sending.pieces())))
}

/// What a burst says.
enum News<T> {
    /// There is nothing to send piece by piece.
    Whole(T, Body),
    /// The document that follows.
    Begun(T, Arc<Document>),
    /// A piece, and the room that it takes.
    Text(Vec<u8>, Option<Room>),
    /// The last piece.
    Last(Vec<u8>),
    /// The burst has ended before the document, with so much patience left.
    Paused(Place, Duration),
}

/// Room that a piece takes until it is sent.
#[allow(dead_code)] // held, not read
enum Room {
    Ahead(OwnedSemaphorePermit),
    Shared(SemaphorePermit<'static>),
}

type Line<T> = UnboundedSender<Result<News<T>>>;

/// Runs a burst on a reader.
fn spawn<T: Send + 'static>(
    store: &Store,
    cost: Cost,
    line: Line<T>,
    burst: impl Fn(&mut Conn) -> Result<()> + Send + 'static,
) {
    let store = store.clone();
    tokio::spawn(async move {
        if let Err(error) = store.read(cost, burst).await {
            // Whoever waits for it may have gone away.
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

/// A burst, on the thread of its reader.
struct Burst<'a, T> {
    line: &'a Line<T>,
    /// Where the clock is that the client is waited for by.
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
                // It is read already; the next one waits for its client.
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

/// An answer on its way.
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
