//! Tests of the limits on a PATCH: what is exactly at a limit is accepted, one more is refused.

use super::*;
use crate::patch::{MAX_OPERATIONS, multi_value};
use crate::reader::limits::{MAX_ASSIGNMENTS, MAX_REFERENCES};
use crate::schema::GROUP_RESOURCE;

const OWN: &str = "urn:acme:ext:1.0:User";

/// Returns an object of this many attributes.
fn attributes(count: usize) -> Value {
    (0..count).map(|number| (format!("a{number}"), json!(number))).collect()
}

#[test]
fn a_request_has_a_limited_number_of_operations() {
    let operations = |count: usize| json!(vec![json!({"op": "remove", "path": "title"}); count]);
    assert_eq!(parse(operations(MAX_OPERATIONS)).map(|found| found.len()), Ok(MAX_OPERATIONS));
    let refused = parse(operations(MAX_OPERATIONS + 1)).unwrap_err();
    assert_eq!(refused.status, 413, "{refused}");
}

#[test]
fn operations_without_path_count_by_their_attributes() {
    let operations = |second: usize| {
        json!([
            {"op": "add", "value": {OWN: attributes(MAX_ASSIGNMENTS / 2)}},
            {"op": "add", "value": {OWN: attributes(second)}},
        ])
    };
    let most = parse(operations(MAX_ASSIGNMENTS / 2));
    assert_eq!(most.map(|found| found.len()), Ok(MAX_ASSIGNMENTS));
    for second in [MAX_ASSIGNMENTS / 2 + 1, MAX_ASSIGNMENTS] {
        let refused = parse(operations(second)).unwrap_err();
        assert_eq!(refused.status, 413, "{refused}");
    }
}

#[test]
fn an_extension_has_a_limited_number_of_attributes() {
    let mut user = user();
    let fill = json!([{"op": "add", "path": OWN, "value": attributes(MAX_ASSIGNMENTS)}]);
    patch(&mut user, fill).unwrap();
    let again = json!([{"op": "replace", "path": format!("{OWN}:a0"), "value": "x"}]);
    patch(&mut user, again).unwrap();
    let beyond = json!([{"op": "add", "path": format!("{OWN}:more"), "value": "x"}]);
    let refused = patch(&mut user, beyond).unwrap_err();
    assert_eq!(refused.scim_type, Some(ScimType::InvalidValue), "{refused}");
    let at_once = json!([{"op": "add", "path": OWN, "value": attributes(MAX_ASSIGNMENTS + 1)}]);
    assert_eq!(refused_detail(at_once), refused.detail);
}

fn refused_detail(operations: Value) -> String {
    let (kind, detail) = refused(operations);
    assert_eq!(kind, ScimType::InvalidValue);
    detail
}

#[test]
fn a_group_may_have_exactly_the_allowed_number_of_members() {
    let attribute = GROUP_RESOURCE.schema.attribute("members").unwrap();
    for (count, allowed) in [(MAX_REFERENCES, true), (MAX_REFERENCES + 1, false)] {
        let add = json!({"op": "add", "path": "members", "value": vec!["1"; count]});
        let body = json!({"schemas": [PATCH_SCHEMA], "Operations": [add]});
        let request = PatchRequest::parse(body, &GROUP_RESOURCE).unwrap();
        assert_eq!(multi_value(&request.operations[0], attribute).is_ok(), allowed, "{count}");
    }
}
