//! No secret of a request is in what the request log keeps: not by itself, and not by way of an
//! error of ours that repeats it.

use insomnia_scim::enterprise::masking;
use insomnia_scim::provisioning::{GROUP, USER};
use insomnia_scim::scim::bulk::BulkRequest;
use insomnia_scim::scim::{AttributeRef, Filter, PatchRequest, Path, ScimError, reader};
use serde_json::{Value, json};

use super::LIMIT;
use crate::mutate::json;
use crate::runner::{Ending, Target};
use crate::seeds;

/// Texts that nobody may read in the log: an address, a password, a token, a name.
const SECRETS: [&str; 4] =
    ["jane@kongair.example", "correct horse!", "scim_Zq8Zk2vT9xW4", "Łukasz O\u{2019}Neil"];

fn no_secret(what: &str, masked: &str, allowed: &dyn Fn(&str) -> bool) -> Result<(), String> {
    match SECRETS.into_iter().find(|secret| masked.contains(secret) && !allowed(secret)) {
        Some(secret) => Err(format!("{secret} is in the {what}: {masked}")),
        None => Ok(()),
    }
}

/// Names of members are kept where they have the form of a name, as the token has. Looked at in the
/// masked text: a parsed body has only the last of several members of one name.
fn is_only_in_names(masked: &str, secret: &str) -> bool {
    masked.match_indices(secret).all(|(at, _)| {
        let behind = masked[at..].split_once('"').map(|(_, behind)| behind);
        behind.is_some_and(|behind| behind.starts_with(':'))
    })
}

/// What the server would say to this body, whatever it is sent as.
fn refusals(body: &Value) -> Vec<ScimError> {
    let mut errors = Vec::new();
    for resource_type in [&USER, &GROUP] {
        errors.extend(reader::read(body.clone(), resource_type).err());
        errors.extend(PatchRequest::parse(body.clone(), resource_type).err());
    }
    errors.extend(BulkRequest::parse(body.clone(), 1_000).err());
    errors
}

fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| texts(value, found)),
        Value::Object(object) => object.iter().for_each(|(name, value)| {
            found.push(name.clone());
            texts(value, found);
        }),
        _ => {}
    }
}

fn check_errors(errors: &[ScimError]) -> Result<(), String> {
    for error in errors {
        no_secret("detail", &masking::detail(&error.detail), &|_| false)?;
        no_secret("error", &masking::answer(error.to_json().to_string().as_bytes()), &|_| false)?;
    }
    Ok(())
}

fn check_text(text: &str) -> Result<(), String> {
    no_secret("path", &masking::path(&format!("/Users/{text}")), &|_| false)?;
    no_secret("method", &masking::method(text), &|_| false)?;
    for name in ["filter", "attributes", "sortBy", "count", "cursor", text] {
        let pairs = [(name.to_owned(), text.to_owned()), (text.to_owned(), name.to_owned())];
        no_secret("query", &masking::query(&pairs), &|_| false)?;
    }
    let mut errors: Vec<ScimError> = Vec::new();
    for resource_type in [&USER, &GROUP] {
        errors.extend(Filter::parse(text, resource_type).err().map(ScimError::from));
        errors.extend(Path::parse(text, resource_type).err().map(ScimError::from));
        errors.extend(AttributeRef::parse(text, resource_type).err().map(ScimError::from));
    }
    check_errors(&errors)
}

fn check_for(text: &str) -> Ending {
    let masked = masking::body(text.as_bytes());
    let Ok(body) = serde_json::from_str::<Value>(text) else {
        no_secret("body", &masked, &|_| false)?;
        return Ok("no JSON".to_owned());
    };
    let is_a_name = |secret: &str| secret == SECRETS[2] && is_only_in_names(&masked, secret);
    no_secret("body", &masked, &is_a_name)?;
    check_errors(&refusals(&body))?;
    let mut found = Vec::new();
    texts(&body, &mut found);
    found.retain(|text| SECRETS.iter().any(|secret| text.contains(secret)));
    for text in found.iter().take(8) {
        check_text(text)?;
    }
    let shape = masked.chars().filter(|character| !character.is_ascii_digit());
    Ok(shape.take(80).collect())
}

fn seeds() -> Vec<String> {
    let [address, password, token, name] = SECRETS;
    let filter = format!("userName eq \"{address}\" and name.familyName co \"{name}\"");
    let own = [
        json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": address,
            "password": password, "externalId": token, "name": {"givenName": name},
            "emails": [{"value": address, "type": "work", "display": name}], "active": "True"}),
        json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [
            {"op": "add", "path": format!("emails[value eq \"{address}\"].display"), "value": name},
            {"op": "replace", "value": {"password": password, "emails[type eq \"work\"].value": address}},
        ]}),
        json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": filter,
            "attributes": [address], "sortBy": name, "cursor": token}),
        json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "409",
            "scimType": "uniqueness", "detail": format!("userName \"{address}\" is taken.")}),
        json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [
            {"method": "POST", "path": "/Users", "bulkId": token, "data": {"userName": address}}]}),
        json!({"id": address, "type": name, "location": format!("https://x/Users/{address}"),
            "members": [{"value": token, "display": name, "type": password}], "version": token}),
    ];
    own.iter().map(Value::to_string).collect()
}

#[test]
fn masking() {
    let words: Vec<&str> = seeds::WORDS.iter().copied().chain(SECRETS).chain(SECRETS).collect();
    let mut all = seeds();
    all.extend(
        ["POST /Users", "PATCH /Users", "POST /Bulk"]
            .into_iter()
            .flat_map(seeds::bodies)
            .map(|body| body.to_string()),
    );
    Target {
        name: "masking",
        seeds: all,
        mutate: &|random, input, donor| json::mutate(random, input, donor, &words),
        check: &check_for,
        limit: LIMIT,
    }
    .run();
}
