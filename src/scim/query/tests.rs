//! Tests of parameters as clients send them.

use proptest::prelude::*;
use serde_json::json;

use super::*;

type Pairs<'p> = &'p [(&'p str, &'p str)];

fn query(pairs: Pairs<'_>) -> Query {
    Query::from_pairs(pairs.iter().copied()).expect("a query")
}

fn refusal(pairs: Pairs<'_>) -> (ScimType, String) {
    let error = Query::from_pairs(pairs.iter().copied()).expect_err("a refusal");
    assert_eq!(error.status, 400);
    (error.scim_type.expect("a type"), error.detail)
}

fn search(mut body: Value) -> Result<Query, ScimError> {
    body["schemas"] = json!([SEARCH_SCHEMA]);
    Query::from_search_request(body)
}

#[test]
fn nothing_given_is_the_first_page_of_everything() {
    let expected = Query {
        filter: None,
        attributes: vec![],
        excluded_attributes: vec![],
        sort_by: None,
        descending: false,
        page: PageRequest::Index { start_index: 1, count: None },
    };
    assert_eq!(query(&[]), expected);
    let empty = [("", ""), ("aadOptscim062020", ""), ("attributes", " , ")];
    assert_eq!(query(&empty), expected);
    assert_eq!(query(&[("filter", "")]).filter.as_deref(), Some(""));
    assert_eq!(search(json!({"filter": null, "more": 1})), Ok(expected));
}

#[test]
fn url_and_search_body_say_the_same() {
    let from_url = query(&[
        ("FILTER", "title pr"),
        ("Attributes", "userName, emails.value"),
        ("sortby", "userName"),
        ("sortOrder", "Descending"),
        ("startIndex", "11"),
        ("count", "5"),
    ]);
    assert_eq!(from_url.attributes, ["userName", "emails.value"]);
    assert!(from_url.descending);
    assert_eq!(from_url.page, PageRequest::Index { start_index: 11, count: Some(5) });
    let body = json!({
        "Filter": "title pr",
        "attributes": ["userName", "emails.value"],
        "sortBy": "userName",
        "sortOrder": "descending",
        "startIndex": 11,
        "COUNT": 5,
    });
    assert_eq!(search(body), Ok(from_url));
}

#[test]
fn indexes_below_one_read_one_and_counts_below_zero_read_zero() {
    for start_index in ["0", "-7", "1"] {
        assert_eq!(
            query(&[("startIndex", start_index), ("count", "-3")]).page,
            PageRequest::Index { start_index: 1, count: Some(0) }
        );
    }
    assert_eq!(
        query(&[("startIndex", "99999999999999999999999")]).page,
        PageRequest::Index { start_index: i64::MAX as u64, count: None }
    );
}

#[test]
fn a_parameter_may_be_as_long_as_the_limit() {
    let longest = "x".repeat(MAX_LENGTH);
    assert_eq!(query(&[("filter", &longest)]).filter.as_ref(), Some(&longest));
    assert_eq!(query(&[("attributes", &longest)]).attributes, [longest.as_str()]);
}

#[test]
fn results_ascend_unless_the_client_says_otherwise() {
    for (order, descending) in [("", false), ("Ascending", false), ("DESCENDING", true)] {
        assert_eq!(query(&[("sortOrder", order)]).descending, descending, "{order}");
    }
}

#[test]
fn a_cursor_makes_cursor_pages() {
    assert_eq!(
        query(&[("cursor", ""), ("count", "10")]).page,
        PageRequest::Cursor { cursor: None, count: Some(10) }
    );
    assert_eq!(
        search(json!({"cursor": "abc"})).expect("a query").page,
        PageRequest::Cursor { cursor: Some("abc".into()), count: None }
    );
}

#[test]
fn refusals_name_the_parameter() {
    let names = vec!["x"; MAX_NAMES + 1].join(",");
    let long = "x".repeat(MAX_LENGTH + 1);
    use ScimType::{InvalidCount, InvalidValue};
    let cases: [(Pairs<'_>, ScimType, &str); 11] = [
        (
            &[("startIndex", "one")],
            InvalidValue,
            "startIndex must be a whole number, such as startIndex=1",
        ),
        (&[("count", "-")], InvalidValue, "count must be a whole number, such as count=1"),
        (&[("count", "1.5")], InvalidValue, "count must be a whole number, such as count=1"),
        (
            &[("cursor", ""), ("count", "x")],
            InvalidCount,
            "count must be a whole number, such as count=100",
        ),
        (
            &[("cursor", "abc"), ("startIndex", "1")],
            InvalidValue,
            "cursor and startIndex are two ways of paging; send only one of the two",
        ),
        (
            &[("attributes", "a"), ("excludedAttributes", "b")],
            InvalidValue,
            "attributes and excludedAttributes exclude each other; send only one of the two",
        ),
        (&[("sortOrder", "up")], InvalidValue, "sortOrder must be ascending or descending"),
        (
            &[("filter", "a"), ("Filter", "b")],
            InvalidValue,
            "filter is given more than once; send it once",
        ),
        (&[("filter", &long)], InvalidValue, "filter may be 16384 bytes long at most"),
        (
            &[("attributes", &names)],
            InvalidValue,
            "attributes may have 100 names and 16384 bytes at most",
        ),
        (
            &[("excludedAttributes", &long)],
            InvalidValue,
            "excludedAttributes may have 100 names and 16384 bytes at most",
        ),
    ];
    for (pairs, scim_type, detail) in cases {
        assert_eq!(refusal(pairs), (scim_type, detail.to_owned()));
    }
}

#[test]
fn a_search_body_of_wrong_types_is_refused() {
    for (body, detail) in [
        (json!({"filter": 1}), "filter must be a string"),
        (json!({"count": true}), "count must be a whole number"),
        (json!({"count": 1.5}), "count must be a whole number, such as count=1"),
        (json!({"attributes": [1]}), "attributes must be a list of attribute names"),
        (json!({"attributes": {}}), "attributes must be a list of attribute names"),
    ] {
        assert_eq!(search(body), Err(ScimError::invalid_value(detail)));
    }
    for body in [json!([]), json!({}), json!({"schemas": SEARCH_SCHEMA}), json!({"schemas": ["x"]})]
    {
        let error = Query::from_search_request(body).expect_err("a refusal");
        assert_eq!(error.scim_type, Some(ScimType::InvalidSyntax));
    }
}

proptest! {
    #[test]
    fn any_parameters_are_survived(
        pairs in proptest::collection::vec(
            (proptest::sample::select(vec!["filter", "attributes", "startIndex", "count", "cursor", "sortOrder"]), ".*"),
            0..6,
        ),
    ) {
        let _ = Query::from_pairs(pairs.into_iter());
    }
}
