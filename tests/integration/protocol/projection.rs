//! `attributes` and `excludedAttributes` (RFC 7644 §3.9).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::support::{group, on_both_databases, patch, set};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const CUSTOM: &str = "urn:kongair:params:scim:schemas:extension:crew:1.0:User";

fn keys(resource: &Value) -> BTreeSet<String> {
    resource.as_object().unwrap().keys().cloned().collect()
}

fn body() -> Value {
    let mut body = user("ada@kongair.example");
    body["title"] = "Pilot".into();
    body["password"] = "secret".into();
    body[ENTERPRISE] = json!({"department": "Flight", "costCenter": "7"});
    body[CUSTOM] = json!({"badge": 7, "aircraft": "A320"});
    body
}

on_both_databases! {
    async fn every_verb_answers_with_what_is_asked_for(app: App) {
        let account = app.account(5).await;
        let query = "?attributes=userName,name.givenName,password";
        let posted = account.scim.post(&format!("/Users{query}"), body()).await.expect(201);
        let id = posted["id"].as_str().unwrap().to_owned();
        let path = format!("/Users/{id}{query}");
        let retitle = patch(json!([{"op": "replace", "path": "title", "value": "Captain"}]));
        let search = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
            "attributes": ["userName", "name.givenName", "password"],
            "filter": "userName sw \"ada\"",
        });
        let listed = account.scim.get(&format!("/Users{query}")).await.expect(200);
        for answer in [
            posted,
            account.scim.get(&path).await.expect(200),
            account.scim.patch(&path, retitle).await.expect(200),
            account.scim.put(&path, body()).await.expect(200),
            listed["Resources"][1].clone(),
            account.scim.post("/Users/.search", search).await.expect(200)["Resources"][0].clone(),
        ] {
            assert_eq!(keys(&answer), set(&["schemas", "id", "userName", "name"]), "{answer}");
            assert_eq!(answer["name"], json!({"givenName": "Given"}));
        }
    }

    async fn every_verb_leaves_out_what_is_not_wanted(app: App) {
        let account = app.account(5).await;
        let query = "?excludedAttributes=id,schemas,title,name.familyName,emails";
        let posted = account.scim.post(&format!("/Users{query}"), body()).await.expect(201);
        let path = format!("/Users/{}{query}", posted["id"].as_str().unwrap());
        let nick = patch(json!([{"op": "add", "path": "nickName", "value": "A"}]));
        for answer in [
            posted,
            account.scim.get(&path).await.expect(200),
            account.scim.patch(&path, nick).await.expect(200),
            account.scim.put(&path, body()).await.expect(200),
        ] {
            // What is always returned cannot be left out.
            assert!(answer["id"].is_string() && answer["schemas"].is_array(), "{answer}");
            assert_eq!((answer.get("title"), answer.get("emails")), (None, None));
            assert_eq!(answer["name"], json!({"givenName": "Given"}));
            assert_eq!(answer["userName"], "ada@kongair.example");
            assert!(answer["meta"].is_object());
            assert_eq!(answer.get("password"), None);
        }
    }

    async fn parts_are_chosen_by_name_in_any_form(app: App) {
        let account = app.account(5).await;
        let made = account.scim.post("/Users", body()).await.expect(201);
        let path = format!("/Users/{}", made["id"].as_str().unwrap());
        let core = "urn:ietf:params:scim:schemas:core:2.0:User";
        let one = |name: &str, value: Value| json!({ name: value });
        for (attributes, expected) in [
            ("USERNAME".to_owned(), one("userName", json!("ada@kongair.example"))),
            (format!("{core}:title"), one("title", json!("Pilot"))),
            (format!("{core}:name.familyName"), one("name", json!({"familyName": "Family"}))),
            ("emails.value".to_owned(), one("emails", json!([{"value": "ada@kongair.example"}]))),
            (format!("{ENTERPRISE}:department"), one(ENTERPRISE, json!({"department": "Flight"}))),
            (ENTERPRISE.to_owned(), one(ENTERPRISE, body()[ENTERPRISE].clone())),
            (format!("{CUSTOM}:badge"), one(CUSTOM, json!({"badge": 7}))),
            (CUSTOM.to_owned(), one(CUSTOM, body()[CUSTOM].clone())),
            ("title, nickName ,,noSuchThing".to_owned(), one("title", json!("Pilot"))),
            ("password".to_owned(), json!({})),
            ("noSuchThing".to_owned(), json!({})),
            ("meta.version".to_owned(), one("meta", json!({"version": made["meta"]["version"]}))),
        ] {
            let query = [("attributes", attributes.as_str())];
            let mut answer = account.scim.query(&path, &query).await.expect(200);
            assert_eq!(answer["id"], made["id"]);
            answer.as_object_mut().unwrap().retain(|name, _| name != "id" && name != "schemas");
            assert_eq!(answer, expected, "{attributes}");
        }
        for (excluded, gone) in [
            (ENTERPRISE.to_owned(), ENTERPRISE),
            (CUSTOM.to_owned(), CUSTOM),
            ("name.givenName,name.familyName".to_owned(), "name"),
            ("META".to_owned(), "meta"),
        ] {
            let query = [("excludedAttributes", excluded.as_str())];
            let answer = account.scim.query(&path, &query).await.expect(200);
            let mut expected = keys(&made);
            assert!(expected.remove(gone));
            assert_eq!(keys(&answer), expected, "{excluded}");
        }
    }

    async fn members_are_chosen_by_their_parts(app: App) {
        let account = app.account(5).await;
        let ada = account.provision("ada@kongair.example").await;
        let made = account.scim.post("/Groups", group("Crew", &[&ada])).await.expect(201);
        let path = format!("/Groups/{}", made["id"].as_str().unwrap());
        let part = account.scim.get(&format!("{path}?attributes=members.value")).await.expect(200);
        assert_eq!(part["members"], json!([{"value": ada}]));
        assert_eq!(part.get("displayName"), None);
        let part = account.scim.get(&format!("{path}?excludedAttributes=members.$ref")).await;
        let part = part.expect(200);
        assert_eq!(part["members"][0].get("$ref"), None);
        assert_eq!(part["members"][0]["value"], ada);
    }

    async fn both_parameters_at_once_are_refused(app: App) {
        let account = app.account(5).await;
        let response = account.scim.get("/Users?attributes=title&excludedAttributes=name").await;
        let detail = refused(response, 400, Some("invalidValue"));
        assert!(detail.contains("excludedAttributes"), "{detail}");
    }

    async fn the_version_and_place_are_told_whatever_is_asked_for(app: App) {
        let account = app.account(5).await;
        let id = account.provision("ada@kongair.example").await;
        let answer = account.scim.get(&format!("/Users/{id}?attributes=userName")).await;
        assert!(answer.header("etag").starts_with("W/\""));
        assert!(answer.header("content-location").ends_with(&id));
    }
}
