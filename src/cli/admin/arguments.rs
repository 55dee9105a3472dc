//! What commands, their arguments and the endpoints are called.

use crate::http::admin::api::{Access, Api, Endpoint};

/// Names of the arguments that all commands have.
pub const URL: &str = "url";
pub const TOKEN: &str = "token";
pub const WAIT: &str = "wait";
pub const JSON: &str = "json";
pub const TABLE: &str = "table";
pub const PRINT: &str = "print";
/// The argument of commands with a JSON body.
pub const BODY: &str = "body";
/// The argument of commands that are not undone.
pub const CONFIRM: &str = "confirm";
/// Prefixes of the ids of a command's own arguments, so that they cannot clash with those above.
pub const PATH: &str = "path:";
pub const QUERY: &str = "query:";
pub const FIELD: &str = "field:";
/// The environment variables of the connection.
pub const URL_VARIABLE: &str = "INSOMNIA_SCIM_ADMIN_URL";
pub const TOKEN_VARIABLE: &str = "INSOMNIA_SCIM_ADMIN_TOKEN";

/// Returns the endpoints that people call. The others are for programs that sign their requests.
pub fn offered(api: &Api) -> impl Iterator<Item = &Endpoint> {
    api.endpoints().iter().filter(|endpoint| endpoint.access != Access::Signature)
}

/// Returns the verb of an endpoint.
pub fn verb(endpoint: &Endpoint) -> &'static str {
    endpoint.id.split_once('.').map_or(endpoint.id, |(_, verb)| verb)
}

/// Returns the flag of a field or parameter. One whose name clashes with an argument that all
/// commands have gets the suffix `-value`.
pub fn flag_name(name: &str) -> String {
    match name {
        URL | TOKEN | WAIT | JSON | TABLE | BODY | PRINT => format!("{name}-value"),
        name => name.replace('_', "-"),
    }
}

/// Percent-encodes a text for use in a path or query.
pub fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}
