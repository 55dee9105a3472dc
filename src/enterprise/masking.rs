//! Takes personal values out of what the request log keeps: names, addresses, phones, everything
//! that is a text and not known to be harmless. Keys, ids, booleans and numbers stay.

mod body;

use std::borrow::Cow;

pub use body::body;

/// Whether it is one word of a protocol: an id, a URN, a time, a name of an attribute. An address
/// is none.
fn is_token(text: &str) -> bool {
    let is_of_token = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'_' | b'.' | b':' | b'/' | b'"' | b'+' | b'$' | b'[' | b']')
    };
    text.len() <= 200 && text.bytes().all(is_of_token)
}

/// A filter, a path or a message with what it quotes masked.
pub fn filter(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, quoted)) = rest.split_once('"') {
        masked.push_str(before);
        let end = end_of_quoted(quoted);
        masked.push('"');
        masked.push_str(&mask_quoted(&quoted[..end]));
        masked.push('"');
        rest = quoted.get(end + 1..).unwrap_or_default();
    }
    masked.push_str(rest);
    masked
}

/// Where the quoted text ends: at the next quote that is not escaped.
fn end_of_quoted(text: &str) -> usize {
    let mut escaped = false;
    for (position, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return position,
            _ => {}
        }
    }
    text.len()
}

/// Ids that this server gave out and the kinds of addresses stay readable; the rest does not.
fn mask_quoted(text: &str) -> String {
    match is_our_id(text) || matches!(text, "work" | "home" | "other" | "mobile" | "True" | "False")
    {
        true => text.to_owned(),
        false => mask(text),
    }
}

/// Whether it has the form of an id that this server gives out.
pub fn is_our_id(text: &str) -> bool {
    let hex = |text: &str| text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.strip_prefix("team_").is_some_and(hex)
        || (text.len() == 36
            && text.bytes().enumerate().all(|(position, byte)| match position {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            }))
}

/// The query of a URL, already decoded, with values masked that are not of the protocol.
pub fn query(pairs: &[(String, String)]) -> String {
    let shown = pairs.iter().map(|(name, value)| {
        let value = match name.to_ascii_lowercase().as_str() {
            "filter" => filter_or_nothing(value),
            "startindex" | "count" | "sortby" | "sortorder" | "attributes"
            | "excludedattributes"
                if value.len() <= 500
                    && value
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:, ".contains(&byte)) =>
            {
                value.clone()
            }
            _ => mask(value),
        };
        let name = if is_token(name) { name.clone() } else { mask(name) };
        format!("{name}={value}")
    });
    shown.collect::<Vec<_>>().join("&")
}

/// A filter whose values are not quoted cannot be told apart from its names: only what has the form
/// of comparisons with quoted values, booleans or null is kept.
fn filter_or_nothing(text: &str) -> String {
    const QUOTED: &str = "\"";
    const OPERATORS: [&str; 9] = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"];
    let masked = filter(text);
    let outside = masked.split('"').step_by(2).collect::<Vec<_>>().join(" \" ");
    let (mut after_operator, mut has_form) = (false, true);
    for word in outside.split_whitespace() {
        let bare = word.trim_matches(['(', ')', '[', ']', '.']);
        has_form &= match after_operator {
            true => bare.is_empty() || [QUOTED, "true", "false", "null"].contains(&bare),
            false => bare.is_empty() || is_token(bare),
        };
        after_operator = OPERATORS.iter().any(|operator| bare.eq_ignore_ascii_case(operator));
    }
    if has_form { masked } else { mask(text) }
}

/// The name of a member: it may hold a comparison, as `emails[value eq "jane@x.example"].type`.
fn name_of(name: &str) -> Cow<'_, str> {
    match name.contains('"') {
        true => filter_or_nothing(name).into(),
        false if is_token(name) => name.into(),
        false => mask(name).into(),
    }
}

/// A path with what is no id of ours and no name of an endpoint masked.
pub fn path(path: &str) -> String {
    const ENDPOINTS: [&str; 12] = [
        "",
        "users",
        "groups",
        "bulk",
        ".search",
        "me",
        "schemas",
        "resourcetypes",
        "serviceproviderconfig",
        "openapi.json",
        "user",
        "group",
    ];
    let harmless = |part: &str| {
        ENDPOINTS.contains(&part.to_ascii_lowercase().as_str())
            || is_our_id(part)
            || (part.starts_with("urn:ietf:params:scim:") && is_token(part))
    };
    path.split('/')
        .map(|part| if harmless(part) { part.to_owned() } else { mask(part) })
        .collect::<Vec<_>>()
        .join("/")
}

/// What is shown instead of a text: how long it was.
fn mask(text: &str) -> String {
    match text.chars().count() {
        0 => String::new(),
        length => format!("***({length})"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn masked_json(value: Value) -> Value {
        serde_json::from_str(&body(value.to_string().as_bytes())).unwrap()
    }

    #[test]
    fn what_is_personal_is_masked_and_what_is_not_stays() {
        let masked = masked_json(json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "id": "0b52f6b0-6f1c-4b4a-9a51-0d0f9a4ad0c1",
            "userName": "jane@kongair.example",
            "externalId": "00u1",
            "active": true,
            "name": {"givenName": "Jane", "familyName": "Doe"},
            "emails": [{"value": "jane@kongair.example", "type": "work", "primary": true}],
            "phoneNumbers": [{"value": "+44 20", "type": "mobile"}],
            "password": "hunter2hunter2",
            "members": [{"value": "0b52f6b0-6f1c-4b4a-9a51-0d0f9a4ad0c1", "display": "Jane"}],
        }));
        let expected = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "id": "0b52f6b0-6f1c-4b4a-9a51-0d0f9a4ad0c1",
            "userName": "***(20)",
            "externalId": "***(4)",
            "active": true,
            "name": {"givenName": "***(4)", "familyName": "***(3)"},
            "emails": [{"value": "***(20)", "type": "work", "primary": true}],
            "phoneNumbers": [{"value": "***(6)", "type": "mobile"}],
            "password": "***(14)",
            "members": [{"value": "0b52f6b0-6f1c-4b4a-9a51-0d0f9a4ad0c1", "display": "***(4)"}],
        });
        assert_eq!(masked, expected);
    }

    #[test]
    fn filters_and_paths_keep_their_form() {
        let masked = filter("userName eq \"jane \\\" doe@x\" and active eq true");
        assert_eq!(masked, "userName eq \"***(13)\" and active eq true");
        assert_eq!(filter("emails[type eq \"work\"].value"), "emails[type eq \"work\"].value");
        let pairs = [
            ("filter".to_owned(), "userName eq \"jane@x.example\"".to_owned()),
            ("startIndex".to_owned(), "1".to_owned()),
            ("who".to_owned(), "jane".to_owned()),
        ];
        assert_eq!(query(&pairs), "filter=userName eq \"***(14)\"&startIndex=1&who=***(4)");
        assert_eq!(filter_or_nothing("userName eq jane@x.example"), "***(26)");
        assert_eq!(filter_or_nothing("userName eq jane"), "***(16)");
        let nested = "(emails[type eq \"work\" and value co \"jane\"]) or not (active eq true)";
        assert_eq!(filter_or_nothing(nested), nested.replace("jane", "***(4)"));
        assert_eq!(name_of("emails[value eq \"jane@x\"].type"), "emails[value eq \"***(6)\"].type");
        assert_eq!(
            name_of("urn:ietf:params:scim:schemas:core:2.0:User"),
            "urn:ietf:params:scim:schemas:core:2.0:User"
        );
        assert_eq!(path("/Users/jane@x.example"), "/Users/***(14)");
        let id = "/Users/0b52f6b0-6f1c-4b4a-9a51-0d0f9a4ad0c1";
        assert_eq!(path(id), id);
    }

    #[test]
    fn an_error_that_we_answered_stays_readable() {
        let error = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": "409", "scimType": "uniqueness", "detail": "userName \"jane\" is taken.",
        });
        assert_eq!(masked_json(error)["detail"], "userName \"***(4)\" is taken.");
    }

    #[test]
    fn what_is_no_json_is_left_out() {
        assert_eq!(body(b"jane@x.example"), "(14 bytes that are not JSON)");
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            "[a-zA-Z@. ]{4,20}".prop_map(|text| Value::from(format!("~{text}"))),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::vec(
                    (
                        prop_oneof![
                            "[a-z]{1,8}",
                            Just("displayName".to_owned()),
                            Just("id".to_owned()),
                            Just("type".to_owned()),
                            Just("detail".to_owned()),
                        ],
                        inner
                    ),
                    0..5
                )
                .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    fn texts(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::String(text) => found.push(text.clone()),
            Value::Array(values) => values.iter().for_each(|value| texts(value, found)),
            Value::Object(object) => object.values().for_each(|value| texts(value, found)),
            _ => {}
        }
    }

    proptest! {
        /// No text longer than three characters survives that is not a word of the protocol.
        #[test]
        fn no_text_survives(value in any_json()) {
            let mut before = Vec::new();
            texts(&value, &mut before);
            let after = body(value.to_string().as_bytes());
            for text in before {
                prop_assert!(!after.contains(&text), "{} in {}", text, after);
            }
        }

        #[test]
        fn masking_any_bytes_does_not_fail(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            body(&bytes);
            let text = String::from_utf8_lossy(&bytes);
            filter(&text);
            path(&text);
            query(&[("filter".to_owned(), text.into_owned())]);
        }
    }
}
