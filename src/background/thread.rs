//! The background threads: one for jobs, one for mail, one for the request log, so that a slow mail
//! server does not delay the others.

use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::watch;

use super::delivery::{self, Round};
use super::jobs::JOBS;
use super::schedule;
use super::stop::Stop;
use super::work::{self, Work};

/// The interval between two checks for due jobs and mail.
const TICK: Duration = Duration::from_secs(1);
/// The pause after a mail server was found unreachable.
const PAUSE: Duration = Duration::from_secs(30);

/// The running background threads. They run until [`Background::stop`]; dropping this asks them to
/// stop without waiting.
pub struct Background {
    stop: watch::Sender<bool>,
    threads: Vec<JoinHandle<()>>,
}

/// Starts the background threads, which check every second for due work.
///
/// # Errors
/// Fails if a thread cannot be spawned.
pub fn start(work: &Work) -> std::io::Result<Background> {
    let (send, stop_jobs) = Stop::new();
    let (stop_mail, stop_requests) = (stop_jobs.clone(), stop_jobs.clone());
    let (for_jobs, for_mail, for_requests) = (work.clone(), work.clone(), work.clone());
    let jobs = spawn("jobs", async move { do_jobs(&for_jobs, &stop_jobs).await })?;
    let mut background = Background { stop: send, threads: vec![jobs] };
    background.threads.push(spawn("mail", async move { deliver(&for_mail, &stop_mail).await })?);
    let requests = async move {
        for_requests.requests.keep_writing(&for_requests.store, &stop_requests).await;
    };
    background.threads.push(spawn("requests", requests)?);
    Ok(background)
}

fn spawn(
    name: &str,
    work: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<JoinHandle<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new().name(name.to_owned()).spawn(move || runtime.block_on(work))
}

async fn do_jobs(work: &Work, stop: &Stop) {
    loop {
        // Failed jobs are logged already; only a failure to read which jobs are due is new here.
        if let Err(error) = schedule::run(work, JOBS, stop).await {
            log::debug!("background: {error}");
        }
        if !stop.wait(TICK).await {
            return;
        }
    }
}

async fn deliver(work: &Work, stop: &Stop) {
    let mut told = false;
    loop {
        let mut pause = TICK;
        match delivery::run(work, stop).await {
            Ok(Round::Done) => {}
            Ok(Round::Unreachable) => pause = PAUSE,
            Ok(Round::NoTransport) if told => {}
            Ok(Round::NoTransport) => {
                log::warn!("mail is waiting, but there is no way to send it: {NO_MAIL}");
                told = true;
            }
            Err(error) => log::log!(work::level(&*error), "mail could not be delivered: {error}"),
        }
        if !stop.wait(pause).await {
            return;
        }
    }
}

/// What an operator has to do if mail is not sent.
pub const NO_MAIL: &str = "set INSOMNIA_SCIM_SMTP_URL and INSOMNIA_SCIM_MAIL_FROM to send it, or \
                           INSOMNIA_SCIM_MAIL_FOLDER to write it to a folder";

impl Background {
    /// Asks the threads to stop, without waiting for them.
    pub fn ask_to_stop(&self) {
        self.stop.send_replace(true);
    }

    /// Stops the threads after the transactions and mails in flight are finished. Other nodes take
    /// over running jobs.
    pub fn stop(mut self) {
        self.ask_to_stop();
        for thread in std::mem::take(&mut self.threads) {
            if thread.join().is_err() {
                log::error!("a background thread panicked");
            }
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.ask_to_stop();
    }
}
