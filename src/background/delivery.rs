//! Delivery of mail: claimed, sent, noted; tried again later if it did not work.
//!
//! What is promised. A mail whose transaction is committed is sent, or given up after three days of
//! trying, or when it is refused for good; both are seen in the table, the log and `/metrics`. A
//! claim is committed before the mail is sent and its end after, so two nodes never send the same
//! mail at once, and a mail is sent twice only where nobody can know that the first time worked:
//! where the mail server took it and its answer, or our note of it, was lost, or came later than the
//! claim lasted (a node that stood still, clocks of nodes that differ by more than a minute). Both
//! copies then have the same `Message-ID`, by which mail programs and servers know them for one.

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

/// How long an attempt may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a claim lasts: longer than an attempt, and the noting of it, may take.
const LEASE: Duration = Duration::from_secs(150);
/// The longest wait between two attempts.
const LONGEST_WAIT: Duration = Duration::from_secs(4 * 60 * 60);
/// After so long a mail is given up.
const GIVE_UP: Duration = Duration::from_secs(3 * 24 * 60 * 60);
/// Characters that are kept of what a mail server says.
const LONGEST_ERROR: usize = 500;
/// How often the end of an attempt is noted where the database does not answer, a second apart.
const NOTES: u32 = 60;

/// How a round of delivery ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// Nothing more is due, or the node stops.
    Done,
    /// The mail server takes nothing at the moment.
    Unreachable,
    /// Mail is due and there is no way to send it.
    NoTransport,
}

/// Sends what is due, one mail of each account in turn, a few at a time.
///
/// # Errors
/// The store's. What a mail server says is no error: it is kept with the mail.
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

/// What those who deliver share.
struct DeliveryRound<'a> {
    work: &'a Work,
    transport: &'a dyn Transport,
    stop: &'a Stop,
    /// Whose mail was taken last; held while the next is taken, so that everybody has a turn.
    lane: Mutex<i64>,
    /// Whether the mail server was found to take nothing.
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
        let claimed = self.work.store.write(Scope::NEW, move |transaction| {
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
            // Another server may have the key, or this one at its next start.
            Err(wrong) => (Err(Failure::Unreachable(wrong.to_string())), None),
        };
        let end = judge(result, written, mail.attempts, self.work.store.clock().now());
        tell(&end, &message_id, recipient.as_deref());
        self.note(mail, end).await
    }

    /// Sends it; where nobody takes mail from us, the others wait, too.
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

    /// Notes how an attempt ended. Worth some patience: what is not noted is sent again.
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
                    log::warn!("what became of a mail could not be noted yet: {error}");
                    tries += 1;
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
                result => return result,
            }
        }
    }
}

/// A mail that this node holds, without its text.
#[derive(Clone, Debug)]
struct Claimed {
    pk: MailPk,
    claim: String,
    attempts: i64,
    is_sealed: bool,
    /// The account and the invitation that it is of.
    invitation: Option<(AccountPk, InvitationPk)>,
}

impl Claimed {
    /// What becomes of an invitation's mail is written among the other transactions of its account.
    fn context(&self) -> WriteContext {
        let account = self.invitation.map_or(Scope::NEW, |(account, _)| Scope(account));
        WriteContext::from(account).keeping_admissions()
    }

    /// Notes the end of an attempt with the mail, and with the invitation that it is of.
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

/// What becomes of a mail after an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
enum End {
    Sent,
    PutOff(Timestamp, Reason),
    Refused(String),
    GivenUp(Reason),
}

impl End {
    /// As administrators of the account see it.
    fn shown(&self) -> (DeliveryState, Option<String>) {
        match self {
            Self::Sent => (DeliveryState::Sent, None),
            Self::PutOff(_, reason) => (DeliveryState::Waiting, Some(reason.shown())),
            Self::Refused(error) => (DeliveryState::Refused, Some(error.clone())),
            Self::GivenUp(reason) => (DeliveryState::GivenUp, Some(reason.shown())),
        }
    }
}

/// Why a mail has not been taken yet.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Reason {
    error: String,
    /// Whether it is about this server: its settings are not for the account's administrators.
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

/// How long to wait after so many attempts: a minute, then always twice as long, up to four hours.
fn wait(attempts: i64) -> Duration {
    let doublings = u32::try_from((attempts - 1).clamp(0, 16)).unwrap_or(0);
    MINUTE.saturating_mul(1 << doublings).min(LONGEST_WAIT)
}

/// The log names a mail by its id: addresses and subjects are personal, also where a mail server
/// repeats them.
fn tell(end: &End, id: &str, recipient: Option<&str>) {
    let anonymous = |error: &str| match recipient {
        Some(recipient) => error.replace(recipient, "the recipient"),
        None => error.to_owned(),
    };
    match end {
        End::Sent => log::info!("mail {id} is sent"),
        End::PutOff(until, reason) => {
            let (until, error) = (until.to_rfc3339(), anonymous(&reason.error));
            log::warn!("mail {id} is tried again at {until}: {error}");
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
