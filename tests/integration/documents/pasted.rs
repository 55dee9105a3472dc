//! What README and the onboarding have people paste works: in an empty folder, in one where the demo
//! ran before, and on both databases. Between two blocks the test does what the text asks for:
//! follow a link of a mail, publish a record, sign in at the identity provider.

mod person;
mod shell;

use std::fs;
use std::path::Path;
use std::process::Command;

use person::Person;
use shell::Shell;

use super::{document, shell_blocks, top};
use crate::support::{Database, on_both_databases};

/// A folder in which somebody follows a document, with the program in the path.
struct Folder {
    folder: tempfile::TempDir,
    tools: tempfile::TempDir,
}

impl Folder {
    fn new() -> Self {
        let it = Self { folder: tempfile::tempdir().unwrap(), tools: tempfile::tempdir().unwrap() };
        let program = env!("CARGO_BIN_EXE_insomnia-scim");
        std::os::unix::fs::symlink(program, it.tools.path().join("insomnia-scim")).unwrap();
        it
    }

    /// Makes it look like the repository, in which the program was built already.
    fn with_checkout(self) -> Self {
        let release = self.folder.path().join("target/release");
        fs::create_dir_all(&release).unwrap();
        let program = env!("CARGO_BIN_EXE_insomnia-scim");
        std::os::unix::fs::symlink(program, release.join("insomnia-scim")).unwrap();
        std::os::unix::fs::symlink(top().join("tests"), self.folder.path().join("tests")).unwrap();
        let cargo = self.tools.path().join("cargo");
        fs::write(&cargo, "#!/bin/sh\n[ \"$*\" = 'build --release' ]\n").unwrap();
        assert!(Command::new("chmod").arg("+x").arg(&cargo).status().unwrap().success());
        self
    }

    fn shell(&self, variables: &[(&str, &str)]) -> Shell {
        Shell::start(self.folder.path(), self.tools.path(), variables)
    }

    /// Runs the demo, as README has it, until it has shown itself; gives what it has printed.
    fn demo(&self, database: &Database) -> (Shell, String) {
        let mut shell = self.shell(&[]);
        let mut block = shell_blocks(&document("README.md")).swap_remove(0);
        if !database.is_file() {
            // Otherwise it makes its file in this folder. The variable would be refused.
            let address = format!(" --database-url '{}'\n", database.address());
            block.truncate(block.trim_end().len());
            block.push_str(&address);
        }
        shell.begin(&block);
        let shown = shell.wait_for("/api/docs");
        (shell, shown)
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Pastes the lines that the demo printed; each has to be answered with what is wanted.
fn try_what_the_demo_printed(folder: &Folder, shown: &str, wanted: [&str; 4]) {
    if Command::new("curl").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "curl must be installed in CI");
        eprintln!("what the demo prints was not tried: curl is not installed");
        return;
    }
    let (_, lines) = shown.split_once("Try it in another terminal:").unwrap();
    let mut lines: Vec<&str> = lines.lines().filter(|line| !line.is_empty()).collect();
    // The last one is an address for the browser.
    assert!(lines.pop().is_some_and(|last| last.ends_with("/api/docs")), "{shown}");
    assert_eq!(lines.len(), wanted.len(), "{shown}");
    let mut shell = folder.shell(&[]);
    for (line, wanted) in lines.into_iter().zip(wanted) {
        let answer = shell.paste(&format!("{line}\n"));
        assert!(answer.contains(wanted), "{line}\n{answer}");
    }
}

/// Follows the onboarding from its first block to its last.
async fn follow_the_onboarding(folder: &Folder, database: &Database) {
    let mut person = Person::new().await;
    let mut shell = folder.shell(&person.variables());
    let blocks = shell_blocks(&document("docs/onboarding.md"));
    assert!(blocks.len() > 12, "{}", blocks.len());
    let mut said = String::new();
    for block in blocks {
        let block = person.adapted(&block, database);
        let output;
        (shell, output) = shell.paste_aside(block.clone()).await;
        person.act(&block, &output, folder.path(), shell.url()).await;
        said.push_str(&output);
    }
    for expected in ["enterprise", "Personal Workspace", "insomnia_recovery_", "insomnia_scim_"] {
        assert!(said.contains(expected), "{expected} was never printed:\n{said}");
    }
    assert!(said.contains('✓') && !said.contains('✗'), "{said}");
}

on_both_databases! {
    async fn readme_is_followed(database: Database) {
        let folder = Folder::new().with_checkout();
        let (demo, shown) = folder.demo(database);
        let wanted = ["amelia@kongair.example", "\"totalResults\":", "✓", "Flight"];
        try_what_the_demo_printed(&folder, &shown, wanted);
        demo.interrupt();
        let (_demo, shown) = folder.demo(database);
        try_what_the_demo_printed(&folder, &shown, ["uniqueness", "amelia", "✓", "Flight"]);
    }

    async fn the_onboarding_is_followed_in_an_empty_folder(database: Database) {
        follow_the_onboarding(&Folder::new(), database).await;
    }

    async fn the_onboarding_is_followed_where_the_demo_ran(database: Database) {
        let folder = Folder::new().with_checkout();
        folder.demo(database).0.interrupt();
        follow_the_onboarding(&folder, database).await;
    }
}

#[test]
fn readme_has_the_command_that_tests_everything() {
    let blocks = shell_blocks(&document("README.md"));
    assert_eq!(blocks[1..], ["tests/run\n"]);
    let folder = Folder::new().with_checkout();
    let mut shell = folder.shell(&[]);
    let usage = shell.paste("tests/run --help\n");
    assert!(usage.contains("Checks everything"), "{usage}");
}
