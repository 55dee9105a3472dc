//! The readers: threads with a connection each, apart for what takes a moment and what takes long.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::by::Scope;
use super::connection::{Conn, Purpose};
use super::crew::{Answerable, Crew, Desk};
use super::error::{StoreError, StoreResult, TransactionError};
use super::queue::{Bounds, Full, Queue};
use super::reply::Reply;
use super::source::{Connected, Source};
use super::turn::{Asker, Turn};

/// How long a read may wait for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// The priority of what gives way, by the scale of `nice`.
#[cfg(target_os = "linux")]
const PATIENT: i32 = 10;

/// What readers are for.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The threads' name.
    pub name: &'static str,
    /// How many threads.
    pub threads: usize,
    /// How much they take on.
    pub bounds: Bounds,
    /// How long one read may take; none where its statements' limit is enough.
    pub limit: Option<Duration>,
    /// What is said where there is no room.
    pub refusal: fn() -> StoreError,
    /// How long one waits outside for room before that is said: who asks again at once takes no more
    /// of the processors than who waits.
    pub pause: Option<Duration>,
    /// Whether others go before them where processors are scarce.
    pub is_patient: bool,
}

/// Readers of one kind.
pub struct Readers {
    queue: Arc<Queue<Box<dyn Job>>>,
    crew: Arc<Crew>,
    refusal: fn() -> StoreError,
    pause: Option<Duration>,
}

impl Readers {
    /// Starts them. They connect when they are needed.
    ///
    /// # Errors
    /// Where a thread cannot be had.
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

    /// The threads.
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

    /// Finishes what waits and ends the threads.
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

/// Others go before this thread where processors are scarce.
fn give_way() {
    // Linux keeps it for each thread; elsewhere it would be the whole process that gives way.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, PATIENT) {
        log::warn!("searches run at the priority of everything else: {error}");
    }
}

/// A read that waits, whatever its types.
trait Job: Send {
    /// When it began to wait.
    fn since(&self) -> Instant;
    /// Who waits for it.
    fn asker(&self) -> Arc<dyn Asker>;
    /// The same, to be answered by others.
    fn answer(&self) -> Arc<dyn Answerable>;
    /// Runs it, and answers unless the connection turns out to be gone.
    fn run(&self, conn: &mut Conn) -> Ending;
    /// Answers with the store's failure.
    fn fail(&self, failure: StoreError);
}

enum Ending {
    Answered,
    /// Answered; the connection is in a state that nobody knows.
    Broken,
    /// The connection is gone; not answered.
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
        // A panic would be a defect of ours; it must not take the thread with it.
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

/// A reader at its desk.
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
            // One connection was dead; a new one may not be.
            ending = self.attempt(job, &turn);
        }
        match ending {
            Ok(Ending::Lost(error)) | Err(error) => job.fail(error),
            Ok(Ending::Answered | Ending::Broken) => {}
        }
    }

    /// Runs the job, unless no connection can be had.
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
