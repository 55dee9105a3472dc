//! Property tests: index keys and the filter evaluator agree on every text, so that an index finds
//! exactly what the filter means.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::collection::{Groups, Users};
use super::plan::{Plan, plan};
use crate::enterprise::{address, name};
use crate::provisioning::{GROUP, USER};
use crate::scim::Filter;
use crate::store::member_lookups::MemberLookup;
use crate::store::teams::TeamLookup;

/// Generates short texts from characters that can be spelled in several ways, so that many of them
/// are equal.
fn spelled() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => prop::sample::select(vec!["a", "B", "b", "@x", "@x.example", "@", ".", " ", "é", "E\u{301}"]),
        4 => prop::sample::select(vec![
            "ß", "SS", "Ｂ", "＠", "．", "。", "İ", "i\u{307}", "ς", "Σ", "\u{A0}", "\u{3000}", "\t",
            "\u{200B}", "\u{AD}", "@bücher.example", "@xn--bcher-kva.example", "@BU\u{308}CHER.example.",
            "xn--b", "ü", ";", "-",
        ]),
    ];
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

fn filter(attribute: &str, operator: &str, literal: &str) -> Filter {
    Filter::parse(&format!("{attribute} {operator} {}", json!(literal)), &USER).unwrap()
}

fn matches(filter: &Filter, resource: Value) -> bool {
    filter.matches(resource.as_object().unwrap())
}

fn only<L>(plan: Plan<L>) -> (L, Option<Filter>) {
    let mut lookups = plan.lookups;
    assert_eq!(lookups.len(), 1);
    (lookups.pop().unwrap(), plan.residual)
}

proptest! {
    #[test]
    fn equality_by_index_is_equality(stored in spelled(), literal in spelled()) {
        prop_assume!(!stored.is_empty());
        for (attribute, resource, key) in [
            ("userName", json!({"userName": stored}), MemberLookup::UserName(name::user_key(&stored))),
            ("displayName", json!({"displayName": stored}), MemberLookup::DisplayName(name::key(&stored))),
            ("emails", json!({"emails": [{"value": stored}]}), MemberLookup::Email(address::key(&stored))),
        ] {
            let filter = filter(attribute, "eq", &literal);
            let is_equal = matches(&filter, resource);
            let (lookup, residual) = only(plan::<Users>(Some(filter)));
            prop_assert_eq!(lookup == key, is_equal, "{}", attribute);
            prop_assert_eq!(residual, None);
        }
        let text = format!("displayName eq {}", json!(literal));
        let filter = Filter::parse(&text, &GROUP).unwrap();
        let is_equal = matches(&filter, json!({"displayName": stored}));
        let (lookup, _) = only(plan::<Groups>(Some(filter)));
        prop_assert_eq!(lookup == TeamLookup::Name(name::key(&stored)), is_equal);
    }

    #[test]
    fn a_prefix_in_the_index_leaves_nothing_out(
        stored in spelled(), literal in spelled(), whole in any::<bool>()
    ) {
        let stored = if whole { format!("{literal}{stored}") } else { stored };
        prop_assume!(!stored.is_empty() && !literal.is_empty());
        let filter = filter("userName", "sw", &literal);
        let is_match = matches(&filter, json!({"userName": stored}));
        let (lookup, residual) = only(plan::<Users>(Some(filter)));
        let key = name::user_key(&stored);
        let is_found = match &lookup {
            MemberLookup::UserNamePrefix(prefix) => key.starts_with(prefix.as_str()),
            other => *other == MemberLookup::All,
        };
        prop_assert!(is_found || !is_match, "{:?} leaves out {:?}", lookup, stored);
        prop_assert!(residual.is_some() || is_found == is_match, "{:?} and {:?}", lookup, stored);
    }
}
