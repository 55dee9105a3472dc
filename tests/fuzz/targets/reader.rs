//! What the reader accepts, written as it is stored and read again, is the same.

use insomnia_scim::provisioning::{GROUP, USER};
use insomnia_scim::scim::{ResourceType, reader};
use serde_json::Value;

use super::{LIMIT, refused, same};
use crate::mutate::json;
use crate::runner::{Ending, Target};
use crate::seeds;

fn check_for(text: &str, resource_type: &ResourceType) -> Ending {
    let Ok(body) = serde_json::from_str::<Value>(text) else { return Ok("no JSON".to_owned()) };
    let resource = match reader::read(body, resource_type) {
        Ok(resource) => resource,
        Err(error) => return Ok(refused(&error)),
    };
    for name in ["password", "id", "meta", "groups", "schemas"] {
        if resource.contains_key(name) {
            return Err(format!("it holds {name}"));
        }
    }
    let written = Value::Object(resource.clone()).to_string();
    let stored = serde_json::from_str(&written).map_err(|error| error.to_string())?;
    let again = reader::read(stored, resource_type)
        .map_err(|error| format!("{written} cannot be read again: {}", error.detail))?;
    same("written and read again it differs", &resource, &again)?;
    let names: Vec<&str> = resource.keys().map(String::as_str).collect();
    Ok(names.concat().chars().take(60).collect())
}

#[test]
fn reader() {
    let requests = ["POST /Users", "PUT /Users", "POST /Groups", "PUT /Groups"];
    let bodies = requests.into_iter().flat_map(seeds::bodies);
    Target {
        name: "reader",
        seeds: bodies.map(|body| body.to_string()).collect(),
        mutate: &|random, input, donor| json::mutate(random, input, donor, seeds::WORDS),
        check: &|text| {
            check_for(text, &GROUP)?;
            check_for(text, &USER)
        },
        limit: LIMIT,
    }
    .run();
}
