//! URNs in paths, keys, filters and projections (RFC 7643 §2.1, §3; RFC 7644 §3.10): one that is
//! nearly a known one is read or refused, and is never an extension that nobody has.

use serde_json::{Value, json};

use super::*;
use crate::support::{group, on_both_databases, patch};

const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const CORE_GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const CUSTOM: &str = "urn:kongair:params:scim:schemas:extension:crew:1.0:User";

fn replace(path: &str, value: Value) -> Value {
    patch(json!([{"op": "replace", "path": path, "value": value}]))
}

on_both_databases! {
    async fn a_dot_after_a_known_urn_is_read_as_the_colon(app: App) {
        let account = app.account(5).await;
        let id = account.provision("ada@kongair.example").await;
        let path = format!("/Users/{id}");
        let change = replace(&format!("{CORE}.active"), json!(false));
        assert_eq!(account.scim.patch(&path, change).await.expect(200)["active"], false);
        assert_eq!(account.seats().await.0, 1, "the seat is free");
        let keys = json!([{"op": "replace", "value": {
            format!("{CORE}.active"): true,
            format!("{ENTERPRISE}.employeeNumber"): "7",
            format!("{ENTERPRISE}.manager"): {"value": "boss"},
        }}]);
        let user = account.scim.patch(&path, patch(keys)).await.expect(200);
        assert_eq!(user["active"], true);
        assert_eq!(user[ENTERPRISE], json!({"employeeNumber": "7", "manager": {"value": "boss"}}));
        assert_eq!(user["schemas"], json!([CORE, ENTERPRISE]));
        let filter = format!("{ENTERPRISE}.employeeNumber eq \"7\"");
        let query = [("filter", filter.as_str()), ("sortBy", &format!("{CORE}.userName"))];
        assert_eq!(account.scim.query("/Users", &query).await.expect(200)["totalResults"], 1);
        let query = [("attributes", format!("{ENTERPRISE}.employeeNumber"))];
        let query = query.each_ref().map(|(name, value)| (*name, value.as_str()));
        let user = account.scim.query(&path, &query).await.expect(200);
        assert_eq!(user[ENTERPRISE], json!({"employeeNumber": "7"}));

        let team = account.scim.post("/Groups", group("Crew", &[])).await.expect(201);
        let team = format!("/Groups/{}", team["id"].as_str().unwrap());
        let add = json!([
            {"op": "add", "path": format!("{CORE_GROUP}.members"), "value": [{"value": id}]},
        ]);
        let team = account.scim.patch(&team, patch(add)).await.expect(200);
        assert_eq!(team["members"][0]["value"], id.as_str());
        assert_eq!(team["schemas"], json!([CORE_GROUP]));
    }

    async fn core_attributes_are_read_under_the_core_urn_on_every_verb(app: App) {
        let account = app.account(5).await;
        let body = |active: bool| json!({
            "schemas": [CORE],
            CORE: {"userName": "ada@kongair.example", "active": active, "title": "Pilot"},
        });
        let made = account.scim.post("/Users", body(true)).await.expect(201);
        assert_eq!((&made["title"], made.get(CORE)), (&json!("Pilot"), None));
        let path = format!("/Users/{}", made["id"].as_str().unwrap());
        assert_eq!(account.scim.put(&path, body(false)).await.expect(200)["active"], false);
        for active in [true, false] {
            let operation = match active {
                true => json!({"op": "replace", "value": {CORE: {"active": true}}}),
                false => json!({"op": "replace", "path": CORE, "value": {"active": false}}),
            };
            let user = account.scim.patch(&path, patch(json!([operation]))).await.expect(200);
            assert_eq!(user["active"], active);
        }
        let mut wrong = user("bob@kongair.example");
        wrong[CORE] = "x".into();
        refused(account.scim.post("/Users", wrong).await, 400, Some("invalidValue"));
    }

    async fn a_urn_that_is_nearly_known_is_refused_everywhere(app: App) {
        let account = app.account(5).await;
        let id = account.provision("ada@kongair.example").await;
        let path = format!("/Users/{id}");
        let before = account.scim.get(&path).await.expect(200);
        for urn in [
            CORE_GROUP,
            "urn:ietf:params:scim:schemas:core:2.0:Users",
            "urn:ietf:params:scim:schemas:core:1.0:User",
            "urn:ietf:params:scim:schemas:extension:enterprise:1.0:User",
            "urn:ietf:params:scim:api:messages:2.0:PatchOp",
            "urn:ietf:param:scim:schemas:core:2.0:User",
            "urn:scim:schemas:core:1.0",
            // Insomnia's own: of groups, and nearly that of users.
            "urn:insomnia:params:scim:schemas:extension:team:2.0:Group",
            "urn:insomnia:params:scim:schemas:extension:account:1.0:User",
        ] {
            for separator in [":", "."] {
                let name = format!("{urn}{separator}active");
                let response = account.scim.patch(&path, replace(&name, json!(false))).await;
                refused(response, 400, Some("invalidPath"));
                let filter = format!("{name} eq false");
                let response = account.scim.filter("/Users", &filter).await;
                refused(response, 400, Some("invalidFilter"));
                let response = account.scim.query("/Users", &[("sortBy", &name)]).await;
                refused(response, 400, Some("invalidPath"));
            }
            for (key, value) in [
                (urn.to_owned(), json!({"active": false})),
                (format!("{urn}:active"), json!(false)),
                (format!("{urn}.active"), json!(false)),
            ] {
                let change = patch(json!([{"op": "replace", "value": {&key: value}}]));
                let detail = refused(
                    account.scim.patch(&path, change).await, 400, Some("invalidValue"));
                assert!(detail.contains("is not a known schema"), "{detail}");
                let mut body = user("ada@kongair.example");
                body[key.as_str()] = value;
                let put = account.scim.put(&path, body.clone()).await;
                refused(put, 400, Some("invalidValue"));
                body["userName"] = "new@kongair.example".into();
                refused(account.scim.post("/Users", body).await, 400, Some("invalidValue"));
            }
        }
        assert_eq!(account.scim.get(&path).await.expect(200), before);
        let team = account.scim.post("/Groups", group("Crew", &[])).await.expect(201);
        let team = format!("/Groups/{}", team["id"].as_str().unwrap());
        for name in [
            format!("{CORE}:userName"),
            format!("{ENTERPRISE}:department"),
            "urn:insomnia:params:scim:schemas:extension:account:2.0:User:note".to_owned(),
        ] {
            let response = account.scim.patch(&team, replace(&name, json!("x"))).await;
            refused(response, 400, Some("invalidPath"));
        }
    }

    async fn a_filter_on_another_types_schema_finds_that_type_from_the_root(app: App) {
        let account = app.account(5).await;
        account.scim.post("/Groups", group("Crew", &[])).await.expect(201);
        let filter = format!("{CORE_GROUP}:displayName eq \"Crew\"");
        let found = account.scim.filter("", &filter).await.expect(200);
        assert_eq!(found["totalResults"], 1);
    }

    async fn an_extension_of_the_clients_own_is_kept_and_not_listed(app: App) {
        let account = app.account(5).await;
        let more = json!({"schemas": [CORE, CUSTOM], CUSTOM: {"badge": "B-7"}});
        let made = user_with(&account, "ada@kongair.example", more).await;
        let path = format!("/Users/{}", made["id"].as_str().unwrap());
        let kind = account.scim.get("/ResourceTypes/User").await.expect(200);
        let advertised = crate::support::texts(&kind["schemaExtensions"], "schema");
        assert!(!advertised.contains(&CUSTOM.to_owned()));
        let change = replace(&format!("{CUSTOM}:badge"), json!("B-8"));
        let patched = account.scim.patch(&path, change).await.expect(200);
        let filter = format!("{CUSTOM}:badge eq \"B-8\"");
        let listed = account.scim.filter("/Users", &filter).await.expect(200);
        for user in [&patched, &listed["Resources"][0], &account.scim.get(&path).await.expect(200)] {
            assert_eq!(user[CUSTOM], json!({"badge": "B-8"}));
            assert_eq!(user["schemas"], json!([CORE]));
        }
        let part = account.scim.get(&format!("{path}?attributes={CUSTOM}")).await.expect(200);
        assert_eq!(part["schemas"], json!([CORE]));
    }

    async fn what_an_earlier_release_took_for_an_extension_is_not_shown(app: App) {
        let account = app.account(5).await;
        let id = account.provision("ada@kongair.example").await;
        let path = format!("/Users/{id}");
        let before = account.scim.get(&path).await.expect(200);
        app.database.execute(&format!(
            "UPDATE members SET document = \
             '{{\"urn:ietf:params:scim:schemas:core:2.0\":{{\"User\":{{\"active\":false}}}},' \
             || substr(document, 2) WHERE id = '{id}'"
        ));
        let shown = account.scim.get(&path).await.expect(200);
        assert_eq!(shown, before);
        // As Okta does, with what it has read.
        account.scim.put(&path, shown).await.expect(200);
    }
}
