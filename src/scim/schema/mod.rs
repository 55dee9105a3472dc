//! Schema definitions as data (RFC 7643 §2, §7): the one table that validation, filters, PATCH,
//! projection and discovery read. No behaviour of a particular attribute is coded elsewhere.

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
    /// Human-readable name.
    pub name: &'static str,
    /// Human-readable description.
    pub description: &'static str,
    /// Attributes that the schema defines.
    pub attributes: &'static [Attribute],
}

/// A resource type (RFC 7643 §6): an endpoint, its schema and the extensions it may carry.
#[derive(Debug, PartialEq)]
pub struct ResourceType {
    /// Name and id, such as `User`; also the value of `meta.resourceType`.
    pub name: &'static str,
    /// Endpoint relative to the base URL, such as `/Users`.
    pub endpoint: &'static str,
    /// Human-readable description.
    pub description: &'static str,
    /// The base schema.
    pub schema: &'static Schema,
    /// Extension schemas, none of which is required.
    pub extensions: &'static [&'static Schema],
}

/// An attribute definition (RFC 7643 §7). Built with the `const` constructors below so that a
/// schema reads like the RFC's table.
#[derive(Debug, PartialEq)]
pub struct Attribute {
    /// Name in the RFC's letter case; compared without case.
    pub name: &'static str,
    /// Data type.
    pub kind: Kind,
    /// Whether the value is a list.
    pub multi_valued: bool,
    /// Human-readable description.
    pub description: &'static str,
    /// Whether a resource must have a value.
    pub required: bool,
    /// Suggested values; others are accepted (RFC 7643 §7 `canonicalValues`).
    pub canonical_values: &'static [&'static str],
    /// Whether comparison and uniqueness respect letter case.
    pub case_exact: bool,
    /// How texts are compared where letter case is not respected.
    pub comparison: Comparison,
    /// Whether a text of JSON is a value like any other, and not a value written in another way.
    pub may_be_json: bool,
    /// Who may write the attribute, and when.
    pub mutability: Mutability,
    /// When the attribute is part of an answer.
    pub returned: Returned,
    /// Uniqueness that the service provider enforces.
    pub uniqueness: Uniqueness,
    /// What a reference may point at.
    pub reference_types: &'static [&'static str],
    /// Sub-attributes of a complex attribute.
    pub sub_attributes: &'static [Attribute],
}

/// Data types (RFC 7643 §2.3).
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
    /// Sub-attributes.
    Complex,
    /// Any JSON value: attributes of extension schemas that only the client knows.
    Any,
}

/// How texts are prepared before they are compared (RFC 7644 §5, §7.8): two with one key are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// In any normal form, by full case folding.
    Text,
    /// The same, with runs of blanks as one and without characters that nobody sees.
    Name,
    /// User names and e-mail addresses: PRECIS; what is an address, as that address.
    UserName,
}

/// RFC 7643 §7 `mutability`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutability {
    /// Set by the service provider; ignored in bodies, refused as a PATCH target.
    ReadOnly,
    /// Readable and writable.
    ReadWrite,
    /// Set at creation, never changed.
    Immutable,
    /// Writable, never read.
    WriteOnly,
}

/// RFC 7643 §7 `returned`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returned {
    /// Always, whatever `attributes` and `excludedAttributes` say.
    Always,
    /// Never, not even on request.
    Never,
    /// Unless excluded or not among the requested.
    Default,
    /// Only when requested by name.
    Request,
}

/// RFC 7643 §7 `uniqueness`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uniqueness {
    /// Not enforced.
    None,
    /// Unique at this service provider (here: within the account).
    Server,
    /// Unique everywhere.
    Global,
}

impl Attribute {
    /// A single-valued, optional, readable and writable attribute with the RFC's defaults.
    pub const fn new(name: &'static str, kind: Kind, description: &'static str) -> Self {
        Self {
            name,
            kind,
            multi_valued: false,
            description,
            required: false,
            canonical_values: &[],
            // RFC 7643 §2.3.6 and §2.3.7: binary and reference values are case-exact.
            case_exact: matches!(kind, Kind::Binary | Kind::Reference),
            comparison: Comparison::Text,
            may_be_json: false,
            mutability: Mutability::ReadWrite,
            returned: Returned::Default,
            uniqueness: Uniqueness::None,
            reference_types: &[],
            sub_attributes: &[],
        }
    }

    /// A string attribute.
    pub const fn string(name: &'static str, description: &'static str) -> Self {
        Self::new(name, Kind::String, description)
    }

    /// A complex attribute with these sub-attributes.
    pub const fn complex(
        name: &'static str,
        description: &'static str,
        sub_attributes: &'static [Attribute],
    ) -> Self {
        Self { sub_attributes, ..Self::new(name, Kind::Complex, description) }
    }

    /// The value is a list.
    pub const fn multi_valued(self) -> Self {
        Self { multi_valued: true, ..self }
    }

    /// A value is required.
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// Letter case matters.
    pub const fn case_exact(self) -> Self {
        Self { case_exact: true, ..self }
    }

    /// Compared as said.
    pub const fn compared_as(self, comparison: Comparison) -> Self {
        Self { comparison, ..self }
    }

    /// A text of JSON is kept as it is sent.
    pub const fn or_json(self) -> Self {
        Self { may_be_json: true, ..self }
    }

    /// Only the service provider sets it.
    pub const fn read_only(self) -> Self {
        Self { mutability: Mutability::ReadOnly, ..self }
    }

    /// Set with this mutability.
    pub const fn mutability(self, mutability: Mutability) -> Self {
        Self { mutability, ..self }
    }

    /// Returned as said.
    pub const fn returned(self, returned: Returned) -> Self {
        Self { returned, ..self }
    }

    /// Unique within the service provider.
    pub const fn unique(self) -> Self {
        Self { uniqueness: Uniqueness::Server, ..self }
    }

    /// Suggested values.
    pub const fn canonical(self, canonical_values: &'static [&'static str]) -> Self {
        Self { canonical_values, ..self }
    }

    /// What the reference may point at.
    pub const fn refers_to(self, reference_types: &'static [&'static str]) -> Self {
        Self { reference_types, ..self }
    }

    /// The sub-attribute of this name, compared without case.
    pub fn sub_attribute(&self, name: &str) -> Option<&'static Attribute> {
        find(self.sub_attributes, name)
    }
}

impl Schema {
    /// The attribute of this name, compared without case.
    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        find(self.attributes, name)
    }
}

fn find(attributes: &'static [Attribute], name: &str) -> Option<&'static Attribute> {
    // Most names are written as the schema writes them, and those are found by a plain comparison.
    attributes
        .iter()
        .find(|attribute| attribute.name == name)
        .or_else(|| attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name)))
}
