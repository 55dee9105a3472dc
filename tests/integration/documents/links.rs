//! Links between documents, and from the code to a document's sections.

use std::collections::BTreeSet;
use std::path::Path;

use super::{document, documents, files, prose, top};

/// The name by which a heading is linked to on code hosts.
fn anchor(heading: &str) -> String {
    let kept = |c: char| match c {
        ' ' => Some('-'),
        c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
        _ => None,
    };
    heading.trim().to_lowercase().chars().filter_map(kept).collect()
}

/// The headings of a document.
fn headings(text: &str) -> Vec<String> {
    let prose = prose(text);
    let lines = prose.lines().filter(|line| line.starts_with('#'));
    lines.map(|line| line.trim_start_matches('#').trim().to_owned()).collect()
}

#[test]
fn links_between_documents_lead_somewhere() {
    let (mut followed, mut anchors) = (0, 0);
    for (path, text) in documents() {
        for link in prose(&text).split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.contains("://") {
                continue;
            }
            let (file, section) = link.split_once('#').unwrap_or((link, ""));
            let target = match file {
                "" => path.clone(),
                file => path.parent().unwrap().join(file),
            };
            assert!(target.exists(), "{}: {link}", path.display());
            followed += 1;
            if !section.is_empty() {
                let target = std::fs::read_to_string(target).unwrap();
                let known: Vec<String> = headings(&target).iter().map(|it| anchor(it)).collect();
                assert!(known.iter().any(|it| it == section), "{}: {link}", path.display());
                anchors += 1;
            }
        }
    }
    assert!(followed > 80 && anchors > 30, "{followed} {anchors}");
}

#[test]
fn every_document_is_reached_from_readme() {
    let mut reached: BTreeSet<_> = BTreeSet::from([top().join("README.md")]);
    let mut waiting = vec![top().join("README.md")];
    while let Some(path) = waiting.pop() {
        let text = std::fs::read_to_string(&path).unwrap();
        for link in
            prose(&text).split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next())
        {
            let target = path.parent().unwrap().join(link);
            if let Ok(target) = target.canonicalize()
                && target.extension().is_some_and(|end| end == "md")
                && reached.insert(target.clone())
            {
                waiting.push(target);
            }
        }
    }
    for path in files(&top().join("docs"), "md") {
        let path = path.canonicalize().unwrap();
        assert!(reached.contains(&path), "nothing leads to {}", path.display());
    }
}

/// What follows each citation of the rules in a text, up to the end of the sentence.
fn citations(text: &str) -> Vec<String> {
    // A comment may be broken behind the file's name.
    let text = text.replace("\n//! ", " ").replace("\n/// ", " ").replace("\n    /// ", " ");
    let rest = |rest: &str| rest.chars().take(30).collect();
    text.split("docs/domain.md").skip(1).map(rest).collect()
}

/// The sections of the rules that a citation names: `§4, §5` or `*Words*`.
fn sections(citation: &str) -> Vec<String> {
    let end = citation.find([')', ':', '.', ';']).unwrap_or(citation.len());
    let numbers = citation[..end].split('§').skip(1).map(|rest| {
        let digits = rest.chars().take_while(char::is_ascii_digit);
        format!("§{}", digits.collect::<String>())
    });
    let names = citation[..end].split('*').skip(1).step_by(2).map(str::to_owned);
    numbers.chain(names).collect()
}

#[test]
fn the_rules_that_the_code_cites_are_there() {
    let headings = headings(&document("docs/domain.md"));
    let known: Vec<&str> =
        headings.iter().map(|it| it.split(' ').next().unwrap_or_default()).collect();
    let mut cited = BTreeSet::new();
    for folder in ["src", "tests/integration"] {
        for path in files(&top().join(folder), "rs") {
            if path.starts_with(top().join("tests/integration/documents")) {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for citation in citations(&text) {
                for section in sections(&citation) {
                    let is_known = known.contains(&section.as_str());
                    assert!(is_known, "{}: there is no {section}", path.display());
                    cited.insert(section);
                }
            }
        }
    }
    assert!(cited.len() > 8, "{cited:?}");
}

#[test]
fn headings_become_anchors_as_on_code_hosts() {
    for (heading, expected) in [
        ("1. Membership of the Enterprise plan", "1-membership-of-the-enterprise-plan"),
        ("I want …", "i-want-"),
        ("§7 SCIM", "7-scim"),
        ("Where it differs from the RFCs", "where-it-differs-from-the-rfcs"),
    ] {
        assert_eq!(anchor(heading), expected);
    }
    assert_eq!(sections(" §0, §7). More"), ["§0", "§7"]);
    assert_eq!(sections(", *Words*, §4)."), ["§4", "Words"]);
    assert!(Path::new(top()).join("docs/domain.md").exists());
}
