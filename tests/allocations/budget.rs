//! How many allocations each operation may make: what it makes, and a tenth more for another
//! version of the standard library or of `serde_json`. Whoever makes an operation cheaper lowers it.

/// Name of the operation, and the most allocations of one run.
pub const BUDGETS: &[(&str, usize)] = &[
    ("filter parse/userName eq", 1),
    ("filter evaluate/userName eq", 0),
    ("filter parse/emails[…] and … or …", 14),
    ("filter evaluate/emails[…] and … or …", 3),
    ("PATCH parse/Okta's deactivation", 6),
    ("PATCH parse/Entra's update", 25),
    ("PATCH parse/1,000 members", 6),
    ("PATCH apply/Okta's deactivation", 1),
    ("PATCH apply/Entra's update", 40),
    ("PATCH apply/a member, group of 10", 13),
    ("PATCH apply/a member, group of 1000", 13),
    ("projection/Okta's user, all", 0),
    ("projection/Okta's user, some", 3),
    ("projection/Entra's user, all", 0),
    ("projection/Entra's user, some", 3),
    ("projection/group of 10, all", 0),
    ("projection/group of 10, some", 3),
    ("projection/group of 1000, all", 0),
    ("projection/group of 1000, some", 3),
    ("JSON parse alone/Okta's user", 41),
    ("JSON in/Okta's user", 58),
    ("JSON out/Okta's user", 5),
    ("JSON parse alone/Entra's user", 119),
    ("JSON in/Entra's user", 161),
    ("JSON out/Entra's user", 6),
    ("JSON parse alone/group of 10", 83),
    ("JSON in/group of 10", 95),
    ("JSON out/group of 10", 7),
    ("JSON parse alone/group of 1000", 6624),
    ("JSON in/group of 1000", 6636),
    ("JSON out/group of 1000", 14),
    ("row to resource/Okta's user", 66),
    ("resource to wish/Okta's user", 9),
    ("row to resource/Entra's user", 132),
    ("resource to wish/Entra's user", 10),
];

/// The budget of this operation, if it has one.
pub fn of(name: &str) -> Option<usize> {
    BUDGETS.iter().find(|(found, _)| *found == name).map(|(_, most)| *most)
}
