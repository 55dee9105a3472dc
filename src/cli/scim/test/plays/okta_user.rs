//! The life cycle of a user in an app of Okta's application wizard: whole resources by PUT.

use serde_json::{Value, json};

use super::super::client::Dialect::Okta;
use super::super::names::{Names, okta_filter, resource};
use super::super::stage::Stage;
use super::schemas::USER;

/// Returns the id of the user, who is active and exists until the end of the run.
pub fn play(stage: &mut Stage, names: &Names) -> Option<String> {
    stage.begin("Okta: a user");
    let name = names.user("okta");
    let lookup = format!("/Users?{}&startIndex=1&count=100", okta_filter("userName", &name));

    stage.play(Okta.get("look up before creating: nobody", &lookup).finds(0));
    let id = stage.create(
        Okta.post("create", "/Users", created(names, &name))
            .creates()
            .is("/userName", name.as_str())
            .is("/active", true)
            .lacks("/password"),
    )?;
    let user = resource("/Users", &id);
    stage.play(Okta.get("read", &user).is("/id", id.as_str()).is("/name/familyName", "Scim-Test"));
    stage.play(Okta.get("look up: found", &lookup).finds_only(&id));
    stage.play(
        Okta.put("change the profile (PUT)", &user, profile(names, &name, &id, true))
            .is("/id", id.as_str())
            .is("/name/familyName", "Scim-Test-Changed"),
    );
    stage.play(
        Okta.put("deactivate (PUT)", &user, profile(names, &name, &id, false)).is("/active", false),
    );
    stage.play(Okta.get("readable while inactive", &user).is("/active", false));
    stage.play(Okta.get("found while inactive", &lookup).finds_only(&id));
    stage.play(
        Okta.put("reactivate (PUT)", &user, profile(names, &name, &id, true))
            .is("/id", id.as_str())
            .is("/active", true),
    );
    stage.play(
        Okta.post("create again: the name is taken", "/Users", created(names, &name))
            .refused(&[409])
            .scim_type("uniqueness"),
    );
    Some(id)
}

fn created(names: &Names, name: &str) -> Value {
    json!({
        "schemas": [USER],
        "userName": name,
        "name": {"givenName": "Okta", "familyName": "Scim-Test"},
        "emails": [{"primary": true, "value": name, "type": "work"}],
        "displayName": "Okta Scim-Test",
        "locale": "en-US",
        "externalId": format!("okta-{}", names.run),
        "groups": [],
        "active": true,
    })
}

/// Okta sends the resource that it has read with its own values merged in, including read-only
/// attributes.
fn profile(names: &Names, name: &str, id: &str, active: bool) -> Value {
    json!({
        "schemas": [USER],
        "id": id,
        "userName": name,
        "name": {"givenName": "Okta", "familyName": "Scim-Test-Changed"},
        "emails": [{"primary": true, "value": name, "type": "work"}],
        "displayName": "Okta Scim-Test-Changed",
        "locale": "en-US",
        "externalId": format!("okta-{}", names.run),
        "groups": [],
        "active": active,
        "meta": {"resourceType": "User"},
    })
}
