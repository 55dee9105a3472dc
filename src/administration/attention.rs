//! What needs attention in an account, for its pages: the most severe first. The cost does not depend
//! on the size of the account.

use super::sso::certificates::{self, Ending};
use super::{AdministrationError, connector, plans, responsible, transfers};
use crate::enterprise::billing::SubscriptionKind;
use crate::enterprise::connector::ConnectorStatus;
use crate::enterprise::delivery::DeliveryState;
use crate::enterprise::git_sync::GitSync;
use crate::enterprise::permissions::Operation;
use crate::enterprise::plan::Plan;
use crate::enterprise::seats::Seats;
use crate::enterprise::{AccountPk, Role, Timestamp};
use crate::store::plans::PlanRow;
use crate::store::refusals::{self, RefusalRow};
use crate::store::responsible::{self as stored, ResponsibleRow};
use crate::store::sessions::SessionRow;
use crate::store::sso_health::{self, FailedSignIn};
use crate::store::transfers::TransferRow;
use crate::store::{Conn, connectors, invitation_lists};

type Result<T> = std::result::Result<T, AdministrationError>;

/// Something that needs attention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attention {
    /// The account is inactive. Names its owners, unless the reader is one.
    Inactive(Option<Vec<ResponsibleRow>>),
    /// Identity providers are not let in, because the token has ended, or there is none.
    TokenEnded(Option<Timestamp>),
    /// All seats are in use.
    NoFreeSeat(Seats),
    /// Provisioning was refused lately.
    Refused(RefusalRow),
    /// Git Sync rests, because the plan Essentials does not serve this number of active users.
    GitSyncRests(i64),
    /// The certificates of a connection have ended, or end soon.
    CertificateEnds(Ending),
    /// A sign-in by single sign-on has failed lately.
    SignInFailed(FailedSignIn),
    /// The plan ends soon.
    PlanEnds(Plan, Timestamp),
    /// So many pending invitations have mail that will not arrive, at most [`MOST_COUNTED`].
    MailLost(i64),
    /// The token of the identity provider ends soon.
    TokenEnds(Timestamp),
    /// The trial runs until then, and the account goes back to this plan.
    TrialRuns(Plan, Timestamp),
    /// An organization is offered to the reader.
    Offered(Box<TransferRow>),
    /// The account has one owner and no co-owner.
    OneOwner,
}

/// The maximum number of invitations with lost mail that are counted.
pub const MOST_COUNTED: i64 = 100;

/// Days before the end of a plan from which it is shown.
const PLAN_DAYS: i64 = 30;
/// The same for a plan that is paid by card, which goes on by itself once it is paid for.
const CARD_DAYS: i64 = 1;
/// Days before the end of a plan from which that comes before most other things.
const URGENT_DAYS: i64 = 7;
/// Hours for which a refusal or a failed sign-in counts as one of lately.
const LATELY: i64 = 24;

impl Attention {
    /// Returns the place of this in the order of severity, smallest first.
    fn place(&self, now: Timestamp) -> u8 {
        match self {
            Self::Inactive(_) => 0,
            Self::TokenEnded(_) => 1,
            Self::PlanEnds(_, at) if *at <= now.plus_days(CARD_DAYS) => 2,
            Self::Refused(_) => 3,
            Self::NoFreeSeat(_) => 4,
            Self::GitSyncRests(_) => 5,
            Self::PlanEnds(_, at) if *at <= now.plus_days(URGENT_DAYS) => 6,
            Self::CertificateEnds(_) => 7,
            Self::SignInFailed(_) => 8,
            Self::TokenEnds(_) => 9,
            Self::MailLost(_) => 10,
            Self::PlanEnds(..) => 11,
            Self::TrialRuns(..) => 12,
            Self::Offered(_) => 13,
            Self::OneOwner => 14,
        }
    }
}

/// Who reads it, and what is known of their account already.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// The account.
    pub account: AccountPk,
    /// The reader's role in it.
    pub role: Role,
    /// The reader's session.
    pub session: &'a SessionRow,
    /// The account's plan.
    pub plan: &'a PlanRow,
    /// How its seats are used.
    pub seats: &'a Seats,
    /// The present time.
    pub now: Timestamp,
}

/// Returns what needs the reader's attention, the most severe first. Only what the reader's role may
/// see is read.
pub fn of(conn: &mut Conn, reader: &Reader<'_>) -> Result<Vec<Attention>> {
    let Reader { account, role, now, .. } = *reader;
    if !reader.plan.is_active(now) {
        let ask = match role {
            Role::Owner => None,
            _ => Some(responsible::people(conn, account, Operation::ManagePlan)?),
        };
        return Ok(vec![Attention::Inactive(ask)]);
    }
    let mut found = Vec::new();
    if role != Role::Member && reader.seats.free_seat().is_err() {
        found.push(Attention::NoFreeSeat(*reader.seats));
    }
    if matches!(role, Role::Owner | Role::CoOwner) {
        found.extend(of_plan(conn, reader)?);
        found.extend(of_provisioning(conn, reader)?);
        found.extend(of_single_sign_on(conn, reader)?);
        found.extend(of_mail(conn, reader)?);
    }
    if role == Role::Owner {
        found.extend(of_owner(conn, reader)?);
    }
    found.sort_by_key(|one| one.place(now));
    Ok(found)
}

/// What only an account with advanced operations can have.
fn is_advanced(reader: &Reader<'_>) -> bool {
    reader.plan.plan.includes_advanced()
}

fn of_plan(conn: &mut Conn, reader: &Reader<'_>) -> Result<Option<Attention>> {
    let (row, now) = (reader.plan, reader.now);
    let Some(end) = row.plan_ends_at else { return Ok(None) };
    if row.plan == Plan::Trial {
        let paid = plans::waiting_payment(conn, reader.account)?;
        let next = paid.map(|payment| payment.plan).or(row.trial_from_plan);
        return Ok(Some(Attention::TrialRuns(next.unwrap_or(Plan::Essentials), end)));
    }
    let days = match plans::subscription(row, None) {
        SubscriptionKind::SelfServe => CARD_DAYS,
        SubscriptionKind::Sales | SubscriptionKind::Free => PLAN_DAYS,
    };
    Ok((end <= now.plus_days(days)).then_some(Attention::PlanEnds(row.plan, end)))
}

fn of_provisioning(conn: &mut Conn, reader: &Reader<'_>) -> Result<Vec<Attention>> {
    let connector = connectors::get(conn, reader.account)?;
    let Some(connector) = connector.filter(|row| row.enabled && is_advanced(reader)) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    let health = connector::admittance(conn, &connector, reader.now)?;
    let end = health.token().and_then(|token| token.expires_at);
    match (health.status, end) {
        (ConnectorStatus::Expired, end) => found.push(Attention::TokenEnded(end)),
        (ConnectorStatus::ExpiringSoon, Some(end)) => found.push(Attention::TokenEnds(end)),
        _ => {}
    }
    let since = reader.now.minus_hours(LATELY);
    let last = refusals::of_enterprise(conn, reader.account, 1)?.into_iter().next();
    found.extend(last.filter(|row| row.last_at >= since).map(Attention::Refused));
    Ok(found)
}

fn of_single_sign_on(conn: &mut Conn, reader: &Reader<'_>) -> Result<Vec<Attention>> {
    if !is_advanced(reader) {
        return Ok(Vec::new());
    }
    let since = reader.now.minus_hours(LATELY);
    let failed = sso_health::last_failed(conn, reader.account, since)?;
    let ending = certificates::ending(conn, reader.account, reader.now)?;
    let failed = failed.map(Attention::SignInFailed);
    Ok(ending.map(Attention::CertificateEnds).into_iter().chain(failed).collect())
}

fn of_mail(conn: &mut Conn, reader: &Reader<'_>) -> Result<Option<Attention>> {
    let mut lost = 0;
    for state in [DeliveryState::Refused, DeliveryState::GivenUp] {
        let (account, now) = (reader.account, reader.now);
        lost += invitation_lists::count_by_mail(conn, account, state, now, MOST_COUNTED)?;
    }
    Ok((lost > 0).then_some(Attention::MailLost(lost.min(MOST_COUNTED))))
}

fn of_owner(conn: &mut Conn, reader: &Reader<'_>) -> Result<Vec<Attention>> {
    let mut found = Vec::new();
    if let GitSync::TooManyUsers { active } = plans::git_sync(reader.plan) {
        found.push(Attention::GitSyncRests(active));
    }
    let offered = transfers::offered(conn, reader.session, reader.now, 0, 1)?;
    let offered = offered.items.into_iter().next();
    found.extend(offered.map(|transfer| Attention::Offered(Box::new(transfer))));
    let owners = stored::of_account(conn, reader.account, Role::Owner, 2)?;
    if owners.len() < 2 && stored::of_account(conn, reader.account, Role::CoOwner, 1)?.is_empty() {
        found.push(Attention::OneOwner);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stops_comes_before_what_will_and_before_what_is_only_worth_knowing() {
        let now = Timestamp(0);
        let seats = Seats { total: 1, members: 1, invitations: 0 };
        let end = |days| Attention::PlanEnds(Plan::Enterprise, now.plus_days(days));
        let in_order = [
            Attention::Inactive(None),
            Attention::TokenEnded(None),
            end(1),
            Attention::NoFreeSeat(seats),
            Attention::GitSyncRests(4),
            end(7),
            Attention::TokenEnds(now),
            Attention::MailLost(1),
            end(30),
            Attention::TrialRuns(Plan::Pro, now),
            Attention::OneOwner,
        ];
        let places: Vec<u8> = in_order.iter().map(|one| one.place(now)).collect();
        assert!(places.windows(2).all(|two| two[0] < two[1]), "{places:?}");
    }
}
