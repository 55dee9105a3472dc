//! The life cycle of a group in Okta's *Push Groups*.

use serde_json::json;

use super::super::client::Dialect::Okta;
use super::super::names::{Names, okta_filter, resource};
use super::super::stage::Stage;
use super::schemas::GROUP;

/// Removes everything it creates if all steps pass.
pub fn play(stage: &mut Stage, names: &Names, one: &str, other: &str) -> Option<()> {
    stage.begin("Okta: a group");
    let name = names.group("okta");
    let renamed = names.group("okta-renamed");
    let lookup = format!("/Groups?{}&startIndex=1&count=100", okta_filter("displayName", &name));

    stage.play(Okta.get("look up before creating: none", &lookup).finds(0));
    let id = stage.create(
        Okta.post(
            "create with a member",
            "/Groups",
            json!({"schemas": [GROUP], "displayName": name, "members": [{"value": one, "display": "Okta"}]}),
        )
        .creates()
        .is("/displayName", name.as_str()),
    )?;
    let group = resource("/Groups", &id);
    stage.play(Okta.get("look up: found", &lookup).finds_only(&id));
    stage.play(Okta.patch(
        "rename, echoing the id (PATCH without a path)",
        &group,
        json!([{"op": "replace", "value": {"id": id, "displayName": renamed}}]),
    ));
    stage.play(
        Okta.get("renamed, with its member", &group)
            .is("/displayName", renamed.as_str())
            .members(&[one]),
    );
    stage.play(Okta.patch(
        "add a member",
        &group,
        json!([{"op": "add", "path": "members", "value": [{"value": other, "display": "Entra"}]}]),
    ));
    stage.play(Okta.get("both are members", &group).members(&[one, other]));
    stage.play(Okta.patch(
        "remove a member (value path)",
        &group,
        json!([{"op": "remove", "path": format!("members[value eq \"{one}\"]")}]),
    ));
    stage.play(Okta.get("only the other is left", &group).members(&[other]));
    stage.play(Okta.patch(
        "replace the list (Push now)",
        &group,
        json!([{"op": "replace", "path": "members", "value": [{"value": one}]}]),
    ));
    stage.play(Okta.get("only the one in the list is left", &group).members(&[one]));
    stage.play(Okta.delete("delete", &group).expect(&[204]));
    stage.play(Okta.get("a deleted group is unknown", &group).refused(&[404]));
    stage.play(Okta.get("its member is still there", &resource("/Users", one)).is("/id", one));
    Some(())
}
