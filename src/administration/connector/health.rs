//! The health of provisioning: what was asked and what failed, hour by hour, and what was done last.

use schemars::JsonSchema;
use serde::Serialize;

use super::{ConnectorPage, Result, page};
use crate::administration::audit;
use crate::administration::sso::certificates::{self, Validity};
use crate::enterprise::idp::Idp;
use crate::enterprise::{AccountPk, Timestamp};
use crate::store::audit::{AuditFilter, AuditRow};
use crate::store::scim_requests::{self, Outcome};
use crate::store::{Conn, enterprises};

/// The number of hours that are told about.
pub const HOURS: i64 = 48;
/// One hour in milliseconds.
const HOUR: i64 = 60 * 60 * 1000;
/// The number of the newest requests that are counted.
const COUNTED: i64 = 20_000;
/// The number of changes that are shown.
const CHANGES: i64 = 10;

/// What identity providers asked in one hour.
#[derive(Clone, Copy, Debug, JsonSchema, PartialEq, Eq, Serialize)]
pub struct HourOfRequests {
    /// The hour's beginning.
    pub at: Timestamp,
    /// The number of requests.
    pub requests: i64,
    /// The number of those that were refused or failed.
    pub failures: i64,
}

/// What one identity provider asked in the last 48 hours.
#[derive(Clone, Copy, Debug, JsonSchema, PartialEq, Serialize)]
pub struct RequestsOfProvider {
    /// The identity provider, as its `User-Agent` tells.
    pub idp: Idp,
    /// When its last request arrived.
    pub last_request_at: Timestamp,
    /// The number of requests.
    pub requests: i64,
    /// The number of those that were refused or failed.
    pub failures: i64,
    /// How long half of the requests took at most, in milliseconds.
    pub median_ms: f64,
}

/// The health of provisioning.
#[derive(Clone, Debug)]
pub struct Health {
    /// The SCIM page.
    pub page: ConnectorPage,
    /// The number of members, of members who are active, and of teams.
    pub counts: (i64, i64, i64),
    /// The last 48 hours, the oldest first.
    pub hours: Vec<HourOfRequests>,
    /// The identity providers, the one that asked last first.
    pub providers: Vec<RequestsOfProvider>,
    /// Whether there were more requests than were counted.
    pub is_cut: bool,
    /// What identity providers did last.
    pub changes: Vec<AuditRow>,
    /// Until when people can sign in by SAML.
    pub certificates: Vec<Validity>,
}

/// The changes that identity providers make to users and teams.
const ACTIONS: [&str; 6] = [
    "user.adopted",
    "user.changed",
    "user.deactivated",
    "user.deleted",
    "user.provisioned",
    "user.reactivated",
];

/// Returns the health of the account's provisioning. Of a busy connector only the newest 20,000
/// requests are counted, so that it costs the same whatever the log holds.
pub fn health(conn: &mut Conn, enterprise: AccountPk, now: Timestamp) -> Result<Health> {
    let account = enterprises::get(conn, enterprise)?;
    let since = Timestamp((now.0 / HOUR - HOURS + 1) * HOUR);
    let outcomes = scim_requests::outcomes(conn, enterprise, since, COUNTED)?;
    let actions = Some(ACTIONS.map(str::to_owned).to_vec());
    let filter = AuditFilter { actions, ..AuditFilter::default() };
    let (changes, _) = audit::list(conn, enterprise, &filter, None, CHANGES)?;
    Ok(Health {
        page: page(conn, enterprise, now)?,
        counts: (account.member_count, account.seats_members, account.team_count),
        hours: by_hour(&outcomes, since),
        providers: by_provider(&outcomes),
        is_cut: i64::try_from(outcomes.len()).is_ok_and(|count| count >= COUNTED),
        changes,
        certificates: certificates::validities(conn, enterprise, now)?,
    })
}

fn by_hour(outcomes: &[Outcome], since: Timestamp) -> Vec<HourOfRequests> {
    let hour = |index: i64| HourOfRequests {
        at: Timestamp(since.0 + index * HOUR),
        requests: 0,
        failures: 0,
    };
    let mut hours: Vec<HourOfRequests> = (0..HOURS).map(hour).collect();
    for outcome in outcomes {
        let index = usize::try_from((outcome.at.0 - since.0) / HOUR).unwrap_or(usize::MAX);
        if let Some(hour) = hours.get_mut(index) {
            hour.requests += 1;
            hour.failures += i64::from(outcome.is_failure());
        }
    }
    hours
}

fn by_provider(outcomes: &[Outcome]) -> Vec<RequestsOfProvider> {
    let mut found: Vec<(RequestsOfProvider, Vec<i64>)> = Vec::new();
    // The newest come first.
    for outcome in outcomes {
        let failures = i64::from(outcome.is_failure());
        match found.iter_mut().find(|(one, _)| one.idp == outcome.idp) {
            Some((one, durations)) => {
                one.requests += 1;
                one.failures += failures;
                durations.push(outcome.duration_us);
            }
            None => {
                let one = RequestsOfProvider {
                    idp: outcome.idp,
                    last_request_at: outcome.at,
                    requests: 1,
                    failures,
                    median_ms: 0.0,
                };
                found.push((one, vec![outcome.duration_us]));
            }
        }
    }
    let with_median = |(one, mut durations): (RequestsOfProvider, Vec<i64>)| {
        durations.sort_unstable();
        let median = durations.get(durations.len() / 2).copied().unwrap_or_default();
        RequestsOfProvider { median_ms: median as f64 / 1000.0, ..one }
    };
    found.into_iter().map(with_median).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(at: i64, idp: Idp, status: i64, duration_us: i64) -> Outcome {
        Outcome { at: Timestamp(at), idp, status, duration_us }
    }

    #[test]
    fn requests_are_counted_by_hour_and_by_provider() {
        let since = Timestamp(10 * HOUR);
        let outcomes = [
            outcome(11 * HOUR + 7, Idp::Okta, 409, 3000),
            outcome(11 * HOUR, Idp::Okta, 201, 1000),
            outcome(10 * HOUR + 1, Idp::Entra, 200, 5000),
            outcome(10 * HOUR, Idp::Okta, 200, 2000),
        ];
        let hours = by_hour(&outcomes, since);
        assert_eq!(hours.len(), 48);
        assert_eq!((hours[0].requests, hours[0].failures), (2, 0));
        assert_eq!((hours[1].requests, hours[1].failures), (2, 1));
        assert_eq!(hours[1].at, Timestamp(11 * HOUR));
        let [okta, entra] = &by_provider(&outcomes)[..] else { panic!() };
        assert_eq!((okta.idp, okta.requests, okta.failures), (Idp::Okta, 3, 1));
        assert_eq!((okta.median_ms, okta.last_request_at), (2.0, Timestamp(11 * HOUR + 7)));
        assert_eq!((entra.idp, entra.requests, entra.median_ms), (Idp::Entra, 1, 5.0));
        assert!(by_provider(&[]).is_empty());
    }
}
