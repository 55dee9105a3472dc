//! Identifiers: a prefix that says what it is (DOMAIN.md, *Words*) and a UUID that is ordered by
//! time, so that new rows go to the end of their indexes.

use uuid::Uuid;

fn prefixed(prefix: &str) -> String {
    format!("{prefix}_{}", Uuid::now_v7().simple())
}

/// An account: `ent_…`.
pub fn enterprise() -> String {
    prefixed("ent")
}

/// A person: `acct_…`.
pub fn user() -> String {
    prefixed("acct")
}

/// An organization: `org_…`.
pub fn organization() -> String {
    prefixed("org")
}

/// A team: `team_…`; also the `id` of the SCIM Group.
pub fn team() -> String {
    prefixed("team")
}

/// A transfer of an organization: `otr_…`.
pub fn transfer() -> String {
    prefixed("otr")
}

/// An invitation: `uinv_…`.
pub fn invitation() -> String {
    prefixed("uinv")
}

/// A domain of an account: `dom_…`.
pub fn domain() -> String {
    prefixed("dom")
}

/// An activation code: `code_…`.
pub fn activation_code() -> String {
    prefixed("code")
}

/// A token of an administrator: `tok_…`.
pub fn token() -> String {
    prefixed("tok")
}

/// A connection to an identity provider: `sso_…`.
pub fn sso_connection() -> String {
    prefixed("sso")
}

/// A session: `ses_…`.
pub fn session() -> String {
    prefixed("ses")
}

/// A recovery link: `rcv_…`.
pub fn recovery_link() -> String {
    prefixed("rcv")
}

/// A token of an identity provider: `stok_…`.
pub fn connector_token() -> String {
    prefixed("stok")
}

/// An OAuth client: `ocl_…`.
pub fn oauth_client() -> String {
    prefixed("ocl")
}

/// Whether it has the form of an OAuth client's.
pub fn is_oauth_client(text: &str) -> bool {
    let hex = |text: &str| text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.strip_prefix("ocl_").is_some_and(hex)
}

/// Tokens that come from one consent or one code.
pub fn oauth_family() -> String {
    Uuid::new_v4().simple().to_string()
}

/// An entry of the request log: `sreq_…`.
pub fn scim_request() -> String {
    prefixed("sreq")
}

/// The `Message-ID` of a mail, without its domain. Nobody can guess it.
pub fn message() -> String {
    Uuid::new_v4().simple().to_string()
}

/// What one node holds a piece of work by while it does it.
pub fn claim() -> String {
    Uuid::new_v4().simple().to_string()
}

/// A member: a UUID; also the `id` of the SCIM User.
pub fn member() -> String {
    Uuid::now_v7().to_string()
}

/// A connector. It is part of a URL that identity providers accept only without underscores.
pub fn connector() -> String {
    Uuid::new_v4().to_string()
}
