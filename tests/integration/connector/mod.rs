//! The connector: enabling it, its credentials, and its log.

mod audit;
mod lifecycle;
mod oauth;
mod requests;
