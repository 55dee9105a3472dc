//! How many allocations each operation may make.

/// Name of the operation, and the most allocations of one run.
pub const BUDGETS: &[(&str, usize)] = &[
    ("filter parse/userName eq", 1),
    ("filter evaluate/userName eq", 0),
    ("filter parse/emails[…] and … or …", 12),
    ("filter evaluate/emails[…] and … or …", 2),
    ("PATCH parse/Okta's deactivation", 5),
    ("PATCH parse/Entra's update", 22),
    ("PATCH parse/1,000 members", 5),
    ("PATCH apply/Okta's deactivation", 1),
    ("PATCH apply/Entra's update", 36),
    ("PATCH apply/a member, group of 10", 11),
    ("PATCH apply/a member, group of 1000", 11),
    ("projection/Okta's user, all", 0),
    ("projection/Okta's user, some", 2),
    ("projection/Entra's user, all", 0),
    ("projection/Entra's user, some", 2),
    ("projection/group of 10, all", 0),
    ("projection/group of 10, some", 2),
    ("projection/group of 1000, all", 0),
    ("projection/group of 1000, some", 2),
    ("JSON parse alone/Okta's user", 37),
    ("JSON in/Okta's user", 52),
    ("JSON out/Okta's user", 4),
    ("JSON parse alone/Entra's user", 108),
    ("JSON in/Entra's user", 146),
    ("JSON out/Entra's user", 5),
    ("JSON parse alone/group of 10", 75),
    ("JSON in/group of 10", 86),
    ("JSON out/group of 10", 6),
    ("JSON parse alone/group of 1000", 6021),
    ("JSON in/group of 1000", 6032),
    ("JSON out/group of 1000", 12),
    ("row to resource/Okta's user", 60),
    ("resource to wish/Okta's user", 8),
    ("row to resource/Entra's user", 120),
    ("resource to wish/Entra's user", 9),
];

/// The budget of this operation, if it has one.
pub fn of(name: &str) -> Option<usize> {
    BUDGETS.iter().find(|(found, _)| *found == name).map(|(_, most)| *most)
}
