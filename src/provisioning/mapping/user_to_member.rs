//! SCIM User → member: what the identity provider wants the member to be.

use serde_json::Value;

use super::take_string;
use crate::enterprise::address;
use crate::enterprise::identity::Claim;
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
    /// `active`, if said.
    pub active: Option<bool>,
    /// The extension's `note`.
    pub note: Option<String>,
    /// Every address in `emails`.
    pub emails: Vec<String>,
    /// The address that is marked as primary, if one is.
    pub primary: Option<String>,
    /// Addresses to sign in with, best first: the primary one, the other ones, the user name.
    pub addresses: Vec<String>,
    /// The rest of the resource.
    pub document: Resource,
}

impl MemberWish {
    /// What the person is recognised by.
    pub fn claim(&self) -> Claim {
        Claim { user_name: self.user_name.clone(), emails: self.emails.clone() }
    }
}

/// Reads the wish out of a resource.
pub fn member_wish(mut resource: Resource) -> Result<MemberWish, ScimError> {
    strip_read_only(&mut resource, &USER);
    let user_name = take_string(&mut resource, "userName").ok_or_else(|| {
        ScimError::invalid_value("userName: a value is required. Map it to the user's login name.")
    })?;
    let external_id = take_string(&mut resource, "externalId");
    let display_name = take_string(&mut resource, "displayName");
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

/// Notes that the identity provider removed `active` (RFC 7644 §3.5.2.2). The member stays as it
/// is, because nobody is let in or out by silence; only the attribute is unassigned until it is
/// written again.
pub fn unassign_active(wish: &mut MemberWish) {
    wish.document.insert("active".to_owned(), Value::Null);
}

/// All e-mails, the primary one, and the addresses, best first.
fn emails(resource: &Resource, user_name: &str) -> (Vec<String>, Option<String>, Vec<String>) {
    let values = resource.get("emails").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let text = |email| Value::get(email, "value").and_then(Value::as_str);
    let is_primary = |email: &&Value| email.get("primary") == Some(&Value::Bool(true));
    let emails = values.iter().filter_map(text);
    let mut primary = values.iter().filter(is_primary).filter_map(text);
    let marked = primary.clone().next().map(str::to_owned);
    let mut addresses: Vec<String> = Vec::new();
    for candidate in primary.by_ref().chain(emails.clone()).chain([user_name]) {
        if address::is_address(candidate) && !addresses.iter().any(|known| known == candidate) {
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
