//! What identity providers send: Okta's user, Entra's user, groups, PATCHes.

use serde_json::{Value, json};

/// Okta's POST of a user: a password, Okta's id, an empty list of groups.
pub const OKTA_USER: &str = r#"{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
  "userName": "jane.doe@acme.example",
  "name": {"givenName": "Jane", "familyName": "Doe"},
  "emails": [{"primary": true, "value": "jane.doe@acme.example", "type": "work"}],
  "displayName": "Jane Doe",
  "locale": "en-US",
  "externalId": "00u1a2b3c4d5e6f7g8h9",
  "groups": [],
  "password": "1mz050nq8gP2",
  "active": true
}"#;

/// Entra's POST of a user with most attributes mapped: the enterprise extension, `meta`, a boolean
/// as a string, and nulls for what is empty.
pub const ENTRA_USER: &str = r#"{
  "schemas": [
    "urn:ietf:params:scim:schemas:core:2.0:User",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
  ],
  "externalId": "jdoe",
  "userName": "Jane.Doe@contoso.example",
  "active": "True",
  "addresses": [{
    "primary": false, "type": "work", "country": "Germany", "locality": "Hamburg",
    "postalCode": "20095", "region": null, "streetAddress": "Mönckebergstraße 7",
    "formatted": null
  }],
  "displayName": "Jane Doe",
  "emails": [{"primary": true, "type": "work", "value": "jane.doe@contoso.example"}],
  "meta": {"resourceType": "User"},
  "name": {"familyName": "Doe", "givenName": "Jane", "formatted": "Jane Doe"},
  "phoneNumbers": [
    {"primary": null, "type": "work", "value": "+49 40 123456"},
    {"primary": null, "type": "mobile", "value": "+49 170 123456"},
    {"primary": null, "type": "fax", "value": null}
  ],
  "preferredLanguage": "de-DE",
  "title": "Staff Engineer",
  "roles": [],
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
    "employeeNumber": "701984",
    "costCenter": "4130",
    "department": "Research",
    "division": null,
    "organization": "Contoso",
    "manager": {"value": "01HV7Q3E2N8K5T4R6W9Y0Z1X2C"}
  }
}"#;

/// Okta's deactivation.
pub const OKTA_PATCH: &str = r#"{
  "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  "Operations": [{"op": "replace", "value": {"active": false}}]
}"#;

/// Entra's update of what changed for a user, in the default job's dialect.
pub const ENTRA_PATCH: &str = r#"{
  "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  "Operations": [
    {"op": "Replace", "path": "active", "value": "False"},
    {"op": "Replace", "path": "displayName", "value": "Jane Roe"},
    {"op": "Replace", "path": "name.familyName", "value": "Roe"},
    {"op": "Replace", "path": "emails[type eq \"work\"].value",
     "value": "jane.roe@contoso.example"},
    {"op": "Add", "path": "phoneNumbers[type eq \"fax\"].value", "value": "+49 40 654321"},
    {"op": "Replace", "path": "addresses[type eq \"work\"].locality", "value": "Berlin"},
    {"op": "Add",
     "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
     "value": "Development"},
    {"op": "Add",
     "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
     "value": "01HV7Q3E2N8K5T4R6W9Y0Z1X3D"}
  ]
}"#;

/// The id of the so-manieth member.
pub fn member_id(number: usize) -> String {
    format!("0198a5c2-7d1e-7000-8000-{number:012x}")
}

/// Okta's PUT of a group: the whole list, with names.
pub fn group(members: usize) -> String {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": "Engineering",
        "externalId": "b1c2d3e4-0001-4a5b-8c6d-7e8f90a1b2c3",
        "members": (0..members).map(member).collect::<Vec<_>>(),
    })
    .to_string()
}

fn member(number: usize) -> Value {
    json!({"value": member_id(number), "display": format!("user{number}@acme.example")})
}

/// A group as it is answered.
pub fn answered_group(members: usize) -> Value {
    let member = |number| {
        let id = member_id(number);
        json!({
            "value": id,
            "$ref": format!("https://scim.example/scim/v2/a1b2c3d4/Users/{id}"),
            "display": format!("User {number}"),
            "type": "User",
        })
    };
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "id": "0198a5c2-7d1e-7000-8000-00000000beef",
        "externalId": "b1c2d3e4-0001-4a5b-8c6d-7e8f90a1b2c3",
        "displayName": "Engineering",
        "members": (0..members).map(member).collect::<Vec<_>>(),
        "meta": {
            "resourceType": "Group",
            "created": "2026-05-13T04:42:34.000Z",
            "lastModified": "2026-05-13T04:42:34.000Z",
            "location": "https://scim.example/scim/v2/a1b2c3d4/Groups/0198a5c2-7d1e-7000-8000-00000000beef",
            "version": "W/\"7\"",
        },
    })
}

/// Entra's PATCH that adds members to a group.
pub fn members_patch(members: usize) -> String {
    let value = |number| json!({"$ref": null, "value": member_id(number)});
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{
            "op": "Add",
            "path": "members",
            "value": (0..members).map(value).collect::<Vec<_>>(),
        }],
    })
    .to_string()
}
