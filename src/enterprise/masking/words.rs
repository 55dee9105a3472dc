//! The words that stay readable in the request log: words of the protocol and our own ids.
//! Everything else may be personal data, however harmless it looks: `jane.doe` is a word, too.

use super::is_our_id;
use scim_engine::schema::common::COMMON;
use scim_engine::schema::{Attribute, SCHEMAS};

/// The prefix of the URNs of Insomnia's own schemas.
const OWN_SCHEMAS: &str = "urn:insomnia:params:scim:schemas:extension:";

/// Attributes of Insomnia's own schemas.
const OWN_ATTRIBUTES: [&str; 9] = [
    "note",
    "accountRole",
    "licence",
    "source",
    "canSignIn",
    "organizations",
    "role",
    "description",
    "teamRole",
];

/// Words of the filter grammar other than attribute names.
const OPERATORS: [&str; 16] = [
    "eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr", "and", "or", "not", "true",
    "false", "null",
];

/// Values that the protocol and identity providers define: types, operations, methods, error types,
/// sort orders.
const VALUES: [&str; 39] = [
    "work",
    "home",
    "other",
    "mobile",
    "fax",
    "pager",
    "photo",
    "thumbnail",
    "direct",
    "indirect",
    "User",
    "Group",
    "ServiceProviderConfig",
    "ResourceType",
    "Schema",
    "add",
    "remove",
    "replace",
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "ascending",
    "descending",
    "true",
    "false",
    "uniqueness",
    "mutability",
    "tooMany",
    "invalidFilter",
    "invalidSyntax",
    "invalidPath",
    "invalidValue",
    "invalidVers",
    "noTarget",
    "sensitive",
];

fn is_one_of(words: &[&str], text: &str) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Returns `true` for a value of the protocol: a keyword, the URN of a schema or message, a number,
/// a time, a version, one of our ids or the URL of one.
pub(super) fn is_value(text: &str) -> bool {
    let last = text.rsplit('/').next().unwrap_or_default();
    is_one_of(&VALUES, text)
        || is_our_id(text)
        || is_schema(text)
        || is_number_or_time(text)
        || (is_our_id(last) && super::is_token(text))
}

/// Returns `true` if the text looks like a number, a time or a version: only digits and their
/// separators, and too short to be a telephone number that identifies a person.
fn is_number_or_time(text: &str) -> bool {
    let text = text.strip_prefix("W/").unwrap_or(text).trim_matches('"');
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_number = digits == text.len() && digits <= 6;
    let of_time = |byte: u8| byte.is_ascii_digit() || b"-:.TZ+".contains(&byte);
    let is_time = text.len() >= 10
        && text.bytes().all(of_time)
        && text.as_bytes().get(4) == Some(&b'-')
        && text.as_bytes().get(7) == Some(&b'-');
    is_number || is_time
}

/// Returns `true` if the text is the URN of a known schema or message.
pub(super) fn is_schema(text: &str) -> bool {
    const MESSAGES: &str = "urn:ietf:params:scim:api:messages:2.0:";
    let starts = |start: &str| {
        text.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start))
    };
    let is_known = SCHEMAS.iter().any(|schema| schema.id.eq_ignore_ascii_case(text));
    let own = ["account:2.0:User", "team:2.0:Group"];
    let messages =
        ["PatchOp", "BulkRequest", "BulkResponse", "ListResponse", "SearchRequest", "Error"];
    let ends = |start: &str, ends: &[&str]| {
        starts(start) && is_one_of(ends, text.get(start.len()..).unwrap_or_default())
    };
    is_known || ends(MESSAGES, &messages) || ends(OWN_SCHEMAS, &own)
}

/// Returns `true` if the text names a known attribute, with or without its URN and sub-attribute.
pub(super) fn is_attribute(text: &str) -> bool {
    if is_schema(text) {
        return true;
    }
    let names = match text.char_indices().rev().find(|(_, c)| *c == ':') {
        Some((end, _)) if is_schema(text.get(..end).unwrap_or_default()) => {
            text.get(end + 1..).unwrap_or_default()
        }
        Some(_) => return dotted(text),
        None => text,
    };
    !names.is_empty() && names.split('.').all(is_name)
}

/// Returns `true` if the text is a URN followed by attribute names, with a dot in place of the
/// colon.
fn dotted(text: &str) -> bool {
    text.match_indices('.').any(|(position, _)| {
        let names = text.get(position + 1..).unwrap_or_default();
        is_schema(text.get(..position).unwrap_or_default()) && names.split('.').all(is_name)
    })
}

fn is_name(name: &str) -> bool {
    fn has(attributes: &[Attribute], name: &str) -> bool {
        let is = |attribute: &Attribute| {
            attribute.name.eq_ignore_ascii_case(name) || has(attribute.sub_attributes, name)
        };
        attributes.iter().any(is)
    }
    is_one_of(&OWN_ATTRIBUTES, name)
        || has(COMMON, name)
        || SCHEMAS.iter().any(|schema| has(schema.attributes, name))
}

/// Returns `true` if the word may appear in a filter outside of quotes.
pub(super) fn is_of_filter(word: &str) -> bool {
    is_one_of(&OPERATORS, word) || is_attribute(word) || is_sought(word)
}

/// Returns `true` for a name by which only filters call an attribute, with or without a
/// sub-attribute.
fn is_sought(word: &str) -> bool {
    let (name, rest) = word.split_once('.').unwrap_or((word, ""));
    SCHEMAS.iter().any(|schema| schema.sought(name).is_some())
        && (rest.is_empty() || is_attribute(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_protocols_words_are_known_and_nobody_elses() {
        for word in [
            "userName",
            "NAME.familyName",
            "emails.value",
            "email",
            "Email.value",
            "urn:ietf:params:scim:schemas:core:2.0:User:active",
            "urn:ietf:params:scim:schemas:core:2.0:User.active",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
            "urn:insomnia:params:scim:schemas:extension:account:2.0:User:note",
            "urn:ietf:params:scim:schemas:core:2.0:User",
            "pr",
            "AND",
        ] {
            assert!(is_of_filter(word), "{word}");
        }
        for word in [
            "jane",
            "jane.doe",
            "name.jane",
            "email.jane",
            "urn:jane:active",
            "urn:jane:x.active",
            "urn:ietf:params:scim:schemas:core:2.0:User:jane",
            "urn:insomnia:params:scim:schemas:extension:jane",
            "",
            ":",
            ".",
        ] {
            assert!(!is_of_filter(word), "{word}");
        }
        let id = "0b52f6b0-6f1c-4b4a-9a51-0d0f9a4ad0c1";
        for value in [
            "work",
            "Replace",
            "W/\"12\"",
            "42",
            "2026-01-01T00:00:00.000Z",
            "https://x.example/scim/v2/c/Users/0b52f6b0-6f1c-4b4a-9a51-0d0f9a4ad0c1",
            id,
        ] {
            assert!(is_value(value), "{value}");
        }
        for value in [
            "jane",
            "4915112345678",
            "W/jane",
            "/Users/jane",
            "urn:jane",
            "2026-jane",
            "2026-01-jane",
            "jane.do-e",
            "jane-do-doe",
            "49151-12345678",
        ] {
            assert!(!is_value(value), "{value}");
        }
    }
}
