//! Identifiers: a prefix that names the kind of thing (docs/domain.md, *Words*) and a UUIDv7.
//! UUIDv7 is ordered by time, so new rows are appended to the end of their indexes.

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

#[cfg(test)]
mod tests {
    use super::*;

    type Generator = fn() -> String;

    #[test]
    fn each_id_says_what_it_is_of_and_is_made_once() {
        let generators: [(&str, Generator); 18] = [
            ("ent_", enterprise),
            ("acct_", user),
            ("org_", organization),
            ("team_", team),
            ("otr_", transfer),
            ("uinv_", invitation),
            ("dom_", domain),
            ("code_", activation_code),
            ("tok_", token),
            ("sso_", sso_connection),
            ("ses_", session),
            ("rcv_", recovery_link),
            ("stok_", connector_token),
            ("ocl_", oauth_client),
            ("sreq_", scim_request),
            ("", oauth_family),
            ("", message),
            ("", claim),
        ];
        for (prefix, generate) in generators {
            let (one, another) = (generate(), generate());
            let digits = one.strip_prefix(prefix).unwrap();
            assert_eq!(digits.len(), 32, "{one}");
            assert!(digits.bytes().all(|digit| digit.is_ascii_hexdigit()), "{one}");
            assert_ne!(one, another);
        }
    }

    #[test]
    fn members_and_connectors_have_bare_uuids() {
        let generators: [Generator; 2] = [member, connector];
        for generate in generators {
            let (one, another) = (generate(), generate());
            assert_eq!(Uuid::parse_str(&one).unwrap().hyphenated().to_string(), one);
            assert_ne!(one, another);
        }
    }

    #[test]
    fn the_id_of_an_oauth_client_is_told_from_other_texts() {
        assert!(is_oauth_client(&oauth_client()));
        for other in [
            team(),
            "ocl_".to_owned(),
            "ocl_0123".to_owned(),
            format!("{}0", oauth_client()),
            format!("ocl_{}", "x".repeat(32)),
        ] {
            assert!(!is_oauth_client(&other), "{other}");
        }
    }
}
