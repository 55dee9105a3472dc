//! `completions`: scripts that let a shell complete commands.

use std::io::Write;

use clap::{Args, Command, ValueEnum};
use clap_complete::Shell;

use super::error::CommandError;

#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The shell
    shell: KnownShell,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum KnownShell {
    Bash,
    Zsh,
    Fish,
}

/// Prints the script for a shell.
pub fn run(arguments: &Arguments, mut command: Command) -> Result<(), CommandError> {
    let shell = match arguments.shell {
        KnownShell::Bash => Shell::Bash,
        KnownShell::Zsh => Shell::Zsh,
        KnownShell::Fish => Shell::Fish,
    };
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut script);
    let mut out = std::io::stdout().lock();
    out.write_all(&script)?;
    Ok(out.flush()?)
}
