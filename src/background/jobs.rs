//! The recurring jobs.

use std::time::Duration;

use super::work::{Job, MINUTE};
use super::{certificates, connectors, domains, expiry, plans, pruning, reminders, rules};

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// All jobs. A new job only needs a line here.
pub const JOBS: &[Job] = &[
    Job {
        name: "expire-invitations",
        every: MINUTE,
        run: |work| Box::pin(expiry::invitations(work)),
    },
    Job {
        name: "remind-invitations",
        every: HOUR,
        run: |work| Box::pin(reminders::invitations(work)),
    },
    Job { name: "expire-transfers", every: MINUTE, run: |work| Box::pin(expiry::transfers(work)) },
    Job { name: "prune-activity", every: HOUR, run: |work| Box::pin(pruning::activity(work)) },
    Job { name: "end-plans", every: MINUTE, run: |work| Box::pin(plans::carry_out(work)) },
    Job {
        name: "warn-of-scim-tokens",
        every: MINUTE,
        run: |work| Box::pin(connectors::warn(work)),
    },
    Job { name: "look-at-domains", every: MINUTE, run: |work| Box::pin(domains::look_again(work)) },
    Job {
        name: "warn-of-certificates",
        every: DAY,
        run: |work| Box::pin(certificates::warn(work)),
    },
    Job {
        name: "follow-rules",
        every: Duration::from_secs(5 * 60),
        run: |work| Box::pin(rules::follow(work)),
    },
    Job { name: "prune-scim-requests", every: HOUR, run: |work| Box::pin(connectors::prune(work)) },
    Job { name: "prune-mail", every: HOUR, run: |work| Box::pin(pruning::mail(work)) },
    Job {
        name: "prune-app-changes",
        every: Duration::from_secs(5 * 60),
        run: |work| Box::pin(pruning::app_changes(work)),
    },
    Job {
        name: "prune-session-ends",
        every: HOUR,
        run: |work| Box::pin(pruning::session_ends(work)),
    },
    Job { name: "prune-sign-ins", every: HOUR, run: |work| Box::pin(pruning::sign_ins(work)) },
    Job { name: "prune-sign-ups", every: HOUR, run: |work| Box::pin(pruning::sign_ups(work)) },
    Job { name: "prune-tokens", every: HOUR, run: |work| Box::pin(pruning::tokens(work)) },
    Job { name: "prune-walks", every: HOUR, run: |work| Box::pin(pruning::walks(work)) },
];
