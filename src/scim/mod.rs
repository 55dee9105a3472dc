//! The SCIM 2.0 protocol (RFC 7643, 7644, 9865) as pure functions over JSON.
//!
//! Schemas are data; reading, filtering, patching, projecting and discovery all read the same
//! tables. Nothing here may know HTTP, a database, or Insomnia.

pub mod bulk;
pub mod cursor;
pub mod discovery;
pub mod error;
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
