//! The menu: which pages a role finds.

use crate::enterprise::Role;

/// A page in the menu.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// What the menu says.
    pub label: &'static str,
    /// The path below the server's URL.
    pub path: &'static str,
    roles: &'static [Role],
    /// Whether the page belongs to Enterprise Controls.
    pub is_control: bool,
    /// Whether only Enterprise and the trial include what the page is for.
    pub is_advanced: bool,
}

const ALL: &[Role] = Role::ALL;
const ADMINISTRATORS: &[Role] = &[Role::Owner, Role::CoOwner];
const PAYERS: &[Role] = &[Role::Owner, Role::CoOwner, Role::BillingOnly];

const fn control(label: &'static str, path: &'static str) -> Entry {
    Entry { label, path, roles: ADMINISTRATORS, is_control: true, is_advanced: false }
}

const fn advanced(label: &'static str, path: &'static str) -> Entry {
    Entry { is_advanced: true, ..control(label, path) }
}

/// The pages, in the order of the menu.
pub const ENTRIES: &[Entry] = &[
    Entry { is_control: false, ..control("Home", "/app") },
    Entry {
        roles: ALL,
        is_control: false,
        ..control("Your organizations", "/app/dashboard/organizations")
    },
    control("Overview", "/app/enterprise"),
    advanced("Teams", "/app/enterprise/team"),
    control("Members", "/app/enterprise/members"),
    control("Co-owners", "/app/enterprise/co-owners"),
    Entry { roles: PAYERS, ..control("Licenses", "/app/enterprise/licenses") },
    advanced("Domains", "/app/enterprise/domains/list"),
    advanced("Invites", "/app/enterprise/invite"),
    advanced("SSO", "/app/enterprise/sso/list"),
    advanced("SCIM", "/app/enterprise/scim"),
    advanced("Storage", "/app/enterprise/storage"),
    control("Activity & reports", "/app/enterprise/reports"),
    control("Audit log", "/app/enterprise/audit-log"),
    Entry { roles: PAYERS, ..control("Plan & billing", "/app/billing") },
];

/// Returns the pages that a role finds.
pub fn of(role: Role) -> impl Iterator<Item = &'static Entry> {
    ENTRIES.iter().filter(move |entry| entry.roles.contains(&role))
}

impl Entry {
    /// Returns whether a path is this page or one below it.
    pub fn holds(&self, path: &str) -> bool {
        let own = self.path.strip_suffix("/list").unwrap_or(self.path);
        path == self.path
            || !matches!(own, "/app" | "/app/enterprise")
                && path
                    .strip_prefix(own)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_finds_its_pages_and_no_others() {
        let labels = |role| of(role).map(|entry| entry.label).collect::<Vec<_>>();
        assert_eq!(labels(Role::Member), ["Your organizations"]);
        assert_eq!(labels(Role::BillingOnly), ["Your organizations", "Licenses", "Plan & billing"]);
        assert_eq!(labels(Role::Owner), labels(Role::CoOwner));
        assert_eq!(labels(Role::Owner).len(), ENTRIES.len());
    }

    #[test]
    fn a_page_belongs_to_one_entry_at_most() {
        for (path, label) in [
            ("/app", Some("Home")),
            ("/app/enterprise/team/team_1", Some("Teams")),
            ("/app/enterprise/domains/dom_1", Some("Domains")),
            ("/app/enterprise/teams", None),
            ("/app/account", None),
        ] {
            let found: Vec<_> = ENTRIES.iter().filter(|entry| entry.holds(path)).collect();
            assert_eq!(found.iter().map(|entry| entry.label).next(), label, "{path}");
            assert!(found.len() <= 1, "{path}");
        }
    }
}
