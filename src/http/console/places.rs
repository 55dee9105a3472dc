//! Organizations and teams to choose from, in forms of which one is a field. An account can have more
//! than a list to choose from should hold: then the reader searches first.

use maud::{Markup, html};

use crate::administration::listing::Position;
use crate::administration::{organization_list, team_lists};
use crate::enterprise::search::Search;
use crate::http::admin::administrator::Administrator;
use crate::http::base::problem::Problem;
use crate::http::pages::parts::Choice;

/// The maximum number of places of each kind to choose from.
const MOST: i64 = 100;

/// What can be chosen.
pub struct Places {
    /// Values and labels.
    items: Vec<(String, String)>,
    /// Whether there are more of them, which a search finds.
    has_more: bool,
}

impl Places {
    /// Finds organizations: values are their ids.
    ///
    /// # Errors
    /// Fails if the database does.
    pub async fn organizations<P>(admin: &Administrator<P>, wanted: &str) -> Result<Self, Problem> {
        let wanted = Search::parse(wanted);
        let found = admin
            .read_page(move |conn, account| {
                let start = Position::default();
                organization_list::find(conn, account, wanted.as_ref(), (&start, MOST))
            })
            .await?;
        let has_more = found.next.is_some();
        Ok(Self {
            items: found.items.into_iter().map(|row| (row.id, row.name)).collect(),
            has_more,
        })
    }

    /// Finds organizations and teams: values are `organization:` or `team:` and the id.
    ///
    /// # Errors
    /// Fails if the database does.
    pub async fn all<P>(admin: &Administrator<P>, wanted: &str) -> Result<Self, Problem> {
        let organizations = Self::organizations(admin, wanted).await?;
        let filter = team_lists::Filter { search: Search::parse(wanted), ..Default::default() };
        let teams = admin
            .read_page(move |conn, account| {
                team_lists::list(conn, account, &filter, (&Position::default(), MOST))
            })
            .await?;
        let has_more = organizations.has_more || teams.next.is_some();
        let organizations = organizations
            .items
            .into_iter()
            .map(|(id, name)| (format!("organization:{id}"), format!("Organization {name}")));
        let teams = teams.items.into_iter().map(|linked| {
            (format!("team:{}", linked.team.id), format!("Team {}", linked.team.name))
        });
        Ok(Self { items: organizations.chain(teams).collect(), has_more })
    }

    /// Returns the values of a field.
    pub fn choices(&self) -> Vec<Choice<'_>> {
        self.items.iter().map(|(value, label)| Choice { value, label, hint: "" }).collect()
    }

    /// Renders the field that finds others, if there are others; `kept` is sent along.
    pub fn search(&self, label: &str, wanted: &str, kept: &[(&str, &str)]) -> Markup {
        html! {
            @if self.has_more || !wanted.is_empty() {
                form.search method="get" role="search" {
                    @for (name, value) in kept { input type="hidden" name=(name) value=(value); }
                    div.field {
                        label for="place" { (label) }
                        input id="place" type="search" name="place" value=(wanted) maxlength="255"
                            autocomplete="off";
                    }
                    button { "Search" }
                }
            }
        }
    }
}
