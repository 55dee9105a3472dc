//! A path, and a reference to an attribute, printed and read again is the same.

use insomnia_scim::provisioning::{GROUP, USER};
use insomnia_scim::scim::path::MAX_LENGTH;
use insomnia_scim::scim::{AttributeRef, Path, ResourceType};

use super::{LIMIT, same};
use crate::mutate::text;
use crate::runner::{Ending, Target};
use crate::seeds;

fn words(error: &impl ToString) -> String {
    error.to_string().chars().filter(char::is_ascii_alphabetic).take(40).collect()
}

fn check_for(text: &str, resource_type: &ResourceType) -> Ending {
    if let Ok(reference) = AttributeRef::parse(text, resource_type) {
        let printed = reference.to_string();
        let again = AttributeRef::parse(&printed, resource_type)
            .map_err(|error| format!("the reference {printed} cannot be read again: {error}"))?;
        same("the reference differs", &reference, &again)?;
    }
    let path = match Path::parse(text, resource_type) {
        Ok(path) => path,
        Err(error) => return Ok(words(&error)),
    };
    let printed = path.to_string();
    if printed.len() <= MAX_LENGTH {
        let again = Path::parse(&printed, resource_type)
            .map_err(|error| format!("{printed} cannot be read again: {error}"))?;
        same("printed and read again it differs", &path, &again)?;
    }
    Ok(printed.chars().filter(|character| !character.is_ascii_digit()).take(60).collect())
}

#[test]
fn path() {
    let mut seeds = seeds::texts("path");
    seeds.extend(
        [
            "urn:custom:2.0:User:tags[value eq \"a\"].label",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
            "members[value eq \"0b52f6b0-6f1c-4b4a-9a51-0d0f9a4ad0c1\" or not (type pr)]",
        ]
        .map(str::to_owned),
    );
    Target {
        name: "path",
        seeds,
        mutate: &|random, input, donor| text::mutate(random, input, donor, seeds::WORDS),
        check: &|text| {
            check_for(text, &GROUP)?;
            check_for(text, &USER)
        },
        limit: LIMIT,
    }
    .run();
}
