//! The SCIM 2.0 protocol (RFC 7643, 7644, 9865) as pure functions over JSON.
//!
//! Schemas are data; reading, filtering, patching, projecting and discovery all read the same
//! tables. Nothing here may know HTTP, a database, or Insomnia.

pub mod cursor;
pub mod error;
pub mod filter;
pub mod list;
pub mod path;
pub mod query;
pub mod resource;
pub mod schema;
pub mod sort;

pub use error::{ScimError, ScimType};
pub use filter::Filter;
pub use path::{AttributeRef, Path};
pub use resource::Resource;
pub use schema::{Attribute, ResourceType, Schema};
