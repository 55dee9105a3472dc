//! What the documents say is true: commands and settings are the program's, links lead somewhere,
//! refusals are those of the code, and what is to be pasted works.

mod clicking;
mod commands;
mod links;
mod pasted;
mod refusals;
mod settings;

use std::path::{Path, PathBuf};
use std::process::Command;

/// The commands of the program, without those of `admin`.
const COMMANDS: [&str; 16] = [
    "serve",
    "demo",
    "bootstrap",
    "migrate",
    "backup",
    "restore",
    "scim test",
    "admin",
    "completions",
    "operator issue-code",
    "operator codes",
    "operator revoke-code",
    "operator accounts",
    "operator reseal",
    "operator sso-off",
    "operator recovery-link",
];

/// The folder of the repository.
fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A document, by its path in the repository.
fn document(path: &str) -> String {
    std::fs::read_to_string(top().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The files with this ending in a folder and in those below it.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|end| end == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// All documents, by their paths in the repository.
fn documents() -> Vec<(PathBuf, String)> {
    let others = ["README.md", "ARCHITECTURE.md", "SECURITY.md", "CHANGELOG.md"]
        .into_iter()
        .chain(["src/scim/README.md", "conformance/README.md", "conformance/transcripts/README.md"])
        .map(|path| top().join(path));
    let paths = others.chain(files(&top().join("docs"), "md"));
    let read = |path: PathBuf| (path.clone(), std::fs::read_to_string(path).unwrap());
    paths.map(read).collect()
}

/// What is in a document between fences without a language, which is for a shell.
fn shell_blocks(text: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    // Outside of a block, inside of one for a shell, inside of another one.
    let mut open: Option<Option<String>> = None;
    for line in text.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => open = Some(language.is_empty().then(String::new)),
            (Some(_), Some(_)) => blocks.extend(open.take().flatten()),
            (Some(Some(block)), None) => {
                block.push_str(line);
                block.push('\n');
            }
            _ => {}
        }
    }
    blocks
}

/// What is in a document outside of blocks.
fn prose(text: &str) -> String {
    let parts = text.split("\n```").step_by(2);
    parts.collect::<Vec<_>>().join("\n")
}

/// What is marked as code inside of a line.
fn inline_code(text: &str) -> Vec<String> {
    let prose = prose(text);
    let lines = prose.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    lines.map(str::to_owned).collect()
}

fn help(command: &str) -> String {
    let program = env!("CARGO_BIN_EXE_insomnia-scim");
    // Help shows the values of variables that are set; here none is.
    let words = command.split(' ').filter(|word| !word.is_empty()).chain(["--help"]);
    let output = Command::new(program).env_clear().args(words).output().unwrap();
    assert!(output.status.success(), "{command} --help: {}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

/// An option in the help.
#[derive(Debug, PartialEq)]
struct Setting {
    flag: String,
    takes_value: bool,
    variable: Option<String>,
    /// Only a default that the program fills in, not one that its text describes.
    default: Option<String>,
}

/// The options in a help.
fn options(help: &str) -> Vec<Setting> {
    let mut settings: Vec<Setting> = Vec::new();
    for line in help.lines() {
        let trimmed = line.trim_start();
        let long = trimmed.strip_prefix("-h, ").or(trimmed.strip_prefix("-V, ")).unwrap_or(trimmed);
        if long.starts_with("--") {
            // A value that may be left out stands in brackets, right behind the flag.
            let mut words = long.split_whitespace();
            let flag = words.next().and_then(|word| word.split('[').next()).unwrap().to_owned();
            let takes_value = words.next().is_some_and(|word| word.starts_with('<'));
            settings.push(Setting { flag, takes_value, variable: None, default: None });
        }
        if let (Some(setting), Some((_, rest))) = (settings.last_mut(), line.split_once("[env: ")) {
            let (variable, rest) = rest.split_once(']').unwrap();
            setting.variable = Some(variable.trim_end_matches('=').to_owned());
            setting.default = rest
                .split_once("[default: ")
                .map(|(_, default)| default.trim_end_matches(']').to_owned());
        }
    }
    settings
}

#[test]
fn the_help_is_read_as_it_is_printed() {
    let help = "Options:\n      --one <ONE>\n          The first [env: ONE=] [default: 8]\n      \
                --two  The second [default: none] [env: TWO]\n      --three[=<SECONDS>]  \
                The third\n  -h, --help  Print help\n";
    let setting = |flag: &str, variable: Option<&str>, default: Option<&str>| Setting {
        flag: flag.to_owned(),
        takes_value: flag == "--one",
        variable: variable.map(str::to_owned),
        default: default.map(str::to_owned),
    };
    let expected = [
        setting("--one", Some("ONE"), Some("8")),
        setting("--two", Some("TWO"), None),
        setting("--three", None, None),
        setting("--help", None, None),
    ];
    assert_eq!(options(help), expected);
}

#[test]
fn readme_is_read_in_three_minutes() {
    let length = document("README.md").len();
    assert!(length <= 6 * 1024, "README.md has {length} bytes");
}

#[test]
fn a_document_begins_with_whom_it_is_for() {
    for path in files(&top().join("docs"), "md") {
        // Decisions are the engineers' and stand below the document that leads to them.
        if path.parent().unwrap().ends_with("decisions") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let second = text.split("\n\n").nth(1).unwrap_or_default();
        assert!(second.starts_with("For "), "{}: {second}", path.display());
    }
}
