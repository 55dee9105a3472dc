//! Tests of how references and paths are resolved, and of the errors for invalid ones.

use super::*;
use crate::ScimError;
use crate::filter::test_schema::{ENTERPRISE, USER};
use crate::schema::Kind;

fn reference(text: &str) -> AttributeRef {
    AttributeRef::parse(text, &USER).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn path(text: &str) -> Path {
    Path::parse(text, &USER).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn refusal(text: &str) -> (String, String) {
    let error = ScimError::from(Path::parse(text, &USER).expect_err(text));
    assert_eq!(error.status, 400);
    (error.scim_type.map_or("", |scim_type| scim_type.as_str()).to_owned(), error.detail)
}

#[test]
fn names_take_the_letter_case_of_the_schema() {
    for (text, expected) in [
        ("USERNAME", "userName"),
        ("name.FAMILYname", "name.familyName"),
        ("ID", "id"),
        ("externalid", "externalId"),
        ("meta.lastmodified", "meta.lastModified"),
        ("groups.$REF", "groups.$ref"),
        ("URN:ietf:params:scim:schemas:CORE:2.0:user:NAME.givenname", "name.givenName"),
        ("urn:ietf:params:scim:schemas:core:2.0:User:id", "id"),
    ] {
        let reference = reference(text);
        assert_eq!(reference.to_string(), expected);
        assert_eq!(reference.extension, None);
    }
}

#[test]
fn attributes_of_extensions_are_found_with_and_without_urn() {
    let expected = format!("{ENTERPRISE}:manager.value");
    for text in [expected.as_str(), &expected.to_uppercase(), "Manager.Value"] {
        let reference = reference(text);
        assert_eq!(reference.to_string(), expected);
        assert_eq!(reference.extension.as_deref(), Some(ENTERPRISE));
    }
    // The core schema also has an attribute of this name and takes precedence.
    assert_eq!(reference("displayName").extension, None);
}

#[test]
fn an_unknown_urn_makes_an_open_reference() {
    let reference = reference("urn:Example:2.0:User:Badge.Colour");
    assert_eq!(reference.extension.as_deref(), Some("urn:Example:2.0:User"));
    assert_eq!(reference.attribute.name, "Badge");
    assert_eq!(reference.attribute.definition.kind, Kind::Any);
    assert_eq!(reference.sub_attribute.as_ref().map(|sub| sub.name.as_ref()), Some("Colour"));
    assert_eq!(reference.to_string(), "urn:Example:2.0:User:Badge.Colour");
}

#[test]
fn after_a_known_urn_a_dot_is_the_colon() {
    let core = "urn:ietf:params:scim:schemas:core:2.0:User";
    for (text, expected) in [
        (format!("{core}.active"), "active".to_owned()),
        (format!("{core}.name.givenName"), "name.givenName".to_owned()),
        (format!("{}.Active", core.to_uppercase()), "active".to_owned()),
        (format!("{ENTERPRISE}.manager"), format!("{ENTERPRISE}:manager")),
        (format!("{ENTERPRISE}.manager.value"), format!("{ENTERPRISE}:manager.value")),
        ("urn:acme:2.0:User.badge.colour".to_owned(), "urn:acme:2.0:User:badge.colour".to_owned()),
    ] {
        assert_eq!(reference(&text).to_string(), expected, "{text}");
        assert_eq!(path(&text).to_string(), expected, "{text}");
    }
    let path = path(&format!("{core}.emails[type eq \"work\"].value"));
    assert_eq!(path.to_string(), "emails[type eq \"work\"].value");
}

#[test]
fn a_urn_that_is_nearly_known_is_no_extension() {
    for text in [
        "urn:ietf:params:scim:schemas:core:2.0:Group:displayName",
        "urn:ietf:params:scim:schemas:core:2.0:Group.displayName",
        "urn:ietf:params:scim:schemas:core:2.0:Users:active",
        "urn:ietf:params:scim:schemas:core:2.0:active",
        "urn:ietf:params:scim:schemas:core:User:active",
        "urn:ietf:params:scim:schemas:core:1.0:User:active",
        "urn:ietf:params:scim:schemas:core:2.0:User:manager:value",
        "urn:ietf:params:scim:schemas:core:2.0:User:",
        "urn:ietf:params:scim:schemas:core:2.0:User/active",
        "urn:ietf:params:scim:schemas:core:2.0:User#active",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:active",
        "urn:ietf:params:scim:schemas:extension:enterprise:1.0:User:department",
        "urn:ietf:params:scim:schemas:extension:Enterprise:2.0:Group:department",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager:value",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:Usr.department",
        "urn:ietf:params:scim:schemas:extension:department",
        "urn:ietf:params:scim:schemas:department",
        "urn:ietf:params:scim:department",
        "urn:ietf:params:scim:api:messages:2.0:PatchOp:foo",
        "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig:patch",
        "urn:ietf:param:scim:schemas:core:2.0:User:active",
        "urn:ietf:params:scim:schema:core:2.0:User:active",
        "urn:itef:params:scim:schemas:core:2.0:User.active",
        "urn:ietf:params:scmi:schemas:extension:enterprise:2.0:User:department",
        "urn:params:scim:schemas:core:2.0:User:active",
        "urn:scim:schemas:core:1.0:active",
        "urn:scim:schemas:extension:enterprise:1.0:department",
    ] {
        let (scim_type, _) = refusal(text);
        assert_eq!(scim_type, "invalidPath", "{text}");
    }
    let (_, detail) = refusal("urn:ietf:params:scim:schemas:core:2.0:Group:displayName");
    assert_eq!(
        detail,
        "\"urn:ietf:params:scim:schemas:core:2.0:Group\" is not a known schema: the schemas of a User \
         are urn:ietf:params:scim:schemas:core:2.0:User, \
         urn:ietf:params:scim:schemas:extension:enterprise:2.0:User; write one of them, a colon, \
         and the attribute"
    );
}

#[test]
fn clients_may_have_extensions_of_their_own() {
    for urn in [
        "urn:ietf:params:scim:schemas:extension:Contoso:2.0:User",
        "urn:ietf:params:scim:schemas:extension:enterpriseplus:2.0:User",
        "urn:scim:schemas:extension:contoso:1.0",
        "urn:contoso:params:scim:schemas:extension:crew:1.0:User",
        "urn:a",
    ] {
        let reference = reference(&format!("{urn}:badge"));
        assert_eq!(reference.extension.as_deref(), Some(urn));
        assert_eq!(reference.attribute.definition.kind, Kind::Any);
    }
}

#[test]
fn paths_have_four_forms() {
    assert_eq!(path(&ENTERPRISE.to_uppercase()), Path::Extension(ENTERPRISE.into()));
    for (text, expected) in [
        ("ACTIVE", "active"),
        (r#"Emails[TYPE eq "Work"]"#, r#"emails[type eq "Work"]"#),
        (r#"emails[type eq "work"].VALUE"#, r#"emails[type eq "work"].value"#),
        (r#"emails[primary eq "True"].value"#, "emails[primary eq true].value"),
        (r#"nickNames[value eq "x"]"#, r#"nickNames[value eq "x"]"#),
        (r#"name[givenName pr].familyName"#, "name[givenName pr].familyName"),
    ] {
        assert_eq!(path(text).to_string(), expected, "{text}");
    }
    let qualified = format!(r#"{ENTERPRISE}:manager[value eq "x"].displayName"#);
    assert_eq!(path(&qualified).to_string(), qualified);
    let open = r#"urn:x:y:1.0:list[Kind eq "a"].Value"#;
    assert_eq!(path(open).to_string(), open);
}

#[test]
fn refusals_name_the_attribute_and_the_fix() {
    let cases = [
        (
            "emails.kind",
            "invalidPath",
            "there is no attribute \"emails.kind\": emails has value, type, primary",
        ),
        (
            "userName.value",
            "invalidPath",
            "there is no attribute \"userName.value\": userName is a simple attribute without \
             sub-attributes",
        ),
        (
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:boss",
            "invalidPath",
            "there is no attribute \
             \"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:boss\": schema \
             urn:ietf:params:scim:schemas:extension:enterprise:2.0:User has department, manager",
        ),
        (
            "urn:ietf:params:scim:schemas:core:2.0:User",
            "invalidPath",
            "the path is not well formed at byte 42: urn:ietf:params:scim:schemas:core:2.0:User \
             names a whole schema; an attribute of it is needed, as in \
             urn:ietf:params:scim:schemas:core:2.0:User:userName",
        ),
        (
            "",
            "invalidPath",
            "the path is not well formed at byte 0: an attribute name is needed here: a letter, \
             then letters, digits, - or _",
        ),
        (
            "name.givenName.x",
            "invalidPath",
            "the path is not well formed at byte 14: nothing may follow the sub-attribute; there \
             is only one level of them",
        ),
        (
            "name givenName",
            "invalidPath",
            "the path is not well formed at byte 4: after the attribute name only .subAttribute \
             may follow, without blanks",
        ),
        (
            "urn:acme:1.0:User:badge colour",
            "invalidPath",
            "the path is not well formed at byte 23: after the attribute name only .subAttribute \
             may follow, without blanks",
        ),
        (
            "urn:ietf:params:scim:schemas:core:2.0:User:name.givenName.x",
            "invalidPath",
            "the path is not well formed at byte 57: nothing may follow the sub-attribute; there \
             is only one level of them",
        ),
        (
            "custom:badge",
            "invalidPath",
            "the path is not well formed at byte 0: the text before the last colon is not a URN; \
             write attribute, attribute.subAttribute or urn:…:attribute",
        ),
        (
            r#"emails[type eq "work"]value"#,
            "invalidPath",
            "the path is not well formed at byte 22: after the closing ] only .subAttribute may \
             follow",
        ),
        (
            r#"emails[type eq work].value"#,
            "invalidFilter",
            "the filter is not well formed at byte 15: put the value in double quotes: \"work\"",
        ),
        (
            r#"emails.value[type eq "work"]"#,
            "invalidFilter",
            "the filter is not well formed at byte 12: brackets follow an attribute, not a \
             sub-attribute: write emails[…].value",
        ),
        (
            "active[value eq true]",
            "invalidFilter",
            "the filter is not well formed at byte 0: active has one simple value; leave the \
             brackets out",
        ),
        (
            "emails[type pr",
            "invalidFilter",
            "the filter is not well formed at byte 14: expected and, or, or the closing ], found \
             the end",
        ),
    ];
    for (text, scim_type, detail) in cases {
        assert_eq!(refusal(text), (scim_type.to_owned(), detail.to_owned()), "{text}");
    }
}

#[test]
fn a_long_path_is_refused_without_being_repeated() {
    let (_, detail) = refusal(&"x".repeat(1_000_000));
    assert_eq!(
        detail,
        "the path is not well formed at byte 8192: a path may be 8192 bytes long; this one has \
         1000000"
    );
    let (_, detail) = refusal(&"x".repeat(5_000));
    assert!(detail.len() < 500, "{detail}");
}
