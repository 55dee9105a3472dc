//! Converts SCIM users to what the identity provider wants a member to be.

use serde_json::Value;

use super::{take_line, take_string};
use crate::enterprise::address::{self, Address};
use crate::enterprise::identity::Claim;
use crate::enterprise::name::{self, InvalidName};
use crate::provisioning::resource_types::{USER, USER_EXTENSION};
use crate::scim::resource::strip_read_only;
use crate::scim::{Resource, ScimError};

/// What the identity provider wants of a member, before the account's rules are applied.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberWish {
    /// `userName`.
    pub user_name: String,
    /// `externalId`.
    pub external_id: Option<String>,
    /// `displayName`.
    pub display_name: Option<String>,
    /// `active`; `None` if it was not sent.
    pub active: Option<bool>,
    /// The extension's `note`.
    pub note: Option<String>,
    /// All values of `emails`.
    pub emails: Vec<String>,
    /// The e-mail marked as primary.
    pub primary: Option<String>,
    /// Addresses to sign in with in order of preference: the primary one, the others, the user
    /// name.
    pub addresses: Vec<String>,
    /// All other attributes.
    pub document: Resource,
}

impl MemberWish {
    /// Returns the identifiers by which the person is recognised.
    pub fn claim(&self) -> Claim {
        Claim { user_name: self.user_name.clone(), emails: self.emails.clone() }
    }
}

/// Converts a resource. White space around names and addresses is trimmed.
pub fn member_wish(mut resource: Resource) -> Result<MemberWish, ScimError> {
    strip_read_only(&mut resource, &USER);
    let user_name = take_line(&mut resource, "userName").ok_or_else(|| {
        ScimError::invalid_value("userName: a value is required. Map it to the user's login name.")
    })?;
    let external_id = take_string(&mut resource, "externalId");
    let display_name = take_line(&mut resource, "displayName");
    trim(&mut resource);
    let active = match resource.shift_remove("active") {
        Some(Value::Bool(active)) => Some(active),
        _ => None,
    };
    let note = match resource.shift_remove(USER_EXTENSION) {
        Some(Value::Object(mut extension)) => take_string(&mut extension, "note"),
        _ => None,
    };
    let (emails, primary, addresses) = emails(&resource, &user_name);
    Ok(MemberWish {
        user_name,
        external_id,
        display_name,
        active,
        note,
        emails,
        primary,
        addresses,
        document: resource,
    })
}

/// Records that the identity provider removed `active` (RFC 7644 §3.5.2.2). The attribute is
/// unassigned until it is written again, but the member keeps its state: nobody is activated or
/// deactivated unless the identity provider says so.
pub fn unassign_active(wish: &mut MemberWish) {
    wish.document.insert("active".to_owned(), Value::Null);
}

fn trim(resource: &mut Resource) {
    if let Some(Value::Object(name)) = resource.get_mut("name") {
        name.values_mut().for_each(trim_text);
    }
    if let Some(Value::Array(emails)) = resource.get_mut("emails") {
        emails.iter_mut().filter_map(|email| email.get_mut("value")).for_each(trim_text);
    }
}

fn trim_text(value: &mut Value) {
    if let Value::String(text) = value
        && text.trim().len() < text.len()
    {
        *text = text.trim().to_owned();
    }
}

/// Checks names and addresses. Values that the member already has are accepted, so that an invalid
/// value stored by an earlier release does not block other changes.
///
/// An e-mail value without `@` is accepted but never used as an address: some directories contain
/// such values.
///
/// # Errors
/// Returns 400 `invalidValue` with the attribute and what is wrong with it.
pub fn check(wish: &MemberWish, before: Option<&MemberWish>) -> Result<(), ScimError> {
    if before.is_none_or(|before| before.user_name != wish.user_name) {
        name::check_user_name(&wish.user_name).map_err(|invalid| refused("userName", invalid))?;
    }
    if let Some(display_name) = &wish.display_name
        && before.is_none_or(|before| before.display_name != wish.display_name)
    {
        name::check_line(display_name).map_err(|invalid| refused("displayName", invalid))?;
    }
    let names = |wish: &MemberWish| wish.document.get("name").and_then(Value::as_object).cloned();
    let former = before.and_then(names);
    for (part, value) in names(wish).iter().flatten() {
        let is_new = former.as_ref().is_none_or(|former| former.get(part) != Some(value));
        if let Some(text) = value.as_str().filter(|_| is_new) {
            name::check_line(text).map_err(|invalid| refused(&format!("name.{part}"), invalid))?;
        }
    }
    for email in &wish.emails {
        if before.is_none_or(|before| !before.emails.contains(email)) {
            check_email(email)?;
        }
    }
    Ok(())
}

fn check_email(email: &str) -> Result<(), ScimError> {
    let (what, reason) = if email.contains(['@', '＠']) {
        ("an e-mail address", Address::parse(email).err().map(|invalid| invalid.to_string()))
    } else {
        // Some directories have user names in `emails`; they are kept, and are no addresses.
        ("a user name", name::check_user_name(email).err().map(|invalid| invalid.to_string()))
    };
    reason.map_or(Ok(()), |reason| {
        Err(ScimError::invalid_value(format!(
            "emails: \"{}\" is not {what}: {reason}.",
            email.replace('"', "'")
        )))
    })
}

fn refused(attribute: &str, invalid: InvalidName) -> ScimError {
    ScimError::invalid_value(format!("{attribute}: {invalid}."))
}

/// Returns all e-mails, the primary one, and the addresses in order of preference.
fn emails(resource: &Resource, user_name: &str) -> (Vec<String>, Option<String>, Vec<String>) {
    let values = resource.get("emails").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let text = |email| Value::get(email, "value").and_then(Value::as_str);
    let is_primary = |email: &&Value| email.get("primary") == Some(&Value::Bool(true));
    let emails = values.iter().filter_map(text);
    let mut primary = values.iter().filter(is_primary).filter_map(text);
    let marked = primary.clone().next().map(str::to_owned);
    let mut addresses: Vec<String> = Vec::new();
    for candidate in primary.by_ref().chain(emails.clone()).chain([user_name]) {
        let is_known =
            |known: &String| known == candidate || address::key(known) == address::key(candidate);
        if address::is_address(candidate) && !addresses.iter().any(is_known) {
            addresses.push(candidate.to_owned());
        }
    }
    (emails.map(str::to_owned).collect(), marked, addresses)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wish(body: Value) -> MemberWish {
        member_wish(body.as_object().unwrap().clone()).unwrap()
    }

    #[test]
    fn the_primary_address_comes_first_and_the_user_name_last() {
        let wish = wish(json!({
            "userName": "jane@upn.example",
            "emails": [{"value": "other@x.example"}, {"value": "jane@x.example", "primary": true}],
        }));
        assert_eq!(wish.addresses, ["jane@x.example", "other@x.example", "jane@upn.example"]);
    }

    #[test]
    fn what_has_a_column_is_not_in_the_document() {
        let wish = wish(json!({
            "id": "7", "userName": "jane", "externalId": "e", "active": false,
            "displayName": "Jane", "title": "Pilot",
        }));
        assert_eq!(Value::Object(wish.document), json!({"title": "Pilot"}));
        assert_eq!(wish.active, Some(false));
        assert!(wish.addresses.is_empty());
    }
}
