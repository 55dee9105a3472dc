//! Organizations, teams, storage control and reports: docs/domain.md §2, §3, §8 and *Reports*.

mod collaborators;
mod licences;
mod member_changes;
mod members;
mod merging;
mod naming;
mod onboarding;
mod reports;
mod storage;
mod teams;
mod transfers;

use insomnia_scim::store::DatabaseUrl;

use crate::support::{App, Node};

/// One more server, where the database may have several.
fn second_node(app: &App) -> Option<Node> {
    matches!(app.database.url, DatabaseUrl::Postgres(_)).then(|| app.second_node())
}
