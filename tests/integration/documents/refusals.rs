//! Refusals that documents quote, held against the code that makes them.

use std::collections::BTreeSet;

use super::{document, files, top};

/// The code of the rooms, without its tests, with texts as they are read: continued on one line, and
/// with `…` for what is filled in.
fn code(rooms: &[&str]) -> String {
    let mut code = String::new();
    for room in rooms {
        for path in files(&top().join("src").join(room), "rs") {
            let text = std::fs::read_to_string(path).unwrap();
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            let mut lines = text.lines();
            while let Some(line) = lines.next() {
                let mut line = line.to_owned();
                while line.ends_with('\\') {
                    line.pop();
                    line.push_str(lines.next().unwrap_or_default().trim_start());
                }
                code.push_str(&filled(&line.replace("\\\"", "\"")));
                code.push('\n');
            }
        }
    }
    code
}

/// The text with `…` for each `{…}`.
fn filled(text: &str) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        match after.split_once('}') {
            Some((name, after)) if !name.contains(' ') => {
                filled.push('…');
                rest = after;
            }
            _ => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled + rest
}

/// The cells of a table's rows.
fn rows<'t>(text: &'t str, head: &str) -> Vec<Vec<&'t str>> {
    let lines = text.lines().skip_while(|line| !line.starts_with(head)).skip(2);
    let rows = lines.take_while(|line| line.starts_with('|'));
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

#[test]
fn every_refusal_of_provisioning_is_in_the_words_of_the_code() {
    let code = code(&["scim", "provisioning", "enterprise", "http"]);
    let document = document("docs/provisioning.md");
    let rows = rows(&document, "| status | scimType");
    assert!(rows.len() > 45, "{}", rows.len());
    for row in rows {
        let [status, scim_type, text, _] = row[..] else { panic!("{row:?}") };
        assert!((400..600).contains(&status.parse::<u16>().unwrap()), "{row:?}");
        for name in scim_type.split('`').skip(1).step_by(2) {
            assert!(code.contains(&format!("\"{name}\"")), "there is no scimType {name}");
        }
        for part in text.split(" / ") {
            // What stands in brackets at the end explains the row.
            let part = part.rsplit_once(" (").map_or(part, |(text, _)| text);
            for words in part.split('…').map(str::trim).filter(|words| words.len() > 3) {
                assert!(code.contains(words), "the code does not say \"{words}\": {row:?}");
            }
        }
    }
}

/// The texts between double quotes in a piece of code.
fn literals(code: &str) -> impl Iterator<Item = &str> {
    code.split('"').skip(1).step_by(2)
}

fn is_type(word: &&str) -> bool {
    word.len() > 3 && word.chars().all(|c| c.is_ascii_lowercase() || c == '-')
}

/// The types of problems that the code answers with: what `word` gives for a refusal, and what
/// problems are made of.
fn types_in(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for function in code.split("fn word(").skip(1) {
        let body = function.split("\n    }\n").next().unwrap_or_default();
        found.extend(literals(body).filter(is_type).map(str::to_owned));
    }
    for call in code.split("Problem::new(").skip(1) {
        // The second argument, where it is written out.
        let second = call.split(',').nth(1).unwrap_or_default().trim();
        let literal = second.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        found.extend(literal.filter(is_type).map(str::to_owned));
    }
    for call in code.split("(StatusCode::").skip(1) {
        let pair = call.split(')').next().unwrap_or_default();
        found.extend(literals(pair).take(1).filter(is_type).map(str::to_owned));
    }
    found
}

#[test]
fn the_table_of_problems_has_every_type_that_the_code_answers_with() {
    let code = code(&["administration", "views", "http"]).replace("Self::new(", "Problem::new(");
    let known = types_in(&code);
    let document = document("docs/admin-api.md");
    let rows = rows(&document, "| type (after");
    let listed: BTreeSet<String> = rows
        .iter()
        .flat_map(|row| row[0].split('`').skip(1).step_by(2))
        .map(str::to_owned)
        .collect();
    let missing: Vec<_> = known.difference(&listed).collect();
    let unknown: Vec<_> = listed.difference(&known).collect();
    assert!(missing.is_empty(), "docs/admin-api.md lacks {missing:?}");
    assert!(unknown.is_empty(), "no code answers with {unknown:?}");
    let examples: Vec<&str> = document.split("urn:insomnia:problem:").skip(1).collect();
    for example in examples.iter().filter_map(|rest| rest.split(['"', '`']).next()) {
        assert!(example.is_empty() || known.contains(example), "{example}");
    }
}

#[test]
fn code_is_read_as_people_read_its_texts() {
    assert_eq!(filled("a {} of {total} are {refusal:?}"), "a … of … are …");
    assert_eq!(filled("match x { 1 => 2 }"), "match x { 1 => 2 }");
    let code = "impl A {\n    fn word(&self) -> &'static str {\n        \"not-there\"\n    }\n}\n\
                Problem::new(\n    S, \"plan-ended\", \"The plan has ended.\")\nProblem::new(status(), word(), \
                \"text\")";
    let expected = ["not-there", "plan-ended"].map(str::to_owned);
    assert_eq!(types_in(code), BTreeSet::from(expected));
}
