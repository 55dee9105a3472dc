//! The domain: the terms and rules of docs/domain.md as types and pure functions.
//!
//! No I/O and no clock: callers pass in everything that a rule needs.

pub mod access;
pub mod activation_code;
pub mod activity;
pub mod address;
pub mod audit;
pub mod audit_actions;
pub mod billing;
mod clock;
pub mod connector;
pub mod delivery;
pub mod domain_check;
pub mod domain_entry;
pub mod domain_name;
pub mod git_sync;
pub mod id;
pub mod identity;
pub mod idp;
pub mod invitation;
pub mod invitation_roles;
pub mod invite_control;
mod keys;
pub mod letter;
pub mod masking;
pub mod name;
pub mod naming;
pub mod oauth;
pub mod operator_pass;
pub mod owner;
pub mod permissions;
pub mod person;
pub mod plan;
pub mod reach;
pub mod reconciliation;
pub mod recovery;
pub mod role;
pub mod search;
pub mod seats;
pub mod secret;
pub mod signature;
pub mod source;
pub mod sso;
pub mod storage;
pub mod token;
pub mod transfer;
pub mod words;

pub use clock::{Clock, Timestamp};
pub use keys::{
    AccountPk, ActivationCodePk, AdminTokenPk, ConnectorPk, ConnectorTokenPk, DomainPk,
    InvitationPk, MailPk, MemberPk, OauthClientPk, OauthCodePk, OauthTokenPk, OrganizationPk,
    PersonPk, RecoveryLinkPk, SessionPk, SignUpPk, SsoConnectionPk, SsoLoginPk, TeamPk, TransferPk,
};
pub use role::{OrganizationRole, PlaceRole, Role, TeamRole};
pub use source::{MemberSource, TeamSource};
