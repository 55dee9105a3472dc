//! Names and addresses where ids are asked for: they are looked up in the list that has the thing.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::arguments::{percent_encoded, verb};
use super::call::{Call, CallError, Server};
use super::reading::{Content, Wish};
use super::schema::{properties, resolve};
use crate::http::admin::api::{self, Api, Endpoint};

/// The fields of an item by which people call it.
const NAMES: [&str; 6] =
    ["name", "display_name", "user_name", "email", "domain", "organization_name"];
/// The number of items that are read at once: the most that the server gives.
const PAGE: &str = "1000";
/// The number of candidates that an ambiguous name is answered with.
const SHOWN: usize = 10;

/// A list in which things are looked up by name.
pub struct Collection<'a> {
    list: &'a Endpoint,
    /// The field with the id.
    id: String,
    /// Whether the server can search the list.
    searches: bool,
}

/// Returns the list with the things that this parameter of a path means: the list at this place of
/// the path, or else the account's list of the things that the parameter is named after.
pub fn collection_of<'a>(
    api: &'a Api,
    definitions: &Map<String, Value>,
    endpoint: &Endpoint,
    parameter: &str,
) -> Option<Collection<'a>> {
    endpoint.access.operation()?;
    let (before, _) = endpoint.path.split_once(&format!("/{{{parameter}}}"))?;
    list_at(api, definitions, before, parameter)
        .or_else(|| collection_named(api, definitions, endpoint, parameter))
}

/// Returns the account's list of the things that a parameter or field is named after, such as
/// `team_id` or `team_ids`.
fn collection_named<'a>(
    api: &'a Api,
    definitions: &Map<String, Value>,
    endpoint: &Endpoint,
    name: &str,
) -> Option<Collection<'a>> {
    endpoint.access.operation()?;
    let thing = name.strip_suffix("_ids").or_else(|| name.strip_suffix("_id"))?;
    list_at(api, definitions, &format!("/{}s", thing.replace('_', "-")), name)
}

/// Returns the list at this path, if its items have names.
fn list_at<'a>(
    api: &'a Api,
    definitions: &Map<String, Value>,
    path: &str,
    parameter: &str,
) -> Option<Collection<'a>> {
    let list = api.endpoints().iter().find(|it| it.method == "GET" && it.path == path)?;
    list.access.operation()?;
    let (_, schema) = list.answers.first()?.body.as_ref()?;
    let items = resolve(schema.as_value(), definitions).get("properties")?.get("items")?;
    let item = resolve(items.get("items")?, definitions);
    let has = |name: &str| properties(item).any(|(known, _)| known == name);
    if !NAMES.iter().any(|name| has(name)) {
        return None;
    }
    let id = if has(parameter) { parameter } else { "id" };
    let searches = list
        .query
        .iter()
        .any(|schema| properties(schema.as_value()).any(|(name, _)| name == "search"));
    has(id).then(|| Collection { list, id: id.to_owned(), searches })
}

/// Replaces the names in a command by ids.
///
/// # Errors
/// Fails if nothing or several things have a name.
pub fn resolve_in(api: &Api, server: &Server, wish: &mut Wish<'_>) -> Result<(), CallError> {
    let (definitions, endpoint) = (api.definitions(), wish.endpoint);
    for position in 0..wish.path.len() {
        let Some((parameter, value)) = wish.path.get(position).cloned() else { continue };
        if is_id(&value) {
            continue;
        }
        if let Some(collection) = collection_of(api, &definitions, endpoint, parameter) {
            let id = collection.find(server, &wish.path, &value)?;
            if let Some((_, value)) = wish.path.get_mut(position) {
                *value = id;
            }
        }
    }
    let find = |name: &str, value: &mut String| -> Result<(), CallError> {
        if !is_id(value)
            && let Some(collection) = collection_named(api, &definitions, endpoint, name)
        {
            *value = collection.find(server, &[], value)?;
        }
        Ok(())
    };
    for (name, value) in &mut wish.query {
        find(name, value)?;
    }
    if let Content::Json(object) = &mut wish.body {
        for (name, value) in object {
            match value {
                Value::String(text) => find(name, text)?,
                Value::Array(items) => {
                    for item in items {
                        if let Value::String(text) = item {
                            find(name, text)?;
                        }
                    }
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// Returns `true` if a text has the form of an id, which is not looked up.
fn is_id(text: &str) -> bool {
    let is_hex = |hex: &str| hex.len() == 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    let prefixed = text.split_once('_').is_some_and(|(prefix, rest)| {
        prefix.bytes().all(|byte| byte.is_ascii_lowercase()) && is_hex(rest)
    });
    prefixed || (text.len() == 36 && Uuid::parse_str(text).is_ok())
}

/// The things that have a name.
#[derive(Default)]
struct Found {
    /// Those that have exactly this name.
    exact: Vec<Value>,
    /// Those that have it in other letter case.
    similar: Vec<Value>,
}

impl Found {
    fn add(&mut self, item: Value, name: &str) {
        let folded = name.to_lowercase();
        let names = || NAMES.iter().filter_map(|field| item[*field].as_str());
        if names().any(|one| one == name) {
            self.exact.push(item);
        } else if names().any(|one| one.to_lowercase() == folded) {
            self.similar.push(item);
        }
    }
}

impl Collection<'_> {
    /// Returns the id of the thing with this name. `path` has the values of the list's own path.
    fn find(
        &self,
        server: &Server,
        path: &[(&'static str, String)],
        name: &str,
    ) -> Result<String, CallError> {
        let mut place = format!("{}{}", api::BASE, self.list.path);
        for (parameter, value) in path {
            place = place.replace(&format!("{{{parameter}}}"), &percent_encoded(value));
        }
        let mut query = vec![("limit".to_owned(), PAGE.to_owned())];
        if self.searches {
            query.push(("search".to_owned(), name.to_owned()));
        }
        let call = Call::get(place, query);
        let (mut found, mut cursor) = (Found::default(), None::<String>);
        loop {
            let mut page = server.read(&call, cursor.as_deref()).map_err(|error| match error {
                CallError::Refused(text) => CallError::Refused(format!(
                    "\"{name}\" is not an id, and cannot be looked up as a name: {text}"
                )),
                error => error,
            })?;
            let items = page["items"].as_array_mut().map(std::mem::take).unwrap_or_default();
            items.into_iter().for_each(|item| found.add(item, name));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => break,
            }
        }
        self.only(found, name)
    }

    fn only(&self, found: Found, name: &str) -> Result<String, CallError> {
        let found = if found.exact.is_empty() { found.similar } else { found.exact };
        let refuse = |text: String| Err(CallError::Refused(text));
        match &found[..] {
            [] => refuse(format!(
                "no {} has the id, name or address \"{name}\". `insomnia-scim admin {} {}` lists \
                 them.",
                self.kind(),
                self.list.thing(),
                verb(self.list)
            )),
            [only] => match only[&self.id].as_str() {
                Some(id) => Ok(id.to_owned()),
                None => refuse(format!("the {} \"{name}\" has no id", self.kind())),
            },
            several => {
                let more = several.len().saturating_sub(SHOWN);
                let lines = several.iter().take(SHOWN).map(|item| self.line(item));
                let lines = lines.collect::<Vec<_>>().join("\n");
                let rest = if more == 0 { String::new() } else { format!("\n  and {more} more") };
                refuse(format!(
                    "several have the name or address \"{name}\". Give the id of one:\n{lines}{rest}"
                ))
            }
        }
    }

    /// Returns a candidate with all that tells it apart.
    fn line(&self, item: &Value) -> String {
        let mut parts = vec![item[&self.id].as_str().unwrap_or_default().to_owned()];
        for field in NAMES.iter().chain(&["role", "state", "created_at"]) {
            if let Some(value) = item[*field].as_str()
                && !parts.iter().any(|part| part == value)
            {
                parts.push(value.to_owned());
            }
        }
        format!("  {}", parts.join("  "))
    }

    /// Returns what one thing of the list is called.
    fn kind(&self) -> String {
        let name = self.list.path.rsplit('/').next().unwrap_or_default().replace('-', " ");
        match name.strip_suffix("ies") {
            Some(stem) => format!("{stem}y"),
            None => name.trim_end_matches('s').to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::http::admin;

    fn list_of(id: &str, parameter: &str) -> Option<(&'static str, String)> {
        let api = admin::api();
        let definitions = api.definitions();
        let endpoint = api.endpoints().iter().find(|endpoint| endpoint.id == id).unwrap();
        let found = collection_of(&api, &definitions, endpoint, parameter)?;
        Some((found.list.path, found.id))
    }

    #[test]
    fn the_path_says_what_is_meant() {
        for (id, parameter, list, field) in [
            ("teams.get", "id", "/teams", "id"),
            ("teams.link", "organization_id", "/organizations", "id"),
            ("teams.remove-member", "member_id", "/teams/{id}/members", "id"),
            (
                "organizations.remove-collaborator",
                "member_id",
                "/organizations/{id}/collaborators",
                "member_id",
            ),
            ("members.change", "id", "/members", "id"),
            ("licences.delete", "member_id", "/licences", "id"),
            ("domains.verify", "id", "/domains", "id"),
            ("sso-connections.switch-on", "id", "/sso-connections", "id"),
            ("invitations.revoke", "id", "/invitations", "id"),
            ("tokens.delete", "id", "/tokens", "id"),
        ] {
            assert_eq!(list_of(id, parameter), Some((list, field.to_owned())), "{id}");
        }
        for (id, parameter) in [
            ("scim-requests.get", "id"),
            ("connector.delete-token", "id"),
            ("sessions.delete", "id"),
            ("session.change-address", "address"),
        ] {
            assert_eq!(list_of(id, parameter), None, "{id}");
        }
    }

    #[test]
    fn an_id_is_not_looked_up() {
        for id in ["team_0199f0c4a1b27c3d8e4f5a6b7c8d9e0f", "0199f0c4-a1b2-7c3d-8e4f-5a6b7c8d9e0f"]
        {
            assert!(is_id(id), "{id}");
        }
        for name in ["Flight", "team_1", "bea@kongair.example", "a_b", "Team_of_all"] {
            assert!(!is_id(name), "{name}");
        }
    }

    #[test]
    fn the_exact_name_goes_before_one_in_other_letter_case() {
        let mut found = Found::default();
        for (id, name) in [("1", "flight"), ("2", "Flight"), ("3", "FLIGHTS")] {
            found.add(json!({"id": id, "name": name}), "Flight");
        }
        assert_eq!((found.exact.len(), found.similar.len()), (1, 1));
        assert_eq!(found.exact[0]["id"], "2");
    }
}
