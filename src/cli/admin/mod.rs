//! `admin`: the administrators' API as commands. They are made from the same declarations as the
//! routes and the OpenAPI document, so whatever the API can do, the command line can.

mod call;
mod command;
mod show;

use std::io::Write;

use clap::{ArgMatches, FromArgMatches, Subcommand};

use crate::cli::error::CommandError;

/// The chosen command, with its arguments as matched.
#[derive(Clone)]
pub struct AdminCommand(ArgMatches);

// By hand: the arguments may hold secrets.
impl std::fmt::Debug for AdminCommand {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("AdminCommand").field(&self.0.subcommand_name()).finish()
    }
}

impl FromArgMatches for AdminCommand {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(Self(matches.clone()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0 = matches.clone();
        Ok(())
    }
}

impl Subcommand for AdminCommand {
    fn augment_subcommands(command: clap::Command) -> clap::Command {
        command::augment(command)
    }

    fn augment_subcommands_for_update(command: clap::Command) -> clap::Command {
        command::augment(command)
    }

    fn has_subcommand(name: &str) -> bool {
        command::things().contains(&name)
    }
}

/// Carries the command out and prints the answer.
pub fn run(command: &AdminCommand) -> Result<(), CommandError> {
    // The HTTP client's own log shows every byte that it sends, and so the token.
    log::set_max_level(log::LevelFilter::Off);
    let call = command::read(&command.0).map_err(CommandError::Argument)?;
    let mut out = std::io::stdout().lock();
    match call.carry_out().map_err(CommandError::Refused)? {
        call::Outcome::Json(value) if call.field.is_some() => {
            let name = call.field.as_deref().unwrap_or_default();
            let found = show::field(&value, name)
                .ok_or_else(|| CommandError::Refused(format!("the answer has no {name}")))?;
            write!(out, "{found}")?;
        }
        call::Outcome::Json(value) if call.raw => writeln!(out, "{value:#}")?,
        call::Outcome::Json(value) => write!(out, "{}", show::text(&value))?,
        call::Outcome::Stream(mut body) => {
            std::io::copy(&mut body, &mut out)?;
        }
        call::Outcome::Nothing => {}
    }
    Ok(())
}
