//! A release may only add to the schema what the release before can ignore: nodes of both serve one
//! database while they are replaced one by one.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use insomnia_scim::store::SERVES_FROM;

/// The statements of a migration, in one line each, without comments. Triggers and functions keep
/// their bodies.
fn statements(sql: &str) -> Vec<String> {
    let lines: Vec<&str> =
        sql.lines().map(|line| line.split("--").next().unwrap_or_default().trim()).collect();
    let mut found = Vec::new();
    let mut current = String::new();
    for word in lines.join(" ").split_inclusive(' ').flat_map(|word| word.split_inclusive(';')) {
        current.push_str(word);
        let upper = current.trim().to_uppercase();
        let is_body = (upper.starts_with("CREATE TRIGGER")
            && upper.contains(" BEGIN ")
            && !upper.ends_with("END;"))
            || (upper.starts_with("CREATE FUNCTION") && !upper.ends_with("$$;"));
        if word.trim_end().ends_with(';') && !is_body {
            found.push(current.trim().trim_end_matches(';').to_owned());
            current.clear();
        }
    }
    found
}

/// Why the release before could stumble over the statement; `new` has the tables of this release.
fn objection(statement: &str, new: &mut HashSet<String>) -> Option<String> {
    let upper = statement.to_uppercase();
    let words: Vec<&str> = upper.split(|c: char| c.is_whitespace() || c == '(').collect();
    let after = |word: &str| {
        let position = words.iter().position(|one| *one == word)?;
        words.get(position + 1).map(|name| (*name).to_owned())
    };
    match &words[..] {
        ["CREATE", "TABLE", name, ..] => {
            new.insert((*name).to_owned());
            None
        }
        ["CREATE", "UNIQUE", "INDEX", ..] => {
            let table = after("ON")?;
            (!new.contains(&table)).then(|| format!("{table} is narrowed by a unique index"))
        }
        ["CREATE", "INDEX", ..] => None,
        ["CREATE", "FUNCTION" | "TRIGGER", ..] if only_notes(&upper, new) => None,
        ["ALTER", "TABLE", table, "ADD", "COLUMN", ..] => {
            let is_safe = !upper.contains("NOT NULL") || upper.contains("DEFAULT");
            (!is_safe).then(|| format!("{table} gets a column that old releases do not fill"))
        }
        ["INSERT", "INTO", table, ..] => {
            (!new.contains(*table)).then(|| format!("{table} gets rows that are not new tables'"))
        }
        _ => Some(format!("it does more than to add: {statement}")),
    }
}

/// Whether a trigger, or its function, does nothing but note in new tables what was written: the
/// release before neither sees nor feels it.
fn only_notes(statement: &str, new: &HashSet<String>) -> bool {
    let is_early = ["BEFORE INSERT", "BEFORE UPDATE", "INSTEAD OF"]
        .iter()
        .any(|early| statement.contains(early));
    if is_early {
        return false;
    }
    if !statement.contains("BEGIN") {
        return statement.contains("EXECUTE FUNCTION");
    }
    let Some((_, body)) = statement.split_once("BEGIN") else { return false };
    body.split(';').map(str::trim).all(|one| {
        let words: Vec<&str> = one.split(|c: char| c.is_whitespace() || c == '(').collect();
        match &words[..] {
            ["INSERT", "INTO", table, ..] | ["INSERT", "OR", "IGNORE", "INTO", table, ..] => {
                new.contains(*table) && !one.contains("DO UPDATE")
            }
            ["" | "END" | "$$"] | ["RETURN", "NULL" | "OLD"] => true,
            _ => false,
        }
    })
}

fn objections(sql: &str) -> Vec<String> {
    let mut new = HashSet::new();
    statements(sql).iter().filter_map(|statement| objection(statement, &mut new)).collect()
}

#[test]
fn migrations_since_the_last_release_only_add() {
    for database in ["sqlite", "postgres"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(database);
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let version: String = name.chars().filter(char::is_ascii_digit).take(14).collect();
            if version.as_str() > SERVES_FROM {
                let sql = fs::read_to_string(path.join("up.sql")).unwrap();
                assert_eq!(objections(&sql), Vec::<String>::new(), "{database} {name}");
            }
        }
    }
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |database: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(database);
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name()).collect::<HashSet<_>>()
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

#[test]
fn what_narrows_changes_or_removes_is_noticed() {
    for sql in [
        "CREATE TABLE a (pk INTEGER NOT NULL); CREATE UNIQUE INDEX b ON a (pk);",
        "ALTER TABLE members ADD COLUMN c TEXT; -- DROP TABLE members;",
        "ALTER TABLE members ADD COLUMN c TEXT NOT NULL DEFAULT 'x';\nCREATE INDEX d ON members (c);",
        "CREATE TABLE a (pk INTEGER); INSERT INTO a SELECT pk FROM members;",
        "CREATE TABLE a (pk INTEGER); CREATE TRIGGER t AFTER INSERT ON members BEGIN INSERT INTO a \
         VALUES (1); END;",
        "CREATE TABLE a (pk INTEGER); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         INSERT INTO a VALUES (1); RETURN NULL; END; $$; CREATE TRIGGER t AFTER INSERT ON members FOR \
         EACH ROW EXECUTE FUNCTION f();",
    ] {
        assert_eq!(objections(sql), Vec::<String>::new(), "{sql}");
    }
    for sql in [
        "DROP TABLE members;",
        "ALTER TABLE members DROP COLUMN c;",
        "ALTER TABLE members RENAME TO people;",
        "ALTER TABLE members RENAME COLUMN a TO b;",
        "ALTER TABLE members ADD COLUMN c TEXT NOT NULL;",
        "ALTER TABLE members ALTER COLUMN c SET NOT NULL;",
        "CREATE UNIQUE INDEX b ON members (c);",
        "CREATE TRIGGER t BEFORE INSERT ON members BEGIN SELECT 1; SELECT 2; END;",
        "CREATE TRIGGER t AFTER INSERT ON members BEGIN UPDATE members SET c = 1; END;",
        "CREATE TRIGGER t AFTER INSERT ON members BEGIN INSERT INTO members (pk) VALUES (1); END;",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM members; RETURN NULL; \
         END; $$;",
        "UPDATE members SET c = 1;",
        "DELETE FROM members;",
        "INSERT INTO members (pk) VALUES (1);",
    ] {
        assert_eq!(objections(sql).len(), 1, "{sql}");
    }
}
