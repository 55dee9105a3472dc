//! Property tests of filters.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::test_schema::{USER, babs};
use super::*;
use crate::path::Path;

fn attribute(text: &str) -> AttributeRef {
    AttributeRef::parse(text, &USER).expect("known")
}

fn compare(name: &'static str, operator: Operator, value: Value) -> Filter {
    Filter::Compare { attribute: attribute(name), operator, value }
}

fn leaf() -> impl Strategy<Value = Filter> {
    let text = prop_oneof![
        Just("userName"),
        Just("emails.value"),
        Just("externalId"),
        Just("department"),
        Just("urn:example:custom:1.0:User:Badge"),
    ];
    let operator = proptest::sample::select(Operator::ALL.to_vec());
    prop_oneof![
        (text, operator, ".*").prop_map(|(name, operator, value)| compare(
            name,
            operator,
            value.into()
        )),
        any::<bool>().prop_map(|value| compare("active", Operator::Equal, value.into())),
        any::<i64>().prop_map(|value| compare("logins", Operator::LessThan, value.into())),
        any::<f64>().prop_filter("finite", |value| value.is_finite()).prop_map(|value| compare(
            "logins",
            Operator::GreaterThan,
            json!(value)
        )),
        proptest::sample::select(vec!["title", "active", "emails", "meta.created", "ims.type"])
            .prop_map(|name| Filter::Present(attribute(name))),
        any::<bool>().prop_map(|primary| {
            let text = format!(r#"emails[type eq "work" and (primary eq {primary} or value pr)]"#);
            Filter::parse(&text, &USER).expect("valid")
        }),
    ]
}

fn tree() -> impl Strategy<Value = Filter> {
    leaf().prop_recursive(5, 40, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 1..4).prop_map(Filter::all),
            proptest::collection::vec(inner.clone(), 1..4).prop_map(Filter::any),
            inner.prop_map(|filter| Filter::Not(Box::new(filter))),
        ]
    })
}

/// Evaluates a filter by its truth table; the evaluator must agree with it.
fn naive(filter: &Filter, leaf: &dyn Fn(&Filter) -> bool) -> bool {
    match filter {
        Filter::And(filters) => !filters.iter().any(|filter| !naive(filter, leaf)),
        Filter::Or(filters) => !filters.iter().all(|filter| !naive(filter, leaf)),
        Filter::Not(filter) => !naive(filter, leaf),
        other => leaf(other),
    }
}

/// Generates text from the words of filters, which gets further into the grammar than random text.
fn almost_a_filter() -> impl Strategy<Value = String> {
    let words = vec![
        "userName",
        "emails",
        "name.familyName",
        "urn:x:y:z",
        "eq",
        "pr",
        "and",
        "or",
        "not",
        "(",
        ")",
        "[",
        "]",
        ".value",
        "\"x\"",
        "\"",
        "\\",
        "true",
        "null",
        "-1.5e3",
        " ",
        " ",
        " ",
        "ü",
    ];
    proptest::collection::vec(proptest::sample::select(words), 0..30)
        .prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn any_text_is_survived(text in ".*") {
        let _ = Filter::parse(&text, &USER);
        let _ = Path::parse(&text, &USER);
        let _ = AttributeRef::parse(&text, &USER);
    }

    #[test]
    fn what_almost_is_a_filter_is_survived_and_stays_canonical(text in almost_a_filter()) {
        let _ = Path::parse(&text, &USER);
        if let Ok(filter) = Filter::parse(&text, &USER) {
            prop_assert_eq!(Filter::parse(&filter.to_string(), &USER), Ok(filter));
        }
    }

    #[test]
    fn the_canonical_text_gives_the_same_tree(filter in tree()) {
        prop_assert_eq!(Filter::parse(&filter.to_string(), &USER), Ok(filter));
    }

    #[test]
    fn and_or_and_not_follow_the_truth_tables(filter in tree(), title in any::<bool>()) {
        let mut resource = babs();
        if title {
            resource.insert("title".into(), "Guide".into());
        }
        let leaf = |filter: &Filter| filter.matches(&resource);
        prop_assert_eq!(filter.matches(&resource), naive(&filter, &leaf));
    }

    #[test]
    fn equality_ignores_letter_case_and_nothing_else(stored in "[a-cA-Cß-ï]{0,3}", wanted in "[a-cA-Cß-ï]{0,3}") {
        let mut resource = babs();
        resource.insert("userName".into(), stored.clone().into());
        let filter = compare("userName", Operator::Equal, wanted.clone().into());
        let expected = !stored.is_empty() && stored.to_lowercase() == wanted.to_lowercase();
        prop_assert_eq!(filter.matches(&resource), expected);
    }
}
