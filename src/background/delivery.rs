//! Delivery of mail: claim, send, record the result; retry later on failure.
//!
//! Guarantees: a mail whose transaction is committed is sent, or given up after three days of
//! attempts or a permanent refusal. Both results are visible in the table, the log and `/metrics`.
//! A claim is committed before the mail is sent and the result after, so two nodes never send the
//! same mail at the same time. A mail is sent twice only if the first success cannot be known: the
//! mail server accepted it, but its answer or our record of it was lost or came after the claim
//! expired (a node that hung, or clocks of nodes that differ by more than a minute). Both copies
//! then have the same `Message-ID`, by which mail programs and servers recognize duplicates.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;

use super::stop::Stop;
use super::work::{JobError, MINUTE, Work};
use crate::enterprise::delivery::{Delivery, DeliveryState, NO_MAIL_SERVER};
use crate::enterprise::{AccountPk, InvitationPk, MailPk, Timestamp, id};
use crate::outside::mail::{Failure, Mail, Transport};
use crate::store::outbox::{self, MailRow};
use crate::store::{Cost, Scope, StoreResult, Transaction, WriteContext, invitation_delivery};

/// The timeout of an attempt.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a claim lasts: longer than an attempt and recording its result can take.
const LEASE: Duration = Duration::from_secs(150);
/// The longest wait between two attempts.
const LONGEST_WAIT: Duration = Duration::from_secs(4 * 60 * 60);
/// The age at which an undelivered mail is given up.
const GIVE_UP: Duration = Duration::from_secs(3 * 24 * 60 * 60);
/// The maximum number of characters that are kept of a mail server's error.
const LONGEST_ERROR: usize = 500;
/// How often recording a result is retried while the database does not answer, once a second.
const NOTES: u32 = 60;

/// The result of a delivery round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// No more mail is due, or the node is stopping.
    Done,
    /// The mail server accepts no mail at the moment.
    Unreachable,
    /// Mail is due, but no transport is configured.
    NoTransport,
}

/// Sends all due mail, one mail of each account in turn, a few at a time. A mail server's refusal
/// is not an error: it is stored with the mail.
pub async fn run(work: &Work, stop: &Stop) -> Result<Round, JobError> {
    let now = work.store.clock().now();
    if !work.store.read(Cost::Point, move |conn| outbox::any_due(conn, now)).await? {
        return Ok(Round::Done);
    }
    let Some(transport) = work.mail.as_deref() else { return Ok(Round::NoTransport) };
    let turn = DeliveryRound {
        work,
        transport,
        stop,
        lane: Mutex::new(-1),
        closed: AtomicBool::new(false),
    };
    let ends = tokio::join!(turn.deliver(), turn.deliver(), turn.deliver(), turn.deliver());
    ends.0.and(ends.1).and(ends.2).and(ends.3)?;
    Ok(if turn.closed.into_inner() { Round::Unreachable } else { Round::Done })
}

/// The state that the concurrent senders of a round share.
struct DeliveryRound<'a> {
    work: &'a Work,
    transport: &'a dyn Transport,
    stop: &'a Stop,
    /// The account whose mail was claimed last; locked during the next claim, so that every account
    /// has its turn.
    lane: Mutex<i64>,
    /// Whether the mail server was found to accept no mail.
    closed: AtomicBool,
}

impl DeliveryRound<'_> {
    async fn deliver(&self) -> StoreResult<()> {
        while !self.closed.load(Ordering::Relaxed) && !self.stop.is_asked() {
            let claim = id::claim();
            let Some(row) = self.claim(claim.clone()).await? else { return Ok(()) };
            self.attempt(row, claim).await?;
        }
        Ok(())
    }

    async fn claim(&self, claim: String) -> StoreResult<Option<MailRow>> {
        let mut lane = self.lane.lock().await;
        let last = *lane;
        let claimed = self.work.store.write(Scope::NONE, move |transaction| {
            let now = transaction.now();
            outbox::claim(transaction, last, &claim, now, now.plus(LEASE))
        });
        let row = claimed.await?;
        *lane = row.as_ref().map_or(last, |row| row.lane);
        Ok(row)
    }

    async fn attempt(&self, row: MailRow, claim: String) -> StoreResult<()> {
        let mail = Claimed {
            pk: row.pk,
            claim,
            attempts: row.attempts,
            is_sealed: row.is_sealed(),
            invitation: row.invitation_pk.map(|invitation| (AccountPk(row.lane), invitation)),
        };
        let written = row.created_at;
        let message_id = row.message_id.clone();
        let (result, recipient) = match row.open(self.work.store.keyring().as_deref()) {
            Ok(row) => {
                let letter = as_mail(row);
                (self.send(&letter).await, Some(letter.recipient))
            }
            // Retried, because another node may have the key, or this one after its next start.
            Err(wrong) => (Err(Failure::Unreachable(wrong.to_string())), None),
        };
        let end = judge(result, written, mail.attempts, self.work.store.clock().now());
        tell(&end, &message_id, recipient.as_deref());
        self.note(mail, end).await
    }

    /// Sends the mail. If the mail server accepts nothing from us, the round ends for all other
    /// mails, too.
    async fn send(&self, letter: &Mail) -> Result<(), Failure> {
        let sending = tokio::time::timeout(PATIENCE, self.transport.send(letter));
        let result = sending.await.unwrap_or_else(|_| {
            Err(Failure::Temporary("the mail server did not answer in time".to_owned()))
        });
        if matches!(result, Err(Failure::Unreachable(_))) {
            self.closed.store(true, Ordering::Relaxed);
        }
        result.map_err(|failure| failure.in_one_line(LONGEST_ERROR))
    }

    /// Records the result of an attempt, with retries: a mail whose result is lost is sent again.
    async fn note(&self, mail: Claimed, end: End) -> StoreResult<()> {
        let mut tries = 1;
        loop {
            let (mail, end) = (mail.clone(), end.clone());
            let noted = self
                .work
                .store
                .write(mail.context(), move |transaction| mail.settle(transaction, &end));
            match noted.await {
                Err(error) if tries < NOTES => {
                    log::warn!("the result of sending a mail cannot be recorded yet: {error}");
                    tries += 1;
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
                result => return result,
            }
        }
    }
}

/// A mail that this node has claimed, without its text.
#[derive(Clone, Debug)]
struct Claimed {
    pk: MailPk,
    claim: String,
    attempts: i64,
    is_sealed: bool,
    /// The account and the invitation that the mail belongs to, if it is an invitation's.
    invitation: Option<(AccountPk, InvitationPk)>,
}

impl Claimed {
    /// Results of an invitation's mail are written on the writer of its account.
    fn context(&self) -> WriteContext {
        let account = Scope::from(self.invitation.map(|(account, _)| account));
        WriteContext::from(account).keeping_admissions()
    }

    /// Records the result with the mail, and with the invitation that it belongs to.
    fn settle(&self, transaction: &mut Transaction<'_>, end: &End) -> StoreResult<()> {
        let (mail, claim, now) = (self.pk, &self.claim, transaction.now());
        let held = match end {
            End::Sent => outbox::sent(transaction, mail, now).map(|()| true)?,
            End::PutOff(until, reason) => {
                outbox::put_off(transaction, mail, self.is_sealed, claim, &reason.error, *until)?
            }
            End::Refused(error) => outbox::give_up(transaction, mail, claim, error, now)?,
            End::GivenUp(reason) => outbox::give_up(transaction, mail, claim, &reason.error, now)?,
        };
        let Some((_, invitation)) = self.invitation.filter(|_| held) else { return Ok(()) };
        let (state, detail) = end.shown();
        let delivery = Delivery { state, at: now, attempts: self.attempts, detail };
        invitation_delivery::note(transaction, invitation, mail, &delivery)
    }
}

fn as_mail(row: MailRow) -> Mail {
    Mail {
        message_id: row.message_id,
        recipient: row.recipient,
        subject: row.subject,
        text: row.body,
        html: row.html,
        date: row.created_at,
    }
}

/// The result of an attempt to send a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
enum End {
    Sent,
    PutOff(Timestamp, Reason),
    Refused(String),
    GivenUp(Reason),
}

impl End {
    /// Returns the state and the reason that the account's administrators see.
    fn shown(&self) -> (DeliveryState, Option<String>) {
        match self {
            Self::Sent => (DeliveryState::Sent, None),
            Self::PutOff(_, reason) => (DeliveryState::Waiting, Some(reason.shown())),
            Self::Refused(error) => (DeliveryState::Refused, Some(error.clone())),
            Self::GivenUp(reason) => (DeliveryState::GivenUp, Some(reason.shown())),
        }
    }
}

/// The reason why a mail has not been accepted yet.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Reason {
    error: String,
    /// Whether the cause is this server's configuration, which the account's administrators must
    /// not see.
    is_ours: bool,
}

impl Reason {
    fn shown(&self) -> String {
        if self.is_ours { NO_MAIL_SERVER.to_owned() } else { self.error.clone() }
    }
}

fn judge(result: Result<(), Failure>, written: Timestamp, attempts: i64, now: Timestamp) -> End {
    let reason = match result {
        Ok(()) => return End::Sent,
        Err(Failure::Permanent(error)) => return End::Refused(error),
        Err(Failure::Temporary(error)) => Reason { error, is_ours: false },
        Err(Failure::Unreachable(error)) => Reason { error, is_ours: true },
    };
    let until = now.plus(wait(attempts));
    if until > written.plus(GIVE_UP) { End::GivenUp(reason) } else { End::PutOff(until, reason) }
}

/// Returns the wait after this many attempts: a minute, doubled each time, up to four hours.
fn wait(attempts: i64) -> Duration {
    let doublings = u32::try_from((attempts - 1).clamp(0, 16)).unwrap_or(0);
    MINUTE.saturating_mul(1 << doublings).min(LONGEST_WAIT)
}

/// Logs the result of an attempt. The log names a mail by its id, because addresses and subjects
/// are personal, also where a mail server's answer repeats them.
fn tell(end: &End, id: &str, recipient: Option<&str>) {
    let anonymous = |error: &str| match recipient {
        Some(recipient) => error.replace(recipient, "the recipient"),
        None => error.to_owned(),
    };
    match end {
        End::Sent => log::info!("mail {id} is sent"),
        End::PutOff(until, reason) => {
            let (until, error) = (until.to_rfc3339(), anonymous(&reason.error));
            log::warn!("mail {id} will be sent again at {until}: {error}");
        }
        End::Refused(error) | End::GivenUp(Reason { error, .. }) => {
            log::error!("mail {id} is given up: {}", anonymous(error));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp(1_000_000);

    #[test]
    fn waits_double_from_a_minute_to_four_hours() {
        let minutes: Vec<u64> = (1..=12).map(|attempt| wait(attempt).as_secs() / 60).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240, 240]);
        assert_eq!(wait(i64::MAX), LONGEST_WAIT);
        assert_eq!(wait(0), MINUTE);
    }

    #[test]
    fn a_temporary_failure_is_put_off_for_three_days_at_most() {
        let temporary = || Err(Failure::Temporary("451".to_owned()));
        let reason = || Reason { error: "451".to_owned(), is_ours: false };
        let soon = judge(temporary(), START, 1, START);
        assert_eq!(soon, End::PutOff(START.plus(MINUTE), reason()));
        let (mut now, mut attempts) = (START, 0);
        loop {
            attempts += 1;
            match judge(temporary(), START, attempts, now) {
                End::PutOff(until, _) => now = until,
                end => break assert_eq!(end, End::GivenUp(reason())),
            }
        }
        assert!(now <= START.plus(GIVE_UP) && now.plus(LONGEST_WAIT) > START.plus(GIVE_UP));
    }

    #[test]
    fn a_permanent_failure_is_given_up_at_once() {
        let end = judge(Err(Failure::Permanent("550".to_owned())), START, 1, START);
        assert_eq!(end, End::Refused("550".to_owned()));
        assert_eq!(end.shown(), (DeliveryState::Refused, Some("550".to_owned())));
    }

    #[test]
    fn what_is_wrong_with_us_is_for_operators_to_read() {
        let failure = || Err(Failure::Unreachable("mail.intern:25 refused".to_owned()));
        for (now, state) in
            [(START, DeliveryState::Waiting), (START.plus(GIVE_UP), DeliveryState::GivenUp)]
        {
            let shown = judge(failure(), START, 1, now).shown();
            assert_eq!(shown, (state, Some(NO_MAIL_SERVER.to_owned())));
        }
    }
}
