//! What administrators do, beside the account's everyday: who may do what, tokens, the log.

mod accounts;
mod audit;
mod command_line;
mod command_line_confirming;
mod command_line_names;
mod credentials;
mod documentation;
mod permissions;
mod plans;
mod repetition;
mod tokens;
mod who_can;
