//! Bulk requests (RFC 7644 §3.7): reading them, planning an order in which their references to one
//! another can be followed, and writing the answer. Performing the operations is the caller's.

mod parse;
mod plan;
mod references;
mod response;

pub use parse::{BULK_REQUEST_SCHEMA, BulkOperation, BulkRequest, Method};
pub use plan::{Step, order};
pub use references::{Split, bulk_ids_in, completion_patch, resolve, split};
pub use response::{BULK_RESPONSE_SCHEMA, BulkResult, bulk_response};
