//! The SCIM page: the connector, its tokens, and refused SCIM requests (docs/domain.md §7).

pub mod due;
mod error;
mod health;
mod lifecycle;
pub mod requests;
mod settings;
pub mod why;

use super::AdministrationError;
use crate::enterprise::connector::{self as rules, ConnectorStatus, Credentials, Prerequisite};
use crate::enterprise::{AccountPk, Timestamp};
use crate::store::connectors::{ConnectorRow, TokenRow};
use crate::store::refusals::{self, RefusalRow};
use crate::store::{Conn, connectors, enterprises, oauth};

pub use error::ConnectorError;
pub use health::{HOURS, Health, HourOfRequests, RequestsOfProvider, health};
pub(in crate::administration) use lifecycle::require_enabled;
pub use lifecycle::{MadeToken, RefreshWish, TokenWish, disable, enable, end_token, refresh};
pub use settings::{Settings, change};

type Result<T> = std::result::Result<T, AdministrationError>;

/// The content of the SCIM page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectorPage {
    /// The connector, if SCIM was ever enabled.
    pub connector: Option<ConnectorRow>,
    /// The state that results from its switch and its credentials.
    pub status: ConnectorStatus,
    /// Tokens that are valid, and the one that has expired.
    pub tokens: Vec<TokenRow>,
    /// Prerequisites of SCIM that the account does not meet (any more).
    pub missing: Vec<Prerequisite>,
    /// Texts that tell administrators what needs their attention.
    pub warnings: Vec<String>,
    /// Whether invite control also binds provisioning.
    pub invite_control_binds_scim: bool,
    /// The refused SCIM requests of the last days, newest first.
    pub refusals: Vec<RefusalRow>,
}

/// Whether a connector lets its identity provider in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admittance {
    /// The state that results from its switch and its credentials.
    pub status: ConnectorStatus,
    /// Tokens that are valid, and the one that has expired.
    pub tokens: Vec<TokenRow>,
}

impl Admittance {
    /// Returns the newest token, which no other has taken the place of.
    pub fn token(&self) -> Option<&TokenRow> {
        self.tokens.iter().find(|token| token.superseded_at.is_none())
    }
}

/// Returns whether a connector lets its identity provider in.
pub fn admittance(conn: &mut Conn, connector: &ConnectorRow, now: Timestamp) -> Result<Admittance> {
    if !connector.enabled {
        return Ok(Admittance { status: ConnectorStatus::Disabled, tokens: Vec::new() });
    }
    let tokens = connectors::living(conn, connector.pk, now)?;
    let current = tokens.iter().find(|token| token.superseded_at.is_none());
    let credentials = match current {
        Some(token) => Credentials::Token(token.expires_at),
        None if oauth::clients(conn, connector.pk, 0, 1)?.is_empty() => Credentials::Nothing,
        None => Credentials::ClientsOnly,
    };
    Ok(Admittance { status: rules::status(true, credentials, now), tokens })
}

/// The number of days for which refusals are shown.
const DAYS_SHOWN: i64 = 30;

/// Returns the SCIM page of an account.
pub fn page(conn: &mut Conn, enterprise: AccountPk, now: Timestamp) -> Result<ConnectorPage> {
    let account = enterprises::get(conn, enterprise)?;
    let missing = connectors::standing(conn, enterprise, now)?.missing();
    let connector = connectors::get(conn, enterprise)?;
    let mut admittance = Admittance { status: ConnectorStatus::Disabled, tokens: Vec::new() };
    let mut warnings = Vec::new();
    if let Some(row) = connector.as_ref().filter(|row| row.enabled) {
        admittance = self::admittance(conn, row, now)?;
        warnings.extend(warning(admittance.status, admittance.token()));
        // A missing prerequisite does not stop provisioning: members must not be cut off because a
        // domain is moved to another account.
        warnings.extend(missing.iter().map(|what| {
            format!("SCIM goes on, but could not be enabled again now: {}.", what.advice())
        }));
    }
    Ok(ConnectorPage {
        connector,
        status: admittance.status,
        tokens: admittance.tokens,
        missing,
        warnings,
        invite_control_binds_scim: account.invite_control_binds_scim,
        refusals: refusals::of_enterprise(conn, enterprise, DAYS_SHOWN)?,
    })
}

fn warning(status: ConnectorStatus, token: Option<&TokenRow>) -> Option<String> {
    let end = token.and_then(|token| token.expires_at).map(|at| at.to_rfc3339());
    match (status, end) {
        (ConnectorStatus::ExpiringSoon, Some(end)) => Some(format!(
            "The SCIM token ends at {end}. Refresh it and enter the new one in your identity \
             provider, so that provisioning does not stop."
        )),
        (ConnectorStatus::Expired, Some(end)) => Some(format!(
            "The SCIM token ended at {end}, and provisioning with it has stopped. Refresh it and \
             enter the new one in your identity provider."
        )),
        (ConnectorStatus::Expired, None) => Some(
            "There is no SCIM token and no OAuth client, so nobody can provision. Make a token with \
             Refresh, or an OAuth client."
                .to_owned(),
        ),
        _ => None,
    }
}
