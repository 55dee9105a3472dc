//! Bulk requests (RFC 7644 §3.7): parsing them, planning an order in which references between
//! operations can be resolved, and writing the response. The caller performs the operations.

mod parse;
mod plan;
mod references;
mod response;

pub use parse::{BULK_REQUEST_SCHEMA, BulkOperation, BulkRequest, Method};
pub use plan::{Step, order};
pub use references::{Split, bulk_ids_in, completion_patch, resolve, split};
pub use response::{BULK_RESPONSE_SCHEMA, BulkResult, bulk_response};
