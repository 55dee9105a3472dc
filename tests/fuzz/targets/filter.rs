//! A filter that is read and printed is the same filter, and finds the same.

use insomnia_scim::provisioning::{GROUP, USER};
use insomnia_scim::scim::filter::{Filter, MAX_LENGTH};
use insomnia_scim::scim::{Resource, ResourceType};
use serde_json::json;

use super::{LIMIT, same};
use crate::mutate::text;
use crate::runner::{Ending, Target};
use crate::seeds;

fn person() -> Resource {
    let person = json!({
        "userName": "babs@x.example", "externalId": "Ö1", "active": true, "title": "Guide",
        "name": {"givenName": "Barbara", "familyName": "Jensen"},
        "emails": [{"value": "babs@x.example", "type": "work", "primary": true}, {"value": "b@y"}],
        "meta": {"created": "2026-01-01T00:00:00Z"},
        "urn:custom:2.0:User": {"tag": "a", "n": 1.5},
    });
    person.as_object().unwrap().clone()
}

fn check_for(text: &str, resource_type: &ResourceType, person: &Resource) -> Ending {
    let filter = match Filter::parse(text, resource_type) {
        Ok(filter) => filter,
        Err(error) => {
            return Ok(error
                .to_string()
                .chars()
                .filter(char::is_ascii_alphabetic)
                .take(40)
                .collect());
        }
    };
    let printed = filter.to_string();
    let found = filter.matches(person);
    // Escapes may make it longer than what is read.
    if printed.len() <= MAX_LENGTH {
        let again = Filter::parse(&printed, resource_type)
            .map_err(|error| format!("{printed} cannot be read again: {error}"))?;
        same("printed and read again it differs", &filter, &again)?;
        same("printed again it differs", &printed, &again.to_string())?;
        same("it finds something else", &found, &again.matches(person))?;
    }
    let shape: String =
        format!("{filter:?}").chars().filter(|c| "(){}[]".contains(*c)).take(60).collect();
    Ok(format!("{found} {shape}"))
}

#[test]
fn filter() {
    let person = person();
    let mut seeds = seeds::texts("filter");
    seeds.extend(
        [
            "userName eq \"a\\u00e9\\ud83d\\ude00\" and not (emails[type eq \"work\" and primary eq true])",
            "meta.lastModified gt \"2026-01-01T00:00:00.123456+01:00\" or name.familyName ew \"\"",
            "urn:custom:2.0:User:n ge 1.50e0 and active ne false or title eq null",
        ]
        .map(str::to_owned),
    );
    Target {
        name: "filter",
        seeds,
        mutate: &|random, input, donor| text::mutate(random, input, donor, seeds::WORDS),
        check: &|text| {
            check_for(text, &GROUP, &person)?;
            check_for(text, &USER, &person)
        },
        limit: LIMIT,
    }
    .run();
}
