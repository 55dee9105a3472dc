//! The tables of settings, held against the program's help.

use super::{COMMANDS, Setting, document, documents, help, options};

fn code(text: String) -> String {
    format!("`{text}`")
}

#[test]
fn every_option_has_a_row_with_its_variable_and_its_default() {
    let settings = document("docs/settings.md");
    let rows: Vec<&str> = settings.lines().filter(|line| line.starts_with('|')).collect();
    let mut checked = 0;
    for command in COMMANDS {
        for Setting { flag, variable, default, .. } in options(&help(command)) {
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

#[test]
fn every_row_is_an_option_of_a_command() {
    let known: Vec<Setting> =
        COMMANDS.into_iter().flat_map(|command| options(&help(command))).collect();
    let settings = document("docs/settings.md");
    let cells = settings.lines().filter(|line| line.starts_with("| `--")).filter_map(|line| {
        let mut cells = line.split('|').skip(1);
        Some((cells.next()?, cells.next()?))
    });
    let mut checked = 0;
    for (flags, variables) in cells {
        for flag in flags.split('`').filter(|part| part.starts_with("--")) {
            assert!(known.iter().any(|it| it.flag == flag), "there is no {flag}");
            checked += 1;
        }
        for variable in variables.split('`').filter(|part| part.starts_with("INSOMNIA_SCIM_")) {
            let is_it = |it: &Setting| it.variable.as_deref() == Some(variable);
            assert!(known.iter().any(is_it), "there is no {variable}");
        }
    }
    assert!(checked > 30, "{checked}");
}

/// What is written like a variable of the program, without those of its tests.
fn variables_in(text: &str) -> Vec<&str> {
    text.split(|character: char| !(character.is_ascii_alphanumeric() || character == '_'))
        .filter(|word| word.starts_with("INSOMNIA_SCIM_") && *word != "INSOMNIA_SCIM_")
        .filter(|word| !word.starts_with("INSOMNIA_SCIM_TEST_"))
        .collect()
}

#[test]
fn every_variable_that_a_document_names_is_one_of_the_program() {
    let known: Vec<String> = COMMANDS
        .into_iter()
        .flat_map(|command| options(&help(command)))
        .filter_map(|setting| setting.variable)
        .collect();
    let mut checked = 0;
    for (path, text) in documents() {
        for name in variables_in(&text) {
            assert!(known.iter().any(|one| one == name), "{}: {name}", path.display());
            checked += 1;
        }
    }
    assert!(checked > 40, "{checked}");
}
