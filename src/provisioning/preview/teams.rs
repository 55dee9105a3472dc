//! Judges the groups of a list.

use std::collections::BTreeMap;

use super::PreviewedTeam;
use super::listing::Listed;
use crate::enterprise::reconciliation::ListedTeamOutcome;
use crate::enterprise::{AccountPk, TeamSource, name};
use crate::store::{Conn, StoreResult, teams};

/// The number of groups that are told about.
const MOST: usize = 1000;

/// Judges the groups that the users of the list are in.
pub fn judge(
    conn: &mut Conn,
    enterprise: AccountPk,
    listed: &[Listed],
) -> StoreResult<Vec<PreviewedTeam>> {
    let mut counts: BTreeMap<String, (&str, usize)> = BTreeMap::new();
    for group in listed.iter().flat_map(|user| &user.groups) {
        counts.entry(name::key(group)).or_insert((group, 0)).1 += 1;
    }
    counts
        .into_values()
        .take(MOST)
        .map(|(group, count)| judge_one(conn, enterprise, group, count))
        .collect()
}

fn judge_one(
    conn: &mut Conn,
    enterprise: AccountPk,
    group: &str,
    member_count: usize,
) -> StoreResult<PreviewedTeam> {
    let told = |outcome, text: String| PreviewedTeam {
        name: group.to_owned(),
        outcome,
        member_count,
        text,
    };
    if let Err(invalid) = name::check(group) {
        return Ok(told(
            ListedTeamOutcome::Refused,
            format!("The name cannot be used: {invalid}."),
        ));
    }
    Ok(match teams::by_name(conn, enterprise, group)?.map(|team| team.source) {
        None => told(ListedTeamOutcome::New, "A team would be made, linked to no organization.".to_owned()),
        Some(TeamSource::Manual) => told(
            ListedTeamOutcome::BecomesSynchronised,
            "The manual team of this name would become synchronised: its members stay, and the group's \
             join them."
                .to_owned(),
        ),
        Some(TeamSource::Scim | TeamSource::Synchronised) => told(
            ListedTeamOutcome::Kept,
            "The identity provider keeps this team already.".to_owned(),
        ),
    })
}
