//! The command line: one file per command, a folder for larger ones.

mod admin;
mod backup;
mod bootstrap;
mod demo;
mod error;
mod keys;
mod migrate;
mod operator;
mod runtime;
mod scim;
mod serve;

use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::config;
use error::CommandError;

/// SCIM 2.0 provisioning server for Insomnia Enterprise accounts.
#[derive(Debug, Parser)]
#[command(name = "insomnia-scim", version, about, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Migrate the database, then serve until SIGTERM or SIGINT
    Serve(serve::ServeArguments),
    /// Serve with the KongAir demo account, which is created if it does not exist
    Demo(serve::Arguments),
    /// Create an activated Enterprise account with a connector, and print its secrets
    Bootstrap(bootstrap::Arguments),
    /// Issue activation codes, list accounts and restore access, directly on the database
    #[command(subcommand)]
    Operator(operator::OperatorCommand),
    /// Migrate the database to the schema of this version
    Migrate(migrate::Arguments),
    /// Copy an SQLite database into a file, while servers keep running
    Backup(backup::BackupArguments),
    /// Replace an SQLite database with such a copy, while no server uses it
    Restore(backup::RestoreArguments),
    /// Administer an account: the administrators' API as commands
    #[command(subcommand)]
    Admin(admin::AdminCommand),
    /// Act as a SCIM client
    #[command(subcommand)]
    Scim(scim::ScimCommand),
}

/// Runs the command in the arguments. Exits with 0 on success, 1 if the command failed and 2 if the
/// arguments or the environment are invalid. Errors are explained on stderr.
pub fn run() -> ExitCode {
    let command = Cli::command();
    let known = known_variables(&command);
    let matches = command.get_matches();
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    if let Err(error) = config::refuse_unknown_variables(names, &known) {
        complain(&error);
        return ExitCode::from(2);
    }
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("info")).init();
    let result = match cli.command {
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Bootstrap(arguments) => bootstrap::run(&arguments),
        Command::Operator(command) => operator::run(&command),
        Command::Migrate(arguments) => migrate::run(&arguments),
        Command::Backup(arguments) => backup::back_up(&arguments),
        Command::Restore(arguments) => backup::restore(&arguments),
        Command::Admin(command) => admin::run(&command),
        Command::Scim(command) => scim::run(&command),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error.to_string());
            match error {
                CommandError::Argument(_) => ExitCode::from(2),
                _ => ExitCode::FAILURE,
            }
        }
    }
}

fn complain(message: &str) {
    // If stderr is closed, the message cannot be shown anywhere.
    let _ = writeln!(std::io::stderr(), "insomnia-scim: {message}");
}

/// Returns the environment variables of all commands.
fn known_variables(command: &clap::Command) -> Vec<String> {
    let mut known = variables_of(command);
    known.sort_unstable();
    known.dedup();
    known
}

/// Returns the environment variables of a command and its subcommands.
fn variables_of(command: &clap::Command) -> Vec<String> {
    let own = command
        .get_arguments()
        .filter_map(|argument| Some(argument.get_env()?.to_string_lossy().into_owned()));
    own.chain(command.get_subcommands().flat_map(variables_of)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
        // Clap checks a command's arguments only when the command is built, which happens only when
        // it is used.
        for command in Cli::command().get_subcommands_mut() {
            command.clone().debug_assert();
        }
    }

    #[test]
    fn every_setting_of_the_contract_has_its_variable() {
        let known = known_variables(&Cli::command());
        for name in [
            "DATABASE_URL",
            "INSOMNIA_SCIM_LISTEN",
            "INSOMNIA_SCIM_PUBLIC_URL",
            // Variables of a nested command.
            "INSOMNIA_SCIM_URL",
            "INSOMNIA_SCIM_TOKEN",
        ] {
            assert!(known.iter().any(|one| one == name), "{name}");
        }
    }
}
