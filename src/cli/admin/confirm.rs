//! What is not undone asks for the name of the thing first.

use std::io::{BufRead, IsTerminal, Write};

use super::arguments::percent_encoded;
use super::call::{Call, CallError, Server};
use super::reading::Wish;
use crate::cli::error::CommandError;
use crate::http::admin::api::{self, Endpoint};

/// How the name of the thing is found that a command is about.
pub struct Confirmation {
    /// The endpoint of the command.
    endpoint: &'static str,
    name: Name,
}

enum Name {
    /// The field of what this path answers.
    Field(&'static str, &'static str),
    /// The same, but only if a list in the answer has items.
    FieldWhere(&'static str, &'static str, &'static str),
    /// A fixed name.
    Fixed(&'static str),
}

/// The commands that are not undone. `plan downgrade` is not here: the server itself asks for the
/// name.
const NOT_UNDONE: [Confirmation; 6] = [
    Confirmation {
        endpoint: "organizations.delete",
        name: Name::Field("/organizations/{id}", "name"),
    },
    Confirmation {
        endpoint: "teams.delete",
        name: Name::FieldWhere("/teams/{id}", "name", "organizations"),
    },
    Confirmation { endpoint: "domains.delete", name: Name::Field("/domains/{id}", "name") },
    Confirmation { endpoint: "connector.disable", name: Name::Fixed("SCIM") },
    Confirmation {
        endpoint: "sso-connections.switch-on",
        name: Name::Field("/sso-connections/{id}", "domain"),
    },
    Confirmation {
        endpoint: "organization-transfers.accept",
        name: Name::Field("/organization-transfers/{id}", "organization_name"),
    },
];

/// Returns how the endpoint's command is confirmed, if it has to be.
pub fn of(endpoint: &Endpoint) -> Option<&'static Confirmation> {
    NOT_UNDONE.iter().find(|one| one.endpoint == endpoint.id)
}

/// Checks that the command was confirmed; asks on a terminal.
///
/// # Errors
/// Fails if it was not confirmed, or with another name.
pub fn check(server: &Server, wish: &Wish<'_>) -> Result<(), CommandError> {
    let Some(confirmation) = of(wish.endpoint) else { return Ok(()) };
    let Some(name) = confirmation.name.find(server, wish)? else { return Ok(()) };
    let given = match &wish.confirmation {
        Some(given) => given.clone(),
        None if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() => ask(&name)?,
        None => {
            return Err(CommandError::Argument(format!(
                "this is not undone. If it is what you want, add --confirm '{name}'"
            )));
        }
    };
    if given.trim() == name {
        return Ok(());
    }
    Err(CommandError::Argument(format!(
        "--confirm: \"{given}\" is not the name of what this is about, which is '{name}'. Nothing was \
         changed"
    )))
}

impl Name {
    /// Returns the name, or `None` if the command needs no confirmation.
    fn find(&self, server: &Server, wish: &Wish<'_>) -> Result<Option<String>, CallError> {
        let (path, field, list) = match self {
            Self::Fixed(name) => return Ok(Some((*name).to_owned())),
            Self::Field(path, field) => (path, field, None),
            Self::FieldWhere(path, field, list) => (path, field, Some(list)),
        };
        let mut place = format!("{}{path}", api::BASE);
        for (parameter, value) in &wish.path {
            place = place.replace(&format!("{{{parameter}}}"), &percent_encoded(value));
        }
        let thing = server.read(&Call::get(place, Vec::new()), None)?;
        let is_empty = |list: &&str| thing[*list].as_array().is_some_and(Vec::is_empty);
        if list.is_some_and(is_empty) {
            return Ok(None);
        }
        Ok(Some(thing[*field].as_str().map(str::to_owned).unwrap_or_default()))
    }
}

fn ask(name: &str) -> Result<String, CommandError> {
    let mut terminal = std::io::stderr().lock();
    write!(terminal, "This is not undone. Type the name, {name}, to go on: ")?;
    terminal.flush()?;
    let mut typed = String::new();
    std::io::stdin().lock().read_line(&mut typed)?;
    Ok(typed)
}

#[cfg(test)]
mod tests {
    use super::super::schema::{properties, resolve};
    use super::*;
    use crate::http::admin;

    #[test]
    fn what_is_not_undone_is_there_and_has_the_name() {
        let api = admin::api();
        let definitions = api.definitions();
        let endpoints = api.endpoints();
        for Confirmation { endpoint, name } in &NOT_UNDONE {
            assert!(endpoints.iter().any(|one| one.id == *endpoint), "{endpoint}");
            let (path, fields) = match name {
                Name::Fixed(_) => continue,
                Name::Field(path, field) => (path, vec![field]),
                Name::FieldWhere(path, field, list) => (path, vec![field, list]),
            };
            let read = endpoints.iter().find(|one| one.method == "GET" && one.path == *path);
            let (_, schema) = read.unwrap().answers[0].body.as_ref().unwrap();
            let thing = resolve(schema.as_value(), &definitions);
            for field in fields {
                assert!(properties(thing).any(|(known, _)| known == *field), "{path} {field}");
            }
        }
    }
}
