//! Parses PATCH requests.

use serde_json::{Map, Value};

use super::{Operation, OperationKind, PatchRequest};
use crate::excerpt::excerpt;
use crate::reader::limits::MAX_ASSIGNMENTS;
use crate::reader::{expand, listed_schemas, member};
use crate::schema::ResourceType;
use crate::{Path, ScimError};

/// The URN of the PATCH message.
pub const PATCH_SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// The largest number of operations in a request.
pub const MAX_OPERATIONS: usize = 1_000;

impl PatchRequest {
    /// Parses the body of a PATCH. Names and operations are case-insensitive. An add or replace
    /// without path becomes one operation per attribute of its value; unknown attributes are
    /// ignored.
    ///
    /// # Errors
    /// Returns 400 `invalidSyntax` if it is not a PATCH message, 400 `invalidPath` or
    /// `invalidFilter` for an invalid path, 400 `noTarget` for a remove without path, 400
    /// `invalidValue` for a missing value, and 413 for too many operations.
    pub fn parse(body: Value, resource_type: &ResourceType) -> Result<Self, ScimError> {
        let Value::Object(mut body) = body else {
            return Err(ScimError::invalid_syntax("The body must be a JSON object: a PatchOp"));
        };
        let listed = listed_schemas(&body)?;
        // A missing `schemas` is accepted, as in the bodies of POST and PUT.
        if !listed.is_empty() && !listed.iter().any(|urn| urn.eq_ignore_ascii_case(PATCH_SCHEMA)) {
            return Err(ScimError::invalid_syntax(format!(
                "schemas must contain {PATCH_SCHEMA} in the body of a PATCH"
            )));
        }
        let given = match take(&mut body, "Operations") {
            Some(Value::Array(given)) if !given.is_empty() => given,
            _ => {
                return Err(ScimError::invalid_syntax(
                    "Operations must be a list of at least one operation",
                ));
            }
        };
        if given.len() > MAX_OPERATIONS {
            return Err(too_many(MAX_OPERATIONS));
        }
        let mut operations = Vec::with_capacity(given.len());
        for operation in given {
            read(operation, resource_type, &mut operations)?;
            if operations.len() > MAX_ASSIGNMENTS {
                return Err(too_many(MAX_ASSIGNMENTS));
            }
        }
        Ok(Self { operations })
    }
}

fn too_many(most: usize) -> ScimError {
    ScimError::new(
        413,
        format!("A PATCH may have {most} operations; send the rest in further requests"),
    )
}

fn read(
    operation: Value,
    resource_type: &ResourceType,
    operations: &mut Vec<Operation>,
) -> Result<(), ScimError> {
    let Value::Object(mut operation) = operation else {
        return Err(ScimError::invalid_syntax("Each of the Operations must be an object"));
    };
    let kind = kind(member(&operation, "op"))?;
    let value = take(&mut operation, "value");
    let path = match take(&mut operation, "path") {
        None | Some(Value::Null) => None,
        Some(Value::String(path)) if path.is_empty() => None,
        // The URN of the core schema means the whole resource, like no path.
        Some(Value::String(path)) if path.eq_ignore_ascii_case(resource_type.schema.id) => None,
        Some(Value::String(path)) => Some(Path::parse(&path, resource_type)?),
        Some(_) => return Err(ScimError::invalid_path("path must be a string")),
    };
    match (path, kind) {
        (None, OperationKind::Remove) => Err(ScimError::no_target(
            "A remove operation needs a path that names the attribute to remove",
        )),
        (None, _) => {
            let Some(Value::Object(object)) = value else {
                return Err(ScimError::invalid_value(
                    "An operation without path needs a value that is an object of attributes",
                ));
            };
            for (path, value) in expand(object, resource_type)? {
                operations.push(Operation { kind, path, value: Some(value), pathless: true });
            }
            Ok(())
        }
        (Some(path), OperationKind::Remove) => {
            // Some serializers write a missing value as null.
            let value = value.filter(|value| !value.is_null());
            operations.push(Operation { kind, path, value, pathless: false });
            Ok(())
        }
        (Some(path), _) => {
            let Some(value) = value else {
                return Err(ScimError::invalid_value(format!(
                    "The operation on {} needs a value; to unassign the attribute use remove",
                    path.in_an_error()
                )));
            };
            operations.push(Operation { kind, path, value: Some(value), pathless: false });
            Ok(())
        }
    }
}

fn kind(op: Option<&Value>) -> Result<OperationKind, ScimError> {
    let word = op.and_then(Value::as_str).map(str::trim).unwrap_or_default();
    [
        ("add", OperationKind::Add),
        ("remove", OperationKind::Remove),
        ("replace", OperationKind::Replace),
    ]
    .into_iter()
    .find_map(|(name, kind)| word.eq_ignore_ascii_case(name).then_some(kind))
    .ok_or_else(|| {
        ScimError::invalid_syntax(format!(
            "op must be add, remove or replace; it is \"{}\"",
            excerpt(word)
        ))
    })
}

/// Removes and returns the member with this name, in any letter case.
fn take(object: &mut Map<String, Value>, name: &str) -> Option<Value> {
    let key = object.keys().find(|key| key.eq_ignore_ascii_case(name))?.clone();
    object.shift_remove(&key)
}
