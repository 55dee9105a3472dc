//! The command line: one file per command, a folder for larger ones.

mod admin;
mod backup;
mod bootstrap;
mod completions;
mod demo;
mod error;
mod keys;
mod migrate;
mod operator;
mod runtime;
mod scim;
mod serve;
mod waiting;

use std::io::Write;
use std::process::ExitCode;

use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::config::{self, DatabaseSettings};
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
    /// Print a script that lets a shell complete commands: bash, zsh or fish
    Completions(completions::Arguments),
}

impl Command {
    fn run(&self) -> Result<(), CommandError> {
        match self {
            Self::Serve(arguments) => serve::run(arguments),
            Self::Demo(arguments) => demo::run(arguments),
            Self::Bootstrap(arguments) => bootstrap::run(arguments),
            Self::Operator(command) => operator::run(command),
            Self::Migrate(arguments) => migrate::run(arguments),
            Self::Backup(arguments) => backup::back_up(arguments),
            Self::Restore(arguments) => backup::restore(arguments),
            Self::Admin(command) => admin::run(command),
            Self::Scim(command) => scim::run(command),
            Self::Completions(arguments) => completions::run(arguments, Cli::command()),
        }
    }

    /// Returns the database that the command works on, if it works on one.
    fn database(&self) -> Option<&DatabaseSettings> {
        match self {
            Self::Serve(arguments) => Some(&arguments.common.database),
            Self::Demo(arguments) => Some(&arguments.database),
            Self::Bootstrap(arguments) => Some(&arguments.database),
            Self::Operator(command) => Some(command.database()),
            Self::Migrate(arguments) => Some(&arguments.database),
            Self::Backup(arguments) => Some(&arguments.database),
            Self::Restore(arguments) => Some(&arguments.database),
            Self::Admin(_) | Self::Scim(_) | Self::Completions(_) => None,
        }
    }

    /// Returns an error's text, and which database it is about.
    fn explain(&self, error: &CommandError) -> String {
        let text = error.to_string();
        let database = error.of_database().and(self.database());
        match database.and_then(|settings| settings.database_url().ok()) {
            Some(url) => format!("{text} (database: {})", url.shown()),
            None => text,
        }
    }
}

/// What is logged if `RUST_LOG` does not say: this program's notes, and warnings of what it is built
/// from.
const LOGGED: &str = "warn,insomnia_scim=info";

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
    if let Err(error) = refuse_inherited_database(&matches) {
        complain(&error);
        return ExitCode::from(2);
    }
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    if let Err(error) = config::refuse_unknown_variables(names, &known) {
        complain(&error);
        return ExitCode::from(2);
    }
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or(LOGGED)).init();
    match cli.command.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&cli.command.explain(&error));
            match error {
                CommandError::Argument(_) => ExitCode::from(2),
                _ => ExitCode::FAILURE,
            }
        }
    }
}

/// Refuses to fill a database with the demo's account that the environment only happens to name.
fn refuse_inherited_database(matches: &ArgMatches) -> Result<(), String> {
    let demo = matches.subcommand_matches("demo");
    match demo.and_then(|demo| demo.value_source("database_url")) {
        Some(ValueSource::EnvVariable) => Err(
            "the environment has DATABASE_URL, and the demo would put its account into that database. \
             Unset the variable, or name the database with --database-url."
                .to_owned(),
        ),
        _ => Ok(()),
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
