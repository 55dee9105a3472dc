//! What the databases read for a page of a list: a part of an index, and no table as a whole.

use std::panic::{AssertUnwindSafe, catch_unwind};

use insomnia_scim::enterprise::search::Findable;
use insomnia_scim::store::search::Kind;

use super::many::populate;
use crate::support::{Database, on_both_databases};

/// Queries as the store makes them, but for the columns that they give.
const FILTERED: [&str; 7] = [
    "SELECT pk FROM members WHERE enterprise_pk = 1 AND role = 'member' AND source = 'scim' \
     AND active = TRUE AND pk > 70 ORDER BY pk LIMIT 9",
    "SELECT pk FROM teams WHERE enterprise_pk = 1 AND source = 'scim' AND pk > 70 ORDER BY pk LIMIT 9",
    "SELECT team_pk FROM team_organizations WHERE organization_pk = 1 AND team_pk > 70 \
     ORDER BY team_pk LIMIT 9",
    "SELECT member_pk FROM team_members WHERE team_pk = 1 AND team_members.by_hand \
     AND by_hand = TRUE AND member_pk > 70 ORDER BY member_pk LIMIT 9",
    "SELECT pk FROM invitations WHERE enterprise_pk = 1 AND state <> 'pending' AND state = 'revoked' AND pk > 70 \
     ORDER BY pk LIMIT 9",
    "SELECT member_pk FROM captured_members WHERE enterprise_pk = 1 AND member_pk > 70 \
     ORDER BY member_pk LIMIT 9",
    "SELECT pk FROM audit_log WHERE enterprise_pk = 1 AND action = 'team.created' AND at <= 70 \
     AND (at < 70 OR pk < 70) ORDER BY at DESC, pk DESC LIMIT 9",
];

fn searches() -> Vec<String> {
    let kinds = Findable::ALL.iter().map(|kind| Kind::Stored(*kind)).chain([Kind::Invitation]);
    kinds
        .flat_map(Kind::statements)
        .map(|statement| {
            // A table that belongs to no account has no parameter for it.
            let values: &[&str] = match statement.contains("$5") {
                true => &["1", "'z'", "'a'", "70", "9"],
                false => &["'z'", "'a'", "70", "9"],
            };
            let filled = values.iter().zip(1..);
            filled
                .fold(statement, |text, (value, number)| text.replace(&format!("${number}"), value))
        })
        .collect()
}

fn check(database: &Database, statement: &str) {
    let plan = database.plan(statement);
    // PostgreSQL sorts what it expects to be few, and by the row where the index has the term alone.
    let may_sort = !database.is_embedded() && statement.contains(" AS term");
    let (index, whole, sort) = match database.is_embedded() {
        true => ("SEARCH", "SCAN", "TEMP B-TREE"),
        false => ("Index Cond", "Seq Scan", "Sort Key"),
    };
    assert!(plan.contains(index), "{statement}\n{plan}");
    assert!(!plan.contains(whole), "{statement}\n{plan}");
    assert!(may_sort || !plan.contains(sort), "{statement}\n{plan}");
}

on_both_databases! {
    async fn every_search_and_filter_reads_a_part_of_an_index(app: App) {
        let account = app.account(9_000).await;
        populate(&app, &account).await;
        app.database.execute("ANALYZE");
        for statement in searches().iter().map(String::as_str).chain(FILTERED) {
            check(&app.database, statement);
        }
    }

    async fn the_check_notices_what_reads_everything(app: App) {
        for statement in [
            "SELECT pk FROM members WHERE display_name LIKE '%x%' ORDER BY note LIMIT 9",
            "SELECT pk FROM members WHERE enterprise_pk = 1 ORDER BY note LIMIT 9",
        ] {
            let is_noticed = catch_unwind(AssertUnwindSafe(|| check(&app.database, statement))).is_err();
            assert!(is_noticed, "{statement}");
        }
    }
}
