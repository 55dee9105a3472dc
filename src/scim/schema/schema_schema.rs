//! The schema of schemas (RFC 7643 §7, §8.7.2).

use super::{Attribute, Kind, Schema};

/// The Schema schema.
pub static SCHEMA: Schema = Schema {
    id: "urn:ietf:params:scim:schemas:core:2.0:Schema",
    name: "Schema",
    description: "The attributes of a kind of resource.",
    attributes: &[
        Attribute::string("id", "URN of the schema.").required().read_only(),
        Attribute::string("name", "Name of the schema.").read_only(),
        Attribute::string("description", "What the schema describes.").read_only(),
        Attribute::complex("attributes", "The attributes.", ATTRIBUTES)
            .multi_valued()
            .required()
            .read_only(),
    ],
};

const NAME: Attribute =
    Attribute::string("name", "Name of the attribute.").required().case_exact().read_only();
const TYPE: Attribute =
    Attribute::string("type", "Data type of the attribute.").required().read_only().canonical(&[
        "string",
        "complex",
        "boolean",
        "decimal",
        "integer",
        "dateTime",
        "reference",
        "binary",
    ]);
const MULTI_VALUED: Attribute =
    Attribute::new("multiValued", Kind::Boolean, "Whether the value is a list.")
        .required()
        .read_only();
const DESCRIPTION: Attribute =
    Attribute::string("description", "What the attribute means.").read_only();
const REQUIRED: Attribute =
    Attribute::new("required", Kind::Boolean, "Whether there must be a value.").read_only();
const CANONICAL_VALUES: Attribute =
    Attribute::string("canonicalValues", "Suggested values.").multi_valued().read_only();
const CASE_EXACT: Attribute =
    Attribute::new("caseExact", Kind::Boolean, "Whether letter case matters.").read_only();
const MUTABILITY: Attribute = Attribute::string("mutability", "Who may write it, and when.")
    .read_only()
    .canonical(&["readOnly", "readWrite", "immutable", "writeOnly"]);
const RETURNED: Attribute = Attribute::string("returned", "When it is part of an answer.")
    .read_only()
    .canonical(&["always", "never", "default", "request"]);
const UNIQUENESS: Attribute = Attribute::string("uniqueness", "How unique values are.")
    .read_only()
    .canonical(&["none", "server", "global"]);
const REFERENCE_TYPES: Attribute =
    Attribute::string("referenceTypes", "What a reference may point at.")
        .multi_valued()
        .read_only();

const ATTRIBUTES: &[Attribute] = &[
    NAME,
    TYPE,
    MULTI_VALUED,
    DESCRIPTION,
    REQUIRED,
    CANONICAL_VALUES,
    CASE_EXACT,
    MUTABILITY,
    RETURNED,
    UNIQUENESS,
    REFERENCE_TYPES,
    Attribute::complex("subAttributes", "Attributes of a complex attribute.", SUB_ATTRIBUTES)
        .multi_valued()
        .read_only(),
];

const SUB_ATTRIBUTES: &[Attribute] = &[
    NAME,
    TYPE,
    MULTI_VALUED,
    DESCRIPTION,
    REQUIRED,
    CANONICAL_VALUES,
    CASE_EXACT,
    MUTABILITY,
    RETURNED,
    UNIQUENESS,
    REFERENCE_TYPES,
];
