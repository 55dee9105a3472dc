//! The Group schema (RFC 7643 §4.2, §8.7.1) and its resource type.

use super::{Attribute, Comparison, Kind, Mutability, ResourceType, Schema};

/// The Group resource type, served at `/Groups`.
pub static GROUP_RESOURCE: ResourceType = ResourceType {
    name: "Group",
    endpoint: "/Groups",
    description: "A team of users.",
    schema: &GROUP,
    extensions: &[],
};

/// The Group schema.
pub static GROUP: Schema = Schema {
    id: "urn:ietf:params:scim:schemas:core:2.0:Group",
    name: "Group",
    description: "A team of users.",
    attributes: &[
        Attribute::string(
            "displayName",
            "Name of the group. Unique within the account, whatever the letter case.",
        )
        .compared_as(Comparison::Name)
        .required()
        .unique(),
        Attribute::complex("members", "The users who belong to the group.", MEMBERS).multi_valued(),
    ],
};

// Members are replaced, never edited in place, and only users can be members: groups do not nest.
const MEMBERS: &[Attribute] = &[
    Attribute::string("value", "The id of the member's User resource.")
        .required()
        .case_exact()
        .mutability(Mutability::Immutable),
    Attribute::new("$ref", Kind::Reference, "Address of the member's User resource.")
        .mutability(Mutability::Immutable)
        .refers_to(&["User"]),
    Attribute::string("type", "Kind of the member's resource.")
        .mutability(Mutability::Immutable)
        .canonical(&["User"]),
    Attribute::string("display", "The member's display name.").mutability(Mutability::Immutable),
];
