//! Schema definitions as data (RFC 7643 §2, §7), used by validation, filters, PATCH, projection and
//! discovery. No other code depends on a particular attribute.

pub mod common;
pub mod enterprise_user;
pub mod group;
mod multi_valued;
pub mod registry;
pub mod resource_type;
pub mod schema_schema;
pub mod service_provider_config;
pub mod user;

pub use enterprise_user::ENTERPRISE_USER;
pub use group::{GROUP, GROUP_RESOURCE};
pub use registry::{RESOURCE_TYPES, SCHEMAS};
pub use user::{USER, USER_RESOURCE};

/// A schema: a URN and its attributes (RFC 7643 §7).
#[derive(Debug, PartialEq)]
pub struct Schema {
    /// The URN, such as `urn:ietf:params:scim:schemas:core:2.0:User`.
    pub id: &'static str,
    /// The human-readable name.
    pub name: &'static str,
    /// The human-readable description.
    pub description: &'static str,
    /// The attributes that the schema defines.
    pub attributes: &'static [Attribute],
}

/// A resource type (RFC 7643 §6): an endpoint, its schema and the extensions that a resource may
/// have.
#[derive(Debug, PartialEq)]
pub struct ResourceType {
    /// The name and id, such as `User`; also the value of `meta.resourceType`.
    pub name: &'static str,
    /// The endpoint relative to the base URL, such as `/Users`.
    pub endpoint: &'static str,
    /// The human-readable description.
    pub description: &'static str,
    /// The core schema.
    pub schema: &'static Schema,
    /// The extension schemas, all of them optional.
    pub extensions: &'static [&'static Schema],
}

/// An attribute definition (RFC 7643 §7), built with the `const` functions below, so that a schema
/// reads like the table in the RFC.
#[derive(Debug, PartialEq)]
pub struct Attribute {
    /// The name in the RFC's letter case; compared ignoring letter case.
    pub name: &'static str,
    /// The data type.
    pub kind: Kind,
    /// Whether the value is a list.
    pub multi_valued: bool,
    /// The human-readable description.
    pub description: &'static str,
    /// Whether a resource must have a value.
    pub required: bool,
    /// The usual values; others are accepted (RFC 7643 §7 `canonicalValues`).
    pub canonical_values: &'static [&'static str],
    /// Whether comparison and uniqueness are case-sensitive.
    pub case_exact: bool,
    /// How strings are compared if they are not case-sensitive.
    pub comparison: Comparison,
    /// Whether a string of JSON is an ordinary value; otherwise the JSON is unpacked.
    pub may_be_json: bool,
    /// Who may write the attribute, and when.
    pub mutability: Mutability,
    /// When the attribute is part of a response.
    pub returned: Returned,
    /// The uniqueness that the service provider enforces.
    pub uniqueness: Uniqueness,
    /// The resource types that a reference may point to.
    pub reference_types: &'static [&'static str],
    /// The sub-attributes of a complex attribute.
    pub sub_attributes: &'static [Attribute],
    /// Other names by which clients look the attribute up in filters. Nowhere else are they names
    /// of the attribute.
    pub sought_as: &'static [&'static str],
}

/// The data types (RFC 7643 §2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A Unicode string.
    String,
    /// `true` or `false`.
    Boolean,
    /// A number with a fraction.
    Decimal,
    /// A whole number.
    Integer,
    /// An XML Schema date-time.
    DateTime,
    /// Base64 data.
    Binary,
    /// A URI.
    Reference,
    /// An object of sub-attributes.
    Complex,
    /// Any JSON value, for attributes of unknown extensions.
    Any,
}

/// How strings are prepared before they are compared (RFC 7644 §5, §7.8). Strings with the same key
/// are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Full case folding, in any normal form.
    Text,
    /// Like [`Self::Text`]; a run of white space equals one space, and invisible characters are
    /// ignored.
    Name,
    /// User names and e-mail addresses: PRECIS, and for addresses the rules of e-mail.
    UserName,
}

/// Who may write an attribute (RFC 7643 §7 `mutability`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutability {
    /// Set by the service provider; ignored in bodies, refused as the target of a PATCH.
    ReadOnly,
    /// Readable and writable.
    ReadWrite,
    /// Set when the resource is created, never changed.
    Immutable,
    /// Writable, never returned.
    WriteOnly,
}

/// When an attribute is returned (RFC 7643 §7 `returned`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returned {
    /// Always, whatever `attributes` and `excludedAttributes` say.
    Always,
    /// Never, not even on request.
    Never,
    /// Unless it is excluded, or others are requested.
    Default,
    /// Only if it is requested by name.
    Request,
}

/// Where a value must be unique (RFC 7643 §7 `uniqueness`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uniqueness {
    /// Nowhere; duplicates are allowed.
    None,
    /// At this service provider (here: in the account).
    Server,
    /// Everywhere.
    Global,
}

impl Attribute {
    /// Creates a single-valued, optional, readable and writable attribute with the RFC's defaults.
    pub const fn new(name: &'static str, kind: Kind, description: &'static str) -> Self {
        Self {
            name,
            kind,
            multi_valued: false,
            description,
            required: false,
            canonical_values: &[],
            // Binary and reference values are case-sensitive (RFC 7643 §2.3.6 and §2.3.7).
            case_exact: matches!(kind, Kind::Binary | Kind::Reference),
            comparison: Comparison::Text,
            may_be_json: false,
            mutability: Mutability::ReadWrite,
            returned: Returned::Default,
            uniqueness: Uniqueness::None,
            reference_types: &[],
            sub_attributes: &[],
            sought_as: &[],
        }
    }

    /// Creates a string attribute.
    pub const fn string(name: &'static str, description: &'static str) -> Self {
        Self::new(name, Kind::String, description)
    }

    /// Creates a complex attribute with these sub-attributes.
    pub const fn complex(
        name: &'static str,
        description: &'static str,
        sub_attributes: &'static [Attribute],
    ) -> Self {
        Self { sub_attributes, ..Self::new(name, Kind::Complex, description) }
    }

    /// Makes the value a list.
    pub const fn multi_valued(self) -> Self {
        Self { multi_valued: true, ..self }
    }

    /// Makes a value required.
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// Makes the comparison case-sensitive.
    pub const fn case_exact(self) -> Self {
        Self { case_exact: true, ..self }
    }

    /// Sets how strings are compared.
    pub const fn compared_as(self, comparison: Comparison) -> Self {
        Self { comparison, ..self }
    }

    /// Keeps a string of JSON as it is sent.
    pub const fn or_json(self) -> Self {
        Self { may_be_json: true, ..self }
    }

    /// Allows only the service provider to set the value.
    pub const fn read_only(self) -> Self {
        Self { mutability: Mutability::ReadOnly, ..self }
    }

    /// Sets the mutability.
    pub const fn mutability(self, mutability: Mutability) -> Self {
        Self { mutability, ..self }
    }

    /// Sets when the attribute is returned.
    pub const fn returned(self, returned: Returned) -> Self {
        Self { returned, ..self }
    }

    /// Makes the value unique at the service provider.
    pub const fn unique(self) -> Self {
        Self { uniqueness: Uniqueness::Server, ..self }
    }

    /// Sets the usual values.
    pub const fn canonical(self, canonical_values: &'static [&'static str]) -> Self {
        Self { canonical_values, ..self }
    }

    /// Sets the resource types that the reference may point to.
    pub const fn refers_to(self, reference_types: &'static [&'static str]) -> Self {
        Self { reference_types, ..self }
    }

    /// Sets other names by which clients look the attribute up in filters.
    pub const fn sought_as(self, sought_as: &'static [&'static str]) -> Self {
        Self { sought_as, ..self }
    }

    /// Returns the sub-attribute with this name, ignoring letter case.
    pub fn sub_attribute(&self, name: &str) -> Option<&'static Attribute> {
        find(self.sub_attributes, name)
    }
}

impl Schema {
    /// Returns the attribute with this name, ignoring letter case.
    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        find(self.attributes, name)
    }

    /// Returns the attribute that clients look up by this name, although it has another one.
    pub fn sought(&self, name: &str) -> Option<&'static Attribute> {
        let is_name = |other: &&str| other.eq_ignore_ascii_case(name);
        self.attributes.iter().find(|attribute| attribute.sought_as.iter().any(is_name))
    }
}

fn find(attributes: &'static [Attribute], name: &str) -> Option<&'static Attribute> {
    // Most names are spelled as in the schema and found by exact comparison.
    attributes
        .iter()
        .find(|attribute| attribute.name == name)
        .or_else(|| attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name)))
}
