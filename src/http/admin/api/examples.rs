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
    ("Domain.display_name", "kongair.example"),
    ("Domain.name", "kongair.example"),
    ("OAuthClient.name", "Okta"),
    ("Organization.name", "Cargo"),
    ("PersonalToken.name", "Nightly reports"),
    ("TxtRecord.name", "_insomnia-challenge.kongair.example"),
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
    ("created_by", "olive.owner@kongair.example"),
    ("customer", "KongAir"),
    ("description", "Everyone who flies"),
    ("detail", "The team \"0190\" does not exist in this account."),
    ("display_name", "Pia Pilot"),
    ("domain", "kongair.example"),
    ("domains", "kongair.example"),
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
    ("invited_by", "Olive Owner"),
    ("issuer", "https://kongair.okta.example"),
    ("joining_first", "pia.pilot@kongair.example"),
    ("kind", "team"),
    ("label", "Okta"),
    ("last_detail", "50 of 50 seats are in use."),
    ("last_failure", "The identity provider did not answer within 5 s."),
    ("last_subject", "pia.pilot@kongair.example"),
    ("made_by", "olive.owner@kongair.example"),
    ("metadata", "<EntityDescriptor>…</EntityDescriptor>"),
    (
        "metadata_url",
        "https://scim.example.com/sso/saml/0190d4a8-7b1c-7c3e-9f00-3a52b1c0de42/metadata",
    ),
    ("method", "PATCH"),
    ("name", "Flight"),
    ("new_name", "Flight crew"),
    ("next_cursor", "q83vASNFZ4k"),
    ("note", "Contractor until March"),
    ("notes", "The certificate of an authority was left out."),
    ("organization", "Personal Workspace"),
    ("organization_name", "Cargo"),
    ("organizations", ID),
    ("other_name", "FLIGHT"),
    ("outcome", "applied"),
    ("owner_email", "olive.owner@kongair.example"),
    ("path", "/Users/0190d4a8-7b1c-7c3e-9f00-3a52b1c0de42"),
    ("query", "filter=userName+eq+%22…%22"),
    ("reason", "kongair.example is not in the list."),
    ("redirect_uris", "https://login.example.com/callback"),
    ("redirect_url", "https://scim.example.com/sso/oidc/callback"),
    ("request_body", "{\"schemas\":[…]}"),
    ("request_id", "6b1f2c9a3d4e5f60"),
    ("response_body", "{\"schemas\":[…]}"),
    ("scim_base_url", "https://scim.example.com/scim/v2/cn_7KQ2M9XD4TFA"),
    ("secret", "insomnia_…"),
    ("sign_in_url", "https://scim.example.com/sso/start?domain=kongair.example"),
    ("sign_on_url", "https://kongair.okta.example/app/sso/saml"),
    ("subject", "00u1a2b3c4"),
    ("team_name", "Flight"),
    ("title", "Not Found"),
    ("token", "…"),
    ("token_url", "https://scim.example.com/oauth/token"),
    ("type", "urn:insomnia:problem:not-found"),
    ("url", "https://scim.example.com/…"),
    ("user_agent", "Okta SCIM Client 1.0.0"),
    ("user_name", "pia.pilot@kongair.example"),
    ("value", "insomnia-domain-verification=…"),
    ("via", ID),
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
