//! What the documents tell to click is on the pages, in the same words.

use super::{document, files, top};

/// The words between single asterisks, which the documents use for what a page says.
fn named(line: &str) -> Vec<String> {
    let plain = line.replace("**By clicking**", "").replace("**+**", "");
    plain.split('*').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_step_can_be_clicked_in_the_words_of_the_pages() {
    let sources: Vec<String> = files(&top().join("src/http"), "rs")
        .into_iter()
        .chain([top().join("src/enterprise/storage.rs")])
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    let text = document("docs/onboarding.md");
    let lines: Vec<&str> =
        text.lines().filter(|line| line.starts_with("**By clicking**")).collect();
    // Steps 1 to 8, and the reports.
    assert_eq!(lines.len(), 9, "{lines:?}");
    let words: Vec<String> = lines.iter().flat_map(|line| named(line)).collect();
    assert!(words.len() > 50, "{words:?}");
    for word in words {
        let quoted = format!("\"{word}\"");
        assert!(sources.iter().any(|source| source.contains(&quoted)), "no page says {word:?}");
    }
}

#[test]
fn pictures_are_small() {
    let pictures = files(&top().join("docs/pictures"), "png");
    assert_eq!(pictures.len(), 4, "{pictures:?}");
    for path in pictures {
        let size = std::fs::metadata(&path).unwrap().len();
        assert!(size < 60_000, "{}: {size} bytes", path.display());
    }
}
