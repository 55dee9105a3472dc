//! The schema of resource types (RFC 7643 §6, §8.7.2).

use super::{Attribute, Kind, Schema};

/// The ResourceType schema.
pub static RESOURCE_TYPE: Schema = Schema {
    id: "urn:ietf:params:scim:schemas:core:2.0:ResourceType",
    name: "ResourceType",
    description: "A kind of resource and where it is served.",
    attributes: &[
        Attribute::string("id", "Identifier of the resource type.").read_only(),
        Attribute::string("name", "Name of the resource type.").required().read_only(),
        Attribute::string("description", "What resources of this type are.").read_only(),
        Attribute::new("endpoint", Kind::Reference, "Endpoint, relative to the base address.")
            .required()
            .read_only()
            .refers_to(&["uri"]),
        Attribute::new("schema", Kind::Reference, "URN of the base schema.")
            .required()
            .read_only()
            .refers_to(&["uri"]),
        Attribute::complex("schemaExtensions", "Extensions resources may carry.", EXTENSIONS)
            .multi_valued()
            .read_only(),
    ],
};

const EXTENSIONS: &[Attribute] = &[
    Attribute::new("schema", Kind::Reference, "URN of the extension's schema.")
        .required()
        .read_only()
        .refers_to(&["uri"]),
    Attribute::new("required", Kind::Boolean, "Whether every resource carries the extension.")
        .required()
        .read_only(),
];
