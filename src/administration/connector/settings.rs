//! Settings of the connector: whether invite control applies to it, and what its log keeps.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::lifecycle::{require, target};
use super::{ConnectorPage, Result, page};
use crate::administration::AdministrationError;
use crate::enterprise::AccountPk;
use crate::enterprise::audit::{Change, Target};
use crate::store::connectors::{self, ConnectorRow};
use crate::store::{Transaction, audit, enterprises};

/// Changes to the connector's settings; fields that are left out stay as they are.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq)]
#[schemars(rename = "ConnectorChanges")]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Whether invite control also binds the members that SCIM provisions.
    pub invite_control_binds_scim: Option<bool>,
    /// Whether the request log keeps names, addresses and other personal values unmasked.
    pub log_personal_values: Option<bool>,
    /// Days for which the request log keeps each request, 1 to 365.
    #[schemars(range(min = 1, max = 365))]
    pub log_days: Option<i64>,
}

/// Changes the connector's settings (docs/domain.md §7).
///
/// # Errors
/// Fails if the number of days is out of range, or if a setting of the log is changed before SCIM
/// was ever enabled.
pub fn change(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    settings: Settings,
) -> Result<ConnectorPage> {
    if settings.log_days.is_some_and(|days| !(1..=365).contains(&days)) {
        return Err(AdministrationError::InvalidValue {
            field: "log_days",
            reason: "a number from 1 to 365".to_owned(),
        });
    }
    let account = enterprises::get(transaction, enterprise)?;
    let mut what = Target::new("connector", "", "SCIM");
    let (mut before, mut after) = (json!({}), json!({}));
    if let Some(binds) = settings.invite_control_binds_scim {
        before["invite_control_binds_scim"] = account.invite_control_binds_scim.into();
        after["invite_control_binds_scim"] = binds.into();
        enterprises::set_invite_control_binds_scim(transaction, enterprise, binds)?;
    }
    if settings.log_personal_values.is_some() || settings.log_days.is_some() {
        let row = require(transaction, enterprise)?;
        let changed = ConnectorRow {
            log_personal_values: settings.log_personal_values.unwrap_or(row.log_personal_values),
            log_days: settings.log_days.unwrap_or(row.log_days),
            ..row.clone()
        };
        connectors::save(transaction, &changed)?;
        what = target(&row);
        note(&mut before, &row);
        note(&mut after, &changed);
    }
    audit::record(
        transaction,
        enterprise,
        &Change::changed("connector.changed", what, before, after),
    )?;
    let now = transaction.now();
    page(transaction, enterprise, now)
}

fn note(into: &mut Value, row: &ConnectorRow) {
    into["log_personal_values"] = row.log_personal_values.into();
    into["log_days"] = row.log_days.into();
}
