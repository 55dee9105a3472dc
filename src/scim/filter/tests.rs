//! Tests of the meaning of filters and of the errors for invalid ones.

use serde_json::json;

use super::test_schema::{ENTERPRISE, USER, babs};
use super::*;
use crate::ScimError;
use crate::schema::{Attribute, ResourceType, Schema};

fn parse(text: &str) -> Filter {
    Filter::parse(text, &USER).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn canonical(text: &str) -> String {
    parse(text).to_string()
}

fn refusal(text: &str) -> String {
    let error = Filter::parse(text, &USER).expect_err(text);
    let answer = ScimError::from(error);
    assert_eq!(answer.to_json()["scimType"], "invalidFilter");
    assert_eq!(answer.status, 400);
    answer.detail
}

fn matches(text: &str) -> bool {
    parse(text).matches(&babs())
}

fn assert_all(expected: bool, texts: &[&str]) {
    for text in texts {
        assert_eq!(matches(text), expected, "{text}");
    }
}

#[test]
fn the_examples_of_the_rfc_mean_what_it_says() {
    assert_all(
        true,
        &[
            r#"name.familyName co "O'Malley""#,
            r#"userName sw "B""#,
            r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "b""#,
            r#"meta.lastModified ge "2011-05-13T04:42:34Z""#,
            r#"meta.lastModified le "2011-05-13T04:42:34Z""#,
            r#"title pr or userType eq "Employee""#,
            r#"schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User""#,
            r#"userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")"#,
            r#"userType eq "Employee" and (emails.type eq "work")"#,
            r#"userType eq "Employee" and emails[type eq "work" and value co "@example.com"]"#,
            r#"emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]"#,
        ],
    );
    assert_all(
        false,
        &[
            r#"userName eq "bjensen""#,
            "title pr",
            r#"meta.lastModified gt "2011-05-13T04:42:34Z""#,
            r#"meta.lastModified lt "2011-05-13T04:42:34Z""#,
            r#"title pr and userType eq "Employee""#,
            r#"userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")"#,
        ],
    );
}

#[test]
fn and_binds_closer_than_or_and_not_closest() {
    let title = r#"title pr"#;
    assert_eq!(
        parse("title pr or active pr and id pr"),
        Filter::Or(vec![parse(title), parse("active pr and id pr")])
    );
    assert_eq!(
        parse("(title pr or active pr) and id pr"),
        Filter::And(vec![parse("title pr or active pr"), parse("id pr")])
    );
    assert_eq!(
        parse("not (title pr) and id pr"),
        Filter::And(vec![Filter::Not(Box::new(parse(title))), parse("id pr")])
    );
    assert_eq!(
        canonical("((title pr and (id pr)) and active pr)"),
        "title pr and id pr and active pr"
    );
}

#[test]
fn nested_lists_of_the_same_operator_are_flattened() {
    let three = || vec![parse("title pr"), parse("id pr"), parse("active pr")];
    for text in ["(title pr and id pr) and active pr", "title pr and (id pr and active pr)"] {
        assert_eq!(parse(text), Filter::And(three()), "{text}");
    }
    for text in ["(title pr or id pr) or active pr", "title pr or (id pr or active pr)"] {
        assert_eq!(parse(text), Filter::Or(three()), "{text}");
    }
}

#[test]
fn blanks_and_letter_case_of_words_do_not_matter() {
    let expected = r#"not (userName eq "x") and (title pr or active eq true)"#;
    for text in [
        r#"not(userName eq "x")and(title pr or active eq true)"#,
        r#"  NOT  (  USERNAME   EQ   "x"  )  AND  ( Title PR OR Active Eq TRUE )  "#,
        "Not (username eq\"x\")\tand\n(title pr or active eq True)",
    ] {
        assert_eq!(canonical(text), expected, "{text}");
    }
}

#[test]
fn an_attribute_is_looked_up_by_its_other_name_in_filters_alone() {
    for (text, expected) in [
        (r#"email eq "x""#, r#"emails.value eq "x""#),
        (r#"EMAIL.Value eq "x""#, r#"emails.value eq "x""#),
        (r#"email[type eq "work"].value eq "x""#, r#"emails[type eq "work" and value eq "x"]"#),
        (
            "email pr and not (email.type eq \"home\")",
            "emails pr and not (emails.type eq \"home\")",
        ),
    ] {
        assert_eq!(parse(text), parse(expected), "{text}");
    }
    assert!(refusal(r#"email.colour eq "x""#).contains("emails"));
    assert!(refusal(r#"emails[email eq "x"]"#).contains("email"));
    for text in ["email", "email.value", r#"email[type eq "work"].value"#] {
        assert!(crate::path::Path::parse(text, &USER).is_err(), "{text}");
    }
}

#[test]
fn every_operator_compares() {
    assert_all(
        true,
        &[
            r#"userName eq "BJENSEN@EXAMPLE.COM""#,
            r#"userName ne "x""#,
            r#"userName co "sen@""#,
            r#"userName sw "BJ""#,
            r#"userName ew ".COM""#,
            r#"userName gt "bja""#,
            r#"userName ge "bjensen@example.com""#,
            r#"userName lt "bk""#,
            r#"userName le "BJENSEN@example.com""#,
            "logins eq 12",
            "logins gt 9",
            "logins lt 12.5",
            r#"logins ge "12""#,
            "logins eq 1.2e1",
            "active ne false",
        ],
    );
    assert_all(
        false,
        &[
            "logins gt 12",
            "logins ne 12",
            r#"userName gt "bk""#,
            "active eq false",
            r#"userName sw "sen@""#,
            r#"userName ew "bj""#,
            r#"externalId sw "Jensen""#,
            r#"externalId ew "BJ""#,
        ],
    );
}

#[test]
fn whole_numbers_are_compared_to_the_last_digit() {
    let mut resource = babs();
    resource.insert("logins".into(), json!(9_007_199_254_740_993_u64));
    for (text, expected) in [
        ("logins eq 9007199254740993", true),
        ("logins eq 9007199254740992", false),
        ("logins gt 9007199254740992", true),
        ("logins lt 18446744073709551615", true),
    ] {
        assert_eq!(parse(text).matches(&resource), expected, "{text}");
    }
}

#[test]
fn letter_case_counts_where_the_schema_says_so() {
    assert_all(
        true,
        &[
            r#"externalId eq "BJensen""#,
            r#"displayName co "ÜNAL""#,
            r#"displayName sw "ünal""#,
            r#"manager eq "M-26""#,
            r#"x509Certificates eq "AbCd""#,
            r#"groups.$ref ew "/Groups/g1""#,
        ],
    );
    assert_all(
        false,
        &[
            r#"externalId eq "bjensen""#,
            r#"manager eq "m-26""#,
            r#"x509Certificates eq "ABCD""#,
            r#"groups.$REF ew "/groups/g1""#,
        ],
    );
}

#[test]
fn any_value_of_a_list_is_enough() {
    assert_all(
        true,
        &[
            r#"emails eq "babs@home.org""#,
            r#"emails.value ne "babs@home.org""#,
            r#"nickNames eq "bee""#,
            r#"nickNames[value sw "B" and value ew "e"]"#,
            r#"emails[not (type eq "work")]"#,
            r#"emails[type eq "home" and (primary eq true or value ew "ORG")]"#,
            r#"emails.type eq "home" and emails.primary eq true"#,
        ],
    );
    assert_all(
        false,
        &[r#"emails[type eq "home" and primary eq true]"#, r#"nickNames[value eq "x"]"#],
    );
}

#[test]
fn only_ne_not_and_null_match_an_unassigned_attribute() {
    assert_all(
        true,
        &[
            r#"title ne "x""#,
            r#"not (title eq "x")"#,
            "title eq null",
            "not (ims pr)",
            "ims eq NULL",
        ],
    );
    assert_all(
        false,
        &[
            r#"title eq "x""#,
            r#"title lt "x""#,
            "title ne null",
            "title pr",
            r#"ims[not (type pr)]"#,
        ],
    );
    assert_eq!(parse("name eq null"), parse("not (name pr)"));
}

#[test]
fn dates_are_instants() {
    assert_all(
        true,
        &[
            r#"meta.lastModified eq "2011-05-13T06:42:34+02:00""#,
            r#"meta.lastModified eq "2011-05-13T04:42:34.0000000""#,
            r#"META.Created lt "2010-01-23T04:56:22.0000001Z""#,
            r#"meta.created lt "2015-10-10T14:38:21.8617979-07:00""#,
        ],
    );
}

#[test]
fn the_forms_of_entra_are_understood() {
    assert_all(
        true,
        &[
            r#"active eq "True""#,
            r#"active ne "FALSE""#,
            r#"emails[primary eq "TRUE"].value eq "BJENSEN@example.com""#,
            r#"emails[type eq "work"].value pr"#,
            r#"emails[type eq "work"].value sw "bj" and id eq "2819c223""#,
            r#"department eq "tour operations""#,
            r#"manager.value eq "M-26""#,
            r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager eq "M-26""#,
        ],
    );
    assert_all(false, &[r#"emails[type eq "home"].value eq "bjensen@example.com""#]);
    assert_eq!(
        canonical(r#"emails[type eq "work" or type eq "home"].value eq "x""#),
        r#"emails[(type eq "work" or type eq "home") and value eq "x"]"#
    );
}

#[test]
fn extensions_that_only_the_client_knows_can_be_searched() {
    assert_all(
        true,
        &[
            r#"urn:example:custom:1.0:User:badge eq "a7""#,
            r#"URN:example:CUSTOM:1.0:User:LEVEL ge 3"#,
            "urn:example:custom:1.0:User:vip eq true",
            r#"urn:example:custom:1.0:User:boss eq "b1""#,
            r#"urn:example:custom:1.0:User:boss.value eq "b1""#,
            r#"urn:example:custom:1.0:User:tags eq "y""#,
            r#"urn:example:custom:1.0:User:tags[value eq "y"]"#,
            "urn:example:other:User:x eq null",
        ],
    );
    assert_all(
        false,
        &[r#"urn:example:custom:1.0:User:level eq "3""#, "urn:example:custom:1.0:User:none pr"],
    );
}

#[test]
fn values_of_the_clients_own_attributes_keep_their_type() {
    let own = |comparison: &str| format!("urn:example:custom:1.0:User:{comparison}");
    for comparison in ["vip eq true", "vip ne false", "level eq 3", "level le 3.5"] {
        assert_eq!(canonical(&own(comparison)), own(comparison));
    }
    for (comparison, text) in [
        ("vip co true", r#"vip co "true""#),
        ("vip ew false", r#"vip ew "false""#),
        ("level sw 3", r#"level sw "3""#),
    ] {
        assert_eq!(canonical(&own(comparison)), own(text));
    }
    assert!(refusal(&own("vip gt true")).ends_with("true and false by eq and ne only"));
}

#[test]
fn a_list_of_nothing_is_no_value_however_deep() {
    let mut resource = babs();
    for (value, expected) in [(json!([[["x"]]]), true), (json!([[[]]]), false)] {
        resource.insert("urn:example:custom:1.0:User".into(), json!({"deep": value}));
        let filter = parse("urn:example:custom:1.0:User:deep pr");
        assert_eq!(filter.matches(&resource), expected, "{value}");
    }
}

#[test]
fn escapes_of_strings_are_those_of_json() {
    assert_all(true, &[r#"displayName co "\"B\u0061bs\"""#, r#"displayName co "\u00dcNAL""#]);
    assert_eq!(canonical(r#"title eq "\uD83D\uDE00\/""#), "title eq \"😀/\"");
    assert!(
        refusal(r#"title eq "\uD83D""#)
            .starts_with("the filter is not well formed at byte 9: the string is not a JSON")
    );
}

#[test]
fn a_value_path_is_held_against_single_values() {
    let filter = parse(r#"emails[type eq "work" and primary eq true]"#);
    let Filter::ValuePath { filter, .. } = filter else { panic!("no value path") };
    assert!(filter.matches_value(&json!({"type": "Work", "primary": true})));
    assert!(!filter.matches_value(&json!({"type": "work"})));
    assert!(!filter.matches_value(&json!("work")));
}

#[test]
fn references_are_those_of_the_resource() {
    let filter = parse(r#"id eq "1" and (not (groups eq "2") or emails[type eq "work"])"#);
    let names: Vec<_> =
        filter.references().map(|reference| reference.attribute.name.as_ref()).collect();
    assert_eq!(names, ["id", "groups", "emails"]);
}

#[test]
fn refusals_say_where_and_what_to_do() {
    let cases = [
        (
            "userName eq jyoung",
            r#"the filter is not well formed at byte 12: put the value in double quotes: "jyoung""#,
        ),
        (
            "meta.created gt 2015-10-10T14:38:21Z",
            r#"the filter is not well formed at byte 16: put the value in double quotes: "2015-10-10T14:38:21Z""#,
        ),
        (
            r#"userName zz "x""#,
            r#"the filter is not well formed at byte 9: expected an operator (eq, ne, co, sw, ew, gt, ge, lt, le or pr), found "zz""#,
        ),
        (
            "userName eq",
            "the filter is not well formed at byte 11: a value is missing after the operator; put strings in double quotes",
        ),
        (
            r#"userName eq "x"#,
            "the filter is not well formed at byte 12: the string has no closing double quote",
        ),
        (
            "(title pr",
            "the filter is not well formed at byte 9: expected and, or, or the closing ), found the end",
        ),
        (
            "title pr)",
            "the filter is not well formed at byte 8: this parenthesis was never opened; remove it",
        ),
        (
            "title pr title pr",
            r#"the filter is not well formed at byte 9: expected and, or, or the end of the filter, found "title""#,
        ),
        (
            "not title pr",
            "the filter is not well formed at byte 0: not is followed by parentheses: not (title pr)",
        ),
        (
            "",
            "the filter is not well formed at byte 0: expected the name of an attribute, found the end",
        ),
        (
            "title pr and ",
            "the filter is not well formed at byte 13: expected the name of an attribute, found the end",
        ),
        (
            "id pr and nickNam pr",
            "at byte 10 of the filter: there is no attribute \"nickNam\": User has id, externalId, schemas, meta, userName, name, displayName, title, userType, active, password, emails, ims, x509Certificates, logins, nickNames, groups; put the URN in front of the attributes of other schemas",
        ),
        (
            r#"emails[kind eq "work"]"#,
            "at byte 7 of the filter: there is no attribute \"emails.kind\": emails has value, type, primary",
        ),
        (
            "title pr and emails..value pr",
            "the filter is not well formed at byte 19: after the attribute name only .subAttribute may follow, without blanks",
        ),
        (
            "logins eq +1",
            r#"the filter is not well formed at byte 10: put the value in double quotes: "+1""#,
        ),
        (
            "logins eq .5",
            r#"the filter is not well formed at byte 10: put the value in double quotes: ".5""#,
        ),
        (
            "active eq \"maybe\"",
            "at byte 10 of the filter: active is a boolean; compare it with true or false instead of \"maybe\"",
        ),
        (
            "active gt true",
            "at byte 10 of the filter: active is a boolean and cannot be compared by gt; use eq, ne and pr",
        ),
        (
            r#"meta.created co "2011""#,
            "at byte 16 of the filter: meta.created is a dateTime and cannot be compared by co; use eq, ne, gt, ge, lt, le and pr",
        ),
        (
            r#"meta.created gt "today""#,
            "at byte 16 of the filter: meta.created is a dateTime; compare it with one such as \"2011-05-13T04:42:34Z\" instead of \"today\"",
        ),
        (
            r#"name eq "x""#,
            "at byte 8 of the filter: name is complex; compare one of its sub-attributes: familyName, givenName",
        ),
        (
            "logins eq \"many\"",
            "at byte 10 of the filter: logins is a number; compare it with a number instead of \"many\"",
        ),
        ("title gt null", "at byte 9 of the filter: title is compared with null by eq and ne only"),
        (
            r#"password eq "x""#,
            "at byte 0 of the filter: password is never returned, so it cannot be searched; leave it out",
        ),
        (
            r#"emails[ims[type pr]]"#,
            "at byte 7 of the filter: there is no attribute \"emails.ims\": emails has value, type, primary",
        ),
        (
            r#"emails[type[value pr]]"#,
            "the filter is not well formed at byte 11: brackets cannot stand inside brackets",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(refusal(text), expected, "{text}");
    }
}

#[test]
fn a_complex_part_of_a_value_is_not_compared() {
    static DEVICE: ResourceType = ResourceType {
        name: "Device",
        endpoint: "/Devices",
        description: "",
        schema: &Schema {
            id: "urn:example:core:1.0:Device",
            name: "Device",
            description: "",
            attributes: &[Attribute::complex(
                "ports",
                "",
                &[
                    Attribute::string("value", ""),
                    Attribute::complex("peer", "", &[Attribute::string("name", "")]),
                ],
            )],
        },
        extensions: &[],
    };
    let error = Filter::parse(r#"ports.peer eq "x""#, &DEVICE).expect_err("complex");
    assert!(error.to_string().contains("ports.peer is complex"), "{error}");
    assert!(Filter::parse(r#"ports eq "x""#, &DEVICE).is_ok());
}

#[test]
fn numbers_and_booleans_without_quotes_are_text_to_a_text_attribute() {
    assert_eq!(canonical("externalId eq 00123"), r#"externalId eq "00123""#);
    assert_eq!(canonical("title eq true"), r#"title eq "true""#);
}

#[test]
fn hostile_depth_is_refused_and_not_followed() {
    assert_eq!(
        Filter::parse(&"(".repeat(100_000), &USER),
        Err(FilterError::TooLong { length: 100_000 })
    );
    assert_eq!(
        Filter::parse(&"(".repeat(8_000), &USER),
        Err(FilterError::TooDeep { position: 32 })
    );
    assert_eq!(
        Filter::parse(&"not(".repeat(2_000), &USER),
        Err(FilterError::TooDeep { position: 128 })
    );
    assert_eq!(
        refusal(&"(".repeat(8_000)),
        "at byte 32 the filter is nested more than 32 levels deep; leave out parentheses that are not needed"
    );
    let allowed = format!("{}title pr{}", "not (".repeat(MAX_DEPTH), ")".repeat(MAX_DEPTH));
    assert_eq!(parse(&allowed), parse(&canonical(&allowed)));
}

#[test]
fn long_filters_are_refused() {
    let text = format!("title eq \"{}\"", "x".repeat(MAX_LENGTH));
    assert_eq!(
        refusal(&text),
        format!(
            "the filter has {} bytes, but at most 8192 are allowed; shorten it, or split it into several requests",
            text.len()
        )
    );
    let terms = |count: usize| vec!["id pr"; count].join(" or ");
    assert!(Filter::parse(&terms(MAX_TERMS), &USER).is_ok());
    assert_eq!(
        Filter::parse(&terms(MAX_TERMS + 1), &USER),
        Err(FilterError::TooManyTerms { position: 256 * 9 })
    );
}

#[test]
fn the_urn_of_an_extension_stays_in_the_canonical_text() {
    assert_eq!(canonical("DEPARTMENT pr"), format!("{ENTERPRISE}:department pr"));
}
