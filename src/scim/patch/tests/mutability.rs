//! What every operation gives for every kind of path, mutability and requirement (RFC 7643 §7, RFC
//! 7644 §3.5.2), as one table.

use super::*;
use crate::schema::{Attribute, Mutability, ResourceType, Schema};

/// Parts of which each has another mutability, and one is required.
const PARTS: &[Attribute] = &[
    Attribute::string("rw", ""),
    Attribute::string("ro", "").read_only(),
    Attribute::string("once", "").mutability(Mutability::Immutable),
    Attribute::string("must", "").required(),
];

/// The parts of values that are recognised by an immutable `value`, like members of groups.
const MEMBER: &[Attribute] = &[
    Attribute::string("value", "").required().mutability(Mutability::Immutable),
    Attribute::string("display", "").mutability(Mutability::Immutable),
];

const SIMPLE: &[Attribute] = &[Attribute::string("rw", "")];

static THING: ResourceType = ResourceType {
    name: "Thing",
    endpoint: "/Things",
    description: "",
    schema: &Schema {
        id: "urn:example:core:1.0:Thing",
        name: "Thing",
        description: "",
        attributes: &[
            Attribute::string("plain", ""),
            Attribute::string("readOnly", "").read_only(),
            Attribute::string("once", "").mutability(Mutability::Immutable),
            Attribute::string("secret", "").mutability(Mutability::WriteOnly),
            Attribute::string("must", "").required(),
            Attribute::complex("one", "", PARTS),
            Attribute::complex("many", "", PARTS).multi_valued(),
            Attribute::complex("members", "", MEMBER).multi_valued(),
            Attribute::complex("oneReadOnly", "", SIMPLE).read_only(),
            Attribute::complex("manyReadOnly", "", SIMPLE).multi_valued().read_only(),
            Attribute::complex("oneOnce", "", SIMPLE).mutability(Mutability::Immutable),
            Attribute::complex("manyOnce", "", SIMPLE)
                .multi_valued()
                .mutability(Mutability::Immutable),
            Attribute::complex("manyMust", "", SIMPLE).multi_valued().required(),
        ],
    },
    extensions: &[&EXTENSION],
};

static EXTENSION: Schema = Schema {
    id: "urn:example:extension:1.0:Thing",
    name: "Extension",
    description: "",
    attributes: &[
        Attribute::string("serial", "").mutability(Mutability::Immutable),
        Attribute::string("note", ""),
        Attribute::complex("boss", "", BOSS),
    ],
};

const BOSS: &[Attribute] =
    &[Attribute::string("value", ""), Attribute::string("name", "").read_only()];

/// A thing with a value everywhere.
fn full() -> Resource {
    let parts = json!({"rw": "a", "ro": "a", "once": "a", "must": "a"});
    let thing = json!({
        "plain": "a",
        "readOnly": "a",
        "once": "a",
        "must": "a",
        "one": parts,
        "many": [{"rw": "a", "once": "a", "must": "a"}],
        "members": [{"value": "a", "display": "a"}],
        "oneReadOnly": {"rw": "a"},
        "manyReadOnly": [{"rw": "a"}],
        "oneOnce": {"rw": "a"},
        "manyOnce": [{"rw": "a"}],
        "manyMust": [{"rw": "a"}],
    });
    thing.as_object().unwrap().clone()
}

/// A thing without the attributes that the path could be on, but for those that must be there.
fn bare() -> Resource {
    let mut thing = full();
    thing.retain(|name, _| name.starts_with("must") || name == "manyMust");
    thing
}

/// Returns the value of a path with the letter everywhere.
fn value(path: &str, letter: &str) -> Value {
    let end = path.rsplit(']').next().unwrap_or_default();
    let names = if end.is_empty() { path.split('[').next().unwrap_or_default() } else { path };
    let whole = match names {
        "one" | "many" => json!({"rw": letter, "once": "a", "must": letter}),
        "members" => json!({"value": letter, "display": "a"}),
        "oneReadOnly" | "manyReadOnly" | "oneOnce" | "manyOnce" | "manyMust" => {
            json!({"rw": letter})
        }
        _ => return letter.into(),
    };
    if names.starts_with('m') && !end.is_empty() { json!([whole]) } else { whole }
}

fn changed(before: &Resource, operation: &Value) -> Result<Resource, ScimError> {
    let body = json!({"schemas": [PATCH_SCHEMA], "Operations": [operation]});
    let mut thing = before.clone();
    for operation in &PatchRequest::parse(body, &THING)?.operations {
        apply(&mut thing, operation, &THING)?;
    }
    Ok(thing)
}

fn detail(before: &Resource, operation: &Value) -> String {
    changed(before, operation).unwrap_err().detail
}

/// Returns the outcome in a word: `done`, `same` for a success without a change, or the error.
fn outcome(before: &Resource, operation: &Value) -> &'static str {
    match changed(before, operation) {
        Ok(after) if after == *before => "same",
        Ok(_) => "done",
        Err(error) => {
            assert!(!error.detail.is_empty() && error.status == 400, "{operation}: {error}");
            error.scim_type.map_or("?", |kind| kind.as_str())
        }
    }
}

/// The columns. Only `secret` is dropped with success, as passwords are; `same` stands elsewhere only
/// where the thing is as the operation wants it. The first two are on a thing without a value, the
/// others on one that has `a` everywhere.
const COLUMNS: &str =
    "add-new remove-none add-other add-same replace-other replace-same null remove";

const TABLE: &str = r#"
plain                          done         same         done         same         done         same         done         done
readOnly                       mutability   mutability   mutability   mutability   mutability   mutability   mutability   mutability
once                           done         same         mutability   same         mutability   same         mutability   mutability
secret                         same         same         same         same         same         same         same         same
must                           done         mutability   done         same         done         same         invalidValue mutability
one                            done         same         done         same         done         same         done         done
one.rw                         invalidValue same         done         same         done         same         done         done
one.ro                         mutability   mutability   mutability   mutability   mutability   mutability   mutability   mutability
one.once                       invalidValue same         mutability   same         mutability   same         mutability   mutability
one.must                       done         same         done         same         done         same         invalidValue mutability
one[rw eq "a"].rw              noTarget     same         done         same         done         same         done         done
one[rw eq "a"].once            noTarget     same         mutability   same         mutability   same         mutability   mutability
one[rw eq "a"].must            noTarget     same         done         same         done         same         invalidValue mutability
many                           done         same         done         same         done         same         done         done
many.rw                        invalidValue same         done         same         done         same         done         done
many.ro                        mutability   mutability   mutability   mutability   mutability   mutability   mutability   mutability
many.once                      invalidValue same         mutability   same         mutability   same         mutability   mutability
many.must                      done         same         done         same         done         same         invalidValue mutability
many[rw eq "a"]                noTarget     same         done         same         done         same         done         done
many[rw eq "a"].rw             noTarget     same         done         same         done         same         done         done
many[rw eq "a"].ro             mutability   mutability   mutability   mutability   mutability   mutability   mutability   mutability
many[rw eq "a"].once           noTarget     same         mutability   same         mutability   same         mutability   mutability
many[rw eq "a"].must           noTarget     same         done         same         done         same         invalidValue mutability
many[rw eq "x"]                noTarget     same         noTarget     noTarget     noTarget     noTarget     noTarget     same
many[rw eq "x"].once           noTarget     same         noTarget     noTarget     noTarget     noTarget     noTarget     same
members                        done         same         done         same         done         same         done         done
members.value                  done         same         mutability   same         mutability   same         mutability   mutability
members.display                invalidValue same         mutability   same         mutability   same         mutability   mutability
members[value eq "a"]          noTarget     same         mutability   same         mutability   same         done         done
members[value eq "a"].value    noTarget     same         mutability   same         mutability   same         mutability   mutability
members[value eq "a"].display  noTarget     same         mutability   same         mutability   same         mutability   mutability
members[value eq "x"].value    noTarget     same         noTarget     noTarget     noTarget     noTarget     noTarget     same
oneReadOnly                    mutability   mutability   mutability   mutability   mutability   mutability   mutability   mutability
oneReadOnly.rw                 mutability   mutability   mutability   mutability   mutability   mutability   mutability   mutability
manyReadOnly                   mutability   mutability   mutability   mutability   mutability   mutability   mutability   mutability
manyReadOnly.rw                mutability   mutability   mutability   mutability   mutability   mutability   mutability   mutability
manyReadOnly[rw eq "a"]        mutability   mutability   mutability   mutability   mutability   mutability   mutability   mutability
oneOnce                        done         same         mutability   same         mutability   same         mutability   mutability
oneOnce.rw                     done         same         mutability   same         mutability   same         mutability   mutability
oneOnce[rw eq "a"].rw          noTarget     same         mutability   same         mutability   same         mutability   mutability
manyOnce                       done         same         mutability   same         mutability   same         mutability   mutability
manyOnce.rw                    done         same         mutability   same         mutability   same         mutability   mutability
manyOnce[rw eq "a"]            noTarget     same         mutability   same         mutability   same         mutability   mutability
manyOnce[rw eq "x"]            noTarget     same         noTarget     noTarget     noTarget     noTarget     noTarget     same
manyOnce[rw eq "a"].rw         noTarget     same         mutability   same         mutability   same         mutability   mutability
manyMust                       done         mutability   done         same         done         same         invalidValue mutability
manyMust.rw                    done         mutability   done         same         done         same         invalidValue mutability
manyMust[rw eq "a"]            done         mutability   done         same         done         same         invalidValue mutability
manyMust[rw eq "x"]            noTarget     same         noTarget     noTarget     noTarget     noTarget     noTarget     same
"#;

#[test]
fn every_operation_does_what_it_says_or_is_refused() {
    let (full, bare) = (full(), bare());
    let mut found = String::from("\n");
    for row in TABLE.lines().filter(|row| !row.is_empty()) {
        let path = row.get(..31).unwrap_or(row).trim();
        let (same, other) = (value(path, "a"), value(path, "b"));
        let with = |op: &str, value: &Value| json!({"op": op, "path": path, "value": value});
        let remove = json!({"op": "remove", "path": path});
        let outcomes = [
            outcome(&bare, &with("add", &other)),
            outcome(&bare, &remove),
            outcome(&full, &with("add", &other)),
            outcome(&full, &with("add", &same)),
            outcome(&full, &with("replace", &other)),
            outcome(&full, &with("replace", &same)),
            outcome(&full, &with("replace", &Value::Null)),
            outcome(&full, &remove),
        ];
        found += format!("{path:31}").as_str();
        found += outcomes.map(|outcome| format!("{outcome:13}")).concat().trim_end();
        found += "\n";
    }
    assert_eq!(found, TABLE, "{COLUMNS}\n{found}");
}

#[test]
fn a_value_of_which_nothing_can_be_written_is_refused_where_a_path_names_its_place() {
    let thing = full();
    for (path, value, kind, named) in [
        ("boss", json!({"size": 1}), "invalidValue", "\"size\""),
        ("manyMust", json!([{"size": 1}, {"colour": "x"}]), "invalidValue", "\"colour\""),
        ("manyMust[rw eq \"a\"]", json!({"size": 1}), "invalidValue", "\"size\""),
        ("members", json!([{"size": 1}]), "invalidValue", "members.value"),
        (EXTENSION.id, json!({"colour": "x"}), "invalidValue", "\"colour\""),
        (EXTENSION.id, json!({"boss": {"name": "x"}}), "mutability", "boss.name"),
        ("urn:example:extension:1.0:Thing:boss", json!({"name": "x"}), "mutability", "boss.name"),
    ] {
        for op in ["add", "replace"] {
            let operation = json!({"op": op, "path": path, "value": value});
            assert_eq!(outcome(&thing, &operation), kind, "{operation}");
            assert!(detail(&thing, &operation).contains(named), "{operation}");
        }
    }
    let remove = json!({"op": "remove", "path": "manyMust", "value": [{"size": 1}]});
    assert_eq!(outcome(&thing, &remove), "invalidValue");
}

#[test]
fn beside_others_and_without_a_path_it_is_passed_over_and_empties_no_list() {
    let thing = full();
    for value in [
        json!({"manyMust": [{"size": 1}]}),
        json!({"boss": {"size": 1}}),
        json!({EXTENSION.id: {"boss": {"name": "x"}}}),
    ] {
        let operation = json!({"op": "replace", "value": value});
        assert_eq!(outcome(&thing, &operation), "same", "{operation}");
    }
    let beside = json!({"op": "replace", "path": EXTENSION.id, "value": {
        "note": "n", "boss": {"name": "x"},
    }});
    assert_eq!(outcome(&thing, &beside), "done");
}

#[test]
fn an_extension_with_an_attribute_that_is_set_once_is_not_removed() {
    let mut thing = full();
    thing.insert(EXTENSION.id.into(), json!({"note": "n"}));
    let remove = json!({"op": "remove", "path": EXTENSION.id});
    assert_eq!(outcome(&thing, &remove), "done");
    thing.insert(EXTENSION.id.into(), json!({"note": "n", "serial": "1"}));
    assert_eq!(outcome(&thing, &remove), "mutability");
    assert!(detail(&thing, &remove).contains(":serial is set only once"));
}
