//! The SCIM page: the connector, and what provisioning could not do.

use serde_json::json;

use super::AdministrationError;
use crate::enterprise::audit::{Change, Target};
use crate::store::refusals::{self, RefusalRow};
use crate::store::{Conn, Transaction, audit, connectors, enterprises};

type Result<T> = std::result::Result<T, AdministrationError>;

/// What the SCIM page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectorPage {
    /// The connector's id, if SCIM is enabled.
    pub connector_id: Option<String>,
    /// Whether invite control also binds provisioning.
    pub invite_control_binds_scim: bool,
    /// Refusals of the last days, newest first.
    pub refusals: Vec<RefusalRow>,
}

/// How many days of refusals are shown.
const DAYS_SHOWN: i64 = 30;

/// The SCIM page of an account.
///
/// # Errors
/// The database's.
pub fn page(conn: &mut Conn, enterprise: i64) -> Result<ConnectorPage> {
    let account = enterprises::get(conn, enterprise)?;
    Ok(ConnectorPage {
        connector_id: connectors::of_enterprise(conn, enterprise)?.map(|(_, id)| id),
        invite_control_binds_scim: account.invite_control_binds_scim,
        refusals: refusals::of_enterprise(conn, enterprise, DAYS_SHOWN)?,
    })
}

/// Says whether invite control also binds provisioning (DOMAIN.md §7).
///
/// # Errors
/// The database's.
pub fn bind_invite_control(
    transaction: &mut Transaction<'_>,
    enterprise: i64,
    binds: bool,
) -> Result<ConnectorPage> {
    let before = enterprises::get(transaction, enterprise)?;
    enterprises::set_invite_control_binds_scim(transaction, enterprise, binds)?;
    let change = Change::changed(
        "connector.changed",
        Target::new("account", before.id, before.name),
        json!({"invite_control_binds_scim": before.invite_control_binds_scim}),
        json!({"invite_control_binds_scim": binds}),
    );
    audit::record(transaction, enterprise, &change)?;
    page(transaction, enterprise)
}
