//! Reads the matched arguments of a command: what is called, with which values, and how the answer
//! is printed.

use clap::ArgMatches;
use serde_json::{Map, Value, json};

use super::arguments::{
    BODY, CONFIRM, FIELD, JSON, PATH, PRINT, QUERY, TABLE, TOKEN, URL, WAIT, flag_name, offered,
    percent_encoded, verb,
};
use super::call::{Body, Call};
use super::schema::{has_type, is_list, of_one, properties, resolve};
use crate::http::admin::api::{self, Access, Api, Endpoint};

/// What a command asks for. Names have not been looked up yet.
pub struct Wish<'a> {
    /// The endpoint to call.
    pub endpoint: &'a Endpoint,
    /// The parameters of the path, in its order.
    pub path: Vec<(&'static str, String)>,
    /// The parameters of the query.
    pub query: Vec<(String, String)>,
    /// The body.
    pub body: Content,
    /// The name that confirms what is not undone.
    pub confirmation: Option<String>,
    /// The server's URL, as it was given.
    pub url: String,
    /// The token, as it was given.
    pub token: Option<String>,
    /// The seconds to wait for the server.
    pub wait: Option<u64>,
    /// How the answer is printed.
    pub output: Output,
}

/// The body of a request.
pub enum Content {
    /// No body.
    Nothing,
    /// An object.
    Json(Map<String, Value>),
    /// A text of this media type.
    Text(&'static str, String),
}

/// How an answer is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// For people on a terminal, in full otherwise.
    Text,
    /// For people.
    Table,
    /// As JSON.
    Json,
    /// Only this field.
    Field(String),
}

impl Wish<'_> {
    /// Returns the call, with what has become of the names.
    pub fn call(&self) -> Call {
        let mut path = format!("{}{}", api::BASE, self.endpoint.path);
        for (parameter, value) in &self.path {
            path = path.replace(&format!("{{{parameter}}}"), &percent_encoded(value));
        }
        let json = |content: &Map<String, Value>| Body {
            media_type: "application/json",
            content: Value::Object(content.clone()).to_string(),
        };
        Call {
            method: self.endpoint.method.as_str().to_owned(),
            path,
            query: self.query.clone(),
            body: match &self.body {
                Content::Nothing => None,
                Content::Json(object) => Some(json(object)),
                Content::Text(media_type, text) => Some(Body { media_type, content: text.clone() }),
            },
            idempotent: self.endpoint.idempotent,
        }
    }

    /// Returns `true` if the endpoint requires a token.
    pub fn needs_token(&self) -> bool {
        self.endpoint.access != Access::Public
    }
}

/// Reads the matched arguments.
///
/// # Errors
/// Fails with the name of the argument that is invalid.
pub fn read<'a>(api: &'a Api, matches: &ArgMatches) -> Result<Wish<'a>, String> {
    let definitions = api.definitions();
    let (thing, in_thing) = matches.subcommand().ok_or("a command is needed")?;
    let (chosen, own) = in_thing.subcommand().ok_or("a command is needed")?;
    let endpoint = offered(api)
        .find(|endpoint| endpoint.thing() == thing && verb(endpoint) == chosen)
        .ok_or("there is no such command")?;
    let path = endpoint.parameters().map(|parameter| {
        let value = text(own, &format!("{PATH}{parameter}")).unwrap_or_default();
        (parameter, value.to_owned())
    });
    let mut query = Vec::new();
    for schema in &endpoint.query {
        for (name, _) in properties(schema.as_value()) {
            if let Some(value) = text(own, &format!("{QUERY}{name}")) {
                query.push((name.to_owned(), value.to_owned()));
            }
        }
    }
    let body = match &endpoint.body {
        None => Content::Nothing,
        Some(("application/json", schema)) => {
            let object = resolve(schema.as_value(), &definitions);
            Content::Json(body(own, object, &definitions)?)
        }
        Some((media_type, _)) => {
            Content::Text(media_type, file_content(text(own, BODY).unwrap_or("-"))?)
        }
    };
    Ok(Wish {
        endpoint,
        path: path.collect(),
        query,
        body,
        confirmation: text(own, CONFIRM).map(str::to_owned),
        url: text(own, URL).unwrap_or_default().to_owned(),
        token: text(own, TOKEN).map(str::to_owned),
        wait: own.get_one::<u64>(WAIT).copied(),
        output: match text(own, PRINT) {
            Some(field) => Output::Field(field.to_owned()),
            None if own.get_flag(JSON) => Output::Json,
            None if own.get_flag(TABLE) => Output::Table,
            None => Output::Text,
        },
    })
}

fn text<'a>(matches: &'a ArgMatches, id: &str) -> Option<&'a str> {
    matches.try_get_one::<String>(id).ok().flatten().map(String::as_str)
}

fn body(
    own: &ArgMatches,
    object: &Value,
    definitions: &Map<String, Value>,
) -> Result<Map<String, Value>, String> {
    let mut fields = match text(own, BODY) {
        Some(file) => serde_json::from_str::<Map<String, Value>>(&file_content(file)?)
            .map_err(|error| format!("--body {file}: it is not a JSON object: {error}"))?,
        None => Map::new(),
    };
    for (name, schema) in properties(object) {
        let id = format!("{FIELD}{name}");
        let Some(mut given) = own.try_get_many::<String>(&id).ok().flatten() else { continue };
        let schema = resolve(schema, definitions);
        let one = |text: &String| value(name, of_one(schema, definitions), text);
        let value = if is_list(schema) {
            Value::Array(given.map(one).collect::<Result<_, _>>()?)
        } else {
            given.next_back().map(one).transpose()?.unwrap_or_default()
        };
        fields.insert(name.to_owned(), value);
    }
    Ok(fields)
}

/// Converts an argument to the type in its schema. Types other than text, number and boolean are
/// given as JSON.
fn value(name: &str, schema: &Value, text: &str) -> Result<Value, String> {
    let wrong = |what: &str| format!("--{}: \"{text}\" is not {what}", flag_name(name));
    if has_type(schema, "boolean") {
        text.parse::<bool>().map(Value::Bool).map_err(|_| wrong("true or false"))
    } else if has_type(schema, "integer") {
        text.parse::<i64>().map(|number| json!(number)).map_err(|_| wrong("a number"))
    } else if has_type(schema, "object") {
        serde_json::from_str(text).map_err(|error| {
            let reason = error.to_string();
            // serde_json counts lines, and a value has only one.
            let reason = reason.split(" at line ").next().unwrap_or_default();
            let place = error.column();
            format!("--{}: this is not JSON: {reason} (character {place})", flag_name(name))
        })
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

#[cfg(test)]
mod tests {
    use clap::Command;

    use super::super::command::augment;
    use super::*;
    use crate::http::admin;

    fn read_as<R>(arguments: &[&str], then: impl FnOnce(Wish<'_>) -> R) -> Result<R, String> {
        let command = augment(Command::new("admin"));
        let matches = command
            .try_get_matches_from([&["admin"], arguments].concat())
            .map_err(|error| error.to_string())?;
        read(&admin::api(), &matches).map(then)
    }

    fn call(arguments: &[&str]) -> Result<Call, String> {
        read_as(arguments, |wish| wish.call())
    }

    #[test]
    fn a_command_is_the_call_that_the_api_wants() {
        let arguments = ["teams", "create", "--name", "Flight", "--role", "admin", "--token", "t"];
        let made = call(&arguments).unwrap();
        assert_eq!((made.method.as_str(), made.path.as_str()), ("POST", "/api/v1/teams"));
        assert_eq!(made.body.unwrap().content, r#"{"name":"Flight","role":"admin"}"#);
        assert!(made.idempotent && read_as(&arguments, |wish| wish.needs_token()).unwrap());
    }

    #[test]
    fn parameters_of_the_path_are_arguments_and_cannot_leave_it() {
        let arguments = ["teams", "link", "../x", "org_1", "--json"];
        let made = call(&arguments).unwrap();
        assert_eq!(made.path, "/api/v1/teams/..%2Fx/organizations/org_1");
        assert_eq!(read_as(&arguments, |wish| wish.output).unwrap(), Output::Json);
    }

    #[test]
    fn an_id_that_is_empty_is_refused() {
        for arguments in [
            &["teams", "get", ""][..],
            &["organizations", "delete", ""],
            &["invitations", "create", "--email", "a@x.example", "--team-id", ""],
        ] {
            let refused = call(arguments).err().unwrap();
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
        assert_eq!(error, "--expires-in-days: \"soon\" is not a number");
    }

    #[test]
    fn a_word_that_is_not_allowed_is_refused_with_those_that_are() {
        let error = call(&["teams", "create", "--name", "x", "--role", "king"]).err().unwrap();
        for part in ["'king'", "--role", "member, admin"] {
            assert!(error.contains(part), "{error}");
        }
        let error = call(&["storage-control", "change", "--organizations", "usb"]).err().unwrap();
        assert!(error.contains("cloud_sync"), "{error}");
    }

    #[test]
    fn lists_are_repeated_flags() {
        let made = call(&[
            "tokens",
            "create",
            "--name",
            "x",
            "--scopes",
            "sso:off",
            "--scopes",
            "audit:read",
        ]);
        assert_eq!(
            made.unwrap().body.unwrap().content,
            r#"{"name":"x","scopes":["sso:off","audit:read"]}"#
        );
    }

    #[test]
    fn an_object_is_given_as_json() {
        let oidc = r#"{"issuer":"https://idp.example","client_id":"a","client_secret":"b"}"#;
        let made = call(&["sso-connections", "change", "sso_1", "--oidc", oidc]).unwrap();
        assert_eq!(made.body.unwrap().content, format!("{{\"oidc\":{oidc}}}"));
        let error = call(&["sso-connections", "change", "sso_1", "--oidc", "{no"]).err().unwrap();
        assert!(error.starts_with("--oidc: this is not JSON: "), "{error}");
        assert!(error.contains("character 2") && !error.contains("line"), "{error}");
    }

    #[test]
    fn licences_are_licenses_too() {
        for thing in ["licences", "licenses"] {
            assert_eq!(call(&[thing, "list"]).unwrap().path, "/api/v1/licences");
        }
        for verb in ["export-licences", "export-licenses"] {
            assert_eq!(call(&["reports", verb]).unwrap().path, "/api/v1/reports/licences.csv");
        }
    }

    #[test]
    fn waiting_takes_a_number_or_none() {
        let wait = |flag: &str| read_as(&["seats", "get", flag], |wish| wish.wait);
        assert_eq!(wait("--wait"), Ok(Some(30)));
        assert_eq!(wait("--wait=5"), Ok(Some(5)));
        assert!(wait("--wait=soon").is_err());
    }
}
