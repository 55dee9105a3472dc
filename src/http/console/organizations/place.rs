//! What stands on every page of one organization: its name, the visitor's role, its tabs.

use maud::{Markup, html};

use super::{PATH, TITLE};
use crate::administration::{organizations, storage};
use crate::enterprise::reach::by_account_role;
use crate::enterprise::{OrganizationRole, Role};
use crate::http::base::problem::Problem;
use crate::http::console::frame::Frame;
use crate::http::console::visit::Visit;
use crate::http::console::words::Label;
use crate::http::pages::parts::{Tab, Tone, badge, tabs};
use crate::views::storage::OrganizationStorage;

/// An organization as its visitor sees it.
pub struct Organization {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The path of its page.
    pub path: String,
    /// The visitor's role in it.
    pub role: OrganizationRole,
    /// Where its content may be kept.
    pub storage: OrganizationStorage,
}

/// Reads the organization in the path, which the visitor administers.
///
/// # Errors
/// Fails if it does not exist.
pub async fn read<P>(visit: &Visit<P>, id: &str) -> Result<Organization, Problem> {
    let id = id.to_owned();
    // Who is let in without such a role in the account is an admin of the organization.
    let role = by_account_role(visit.admin.role);
    let role = role.map_or(OrganizationRole::Admin, |(_, role)| role);
    let (row, rule) = visit
        .admin
        .read(move |conn, account| {
            let row = organizations::require(conn, account, &id)?;
            let rule = storage::of_organization(conn, account, &id)?;
            Ok((row, rule))
        })
        .await?;
    let path = format!("{PATH}/{}", row.id);
    Ok(Organization { path, id: row.id, name: row.name, role, storage: rule.into() })
}

/// A tab of an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Who reaches it, and who is invited.
    Collaborators,
    /// The linked teams.
    Teams,
    /// Where content may be kept.
    Storage,
    /// Whom invitations may go to.
    Invites,
    /// Its name.
    Profile,
    /// Its transfer and its end.
    Advanced,
}

impl Shown {
    const ALL: [Self; 6] = [
        Self::Collaborators,
        Self::Teams,
        Self::Storage,
        Self::Invites,
        Self::Profile,
        Self::Advanced,
    ];

    /// Returns what the tab says.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Collaborators => "Collaborators",
            Self::Teams => "Teams",
            Self::Storage => "Storage",
            Self::Invites => "Invites",
            Self::Profile => "Profile",
            Self::Advanced => "Advanced",
        }
    }

    /// Returns the end of the tab's path.
    pub const fn end(self) -> &'static str {
        match self {
            Self::Collaborators => "/collaborators",
            Self::Teams => "/teams",
            Self::Storage => "/storage",
            Self::Invites => "/invites",
            Self::Profile => "/profile",
            Self::Advanced => "/advanced",
        }
    }

    /// Returns whether somebody with this role in the account, and this one in the organization,
    /// finds the tab.
    fn is_for(self, account: Option<Role>, organization: OrganizationRole) -> bool {
        match self {
            Self::Storage => true,
            Self::Collaborators | Self::Profile => organization >= OrganizationRole::Admin,
            Self::Teams | Self::Invites | Self::Advanced => {
                matches!(account, Some(Role::Owner | Role::CoOwner))
            }
        }
    }
}

impl Organization {
    /// Returns the path of a page of the organization.
    pub fn at(&self, rest: &str) -> String {
        format!("{}{rest}", self.path)
    }

    /// Returns the path of a tab.
    pub fn tab(&self, shown: Shown) -> String {
        self.at(shown.end())
    }

    /// Returns the pages above a tab.
    pub fn above(&self) -> [(&str, &str); 2] {
        [(TITLE, PATH), (&self.name, &self.path)]
    }
}

/// Renders a tab with the organization's header.
pub fn page(frame: &Frame, organization: &Organization, shown: Shown, content: &Markup) -> Markup {
    let role = frame.role();
    let links: Vec<(Shown, String)> = Shown::ALL
        .into_iter()
        .filter(|tab| tab.is_for(role, organization.role))
        .map(|tab| (tab, frame.link(&organization.tab(tab))))
        .collect();
    let all: Vec<Tab<'_>> = links
        .iter()
        .map(|(tab, href)| Tab { label: tab.title(), href, is_current: *tab == shown })
        .collect();
    html! {
        header {
            div {
                h1 { (organization.name) }
                p.lead {
                    "Your role: " (organization.role.label()) " · Storage allowed: "
                    @for kind in &organization.storage.allowed { (badge(Tone::Neutral, kind.label())) " " }
                }
            }
        }
        (tabs("The organization", &all))
        (content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_finds_its_tabs_and_no_others() {
        let found = |account, organization| {
            let all = Shown::ALL.into_iter().filter(|tab| tab.is_for(account, organization));
            all.map(Shown::title).collect::<Vec<_>>()
        };
        for role in [Role::Owner, Role::CoOwner] {
            assert_eq!(found(Some(role), OrganizationRole::Admin).len(), 6, "{role}");
        }
        let admin = found(Some(Role::Member), OrganizationRole::Admin);
        assert_eq!(admin, ["Collaborators", "Storage", "Profile"]);
        assert_eq!(found(Some(Role::Member), OrganizationRole::Member), ["Storage"]);
        assert_eq!(found(Some(Role::BillingOnly), OrganizationRole::Member), ["Storage"]);
    }
}
