//! Builds commands from the endpoints' declarations.

use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser, Str, StyledStr};
use clap::{Arg, ArgAction, Command, value_parser};
use serde_json::{Map, Value};

use super::arguments::{
    BODY, CONFIRM, FIELD, JSON, PATH, PRINT, QUERY, TABLE, TOKEN, TOKEN_VARIABLE, URL,
    URL_VARIABLE, WAIT, flag_name, offered, verb,
};
use super::schema::{is_list, is_required, of_one, properties, resolve, words};
use super::{confirm, names};
use crate::cli::waiting;
use crate::http::admin;
use crate::http::admin::api::{Api, Endpoint};

/// Heading for the arguments that all commands have.
const CONNECTION: &str = "Connection and output";

/// Returns the kinds of things for which there are commands.
pub fn things() -> Vec<String> {
    let api = admin::api();
    let mut things: Vec<String> = offered(&api)
        .map(Endpoint::thing)
        .flat_map(|thing| std::iter::once(thing.to_owned()).chain(american(thing)))
        .collect();
    things.dedup();
    things
}

/// Returns the other spelling of a name with "licence" in it.
fn american(name: &str) -> Option<String> {
    name.contains("licence").then(|| name.replace("licence", "license"))
}

/// Adds a command for each kind of thing, with a subcommand for each verb.
pub fn augment(command: Command) -> Command {
    let api = admin::api();
    let definitions = api.definitions();
    let command = command
        .subcommand_required(true)
        .arg_required_else_help(true)
        .args(connection().into_iter().chain(output()));
    let mut names: Vec<&str> = offered(&api).map(Endpoint::thing).collect();
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(*name));
    names.into_iter().fold(command, |command, name| {
        let of_this = || offered(&api).filter(|endpoint| endpoint.thing() == name);
        let verbs: Vec<&str> = of_this().map(verb).collect();
        let thing = Command::new(name)
            .about(verbs.join(", "))
            .visible_aliases(american(name).map(Str::from))
            .subcommand_required(true)
            .arg_required_else_help(true)
            .subcommands(of_this().map(|endpoint| verb_command(&api, endpoint, &definitions)));
        command.subcommand(thing)
    })
}

/// Returns the arguments that say where the server is and who asks.
fn connection() -> [Arg; 3] {
    let argument =
        |name: &'static str| Arg::new(name).long(name).help_heading(CONNECTION).global(true);
    [
        argument(URL)
            .value_name("URL")
            .env(URL_VARIABLE)
            .default_value("http://127.0.0.1:8080")
            .help("The server"),
        argument(TOKEN)
            .value_name("TOKEN")
            .env(TOKEN_VARIABLE)
            .hide_env_values(true)
            .help("Your personal token; the variable keeps it out of the list of processes"),
        argument(WAIT)
            .value_name("SECONDS")
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value(waiting::DEFAULT)
            .value_parser(value_parser!(u64).range(1..=waiting::MOST))
            .help("Wait until the server is ready, at most so long; 30 seconds without a number"),
    ]
}

/// Returns the arguments that say how the answer is printed.
fn output() -> [Arg; 3] {
    let argument =
        |name: &'static str| Arg::new(name).long(name).help_heading(CONNECTION).global(true);
    [
        argument(JSON).action(ArgAction::SetTrue).help("Print the answer as JSON, for programs"),
        argument(TABLE)
            .action(ArgAction::SetTrue)
            .conflicts_with(JSON)
            .help("Print lists as they are printed on a terminal, also into a file or a pipe"),
        argument(PRINT)
            .value_name("FIELD")
            .conflicts_with_all([JSON, TABLE])
            .help("Print this field of the answer, or of each item, and nothing else"),
    ]
}

fn verb_command(api: &Api, endpoint: &Endpoint, definitions: &Map<String, Value>) -> Command {
    let mut command = Command::new(verb(endpoint))
        .aliases(endpoint.former_verbs.iter().copied())
        .aliases(american(verb(endpoint)).map(Str::from))
        .aliases(endpoint.former_verbs.iter().filter_map(|verb| american(verb)).map(Str::from))
        .about(endpoint.summary);
    if let Some(description) = endpoint.description {
        command = command.long_about(format!("{}\n\n{description}", endpoint.summary));
    }
    for parameter in endpoint.parameters() {
        let argument = Arg::new(Str::from(format!("{PATH}{parameter}")))
            .value_name(parameter.to_uppercase())
            // Rejects the empty value of an unset shell variable: without the id, the path
            // would be that of another endpoint.
            .value_parser(NonEmptyStringValueParser::new())
            .required(true);
        command = command.arg(match names::collection_of(api, definitions, endpoint, parameter) {
            Some(_) => argument.help("The id; or a name or an address that only one has"),
            None => argument,
        });
    }
    for schema in &endpoint.query {
        for (name, schema) in properties(schema.as_value()) {
            let is_needed = is_required(schema, name);
            command = command.arg(flag(QUERY, name, schema, definitions).required(is_needed));
        }
    }
    match &endpoint.body {
        Some(("application/json", schema)) => {
            let object = resolve(schema.as_value(), definitions);
            for (name, schema) in properties(object) {
                let mut argument = flag(FIELD, name, schema, definitions);
                if is_required(object, name) {
                    argument = argument.required_unless_present_any([BODY]);
                }
                command = command.arg(argument);
            }
            command = command.arg(body_argument("The whole body as JSON, from a file; - is stdin"));
        }
        Some((media_type, _)) => {
            let help = format!("The body ({media_type}), from a file; - is stdin");
            command = command.arg(body_argument(&help).required(true));
        }
        None => {}
    }
    match confirm::of(endpoint) {
        Some(_) => command.arg(confirmation()),
        None => command,
    }
}

fn confirmation() -> Arg {
    Arg::new(CONFIRM)
        .long(CONFIRM)
        .value_name("NAME")
        .help("The name of what this is about, because it is not undone; asked for on a terminal")
}

fn body_argument(help: &str) -> Arg {
    Arg::new(BODY).long("body").value_name("FILE").help(StyledStr::from(help.to_owned()))
}

fn flag(kind: &str, name: &str, schema: &Value, definitions: &Map<String, Value>) -> Arg {
    let schema = described(schema, definitions);
    let long = flag_name(name);
    let mut argument = Arg::new(Str::from(format!("{kind}{name}")))
        .aliases(american(&long).map(Str::from))
        .long(Str::from(long))
        .value_name(name.to_uppercase())
        .allow_hyphen_values(true);
    if is_list(schema.value) {
        argument = argument.action(ArgAction::Append);
    }
    if let Some(words) = words(of_one(schema.value, definitions)) {
        argument = argument.value_parser(PossibleValuesParser::new(words));
    } else if name.ends_with("_id") || name.ends_with("_ids") {
        argument = argument.value_parser(NonEmptyStringValueParser::new());
    }
    match schema.description {
        Some(help) => argument.help(StyledStr::from(help.to_owned())),
        None => argument,
    }
}

/// A property's schema, and its description, which stands beside a reference.
struct Described<'a> {
    value: &'a Value,
    description: Option<&'a str>,
}

fn described<'a>(schema: &'a Value, definitions: &'a Map<String, Value>) -> Described<'a> {
    let resolved = resolve(schema, definitions);
    let text = |schema: &'a Value| schema.get("description").and_then(Value::as_str);
    Described { value: resolved, description: text(schema).or(text(resolved)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_help() {
        let mut command = augment(Command::new("admin"));
        command.build();
        for thing in command.get_subcommands().filter(|thing| thing.get_name() != "help") {
            for verb in thing.get_subcommands() {
                assert!(verb.get_about().is_some(), "{} {}", thing.get_name(), verb.get_name());
            }
        }
    }

    #[test]
    fn one_thing_is_read_by_one_verb() {
        let api = admin::api();
        let other = ["show", "read", "look", "view", "describe"];
        for endpoint in offered(&api) {
            let verb = verb(endpoint);
            assert!(!other.iter().any(|word| verb.starts_with(word)), "{}", endpoint.id);
        }
    }
}
