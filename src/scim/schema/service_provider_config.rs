//! The schema of the service provider's configuration (RFC 7643 §5, §8.7.2; RFC 9865 §4).

use super::{Attribute, Kind, Schema};

/// The ServiceProviderConfig schema.
pub static SERVICE_PROVIDER_CONFIG: Schema = Schema {
    id: "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig",
    name: "ServiceProviderConfig",
    description: "What this service provider supports.",
    attributes: &[
        Attribute::new("documentationUri", Kind::Reference, "Address of the documentation.")
            .read_only()
            .refers_to(&["external"]),
        Attribute::complex("patch", "Support for PATCH.", SUPPORTED).required().read_only(),
        Attribute::complex("bulk", "Support for bulk operations.", BULK).required().read_only(),
        Attribute::complex("filter", "Support for filters.", FILTER).required().read_only(),
        Attribute::complex("changePassword", "Support for changing passwords.", SUPPORTED)
            .required()
            .read_only(),
        Attribute::complex("sort", "Support for sorting.", SUPPORTED).required().read_only(),
        Attribute::complex("etag", "Support for entity tags.", SUPPORTED).required().read_only(),
        Attribute::complex("pagination", "Support for paging.", PAGINATION).read_only(),
        Attribute::complex("authenticationSchemes", "Ways to authenticate.", SCHEMES)
            .multi_valued()
            .required()
            .read_only(),
    ],
};

const IS_SUPPORTED: Attribute =
    Attribute::new("supported", Kind::Boolean, "Whether it is supported.").required().read_only();

const SUPPORTED: &[Attribute] = &[IS_SUPPORTED];

const BULK: &[Attribute] = &[
    IS_SUPPORTED,
    Attribute::new("maxOperations", Kind::Integer, "Most operations in one request.")
        .required()
        .read_only(),
    Attribute::new("maxPayloadSize", Kind::Integer, "Largest request, in bytes.")
        .required()
        .read_only(),
];

const FILTER: &[Attribute] = &[
    IS_SUPPORTED,
    Attribute::new("maxResults", Kind::Integer, "Most resources in one answer.")
        .required()
        .read_only(),
];

const PAGINATION: &[Attribute] = &[
    Attribute::new("cursor", Kind::Boolean, "Whether paging by cursor is supported.")
        .required()
        .read_only(),
    Attribute::new("index", Kind::Boolean, "Whether paging by index is supported.")
        .required()
        .read_only(),
    Attribute::string("defaultPaginationMethod", "How pages are made when the client names none.")
        .canonical(&["cursor", "index"])
        .read_only(),
    Attribute::new("defaultPageSize", Kind::Integer, "Resources in a page when none is asked.")
        .read_only(),
    Attribute::new("maxPageSize", Kind::Integer, "Most resources in a page.").read_only(),
    Attribute::new("cursorTimeout", Kind::Integer, "Seconds for which a cursor is good.")
        .read_only(),
];

const SCHEMES: &[Attribute] = &[
    Attribute::string("type", "Kind of the authentication scheme.")
        .canonical(&["oauth", "oauth2", "oauthbearertoken", "httpbasic", "httpdigest"])
        .required()
        .read_only(),
    Attribute::string("name", "Name of the scheme.").required().read_only(),
    Attribute::string("description", "What the scheme is.").required().read_only(),
    Attribute::new("specUri", Kind::Reference, "Address of the scheme's specification.")
        .read_only()
        .refers_to(&["external"]),
    Attribute::new("documentationUri", Kind::Reference, "Address of the scheme's documentation.")
        .read_only()
        .refers_to(&["external"]),
    Attribute::new("primary", Kind::Boolean, "Whether this is the preferred scheme.").read_only(),
];
