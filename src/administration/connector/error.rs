//! Why the connector stays as it is.

use crate::administration::{Class, Refusal};
use crate::enterprise::connector::{LONGEST_GRACE_HOURS, Prerequisite};

/// Why the connector stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectorError {
    /// Something that enabling needs is not there; all of it is named (DOMAIN.md §7).
    #[error("SCIM cannot be enabled yet: {}.", advice(.0))]
    Missing(Vec<Prerequisite>),
    /// It is enabled already.
    #[error("SCIM is enabled already. To get a new token, refresh it.")]
    Enabled,
    /// It is not enabled.
    #[error("SCIM is not enabled in this account. Enable it first.")]
    NotEnabled,
    /// A grace period that is none.
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
