//! The enterprise extension of User (RFC 7643 §4.3, §8.7.1).

use super::{Attribute, Kind, Schema};

/// The enterprise User extension.
pub static ENTERPRISE_USER: Schema = Schema {
    id: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    name: "EnterpriseUser",
    description: "What an employer knows about a user.",
    attributes: &[
        Attribute::string("employeeNumber", "Identifier that the employer gave the user."),
        Attribute::string("costCenter", "Cost center the user is booked on."),
        Attribute::string("organization", "Organization the user works for."),
        Attribute::string("division", "Division the user works in."),
        Attribute::string("department", "Department the user works in."),
        Attribute::complex("manager", "The user's manager.", MANAGER),
    ],
};

const MANAGER: &[Attribute] = &[
    Attribute::string("value", "The id of the manager's User resource."),
    Attribute::new("$ref", Kind::Reference, "Address of the manager's User resource.")
        .refers_to(&["User"]),
    Attribute::string("displayName", "The manager's display name.").read_only(),
];
