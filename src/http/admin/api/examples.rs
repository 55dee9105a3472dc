//! Examples for all answers in the document.
//!
//! A property name means the same everywhere, so one value for each name gives examples of all
//! answers, and they are consistent: the account is KongAir's.

use serde_json::{Map, Value, json};

/// The time in the examples.
const TIME: &str = "2026-01-31T12:00:00.000Z";
/// The id in the examples.
const ID: &str = "0190d4a8-7b1c-7c3e-9f00-3a52b1c0de42";

/// The example texts of properties for which the type alone gives no good example, sorted by name.
const TEXTS: &[(&str, &str)] = &[
    ("AccountSummary.id", "ent_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("ActivationCode.id", "code_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("AuditTarget.id", "team_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("BillingEvent.id", "evt_7KQ2M9XD4TFA"),
    ("ConnectorToken.id", "stok_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("CreatedActivationCode.id", "code_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("CreatedConnectorToken.id", "stok_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("CreatedOAuthClient.id", "ocl_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("CreatedPersonalToken.id", "tok_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("CreatedRecoveryLink.id", "rcv_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("CreatedSession.id", "ses_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("CurrentSession.id", "ses_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("CurrentSession.name", "Pia Pilot"),
    ("Domain.display_name", "kongair.example"),
    ("Domain.id", "dom_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("Domain.name", "kongair.example"),
    ("Invitation.id", "uinv_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("ListedInvitation.id", "uinv_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("ListedOrganization.id", "org_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("ListedOrganization.name", "Cargo"),
    ("MyInvitation.id", "uinv_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("MyOrganization.id", "org_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("MyOrganization.name", "Cargo"),
    ("NamedOrganization.id", "org_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("NamedOrganization.name", "Cargo"),
    ("NamedTeam.id", "team_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("OAuthClient.id", "ocl_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("OAuthClient.name", "Okta"),
    ("Organization.id", "org_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("Organization.name", "Cargo"),
    ("Person.name", "Pia Pilot"),
    ("PersonalToken.id", "tok_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("PersonalToken.name", "Nightly reports"),
    ("RecoveryLink.id", "rcv_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("ScimRequest.id", "sreq_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("Session.id", "ses_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("SsoConnection.id", "sso_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("Team.id", "team_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("Team.scim_id", "team_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("Transfer.id", "otr_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("TxtRecord.name", "_insomnia-challenge.kongair.example"),
    ("WholeScimRequest.id", "sreq_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("about", "pia.pilot@kongair.example"),
    ("account_id", "ent_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("account_name", "KongAir"),
    ("acs_url", "https://scim.example.com/sso/saml/0190d4a8-7b1c-7c3e-9f00-3a52b1c0de42/acs"),
    ("action", "team.created"),
    ("addresses", "pia.pilot@kongair.example"),
    ("admin_token", "insomnia_admin_…"),
    ("advice", "Add the domain to invite control's list, or revoke the invitation."),
    ("asked_issuer", "https://kongair.okta.example"),
    ("asked_subject", "00u1a2b3c4"),
    ("audience_uri", "https://scim.example.com/sso/saml/0190d4a8-7b1c-7c3e-9f00-3a52b1c0de42"),
    ("authorization_url", "https://scim.example.com/oauth/authorize"),
    ("certificate", "MIIC…"),
    ("certificates", "-----BEGIN CERTIFICATE-----\nMIIC…\n-----END CERTIFICATE-----"),
    ("client_id", "insomnia"),
    ("client_secret", "…"),
    ("code", "INSO-7KQ2-M9XD-4TFA"),
    ("confirm", "KongAir"),
    ("connection_id", "sso_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("contact", "sales@insomnia.example"),
    ("created_by", "olive.owner@kongair.example"),
    ("customer", "KongAir"),
    ("description", "Everyone who flies"),
    ("detail", "The team \"0190\" does not exist in this account."),
    ("display_name", "Pia Pilot"),
    ("domain", "kongair.example"),
    ("domains", "kongair.example"),
    ("dropped_addresses", "amelia@home.example"),
    ("email", "pia.pilot@kongair.example"),
    ("emails", "pia.pilot@kongair.example"),
    ("entity_id", "https://kongair.okta.example/exk1a2b3c4"),
    ("error_detail", "userName \"pia.pilot@kongair.example\" is taken."),
    ("family", "Pilot"),
    ("family_name", "Pilot"),
    ("fingerprint_sha256", "4f:1a:…"),
    ("first", "pia.pilot@kongair.example"),
    ("given", "Pia"),
    ("given_name", "Pia"),
    ("ids", "0190d4a8-7b1c-7c3e-9f00-3a52b1c0de42"),
    ("invited_by", "Olive Owner"),
    ("issuer", "https://kongair.okta.example"),
    ("joining_first", "pia.pilot@kongair.example"),
    ("kind", "team"),
    ("label", "Okta"),
    ("last_active", "2026-01-31"),
    ("last_detail", "50 of 50 seats are in use."),
    ("last_failure", "The identity provider did not answer within 5 s."),
    ("last_subject", "pia.pilot@kongair.example"),
    ("made_by", "olive.owner@kongair.example"),
    ("manage_url", "https://billing.example.com/subscriptions"),
    ("message", "We hire ten pilots in March."),
    ("metadata", "<EntityDescriptor>…</EntityDescriptor>"),
    (
        "metadata_url",
        "https://scim.example.com/sso/saml/0190d4a8-7b1c-7c3e-9f00-3a52b1c0de42/metadata",
    ),
    ("method", "PATCH"),
    ("missing", "single sign-on must be off during the transfer"),
    ("name", "Flight"),
    ("name_if_unlinked", "Flight"),
    ("new_name", "Flight crew"),
    ("next_cursor", "q83vASNFZ4k"),
    ("note", "Contractor until March"),
    ("notes", "The certificate of an authority was left out."),
    ("organization", "Personal Workspace"),
    ("organization_id", "org_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("organization_ids", "org_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("organization_name", "Cargo"),
    ("organizations", "org_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("other_name", "FLIGHT"),
    ("outcome", "applied"),
    ("owner_email", "olive.owner@kongair.example"),
    ("path", "/Users/0190d4a8-7b1c-7c3e-9f00-3a52b1c0de42"),
    ("query", "filter=userName+eq+%22…%22"),
    ("reason", "kongair.example is not in the list."),
    ("redirect_uris", "https://login.example.com/callback"),
    ("redirect_url", "https://scim.example.com/sso/oidc/callback"),
    ("refusal", "3 seats are too few: 4 are in use."),
    ("request_body", "{\"schemas\":[…]}"),
    ("request_id", "6b1f2c9a3d4e5f60"),
    ("response_body", "{\"schemas\":[…]}"),
    ("scim_base_url", "https://scim.example.com/scim/v2/cn_7KQ2M9XD4TFA"),
    ("secret", "insomnia_…"),
    ("server_version", "0.2.2"),
    ("sign_in_url", "https://scim.example.com/sso/start?domain=kongair.example"),
    ("sign_on_url", "https://kongair.okta.example/app/sso/saml"),
    ("subject", "00u1a2b3c4"),
    ("subscription_id", "sub_7KQ2M9XD4TFA"),
    ("team_id", "team_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("team_name", "Flight"),
    ("text", "A team was created"),
    ("title", "Not Found"),
    ("token", "…"),
    ("token_url", "https://scim.example.com/oauth/token"),
    ("type", "urn:insomnia:problem:not-found"),
    ("url", "https://scim.example.com/…"),
    ("user_agent", "Okta SCIM Client 1.0.0"),
    ("user_id", "acct_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("user_name", "pia.pilot@kongair.example"),
    ("value", "insomnia-domain-verification=…"),
    ("via", "team_0190d4a87b1c7c3e9f003a52b1c0de42"),
    ("warnings", "The SCIM token ends in 14 days."),
    ("what_to_do", "Merge the two members, or rename one of them."),
];

/// The example numbers of properties, sorted by name.
const NUMBERS: &[(&str, i64)] = &[
    ("active_users", 3),
    ("days", 365),
    ("days_left", 200),
    ("limit", 3),
    ("log_days", 30),
    ("member_count", 12),
    ("members", 40),
    ("pending_invitations", 2),
    ("present_seats", 25),
    ("request_bytes", 512),
    ("response_bytes", 1024),
    ("seats", 50),
    ("seats_used", 42),
    ("status", 404),
    ("total", 50),
    ("used", 42),
];

/// Where a value stands: the schema by its name, and the property.
#[derive(Clone, Copy)]
struct At<'a> {
    schema: &'a str,
    property: &'a str,
}

/// Returns an example of a value with this schema.
pub fn example(schema: &Value, definitions: &Map<String, Value>) -> Value {
    of(schema, At { schema: "", property: "" }, definitions)
}

fn of(schema: &Value, at: At<'_>, definitions: &Map<String, Value>) -> Value {
    let name = at.property;
    let first = |list: &str| schema[list].as_array().and_then(|all| all.first());
    if let Some(reference) = schema["$ref"].as_str() {
        let schema = reference.rsplit('/').next().unwrap_or_default();
        let at = At { schema, ..at };
        return definitions.get(schema).map_or(Value::Null, |target| of(target, at, definitions));
    }
    if let Some(one) = first("enum") {
        return one.clone();
    }
    if !schema["const"].is_null() {
        return schema["const"].clone();
    }
    if let Some(one) = first("anyOf").or_else(|| first("oneOf")) {
        return of(one, at, definitions);
    }
    match type_of(schema) {
        Some("object") => properties(schema, at, definitions),
        Some("array") => json!([of(&schema["items"], at, definitions)]),
        Some("string") if schema["format"] == "date-time" => TIME.into(),
        Some("string") => text(at).into(),
        Some("integer" | "number") => number(schema, name),
        Some("boolean") => true.into(),
        _ => json!({}),
    }
}

/// Returns the type of a schema; of several types the one that is not null.
fn type_of(schema: &Value) -> Option<&str> {
    match &schema["type"] {
        Value::String(one) => Some(one),
        Value::Array(all) => all.iter().filter_map(Value::as_str).find(|one| *one != "null"),
        _ => None,
    }
}

fn properties(schema: &Value, at: At<'_>, definitions: &Map<String, Value>) -> Value {
    let Some(properties) = schema["properties"].as_object() else { return json!({}) };
    let members = properties
        .iter()
        .map(|(name, schema)| (name.clone(), of(schema, At { property: name, ..at }, definitions)))
        .collect();
    Value::Object(members)
}

fn text(At { schema, property }: At<'_>) -> &'static str {
    let known = |name: &str| {
        let position = TEXTS.binary_search_by_key(&name, |(name, _)| name).ok()?;
        TEXTS.get(position).map(|(_, text)| *text)
    };
    match known(&format!("{schema}.{property}")).or_else(|| known(property)) {
        Some(text) => text,
        None if property == "id" || property.ends_with("_id") => ID,
        None => "",
    }
}

fn number(schema: &Value, name: &str) -> Value {
    let known = NUMBERS.binary_search_by_key(&name, |(name, _)| name);
    match known.ok().and_then(|position| NUMBERS.get(position)) {
        Some((_, number)) => (*number).into(),
        None => schema.get("minimum").cloned().unwrap_or_else(|| 1.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_as_the_search_needs() {
        assert!(TEXTS.is_sorted_by_key(|(name, _)| name));
        assert!(NUMBERS.is_sorted_by_key(|(name, _)| name));
    }
}
