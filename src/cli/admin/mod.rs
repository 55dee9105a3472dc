//! `admin`: the administrators' API as commands. They are built from the same declarations as the
//! routes and the OpenAPI document, so the command line covers the whole API.

mod arguments;
mod call;
mod command;
mod confirm;
mod names;
mod partly;
mod reading;
mod schema;
mod show;
mod splitting;
mod table;
mod wording;

use std::io::{IsTerminal, Write};

use clap::{ArgMatches, FromArgMatches, Subcommand};
use serde_json::Value;

use self::call::{CallError, Outcome, Server};
use self::reading::Output;
use crate::cli::error::CommandError;
use crate::http::admin::{self, api::Api};

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
        command::things().iter().any(|thing| thing == name)
    }
}

impl From<CallError> for CommandError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Setting(text) => Self::Argument(text),
            CallError::Refused(text) | CallError::NoAnswer(text) => Self::Refused(text),
        }
    }
}

/// Runs the command and prints the response. A response that is refused in part is printed and is
/// an error nevertheless.
pub fn run(command: &AdminCommand) -> Result<(), CommandError> {
    // The HTTP client logs every byte that it sends, including the token.
    log::set_max_level(log::LevelFilter::Off);
    let api = admin::api();
    let mut wish = reading::read(&api, &command.0).map_err(CommandError::Argument)?;
    if wish.needs_token() && wish.token.is_none() {
        return Err(CommandError::Refused(format!(
            "a token is needed: --token, or the variable {}",
            arguments::TOKEN_VARIABLE
        )));
    }
    let server = Server::new(&wish.url, wish.token.as_deref())?;
    if let Some(seconds) = wish.wait {
        server.wait(seconds)?;
    }
    names::resolve_in(&api, &server, &mut wish)?;
    confirm::check(&server, &wish)?;
    let Some(parts) = splitting::parts(&api, &wish) else {
        let outcome = server.carry_out(&wish.call()).map_err(|error| worded(&api, &wish, error))?;
        return print(outcome, &wish.output);
    };
    let (answer, stopped) = parts.carry_out(&server, &mut std::io::stderr());
    let printed = match answer {
        Value::Null => Ok(()),
        answer => print(Outcome::Json(answer), &wish.output),
    };
    match (stopped.map(|error| worded(&api, &wish, error)), printed) {
        (None, printed) => printed,
        (Some(stopped), Err(CommandError::Refused(partly))) => {
            Err(CommandError::Refused(format!("{partly}\n{stopped}")))
        }
        (Some(stopped), printed) => printed.and(Err(stopped.into())),
    }
}

fn worded(api: &Api, wish: &reading::Wish<'_>, error: CallError) -> CallError {
    match error {
        CallError::Refused(text) => CallError::Refused(wording::in_flags(api, wish, &text)),
        error => error,
    }
}

fn print(outcome: Outcome, output: &Output) -> Result<(), CommandError> {
    let mut out = std::io::stdout().lock();
    let value = match outcome {
        Outcome::Json(value) => value,
        Outcome::Stream(mut body) => {
            std::io::copy(&mut body, &mut out)?;
            return Ok(());
        }
        Outcome::Nothing => return Ok(()),
    };
    match output {
        Output::Field(name) => {
            let found = show::field(&value, name)
                .ok_or_else(|| CommandError::Refused(format!("the answer has no {name}")))?;
            write!(out, "{found}")?;
        }
        Output::Json => writeln!(out, "{value:#}")?,
        Output::Table => write!(out, "{}", table::text(&value, None))?,
        Output::Text if std::io::stdout().is_terminal() => {
            let width = rustix::termios::tcgetwinsize(std::io::stdout()).ok();
            let width = width.map(|size| usize::from(size.ws_col)).filter(|width| *width > 0);
            write!(out, "{}", table::text(&value, width))?;
        }
        Output::Text => write!(out, "{}", show::text(&value))?,
    }
    out.flush()?;
    match partly::refused(&value) {
        Some(refusal) => Err(CommandError::Refused(refusal)),
        None => Ok(()),
    }
}
