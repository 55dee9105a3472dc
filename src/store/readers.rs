//! Reader threads, each with a connection: separate ones for fast and for slow reads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::connection::{Conn, Purpose};
use super::crew::{Answerable, Crew, Desk};
use super::error::{StoreError, StoreResult, TransactionError};
use super::queue::{Bounds, Full, Queue};
use super::reply::Reply;
use super::source::{Connected, Source};
use super::turn::{Asker, Turn};
use super::write_context::Scope;

/// How long a read may wait for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// The `nice` value of the threads that give way to others.
#[cfg(target_os = "linux")]
const PATIENT: i32 = 10;

/// The configuration of readers of one kind.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    pub name: &'static str,
    pub threads: usize,
    /// The limits of the queue.
    pub bounds: Bounds,
    /// The time limit of one read, if the limit of its statements is not enough.
    pub limit: Option<Duration>,
    /// Creates the error if the queue is full.
    pub refusal: fn() -> StoreError,
    /// How long a read waits before that error is returned. A client that retries at once then
    /// costs no more processor time than one that waits.
    pub pause: Option<Duration>,
    /// Whether other threads go first when processors are scarce.
    pub is_patient: bool,
}

/// Threads of one kind and the queue that they serve.
pub struct Readers {
    queue: Arc<Queue<Box<dyn Job>>>,
    crew: Arc<Crew>,
    refusal: fn() -> StoreError,
    pause: Option<Duration>,
}

impl Readers {
    /// Starts the threads. They connect on first use.
    ///
    /// # Errors
    /// Fails if a thread cannot be started.
    pub fn start(kind: Kind, source: &Arc<Source>) -> StoreResult<Self> {
        let queue = Arc::new(Queue::new(kind.bounds));
        let (jobs, source) = (Arc::clone(&queue), Arc::clone(source));
        let crew = Crew::start(kind.name, kind.threads, move |desk| {
            if kind.is_patient {
                give_way();
            }
            Reader { source: &source, desk, kind, connected: None }.serve(&jobs);
        })?;
        Ok(Self { queue, crew: Arc::new(crew), refusal: kind.refusal, pause: kind.pause })
    }

    pub fn crew(&self) -> Arc<Crew> {
        Arc::clone(&self.crew)
    }

    /// Runs the work when it is the account's turn.
    pub async fn read<T, E>(
        &self,
        scope: Scope,
        work: impl Fn(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: TransactionError,
    {
        let (reply, result) = Reply::new();
        let job = Box::new(Task { work, reply, since: Instant::now() });
        if let Err((full, job)) = self.queue.push(scope, job) {
            let refused = |full| match full {
                Full::Waiting => (self.refusal)(),
                Full::Closed => StoreError::Stopping,
            };
            let (Full::Waiting, Some(pause)) = (full, self.pause) else {
                return Err(refused(full).into());
            };
            tokio::time::sleep(pause).await;
            self.queue.push(scope, job).map_err(|(full, _)| refused(full))?;
        }
        result.await.unwrap_or_else(|_| Err(StoreError::Stopping.into()))
    }

    /// Finishes the waiting reads and ends the threads.
    pub fn stop(&self) {
        self.queue.close();
        self.crew.join();
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.queue.close();
    }
}

/// Lowers the priority of this thread, so that others go first when processors are scarce.
fn give_way() {
    // On Linux the priority belongs to the thread; elsewhere it would apply to the whole process.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, PATIENT) {
        log::warn!("cannot lower the priority of searches: {error}");
    }
}

/// A waiting read with its types erased.
trait Job: Send {
    /// Returns when the read was queued.
    fn since(&self) -> Instant;
    /// Returns the caller that waits for the read.
    fn asker(&self) -> Arc<dyn Asker>;
    /// Returns the handle through which others can answer the read.
    fn answer(&self) -> Arc<dyn Answerable>;
    /// Runs the read and answers it, unless the connection turns out to be lost.
    fn run(&self, conn: &mut Conn) -> Ending;
    /// Answers with a failure of the store.
    fn fail(&self, failure: StoreError);
}

enum Ending {
    Answered,
    /// Answered, but the state of the connection is unknown.
    Broken,
    /// The connection is lost; not answered.
    Lost(StoreError),
}

struct Task<W, T, E> {
    work: W,
    reply: Arc<Reply<T, E>>,
    since: Instant,
}

impl<W, T, E> Job for Task<W, T, E>
where
    W: Fn(&mut Conn) -> Result<T, E> + Send,
    T: Send + 'static,
    E: TransactionError,
{
    fn since(&self) -> Instant {
        self.since
    }

    fn asker(&self) -> Arc<dyn Asker> {
        Arc::<Reply<T, E>>::clone(&self.reply)
    }

    fn answer(&self) -> Arc<dyn Answerable> {
        Arc::<Reply<T, E>>::clone(&self.reply)
    }

    fn run(&self, conn: &mut Conn) -> Ending {
        // A panic is a bug in a use case; it must not take the thread with it.
        let Ok(result) = catch_unwind(AssertUnwindSafe(|| (self.work)(conn))) else {
            self.fail(StoreError::Panicked);
            return Ending::Broken;
        };
        match result {
            Err(error) => match error.store_error() {
                Some(lost) if lost.is_disconnect() => {
                    Ending::Lost(StoreError::Connection(lost.reason()))
                }
                _ => {
                    self.reply.send(Err(error));
                    Ending::Answered
                }
            },
            result => {
                self.reply.send(result);
                Ending::Answered
            }
        }
    }

    fn fail(&self, failure: StoreError) {
        self.reply.send(Err(failure.into()));
    }
}

/// The state of one reader thread.
struct Reader<'a> {
    source: &'a Source,
    desk: &'a Desk,
    kind: Kind,
    connected: Option<Connected>,
}

impl Reader<'_> {
    fn serve(&mut self, queue: &Arc<Queue<Box<dyn Job>>>) {
        while let Some((scope, jobs)) = queue.take(1) {
            let answers = jobs.iter().map(|job| job.answer()).collect();
            let turns = Arc::clone(queue);
            self.desk.begin(answers, Box::new(move || turns.done(scope)));
            for job in jobs {
                self.read(&*job);
            }
            if !self.desk.end() {
                return;
            }
        }
    }

    fn read(&mut self, job: &dyn Job) {
        if !job.asker().waits() {
            return;
        }
        if job.since().elapsed() > PATIENCE {
            return job.fail(self.source.in_vain((self.kind.refusal)()));
        }
        let until = self.kind.limit.map(|limit| Instant::now() + limit);
        let turn = Turn::of(job.asker(), until);
        let mut ending = self.attempt(job, &turn);
        if matches!(ending, Ok(Ending::Lost(_))) && !self.desk.is_given_up() {
            // The connection was dead; a new one may work.
            ending = self.attempt(job, &turn);
        }
        match ending {
            Ok(Ending::Lost(error)) | Err(error) => job.fail(error),
            Ok(Ending::Answered | Ending::Broken) => {}
        }
    }

    /// Runs the job on the kept connection, or on a new one if that is outdated.
    fn attempt(&mut self, job: &dyn Job, turn: &Turn) -> StoreResult<Ending> {
        self.source.check_open()?;
        let kept = self.connected.take().filter(|connected| self.source.is_current(connected));
        let mut connected = match kept {
            Some(connected) => connected,
            None => self.source.connect_at(self.desk, Purpose::Read)?,
        };
        connected.conn.turn = turn.clone();
        let ending = job.run(&mut connected.conn);
        connected.conn.turn = Turn::unlimited();
        match ending {
            Ending::Answered => self.connected = Some(connected),
            Ending::Broken => {}
            Ending::Lost(_) => self.source.forget_all(),
        }
        Ok(ending)
    }
}
