//! Detects keys that name no attribute but resemble a known one.

use crate::path::urn;
use crate::schema::{Attribute, Kind, ResourceType, Schema};

/// Returns `true` if a well-formed but unknown name is probably meant as a known one: it is a
/// misspelling, it is in the object or after the URN of the wrong schema, or it has a suffix after
/// the name of an attribute without sub-attributes. `within` is the schema in whose object the key
/// is.
pub(super) fn is_meant(
    key: &str,
    within: Option<&'static Schema>,
    resource_type: &ResourceType,
) -> bool {
    let (schema, names) = match urn::known(key, resource_type) {
        Some((schema, rest)) => (Some(schema), rest.trim_start_matches([':', '.'])),
        None => (within, key),
    };
    let (first, more) = names.split_once('.').map_or((names, ""), |(first, more)| (first, more));
    let is_resource = first.eq_ignore_ascii_case(resource_type.name);
    let is_simple = |attribute: &Attribute| attribute.kind != Kind::Complex;
    let has_no_parts = !more.is_empty() && attribute(first, resource_type).is_some_and(is_simple);
    let is_elsewhere_or_misspelt = schema.is_some_and(|schema| {
        attribute(first, resource_type).is_some() && schema.attribute(first).is_none()
            || urn::misspelt(first, schema).is_some()
    });
    is_resource || has_no_parts || is_elsewhere_or_misspelt
}

/// Returns `true` if a malformed name contains the name of an attribute: surrounded by punctuation
/// and white space, mixed with invisible characters, or with lookalike letters of another alphabet.
pub(super) fn names_ours(key: &str, resource_type: &ResourceType) -> bool {
    let is_foreign = |c: char| !c.is_ascii() && c.is_alphanumeric();
    let visible: String = key.chars().filter(|c| c.is_ascii() || is_foreign(*c)).collect();
    let words = || visible.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words().any(|word| {
        urn::schemas(resource_type)
            .flat_map(|schema| schema.attributes)
            .any(|attribute| looks_like(word, attribute.name))
    })
}

/// Returns `true` if the word equals the name, ignoring letter case and treating non-ASCII letters
/// as matching any letter.
fn looks_like(word: &str, name: &str) -> bool {
    word.chars().count() == name.len()
        && word.chars().any(|letter| letter.is_ascii())
        && word
            .chars()
            .zip(name.chars())
            .all(|(letter, right)| !letter.is_ascii() || letter.eq_ignore_ascii_case(&right))
}

fn attribute(name: &str, resource_type: &ResourceType) -> Option<&'static Attribute> {
    urn::schemas(resource_type).find_map(|schema| schema.attribute(name))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::schema::USER_RESOURCE;
    use crate::{PatchRequest, reader};

    const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    /// Returns `true` if a deactivation under this key is ignored, in a body and in a PATCH.
    fn is_passed_over(key: &str, value: Value) -> bool {
        let body = json!({"userName": "u", key: value});
        let read = reader::read(body, &USER_RESOURCE);
        let patch = json!({"Operations": [{"op": "replace", "value": {key: value}}]});
        let patched = PatchRequest::parse(patch, &USER_RESOURCE);
        assert_eq!(read.is_err(), patched.is_err(), "{key}: {read:?} {patched:?}");
        read.is_ok_and(|user| user.len() == 1) && patched.is_ok_and(|it| it.operations.is_empty())
    }

    #[test]
    fn a_key_that_means_an_attribute_of_ours_is_never_passed_over() {
        for key in [
            " active",
            "active ",
            ".active",
            "\"active\"",
            "'active'",
            "act\u{200b}ive",
            "\u{feff}active",
            "\u{430}ctive",
            "\u{ff41}ctive",
            "active.value",
            "active.primary",
            "CORE:active.value",
            "CORE.User.active",
            "User:active",
            "User.active",
            "core:2.0:User:active",
            "urn.ietf.params.scim.schemas.core.2.0.User:active",
            "urn_ietf_params_scim_schemas_core_2.0_User_active",
            "CORE:activ",
            "CORE:User",
            "ENT:active",
            "ENT.active",
            "ENT:User.active",
            "ENT:departmant",
            "active[0]",
            "(active)",
            "urn::ietf::params::scim::schemas::core:2.0:User:active",
            "urn:ietf:params:schemas:scim:core:2.0:User:active",
            "urn:ietf:params:scim:schemas:extension:2.0:User:active",
            "urn:ietf:params:scim:schemas:extension:core:2.0:User:active",
            "urn:ietf:params:scim:schemas:extension:users:2.0:User:active",
        ] {
            let key = key.replace("CORE", CORE).replace("ENT", ENTERPRISE);
            let read = reader::read(json!({"userName": "u", &key: false}), &USER_RESOURCE);
            assert!(read.is_err(), "{key}: {read:?}");
            assert!(!is_passed_over(&key, json!(false)), "{key}");
        }
        for (key, value) in [
            (format!("{CORE}:User"), json!({"active": false})),
            (ENTERPRISE.to_owned(), json!({"active": false})),
            (ENTERPRISE.to_owned(), json!({"departmant": "x"})),
        ] {
            let read = reader::read(json!({"userName": "u", &key: value}), &USER_RESOURCE);
            assert!(read.is_err(), "{key}: {read:?}");
        }
    }

    #[test]
    fn an_attribute_that_nobody_knows_is_in_nobodys_way() {
        for key in [
            "favouriteColour",
            "x_active_since",
            "isActive",
            "name.middleInitial",
            "1st",
            "favourite colour",
            "custom.field",
            "\u{e9}tat",
            "act on",
            "urn:ietf:params:scim:schemas:core:2.0:User:titel",
            "email",
        ] {
            assert!(is_passed_over(key, json!("x")), "{key}");
        }
        let inside = json!({"favouriteColour": "x"});
        assert!(is_passed_over(ENTERPRISE, inside));
    }
}
