//! Tests of all forms of PATCH that identity providers send.

use serde_json::{Value, json};

use super::{Operation, PATCH_SCHEMA, PatchRequest, apply};
use crate::reader::read;
use crate::schema::USER_RESOURCE;
use crate::{Resource, ScimError, ScimType};

mod entra;
mod limits;
mod message;
mod mutability;
mod own;
mod rules;
mod single;

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn user() -> Resource {
    let body = json!({
        "userName": "a@example.com",
        "name": {"givenName": "G", "familyName": "F"},
        "active": true,
        "emails": [
            {"value": "work@example.com", "type": "work", "primary": true},
            {"value": "home@example.com", "type": "home"},
        ],
        ENTERPRISE: {"department": "D", "manager": {"value": "m1", "$ref": "../Users/m1"}},
    });
    let mut user = read(body, &USER_RESOURCE).unwrap();
    user.insert("id".into(), json!("7"));
    user.insert("meta".into(), json!({"resourceType": "User"}));
    user
}

fn parse(operations: Value) -> Result<Vec<Operation>, ScimError> {
    let body = json!({"schemas": [PATCH_SCHEMA], "Operations": operations});
    PatchRequest::parse(body, &USER_RESOURCE).map(|request| request.operations)
}

fn patch(resource: &mut Resource, operations: Value) -> Result<(), ScimError> {
    parse(operations)?.iter().try_for_each(|operation| apply(resource, operation, &USER_RESOURCE))
}

/// Returns the user after these operations.
fn patched(operations: Value) -> Value {
    let mut user = user();
    patch(&mut user, operations).unwrap();
    Value::Object(user)
}

/// Returns the error of these operations.
fn refused(operations: Value) -> (ScimType, String) {
    let error = patch(&mut user(), operations).unwrap_err();
    assert_eq!(error.status, 400);
    (error.scim_type.unwrap(), error.detail)
}

/// Asserts that the operations do not change the user.
fn assert_unchanged(operations: Value) {
    assert_eq!(patched(operations.clone()), Value::Object(user()), "{operations}");
}
