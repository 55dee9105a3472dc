//! What README.md says of the command line is what the program says of itself.

use std::process::Command;

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

fn readme() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap()
}

fn help(command: &str) -> String {
    let program = env!("CARGO_BIN_EXE_insomnia-scim");
    // Help shows the values of variables that are set; here none is.
    let words = command.split(' ').chain(["--help"]);
    let output = Command::new(program).env_clear().args(words).output().unwrap();
    assert!(output.status.success(), "{command} --help: {}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

/// An option in the help.
#[derive(Debug, PartialEq)]
struct Setting {
    flag: String,
    variable: Option<String>,
    /// Only a default that the program fills in, not one that its text describes.
    default: Option<String>,
}

fn settings(help: &str) -> Vec<Setting> {
    let mut settings: Vec<Setting> = Vec::new();
    for line in help.lines() {
        let trimmed = line.trim_start();
        let long = trimmed.strip_prefix("-h, ").or(trimmed.strip_prefix("-V, ")).unwrap_or(trimmed);
        if long.starts_with("--") {
            // A value that may be left out stands in brackets.
            let end = |letter: char| letter.is_whitespace() || letter == '[';
            let flag = long.split(end).next().unwrap().to_owned();
            settings.push(Setting { flag, variable: None, default: None });
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

/// The rows of tables.
fn rows(readme: &str) -> Vec<&str> {
    readme.lines().filter(|line| line.starts_with('|')).collect()
}

/// What is written like a variable of the program, without those of its tests.
fn variables_in(text: &str) -> Vec<&str> {
    text.split(|character: char| !(character.is_ascii_alphanumeric() || character == '_'))
        .filter(|word| word.starts_with("INSOMNIA_SCIM_") && *word != "INSOMNIA_SCIM_")
        .filter(|word| !word.starts_with("INSOMNIA_SCIM_TEST_"))
        .collect()
}

#[test]
fn every_option_has_a_row_with_its_variable_and_its_default() {
    let readme = readme();
    let rows = rows(&readme);
    let mut checked = 0;
    for command in COMMANDS {
        for Setting { flag, variable, default } in settings(&help(command)) {
            if ["--help", "--version"].contains(&flag.as_str()) {
                continue;
            }
            let cells: Vec<String> =
                [Some(flag), variable, default].into_iter().flatten().map(code).collect();
            let is_row = |row: &&str| cells.iter().all(|cell| row.contains(cell));
            assert!(rows.iter().any(is_row), "{command}: no row has {cells:?}");
            checked += 1;
        }
    }
    assert!(checked > 15, "the help was not understood: {checked} options");
}

fn code(text: String) -> String {
    format!("`{text}`")
}

#[test]
fn every_variable_that_it_names_is_one_of_the_program() {
    let known: Vec<String> = COMMANDS
        .into_iter()
        .flat_map(|command| settings(&help(command)))
        .filter_map(|setting| setting.variable)
        .collect();
    let readme = readme();
    let named = variables_in(&readme);
    assert!(!named.is_empty());
    for name in named {
        assert!(known.iter().any(|one| one == name), "{name} is no variable of the program");
    }
}

/// The commands of the administrators' that it shows, each as thing and verb with its options.
fn administrators_commands(readme: &str) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for rest in readme.split("insomnia-scim admin ").skip(1) {
        let line = rest.split(['\n', '`', '|', ';']).next().unwrap_or_default();
        let words: Vec<&str> = line
            .split(|character: char| {
                character.is_whitespace() || character == '(' || character == ')'
            })
            .collect();
        let is_word = |word: &&str| {
            !word.is_empty()
                && word.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-')
        };
        let [thing, verb, options @ ..] = &words[..] else { continue };
        if !is_word(thing) || !is_word(verb) || thing.starts_with('-') || verb.starts_with('-') {
            continue;
        }
        let flags = options.iter().filter(|option| option.starts_with("--"));
        found.push((format!("admin {thing} {verb}"), flags.map(|&flag| flag.to_owned()).collect()));
    }
    found
}

#[test]
fn every_administrators_command_that_it_shows_is_one_with_these_options() {
    let commands = administrators_commands(&readme());
    for expected in ["admin session create-address", "admin sso-connections confirm-identity"] {
        assert!(commands.iter().any(|(command, _)| command == expected), "{expected}");
    }
    for (command, flags) in commands {
        let known = settings(&help(&command));
        for flag in flags {
            assert!(known.iter().any(|it| it.flag == flag), "{command} has no {flag}");
        }
    }
}

#[test]
fn the_help_is_read_as_it_is_printed() {
    let help = "Options:\n      --one <ONE>\n          The first [env: ONE=] [default: 8]\n      \
                --two  The second [default: none] [env: TWO]\n  -h, --help  Print help\n";
    let setting = |flag: &str, variable: Option<&str>, default: Option<&str>| Setting {
        flag: flag.to_owned(),
        variable: variable.map(str::to_owned),
        default: default.map(str::to_owned),
    };
    let expected = [
        setting("--one", Some("ONE"), Some("8")),
        setting("--two", Some("TWO"), None),
        setting("--help", None, None),
    ];
    assert_eq!(settings(help), expected);
}

/// The documents of the repository.
fn documents() -> Vec<std::path::PathBuf> {
    let top = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found: Vec<_> = ["README.md", "ARCHITECTURE.md", "SECURITY.md", "CHANGELOG.md"]
        .into_iter()
        .map(|name| top.join(name))
        .chain([top.join("src/scim/README.md"), top.join("conformance/README.md")])
        .collect();
    for folder in ["docs", "docs/decisions"] {
        let files = std::fs::read_dir(top.join(folder)).unwrap().map(|file| file.unwrap().path());
        found.extend(files.filter(|path| path.extension().is_some_and(|end| end == "md")));
    }
    found
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut followed = 0;
    for document in documents() {
        let text = std::fs::read_to_string(&document).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap();
            if file.is_empty() || file.contains("://") {
                continue;
            }
            let target = document.parent().unwrap().join(file);
            assert!(target.exists(), "{}: {link}", document.display());
            followed += 1;
        }
    }
    assert!(followed > 15, "{followed}");
}
