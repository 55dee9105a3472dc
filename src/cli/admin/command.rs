//! Builds commands from the endpoints' declarations, and calls from matched commands.

use clap::builder::{NonEmptyStringValueParser, Str, StyledStr};
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::{Map, Value, json};

use super::call::{Body, Call};
use crate::http::admin;
use crate::http::admin::api::{self, Access, Endpoint};

/// Names of the arguments that all commands have.
const URL: &str = "url";
const TOKEN: &str = "token";
const JSON: &str = "json";
const BODY: &str = "body";
const PRINT: &str = "print";
/// Heading for the arguments that all commands have.
const CONNECTION: &str = "Connection and output";
/// Prefixes of the ids of a command's own arguments, so that they cannot clash with those above.
const PATH: &str = "path:";
const QUERY: &str = "query:";
const FIELD: &str = "field:";

/// Returns the kinds of things for which there are commands.
pub fn things() -> Vec<&'static str> {
    let mut things: Vec<&str> = offered(&admin::api()).map(Endpoint::thing).collect();
    things.dedup();
    things
}

/// Returns the endpoints that people call. The others are for programs that sign their requests.
fn offered(api: &api::Api) -> impl Iterator<Item = &Endpoint> {
    api.endpoints().iter().filter(|endpoint| endpoint.access != Access::Signature)
}

/// Adds a command for each kind of thing, with a subcommand for each verb.
pub fn augment(command: Command) -> Command {
    let api = admin::api();
    let definitions = api.definitions();
    let command = command
        .subcommand_required(true)
        .arg_required_else_help(true)
        .arg(
            Arg::new(URL)
                .long("url")
                .value_name("URL")
                .help_heading(CONNECTION)
                .global(true)
                .env("INSOMNIA_SCIM_ADMIN_URL")
                .default_value("http://127.0.0.1:8080")
                .help("The server"),
        )
        .arg(
            Arg::new(TOKEN)
                .long("token")
                .value_name("TOKEN")
                .help_heading(CONNECTION)
                .global(true)
                .env("INSOMNIA_SCIM_ADMIN_TOKEN")
                .hide_env_values(true)
                .help("Your personal token; the variable keeps it out of the list of processes"),
        )
        .arg(
            Arg::new(JSON)
                .long("json")
                .help_heading(CONNECTION)
                .global(true)
                .action(ArgAction::SetTrue)
                .help("Print the answer as JSON"),
        )
        .arg(
            Arg::new(PRINT)
                .long("print")
                .value_name("FIELD")
                .help_heading(CONNECTION)
                .global(true)
                .conflicts_with(JSON)
                .help("Print this field of the answer, or of each item, and nothing else"),
        );
    let mut names: Vec<&str> = offered(&api).map(Endpoint::thing).collect();
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(*name));
    names.into_iter().fold(command, |command, name| {
        let of_this = || offered(&api).filter(|endpoint| endpoint.thing() == name);
        let verbs: Vec<&str> = of_this().map(verb).collect();
        let thing = Command::new(name)
            .about(verbs.join(", "))
            .subcommand_required(true)
            .arg_required_else_help(true)
            .subcommands(of_this().map(|endpoint| verb_command(endpoint, &definitions)));
        command.subcommand(thing)
    })
}

fn verb(endpoint: &Endpoint) -> &'static str {
    endpoint.id.split_once('.').map_or(endpoint.id, |(_, verb)| verb)
}

fn verb_command(endpoint: &Endpoint, definitions: &Map<String, Value>) -> Command {
    let mut command = Command::new(verb(endpoint))
        .aliases(endpoint.former_verbs.iter().copied())
        .about(endpoint.summary);
    if let Some(description) = endpoint.description {
        command = command.long_about(format!("{}\n\n{description}", endpoint.summary));
    }
    for parameter in endpoint.parameters() {
        command = command.arg(
            Arg::new(Str::from(format!("{PATH}{parameter}")))
                .value_name(parameter.to_uppercase())
                // Rejects the empty value of an unset shell variable: without the id, the path
                // would be that of another endpoint.
                .value_parser(NonEmptyStringValueParser::new())
                .required(true),
        );
    }
    for schema in &endpoint.query {
        for (name, schema) in properties(schema.as_value()) {
            command = command.arg(flag(QUERY, name, schema, is_required(schema, name)));
        }
    }
    match &endpoint.body {
        Some(("application/json", schema)) => {
            let object = resolve(schema.as_value(), definitions);
            for (name, schema) in properties(object) {
                let needed = is_required(object, name);
                let schema = resolve(schema, definitions);
                command = command.arg(
                    flag(FIELD, name, schema, false).required_unless_present_any(if needed {
                        vec![BODY]
                    } else {
                        vec![]
                    }),
                );
            }
            command = command.arg(body_argument("The whole body as JSON, from a file; - is stdin"));
        }
        Some((media_type, _)) => {
            let help = format!("The body ({media_type}), from a file; - is stdin");
            command = command.arg(body_argument(&help).required(true));
        }
        None => {}
    }
    command
}

fn body_argument(help: &str) -> Arg {
    Arg::new(BODY).long("body").value_name("FILE").help(StyledStr::from(help.to_owned()))
}

/// Returns the flag of a field or parameter. One whose name clashes with an argument that all
/// commands have gets the suffix `-value`.
fn flag_name(name: &str) -> String {
    match name {
        URL | TOKEN | JSON | BODY | PRINT => format!("{name}-value"),
        name => name.replace('_', "-"),
    }
}

fn flag(kind: &str, name: &str, schema: &Value, required: bool) -> Arg {
    let mut argument = Arg::new(Str::from(format!("{kind}{name}")))
        .long(Str::from(flag_name(name)))
        .value_name(name.to_uppercase())
        .allow_hyphen_values(true)
        .required(required);
    if is_list(schema) {
        argument = argument.action(ArgAction::Append);
    }
    match schema.get("description").and_then(Value::as_str) {
        Some(help) => argument.help(StyledStr::from(help.to_owned())),
        None => argument,
    }
}

fn properties(schema: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten().map(|(name, schema)| (name.as_str(), schema))
}

fn is_required(schema: &Value, name: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    required.is_some_and(|names| names.iter().any(|one| one == name))
}

/// Resolves a reference to a definition. Of a schema that may be null, returns the other
/// alternative.
fn resolve<'a>(schema: &'a Value, definitions: &'a Map<String, Value>) -> &'a Value {
    let alternatives = schema.get("anyOf").and_then(Value::as_array);
    let schema = alternatives
        .and_then(|all| all.iter().find(|one| !has_type(one, "null")))
        .unwrap_or(schema);
    let reference = schema.get("$ref").and_then(Value::as_str);
    reference.and_then(|reference| definitions.get(reference.rsplit('/').next()?)).unwrap_or(schema)
}

fn has_type(schema: &Value, wanted: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(only)) => only == wanted,
        Some(Value::Array(types)) => types.iter().any(|one| one == wanted),
        _ => false,
    }
}

fn is_list(schema: &Value) -> bool {
    has_type(schema, "array")
}

/// Builds the call from the matched arguments.
///
/// # Errors
/// Fails with the name of the argument that is invalid.
pub fn read(matches: &ArgMatches) -> Result<Call, String> {
    let api = admin::api();
    let definitions = api.definitions();
    let (thing, in_thing) = matches.subcommand().ok_or("a command is needed")?;
    let (chosen, own) = in_thing.subcommand().ok_or("a command is needed")?;
    let endpoint = offered(&api)
        .find(|endpoint| endpoint.thing() == thing && verb(endpoint) == chosen)
        .ok_or("there is no such command")?;
    let mut path = format!("{}{}", api::BASE, endpoint.path);
    for parameter in endpoint.parameters() {
        let value = text(own, &format!("{PATH}{parameter}")).unwrap_or_default();
        path = path.replace(&format!("{{{parameter}}}"), &percent_encoded(value));
    }
    let mut query = Vec::new();
    for schema in &endpoint.query {
        for (name, _) in properties(schema.as_value()) {
            if let Some(value) = text(own, &format!("{QUERY}{name}")) {
                query.push((name.to_owned(), value.to_owned()));
            }
        }
    }
    let body = match &endpoint.body {
        None => None,
        Some((media_type, schema)) => {
            let object = resolve(schema.as_value(), &definitions);
            Some(Body { media_type, content: body(own, media_type, object, &definitions)? })
        }
    };
    Ok(Call {
        method: endpoint.method.as_str().to_owned(),
        url: text(own, URL).unwrap_or_default().trim_end_matches('/').to_owned(),
        path,
        query,
        token: text(own, TOKEN).map(str::to_owned),
        needs_token: endpoint.access != Access::Public,
        body,
        idempotent: endpoint.idempotent,
        raw: own.get_flag(JSON),
        field: text(own, PRINT).map(str::to_owned),
    })
}

fn text<'a>(matches: &'a ArgMatches, id: &str) -> Option<&'a str> {
    matches.try_get_one::<String>(id).ok().flatten().map(String::as_str)
}

fn body(
    own: &ArgMatches,
    media_type: &str,
    object: &Value,
    definitions: &Map<String, Value>,
) -> Result<String, String> {
    let mut fields = match text(own, BODY) {
        Some(file) if media_type != "application/json" => return file_content(file),
        Some(file) => serde_json::from_str::<Map<String, Value>>(&file_content(file)?)
            .map_err(|error| format!("--body {file}: {error}"))?,
        None => Map::new(),
    };
    for (name, schema) in properties(object) {
        let id = format!("{FIELD}{name}");
        let Some(mut given) = own.try_get_many::<String>(&id).ok().flatten() else { continue };
        let schema = resolve(schema, definitions);
        let value = if is_list(schema) {
            let items = schema.get("items").map(|items| resolve(items, definitions));
            let item = |text: &String| value(name, items.unwrap_or(&Value::Null), text);
            Value::Array(given.map(item).collect::<Result<_, _>>()?)
        } else {
            let given = given.next_back().map(String::as_str).unwrap_or_default();
            value(name, schema, given)?
        };
        fields.insert(name.to_owned(), value);
    }
    Ok(Value::Object(fields).to_string())
}

/// Converts an argument to the type in its schema. Types other than text, number and boolean are
/// given as JSON.
fn value(name: &str, schema: &Value, text: &str) -> Result<Value, String> {
    let flag = || format!("--{}", flag_name(name));
    if has_type(schema, "boolean") {
        text.parse::<bool>().map(Value::Bool).map_err(|_| format!("{}: true or false", flag()))
    } else if has_type(schema, "integer") {
        text.parse::<i64>().map(|number| json!(number)).map_err(|_| format!("{}: a number", flag()))
    } else if has_type(schema, "object") {
        serde_json::from_str(text).map_err(|error| format!("{}: JSON: {error}", flag()))
    } else {
        Ok(Value::String(text.to_owned()))
    }
}

fn file_content(file: &str) -> Result<String, String> {
    let read = match file {
        "-" => std::io::read_to_string(std::io::stdin()),
        path => std::fs::read_to_string(path),
    };
    read.map_err(|error| format!("--body {file}: {error}"))
}

/// Percent-encodes a text for use in a path or query.
pub fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(arguments: &[&str]) -> Result<Call, String> {
        let command = augment(Command::new("admin"));
        let matches = command
            .try_get_matches_from([&["admin"], arguments].concat())
            .map_err(|error| error.to_string())?;
        read(&matches)
    }

    #[test]
    fn a_command_is_the_call_that_the_api_wants() {
        let call =
            call(&["teams", "create", "--name", "Flight", "--role", "admin", "--token", "t"])
                .unwrap();
        assert_eq!((call.method.as_str(), call.path.as_str()), ("POST", "/api/v1/teams"));
        assert_eq!(call.body.unwrap().content, r#"{"name":"Flight","role":"admin"}"#);
        assert!(call.idempotent && call.needs_token);
    }

    #[test]
    fn parameters_of_the_path_are_arguments_and_cannot_leave_it() {
        let call = call(&["teams", "link", "../x", "org_1", "--json"]).unwrap();
        assert_eq!(call.path, "/api/v1/teams/..%2Fx/organizations/org_1");
        assert!(call.raw);
    }

    #[test]
    fn an_id_that_is_empty_is_refused() {
        for arguments in [["teams", "get", ""], ["organizations", "delete", ""]] {
            let refused = call(&arguments).err().unwrap();
            assert!(refused.contains("ID"), "{refused}");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let error = call(&["teams", "create"]).err().unwrap();
        assert!(error.contains("--name"), "{error}");
        let error = call(&["teams", "link", "team_1"]).err().unwrap();
        assert!(error.contains("ORGANIZATION_ID"), "{error}");
        let error =
            call(&["tokens", "create", "--name", "x", "--expires-in-days", "soon"]).err().unwrap();
        assert_eq!(error, "--expires-in-days: a number");
    }

    #[test]
    fn lists_are_repeated_flags() {
        let call = call(&["tokens", "create", "--name", "x", "--scopes", "a", "--scopes", "b"]);
        assert_eq!(call.unwrap().body.unwrap().content, r#"{"name":"x","scopes":["a","b"]}"#);
    }

    #[test]
    fn an_object_is_given_as_json() {
        let oidc = r#"{"issuer":"https://idp.example","client_id":"a","client_secret":"b"}"#;
        let call = call(&["sso-connections", "change", "sso_1", "--oidc", oidc]).unwrap();
        assert_eq!(call.body.unwrap().content, format!("{{\"oidc\":{oidc}}}"));
    }

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
}
