//! A small resource type for the tests of references, filters and sorting.

use serde_json::{Value, json};

use crate::Resource;
use crate::schema::{Attribute, Kind, ResourceType, Returned, Schema};

pub(crate) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

pub(crate) static USER: ResourceType = ResourceType {
    name: "User",
    endpoint: "/Users",
    description: "",
    schema: &Schema {
        id: "urn:ietf:params:scim:schemas:core:2.0:User",
        name: "User",
        description: "",
        attributes: &[
            Attribute::string("userName", "").required().unique(),
            Attribute::complex(
                "name",
                "",
                &[Attribute::string("familyName", ""), Attribute::string("givenName", "")],
            ),
            Attribute::string("displayName", ""),
            Attribute::string("title", ""),
            Attribute::string("userType", ""),
            Attribute::new("active", Kind::Boolean, ""),
            Attribute::string("password", "").returned(Returned::Never),
            Attribute::complex("emails", "", TYPED).multi_valued().sought_as(&["email"]),
            Attribute::complex("ims", "", TYPED).multi_valued(),
            Attribute::complex("x509Certificates", "", CERTIFICATE).multi_valued(),
            Attribute::new("logins", Kind::Integer, ""),
            Attribute::string("nickNames", "").multi_valued(),
            Attribute::complex(
                "groups",
                "",
                &[
                    Attribute::string("value", "").case_exact(),
                    Attribute::new("$ref", Kind::Reference, ""),
                ],
            )
            .multi_valued(),
        ],
    },
    extensions: &[&Schema {
        id: ENTERPRISE,
        name: "EnterpriseUser",
        description: "",
        attributes: &[
            Attribute::string("department", ""),
            Attribute::complex(
                "manager",
                "",
                &[
                    Attribute::string("value", "").case_exact(),
                    Attribute::string("displayName", ""),
                ],
            ),
        ],
    }],
};

static TYPED: &[Attribute] = &[
    Attribute::string("value", ""),
    Attribute::string("type", ""),
    Attribute::new("primary", Kind::Boolean, ""),
];

static CERTIFICATE: &[Attribute] = &[Attribute::new("value", Kind::Binary, "")];

/// Returns a resource with values for most attributes.
pub(crate) fn babs() -> Resource {
    let resource = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
        "id": "2819c223",
        "externalId": "BJensen",
        "userName": "bjensen@Example.com",
        "name": {"familyName": "O'Malley", "givenName": "Barbara"},
        "displayName": "Ünal \"Babs\" Jensen",
        "userType": "Employee",
        "active": true,
        "logins": 12,
        "nickNames": ["Babs", "Bee"],
        "emails": [
            {"value": "babs@home.org", "type": "home"},
            {"value": "bjensen@example.com", "type": "work", "primary": true},
        ],
        "x509Certificates": [{"value": "AbCd"}],
        "groups": [{"value": "g1", "$ref": "https://example.com/Groups/g1"}],
        "meta": {
            "resourceType": "User",
            "created": "2010-01-23T04:56:22Z",
            "lastModified": "2011-05-13T04:42:34Z",
        },
        ENTERPRISE: {"department": "Tour Operations", "manager": {"value": "M-26"}},
        "urn:example:custom:1.0:User": {
            "Badge": "A7", "level": 3, "vip": "True", "boss": {"value": "B1"}, "tags": ["x", "y"],
        },
    });
    match resource {
        Value::Object(resource) => resource,
        _ => Resource::new(),
    }
}
