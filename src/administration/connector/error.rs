//! Errors of the connector's use cases.

use crate::administration::{Class, Refusal};
use crate::enterprise::connector::{LONGEST_GRACE_HOURS, Prerequisite};

/// Why a change to the connector is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectorError {
    /// Prerequisites of SCIM are missing; lists all of them (docs/domain.md §7).
    #[error("SCIM cannot be enabled yet: {}.", advice(.0))]
    Missing(Vec<Prerequisite>),
    /// SCIM is already enabled.
    #[error("SCIM is enabled already. To get a new token, refresh it.")]
    Enabled,
    /// SCIM is not enabled.
    #[error("SCIM is not enabled in this account. Enable it first.")]
    NotEnabled,
    /// The grace period is out of range.
    #[error("grace_hours: a number from 0 to {LONGEST_GRACE_HOURS}.")]
    Grace,
}

fn advice(missing: &[Prerequisite]) -> String {
    missing.iter().map(|what| what.advice()).collect::<Vec<_>>().join("; ")
}

impl Refusal for ConnectorError {
    fn class(&self) -> Class {
        match self {
            Self::Missing(_) => Class::Forbidden,
            Self::Enabled | Self::NotEnabled => Class::Conflict,
            Self::Grace => Class::Invalid,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Missing(_) => "scim-prerequisites",
            Self::Enabled => "scim-enabled",
            Self::NotEnabled => "scim-not-enabled",
            Self::Grace => "invalid-value",
        }
    }
}
