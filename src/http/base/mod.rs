//! The foundation of every part of the HTTP server: its state, what it knows of a request, and the
//! forms of refusals. Nothing here knows an endpoint.

pub mod admissions;
pub mod answer_headers;
pub mod bodies;
pub mod browser;
pub mod caller;
pub mod cookies;
pub mod csv;
pub mod guesses;
pub mod head_method;
pub mod in_order;
pub mod metrics;
pub mod place;
pub mod prefix;
pub mod problem;
pub mod query;
pub mod request_id;
pub mod secrets;
pub mod sound;
pub mod state;
pub mod streaming;
