//! Plans (DOMAIN.md §1).

use super::role::words;

words! {
    /// What an account has bought.
    Plan {
        /// The free plan.
        Essentials = "essentials",
        /// The small paid plan.
        Pro = "pro",
        /// The plan with domains, SSO and SCIM.
        Enterprise = "enterprise",
        /// Enterprise for a limited time.
        Trial = "trial",
    }
}

impl Plan {
    /// Whether the plan includes the advanced operations (DOMAIN.md §1): domains, single sign-on,
    /// provisioning, teams, invite and storage control.
    pub const fn includes_advanced(self) -> bool {
        matches!(self, Self::Enterprise | Self::Trial)
    }

    /// Whether the plan includes provisioning.
    pub const fn includes_scim(self) -> bool {
        matches!(self, Self::Enterprise | Self::Trial)
    }
}
