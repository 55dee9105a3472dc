//! Whom a logged request named. The request log masks names and addresses; a mark, which only says
//! whether it is a given name, answers why somebody did not arrive.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{AccountPk, name};

/// The beginning of a mark; no id of a resource begins so.
const PREFIX: &str = "named:";
/// The number of names that a mark holds.
const MOST: usize = 8;
/// The number of digits for each name.
const DIGITS: usize = 16;

/// Returns whether a logged resource id is a mark in its place.
pub fn is_mark(resource: &str) -> bool {
    resource.starts_with(PREFIX)
}

/// Returns the part of a mark that stands for this name, in any letter case.
pub fn sign(account: AccountPk, wanted: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(account.0.to_be_bytes());
    hash.update(name::user_key(wanted.trim()));
    let digest = hash.finalize();
    digest.iter().take(DIGITS / 2).map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the mark for these names, or `None` if there are none.
pub fn mark(account: AccountPk, names: &[String]) -> Option<String> {
    let mut signs: Vec<String> = names.iter().map(|name| sign(account, name)).collect();
    signs.sort_unstable();
    signs.dedup();
    signs.truncate(MOST);
    (!signs.is_empty()).then(|| format!("{PREFIX}{}", signs.join(" ")))
}

/// Returns the names by which a body calls a user: user name, external id and addresses.
pub fn in_body(body: &[u8]) -> Vec<String> {
    let Ok(Value::Object(user)) = serde_json::from_slice(body) else { return Vec::new() };
    let mut names = Vec::new();
    for (attribute, value) in &user {
        let is_emails = attribute.eq_ignore_ascii_case("emails");
        match value {
            Value::String(text)
                if ["userName", "externalId"]
                    .iter()
                    .any(|it| it.eq_ignore_ascii_case(attribute)) =>
            {
                names.push(text.clone());
            }
            Value::Array(emails) if is_emails => names.extend(emails.iter().filter_map(|email| {
                let email = email.as_object()?;
                let (_, value) =
                    email.iter().find(|(name, _)| name.eq_ignore_ascii_case("value"))?;
                value.as_str().map(str::to_owned)
            })),
            _ => {}
        }
    }
    names.retain(|name| !name.trim().is_empty());
    names
}

/// Returns the names that a filter compares with: its quoted values.
pub fn in_filter(filter: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = filter;
    while let Some(start) = rest.find('"') {
        let mut values = serde_json::Deserializer::from_str(&rest[start..]).into_iter::<String>();
        match values.next() {
            Some(Ok(name)) => {
                rest = &rest[start + values.byte_offset()..];
                if !name.trim().is_empty() {
                    names.push(name);
                }
            }
            _ => break,
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_holds_each_name_in_any_letter_case_and_says_none_of_them() {
        let account = AccountPk(7);
        let names = ["Bea@X.example".to_owned(), "00u1".to_owned()];
        let mark = mark(account, &names).unwrap();
        assert!(is_mark(&mark) && !mark.contains("bea") && !mark.contains("00u1"), "{mark}");
        assert!(mark.contains(&sign(account, " bea@x.EXAMPLE ")));
        assert!(mark.contains(&sign(account, "00U1")));
        assert!(!mark.contains(&sign(account, "ben@x.example")));
        assert!(!mark.contains(&sign(AccountPk(8), "bea@x.example")));
        assert_eq!(super::mark(account, &[]), None);
        assert!(!is_mark("0aff6e00-8979-4a25-bb19-233820a699ce"));
        let many: Vec<String> = (0..100).map(|number| number.to_string()).collect();
        assert!(super::mark(account, &many).unwrap().len() < 200);
    }

    #[test]
    fn a_user_is_named_by_user_name_external_id_and_addresses() {
        let body = br#"{"UserName":"bea","externalId":"7","displayName":"Bea","active":true,
            "emails":[{"value":"bea@x.example"},{"type":"work"},"odd"],"name":{"userName":"no"}}"#;
        assert_eq!(in_body(body), ["bea", "7", "bea@x.example"]);
        for other in [&b"[]"[..], b"", b"{\"userName\":7}", b"{\"userName\":\" \"}"] {
            assert!(in_body(other).is_empty());
        }
    }

    #[test]
    fn a_filter_names_what_it_compares_with() {
        let filter =
            r#"userName eq "b\"ea" or emails[type eq "work"].value eq "bea@x.example" and x"#;
        assert_eq!(in_filter(filter), ["b\"ea", "work", "bea@x.example"]);
        for other in ["", "active eq true", "userName eq \"open", "\""] {
            assert!(in_filter(other).is_empty(), "{other}");
        }
    }
}
