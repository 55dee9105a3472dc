//! The SCIM 2.0 protocol as pure functions over JSON.
//!
#![doc = include_str!("README.md")]

pub mod bulk;
pub mod cursor;
pub mod discovery;
pub mod error;
mod excerpt;
pub mod filter;
pub mod list;
pub mod openapi;
pub mod patch;
pub mod path;
pub mod projection;
pub mod query;
pub mod reader;
pub mod resource;
pub mod schema;
pub mod sort;
#[cfg(test)]
mod test_values;

pub use error::{ScimError, ScimType};
pub use filter::Filter;
pub use patch::PatchRequest;
pub use path::{AttributeRef, Path};
pub use projection::Projection;
pub use resource::Resource;
pub use schema::{Attribute, ResourceType, Schema};

/// The media type of the protocol (RFC 7644 §8.1).
pub const MEDIA_TYPE: &str = "application/scim+json";
