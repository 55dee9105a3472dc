//! A team that a page is about.

use super::{PATH, TITLE};
use crate::administration::teams;
use crate::http::base::problem::Problem;
use crate::http::console::visit::Visit;
use crate::views::teams::Team;

/// Returns the team with this id.
pub async fn read<P>(visit: &Visit<P>, id: &str) -> Result<Team, Problem> {
    let id = id.to_owned();
    visit.admin.read(move |conn, account| teams::get(conn, account, &id)).await.map(Team::from)
}

/// Returns the path of a page of the team.
pub fn path(team: &Team, rest: &str) -> String {
    format!("{PATH}/{}{rest}", team.id)
}

/// Returns the pages above a page of the team, whose own page is at `path`.
pub fn above<'a>(team: &'a Team, path: &'a str) -> [(&'a str, &'a str); 2] {
    [(TITLE, PATH), (&team.name, path)]
}
