//! The life cycle of a group in Entra, in its default dialect and in that of `aadOptscim062020`.

use serde_json::json;

use super::super::client::Dialect::Entra;
use super::super::names::{Names, entra_filter, resource};
use super::super::stage::Stage;
use super::schemas::GROUP;

/// Removes everything it creates if all steps pass.
pub fn play(stage: &mut Stage, names: &Names, one: &str, other: &str) -> Option<()> {
    stage.begin("Entra: a group");
    let name = names.group("entra");
    let renamed = names.group("entra-renamed");
    let lookup =
        format!("/Groups?excludedAttributes=members&{}", entra_filter("displayName", &name));

    stage.play(Entra.get("look up before creating: none", &lookup).finds(0));
    let id = stage.create(
        Entra
            .post(
                "create without members",
                "/Groups",
                json!({
                    "schemas": [GROUP],
                    "externalId": format!("entra-{}", names.run),
                    "displayName": name,
                    "meta": {"resourceType": "Group"},
                }),
            )
            .creates()
            .is("/displayName", name.as_str()),
    )?;
    let group = resource("/Groups", &id);
    let brief = format!("{group}?excludedAttributes=members");
    stage.play(Entra.get("look up: found", &lookup).finds_only(&id));
    stage.play(Entra.patch(
        "add members",
        &group,
        json!([{"op": "Add", "path": "members", "value": [
            {"$ref": null, "value": one},
            {"$ref": null, "value": other},
        ]}]),
    ));
    stage.play(Entra.get("both are members", &group).members(&[one, other]));
    stage.play(Entra.get("read without members", &brief).is("/id", id.as_str()).lacks("/members"));
    stage.play(Entra.patch(
        "remove one member (value list)",
        &group,
        json!([{"op": "Remove", "path": "members", "value": [{"value": one}]}]),
    ));
    stage.play(Entra.get("the other is still a member", &group).members(&[other]));
    stage.play(Entra.patch(
        "add the member again",
        &group,
        json!([{"op": "add", "path": "members", "value": [{"value": one}]}]),
    ));
    stage.play(Entra.patch(
        "remove the other (value path)",
        &group,
        json!([{"op": "remove", "path": format!("members[value eq \"{other}\"]")}]),
    ));
    stage.play(Entra.get("only the one is left", &group).members(&[one]));
    stage.play(Entra.patch(
        "rename",
        &group,
        json!([{"op": "Replace", "path": "displayName", "value": renamed}]),
    ));
    stage.play(
        Entra.get("renamed", &brief).is("/id", id.as_str()).is("/displayName", renamed.as_str()),
    );
    stage.play(Entra.delete("delete", &group).expect(&[204]));
    stage.play(Entra.get("a deleted group is unknown", &group).refused(&[404]));
    Some(())
}
