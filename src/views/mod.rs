//! What the administrators' API answers with and the pages show: one type for each thing, made of what
//! use cases return. Whatever an endpoint and a page both show is one type here, so that they cannot
//! tell different things.
//!
//! A view has only public fields and is made by `From`, or by a function beside it where it also needs
//! the time, the server's URL or the database. A handler and a page call the same use case with the same
//! function. Nothing here knows HTTP: requests, their refusals with a status and the cursors of lists
//! are in `http`.

pub mod acceptance;
pub mod account_plan;
pub mod activations;
pub mod audit;
pub mod billing;
pub mod collaborators;
pub mod connector;
pub mod domains;
pub mod invitation_delivery;
pub mod invitation_results;
pub mod invitations;
pub mod invite_control;
pub mod licences;
pub mod list;
pub mod me;
pub mod member_merging;
pub mod members;
pub mod name_conflicts;
pub mod oauth_clients;
pub mod operator;
pub mod organizations;
pub mod own_accounts;
pub mod person;
pub mod plan;
pub mod recovery_links;
pub mod refusals;
pub mod scim_requests;
pub mod seats;
pub mod second_proof;
pub mod session;
pub mod sessions;
pub mod sso_connections;
pub mod storage;
pub mod synchronisation;
pub mod team_members;
pub mod teams;
pub mod tokens;
pub mod transfers;
pub mod unclaimed;
