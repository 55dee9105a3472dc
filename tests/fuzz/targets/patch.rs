//! A PATCH that is refused is refused whenever it comes; one that is accepted leaves a resource that
//! the reader accepts.

use insomnia_scim::provisioning::{GROUP, USER};
use insomnia_scim::scim::{PatchRequest, Resource, ResourceType, ScimError, patch, reader};
use serde_json::{Value, json};

use super::{LIMIT, refused, same};
use crate::mutate::json;
use crate::runner::{Ending, Target};
use crate::seeds;

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// The resource after the operations; the one before is not touched, as in the server, where it is
/// made of its row.
fn patched(
    resource: &Resource,
    request: &PatchRequest,
    resource_type: &ResourceType,
) -> Result<Resource, ScimError> {
    let mut patched = resource.clone();
    for operation in &request.operations {
        patch::apply(&mut patched, operation, resource_type)?;
    }
    Ok(patched)
}

/// A manager that was emptied stays as an object, for Microsoft's validator; read, it is unassigned.
fn without_empty_manager(mut resource: Resource) -> Resource {
    if let Some(Value::Object(extension)) = resource.get_mut(ENTERPRISE) {
        extension.retain(|name, value| name != "manager" || *value != json!({}));
        if extension.is_empty() {
            resource.shift_remove(ENTERPRISE);
        }
    }
    resource
}

/// The input is `[resource, message]`.
fn check_for(text: &str, resource_type: &ResourceType) -> Ending {
    let Ok(Value::Array(parts)) = serde_json::from_str::<Value>(text) else {
        return Ok("no pair".to_owned());
    };
    let [body, message] = parts.as_slice() else { return Ok("no pair".to_owned()) };
    let Ok(resource) = reader::read(body.clone(), resource_type) else {
        return Ok("no resource".to_owned());
    };
    let request = match PatchRequest::parse(message.clone(), resource_type) {
        Ok(request) => request,
        Err(error) => return Ok(refused(&error)),
    };
    let after = patched(&resource, &request, resource_type);
    same("twice it does not do the same", &after, &patched(&resource, &request, resource_type))?;
    let after = match after {
        Ok(after) => after,
        Err(error) => return Ok(format!("apply {}", refused(&error))),
    };
    if after.contains_key("password") {
        return Err("it holds the password".to_owned());
    }
    let after = without_empty_manager(after);
    let read = reader::read(Value::Object(after.clone()), resource_type)
        .map_err(|error| format!("{after:?} cannot be read: {}", error.detail))?;
    same("what it leaves reads as something else", &after, &read)?;
    let names: Vec<&str> = after.keys().map(String::as_str).collect();
    Ok(names.concat().chars().take(60).collect())
}

fn seeds() -> Vec<String> {
    let user = json!({
        "userName": "babs@x.example", "title": "Guide", "name": {"givenName": "Barbara"},
        "emails": [{"value": "babs@x.example", "type": "work", "primary": true}, {"value": "b@y"}],
        "roles": [{"value": "admin", "primary": true}],
        (ENTERPRISE): {"department": "d", "manager": {"value": "1"}},
        "urn:custom:2.0:User": {"tag": "a", "tags": [{"value": "a", "n": 1.5}]},
    });
    let group = json!({"displayName": "g", "members": [{"value": "1"}, {"value": "2"}]});
    let mut seeds: Vec<Value> = Vec::new();
    seeds.extend(seeds::bodies("PATCH /Users").into_iter().map(|message| json!([user, message])));
    seeds.extend(seeds::bodies("PATCH /Groups").into_iter().map(|message| json!([group, message])));
    seeds.into_iter().map(|seed| seed.to_string()).collect()
}

#[test]
fn patch() {
    Target {
        name: "patch",
        seeds: seeds(),
        mutate: &|random, input, donor| json::mutate(random, input, donor, seeds::WORDS),
        check: &|text| {
            check_for(text, &GROUP)?;
            check_for(text, &USER)
        },
        limit: LIMIT,
    }
    .run();
}
