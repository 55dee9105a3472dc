//! Prepares strings for comparison (RFC 7644 §7.8) as the attribute is defined, for filters,
//! sorting and PATCH alike.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::hash::Hasher;

use super::Operator;
use crate::schema::{Attribute, Comparison, Kind};
use spelling::{address, name, text, user_name};

/// Returns `true` if strings of this attribute are compared case-sensitively.
pub(crate) fn is_case_exact(definition: &Attribute) -> bool {
    definition.case_exact || matches!(definition.kind, Kind::Reference | Kind::Binary)
}

/// Returns the key by which values of the attribute are compared and sorted.
pub(crate) fn key<'a>(definition: &Attribute, value: &'a str) -> Cow<'a, str> {
    if is_case_exact(definition) {
        return Cow::Borrowed(value);
    }
    Cow::Owned(match definition.comparison {
        Comparison::Text => text::key(value),
        Comparison::Name => name::key(value),
        Comparison::UserName => user_name::key(value),
    })
}

/// Compares two values of the attribute.
pub(crate) fn order(definition: &Attribute, left: &str, right: &str) -> Ordering {
    if is_case_exact(definition) {
        return left.cmp(right);
    }
    // A shortcut: most equal strings differ in ASCII letter case at most.
    if left.eq_ignore_ascii_case(right) {
        return Ordering::Equal;
    }
    if is_its_key(definition, left) && is_its_key(definition, right) {
        let lower = |byte: u8| byte.to_ascii_lowercase();
        return left.bytes().map(lower).cmp(right.bytes().map(lower));
    }
    key(definition, left).cmp(&key(definition, right))
}

/// Hashes a string so that equal values of the attribute have equal hashes.
pub(crate) fn hash(definition: &Attribute, value: &str, hasher: &mut impl Hasher) {
    if is_case_exact(definition) {
        hasher.write(value.as_bytes());
    } else if is_its_key(definition, value) {
        value.bytes().for_each(|byte| hasher.write_u8(byte.to_ascii_lowercase()));
    } else {
        key(definition, value).bytes().for_each(|byte| hasher.write_u8(byte));
    }
    hasher.write_u8(0xff);
}

/// Returns `true` if the key is the string in ASCII lower case, so that it need not be computed.
fn is_its_key(definition: &Attribute, text: &str) -> bool {
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
    match definition.comparison {
        Comparison::Text => text.is_ascii(),
        Comparison::Name => plain(text),
        // A trailing dot of a domain is not part of the key.
        Comparison::UserName => plain(text) && !text.ends_with('.'),
    }
}

/// Returns `true` if the string contains, starts with or ends with the part, as the operator says.
pub(super) fn is_part(definition: &Attribute, operator: Operator, value: &str, part: &str) -> bool {
    let test = |value: &str, part: &str| match operator {
        Operator::StartsWith => value.starts_with(part),
        Operator::EndsWith => value.ends_with(part),
        _ => value.contains(part),
    };
    if is_case_exact(definition) {
        return test(value, part);
    }
    // White space at the end of the part that meets an end of the value is ignored, as it is around
    // the value itself.
    let (start, end) = (operator == Operator::StartsWith, operator == Operator::EndsWith);
    match definition.comparison {
        Comparison::Text => test(&text::key(value), &text::key(part)),
        Comparison::Name => test(&name::key(value), &name::part(part, start, end)),
        Comparison::UserName => {
            let key = user_name::key(value);
            let prepared = user_name::prepared(part, start, end);
            test(&key, &prepared)
                || user_name::written(&key).is_some_and(|written| test(&written, &prepared))
                || address::key_of_address(part).is_some_and(|part| test(&key, &part))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::schema::USER;
    use crate::schema::common::COMMON;

    fn attribute(name: &str) -> &'static Attribute {
        let common = || COMMON.iter().find(|attribute| attribute.name == name);
        USER.attribute(name).or_else(common).unwrap()
    }

    fn is_equal(name: &str, left: &str, right: &str) -> bool {
        order(attribute(name), left, right) == Ordering::Equal
    }

    #[test]
    fn each_attribute_says_how_it_is_compared() {
        for attribute in ["title", "displayName", "userName"] {
            assert!(is_equal(attribute, "Rene\u{301}e", "RENÉE"), "{attribute}");
            assert!(!is_equal(attribute, "Renée", "Renee"), "{attribute}");
        }
        assert!(is_equal("displayName", "Jo  Doe ", "jo doe") && !is_equal("title", "a  b", "a b"));
        assert!(
            is_equal("title", "Straße", "STRASSE") && !is_equal("userName", "straße", "strasse")
        );
        assert!(is_equal("userName", "ｋｉｍ@Bücher.example", "kim@xn--bcher-kva.example."));
        assert!(!is_equal("externalId", "e\u{301}", "é"), "identifiers are as they are");
    }

    #[test]
    fn a_part_of_an_address_may_be_in_either_form_of_its_domain() {
        let holds =
            |operator, part| is_part(attribute("userName"), operator, "José@Bücher.example", part);
        for (operator, part) in [
            (Operator::StartsWith, "JOSE\u{301}@bü"),
            (Operator::StartsWith, "josé@xn--b"),
            (Operator::StartsWith, " josé@bücher。example"),
            (Operator::EndsWith, "@BÜCHER.example "),
            (Operator::EndsWith, "@xn--bcher-kva.example"),
            (Operator::Contains, "ｂücher"),
        ] {
            assert!(holds(operator, part), "{operator:?} {part}");
        }
        assert!(!holds(Operator::StartsWith, "josé @") && !holds(Operator::Contains, "strasse"));
    }

    #[test]
    fn a_blank_at_an_end_of_a_part_is_one_inside_the_value() {
        let holds = |operator, part| is_part(attribute("displayName"), operator, "Jo Doe", part);
        assert!(holds(Operator::StartsWith, "jo ") && !holds(Operator::StartsWith, "jo d "));
        assert!(holds(Operator::EndsWith, " doe ") && holds(Operator::Contains, "o\u{A0} d"));
        assert!(holds(Operator::StartsWith, " jo d") && holds(Operator::Contains, "o d"));
        assert!(!holds(Operator::Contains, " jo") && !holds(Operator::Contains, "doe "));
    }

    #[test]
    fn a_dot_after_a_domain_has_no_part_in_the_order() {
        let order = |left, right| order(attribute("userName"), left, right);
        assert_eq!(order("kim@b.", "kim@b-c."), order("kim@b", "kim@b-c"));
        assert_eq!(order("kim@b.", "KIM@b"), Ordering::Equal);
    }

    proptest! {
        #[test]
        fn values_are_ordered_by_their_keys(
            left in "[a-cA-C.@ é\u{301}-]{0,6}", right in "[a-cA-C.@ é\u{301}-]{0,6}"
        ) {
            for name in ["title", "displayName", "userName", "externalId"] {
                let definition = attribute(name);
                let keys = key(definition, &left).cmp(&key(definition, &right));
                prop_assert_eq!(order(definition, &left, &right), keys, "{}", name);
            }
        }
    }
}
