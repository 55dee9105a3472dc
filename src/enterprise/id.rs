//! Identifiers: a prefix that names the kind of thing (DOMAIN.md, *Words*) and a UUIDv7. UUIDv7 is
//! ordered by time, so new rows are appended to the end of their indexes.

use uuid::Uuid;

fn prefixed(prefix: &str) -> String {
    format!("{prefix}_{}", Uuid::now_v7().simple())
}

/// Generates the id of an account: `ent_…`.
pub fn enterprise() -> String {
    prefixed("ent")
}

/// Generates the id of a person: `acct_…`.
pub fn user() -> String {
    prefixed("acct")
}

/// Generates the id of an organization: `org_…`.
pub fn organization() -> String {
    prefixed("org")
}

/// Generates the id of a team: `team_…`. It is also the `id` of the SCIM Group.
pub fn team() -> String {
    prefixed("team")
}

/// Generates the id of an organization's transfer: `otr_…`.
pub fn transfer() -> String {
    prefixed("otr")
}

/// Generates the id of an invitation: `uinv_…`.
pub fn invitation() -> String {
    prefixed("uinv")
}

/// Generates the id of an account's domain: `dom_…`.
pub fn domain() -> String {
    prefixed("dom")
}

/// Generates the id of an activation code: `code_…`.
pub fn activation_code() -> String {
    prefixed("code")
}

/// Generates the id of an administrator's token: `tok_…`.
pub fn token() -> String {
    prefixed("tok")
}

/// Generates the id of a single sign-on connection: `sso_…`.
pub fn sso_connection() -> String {
    prefixed("sso")
}

/// Generates the id of a session: `ses_…`.
pub fn session() -> String {
    prefixed("ses")
}

/// Generates the id of a recovery link: `rcv_…`.
pub fn recovery_link() -> String {
    prefixed("rcv")
}

/// Generates the id of a connector's bearer token: `stok_…`.
pub fn connector_token() -> String {
    prefixed("stok")
}

/// Generates the id of an OAuth client: `ocl_…`.
pub fn oauth_client() -> String {
    prefixed("ocl")
}

/// Returns `true` if the text has the form of an OAuth client's id.
pub fn is_oauth_client(text: &str) -> bool {
    let hex = |text: &str| text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.strip_prefix("ocl_").is_some_and(hex)
}

/// Generates the id of a token family: the tokens that come from one consent or one code.
pub fn oauth_family() -> String {
    Uuid::new_v4().simple().to_string()
}

/// Generates the id of an entry in the request log: `sreq_…`.
pub fn scim_request() -> String {
    prefixed("sreq")
}

/// Generates the `Message-ID` of a mail, without its domain. It is random, so it cannot be guessed.
pub fn message() -> String {
    Uuid::new_v4().simple().to_string()
}

/// Generates the value with which one node claims a unit of work while it processes it.
pub fn claim() -> String {
    Uuid::new_v4().simple().to_string()
}

/// Generates the id of a member: a UUID. It is also the `id` of the SCIM User.
pub fn member() -> String {
    Uuid::now_v7().to_string()
}

/// Generates the id of a connector: a UUID without a prefix, because it is part of a URL in which
/// some identity providers reject underscores.
pub fn connector() -> String {
    Uuid::new_v4().to_string()
}
