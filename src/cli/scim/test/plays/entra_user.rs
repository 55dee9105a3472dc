//! The life cycle of a user in Entra: PATCH requests with capitalised operations and booleans as
//! texts.

use serde_json::{Value, json};

use super::super::client::Dialect::Entra;
use super::super::names::{Names, entra_filter, resource};
use super::super::stage::Stage;
use super::schemas::{ENTERPRISE, USER};

/// Returns the id of the user, who is active and exists until the end of the run. `boss` is another
/// user, to be assigned as manager; without one, the user becomes their own manager.
pub fn play(stage: &mut Stage, names: &Names, boss: Option<&str>) -> Option<String> {
    stage.begin("Entra: a user");
    let name = names.user("entra");
    let lookup = format!("/Users?{}", entra_filter("userName", &name));
    let department = format!("/{ENTERPRISE}/department");
    let manager = format!("/{ENTERPRISE}/manager/value");

    stage.play(Entra.get("look up before creating: nobody", &lookup).finds(0));
    let id = stage.create(
        Entra
            .post("create", "/Users", created(names, &name))
            .creates()
            .is("/userName", name.as_str())
            .is("/active", true),
    )?;
    let user = resource("/Users", &id);
    let boss = boss.unwrap_or(&id);
    stage.play(Entra.get("look up: found", &lookup).finds_only(&id));
    stage.play(Entra.patch(
        "disable: Replace active with \"False\"",
        &user,
        json!([{"op": "Replace", "path": "active", "value": "False"}]),
    ));
    stage.play(Entra.get("readable while disabled", &user).is("/active", false));
    stage.play(Entra.patch(
        "change several attributes without a path",
        &user,
        json!([{"op": "Replace", "value": {
            "displayName": "Entra Changed",
            "name.familyName": "Scim-Test-Changed",
        }}]),
    ));
    stage.play(
        Entra
            .get("they are changed", &user)
            .is("/displayName", "Entra Changed")
            .is("/name/familyName", "Scim-Test-Changed")
            .is("/name/givenName", "Entra"),
    );
    stage.play(Entra.patch(
        "change an attribute of the enterprise extension",
        &user,
        json!([{"op": "Add", "path": format!("{ENTERPRISE}:department"), "value": "Flight"}]),
    ));
    stage.play(Entra.get("it is changed", &user).is(&department, "Flight"));
    stage.play(Entra.patch(
        "set the manager, as a bare id",
        &user,
        json!([{"op": "Add", "path": format!("{ENTERPRISE}:manager"), "value": boss}]),
    ));
    stage.play(Entra.get("the manager is an object", &user).is(&manager, boss));
    stage.play(Entra.patch(
        "remove the manager: Replace with an empty value",
        &user,
        json!([{"op": "Replace", "path": format!("{ENTERPRISE}:manager"), "value": ""}]),
    ));
    stage.play(Entra.get("no manager is left", &user).lacks(&manager).is(&department, "Flight"));
    stage.play(Entra.patch(
        "restore: Replace active with \"True\"",
        &user,
        json!([{"op": "Replace", "path": "active", "value": "True"}]),
    ));
    stage.play(Entra.get("restored, with the same id", &lookup).finds_only(&id));
    stage.play(Entra.get("active again", &user).is("/active", true));
    Some(id)
}

fn created(names: &Names, name: &str) -> Value {
    json!({
        "schemas": [USER, ENTERPRISE],
        "externalId": format!("entra-{}", names.run),
        "userName": name,
        "active": true,
        "displayName": "Entra Scim-Test",
        "emails": [{"primary": true, "type": "work", "value": name}],
        "meta": {"resourceType": "User"},
        "name": {"formatted": "Entra Scim-Test", "familyName": "Scim-Test", "givenName": "Entra"},
        "title": null,
    })
}
