//! The attributes that every resource has (RFC 7643 §3.1), and the definition of attributes of
//! unknown extensions. They belong to no schema, so discovery does not list them.

use super::{Attribute, Kind, Returned};

/// The definitions of `id`, `externalId`, `schemas` and `meta`.
pub static COMMON: &[Attribute] = &[
    Attribute::string("id", "Identifier of the resource, assigned by the service provider.")
        .required()
        .case_exact()
        .read_only()
        .returned(Returned::Always)
        .unique(),
    Attribute::string("externalId", "Identifier of the resource as defined by the client.")
        .case_exact(),
    Attribute::new("schemas", Kind::Reference, "URNs of the schemas the resource is made of.")
        .multi_valued()
        .required()
        .returned(Returned::Always)
        .refers_to(&["uri"]),
    Attribute::complex("meta", "Metadata kept by the service provider.", META).read_only(),
];

/// The definition of an attribute of an unknown extension. It has no name, because the reference
/// contains the client's name.
pub static OPEN: Attribute =
    Attribute::new("", Kind::Any, "An attribute of an extension that only the client knows.");

static META: &[Attribute] = &[
    Attribute::string("resourceType", "Name of the resource type.").case_exact().read_only(),
    Attribute::new("created", Kind::DateTime, "When the resource was created.").read_only(),
    Attribute::new("lastModified", Kind::DateTime, "When the resource was last changed.")
        .read_only(),
    Attribute::new("location", Kind::Reference, "URL of the resource.")
        .read_only()
        .refers_to(&["uri"]),
    Attribute::string("version", "Version of the resource, as in the ETag header.")
        .case_exact()
        .read_only(),
];

/// Returns the common attribute with this name, ignoring letter case.
pub fn common_attribute(name: &str) -> Option<&'static Attribute> {
    super::find(COMMON, name)
}
