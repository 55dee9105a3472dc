//! `admin`: the administrators' API as commands. They are built from the same declarations as the
//! routes and the OpenAPI document, so the command line covers the whole API.

mod call;
mod command;
mod show;

use std::io::Write;

use clap::{ArgMatches, FromArgMatches, Subcommand};

use crate::cli::error::CommandError;

/// The chosen command and its matched arguments.
#[derive(Clone)]
pub struct AdminCommand(ArgMatches);

// Manual, because the arguments may contain secrets.
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

/// Runs the command and prints the response.
pub fn run(command: &AdminCommand) -> Result<(), CommandError> {
    // The HTTP client logs every byte that it sends, including the token.
    log::set_max_level(log::LevelFilter::Off);
    let call = command::read(&command.0).map_err(CommandError::Argument)?;
    let mut out = std::io::stdout().lock();
    let outcome = call.carry_out().map_err(CommandError::Refused)?;
    let refused = partly_refused(&outcome);
    match outcome {
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
    refused.map_or(Ok(()), |text| Err(CommandError::Refused(text)))
}

/// Returns how many items of a request with several were refused, if any were, so that a script
/// learns of it by the exit code. The answer has said why.
fn partly_refused(outcome: &call::Outcome) -> Option<String> {
    let call::Outcome::Json(answer) = outcome else { return None };
    let results = answer["results"].as_array()?;
    let refused = results.iter().filter(|one| !one["refusal"].is_null()).count();
    (refused > 0).then(|| format!("{refused} of {} were refused", results.len()))
}
