//! What the answers show.

use super::*;

on_both_databases! {
    async fn a_patch_answers_with_the_group_up_to_a_hundred_members(app: App) {
        let account = app.account(110).await;
        let u = account.provision_many(101).await;
        let id = create(&account, "Crew", &[]).await;
        let path = format!("/Groups/{id}");
        let hundred: Vec<Value> = u.iter().take(100).map(|id| json!({"value": id})).collect();
        let fill = json!([{"op": "add", "path": "members", "value": hundred}]);
        let full = account.scim.patch(&path, patch(fill)).await.expect(200);
        assert_eq!(full["members"].as_array().unwrap().len(), 100);

        let one_more = patch(json!([{"op": "add", "path": "members", "value": [u[100]]}]));
        let response = account.scim.patch(&path, one_more.clone()).await;
        assert_eq!(response.body, Value::Null);
        let tag = response.header("etag").to_owned();
        response.expect(204);
        assert_eq!(version(&account, &id).await, tag);
        assert_eq!(members_of(&account, &id).await.len(), 101);

        // Who asks for something is answered.
        let asked = format!("{path}?attributes=displayName");
        let body = account.scim.patch(&asked, one_more.clone()).await.expect(200);
        assert_eq!(body["displayName"], "Crew");
        assert_eq!(body.get("members"), None);
        let asked = format!("{path}?excludedAttributes=members");
        let body = account.scim.patch(&asked, one_more.clone()).await.expect(200);
        assert_eq!((&body["displayName"], body.get("members")), (&json!("Crew"), None));
        let asked = format!("{path}?attributes=members");
        let body = account.scim.patch(&asked, one_more).await.expect(200);
        assert_eq!(body["members"].as_array().unwrap().len(), 101);
    }

    async fn excluded_members_are_not_in_the_answer(app: App) {
        let account = app.account(5).await;
        let ada = account.provision("ada@kongair.example").await;
        let posted = account
            .scim
            .post("/Groups?excludedAttributes=members", group("Crew", &[&ada]))
            .await
            .expect(201);
        assert_eq!(posted.get("members"), None);
        let id = posted["id"].as_str().unwrap();
        let got = account.scim.get(&format!("/Groups/{id}?excludedAttributes=members")).await;
        let got = got.expect(200);
        assert_eq!((got.get("members"), &got["displayName"]), (None, &json!("Crew")));
        let query = [("excludedAttributes", "members"), ("filter", "displayName eq \"crew\"")];
        let found = account.scim.query("/Groups", &query).await.expect(200);
        assert_eq!(found["Resources"][0]["id"], id);
        assert_eq!(found["Resources"][0].get("members"), None);
        assert_eq!(members_of(&account, id).await, set(&[&ada]));
    }

    async fn the_reference_check_finds_the_member_by_group_and_id(app: App) {
        let account = app.account(5).await;
        let ada = account.provision("ada@kongair.example").await;
        let bob = account.provision("bob@kongair.example").await;
        let id = create(&account, "Crew", &[&ada]).await;
        for (member, total) in [(&ada, 1), (&bob, 0)] {
            let filter = format!("id eq \"{id}\" and members eq \"{member}\"");
            let found = account.scim.filter("/Groups", &filter).await.expect(200);
            assert_eq!(found["totalResults"], total);
        }
    }

    async fn a_member_is_shown_as_the_identity_provider_calls_it(app: App) {
        let account = app.account(5).await;
        let ada = account.provision("ada@kongair.example").await;
        let bob = account.provision("bob@kongair.example").await;
        let body = json!({"displayName": "Crew", "members": [{"value": ada, "display": "Ada L."}]});
        let made = account.scim.post("/Groups", body).await.expect(201);
        let id = made["id"].as_str().unwrap();
        let expected = |id: &str, display: &str| {
            let reference = format!("{}/Users/{id}", account.scim.base);
            json!({"value": id, "$ref": reference, "display": display, "type": "User"})
        };
        assert_eq!(made["members"], json!([expected(&ada, "Ada L.")]));
        change(&account, id, json!([{"op": "add", "path": "members", "value": [bob]}])).await;
        let members = read(&account, id).await["members"].clone();
        let both = [expected(&ada, "Ada L."), expected(&bob, "bob@kongair.example")];
        assert_eq!(members, json!(both));
    }

    async fn a_user_shows_its_groups(app: App) {
        let account = app.account(5).await;
        let ada = account.provision("ada@kongair.example").await;
        let id = create(&account, "Crew", &[&ada]).await;
        let user = account.scim.get(&format!("/Users/{ada}")).await.expect(200);
        let reference = format!("{}/Groups/{id}", account.scim.base);
        let group = json!({"value": id, "$ref": reference, "display": "Crew", "type": "direct"});
        assert_eq!(user["groups"], json!([group]));
    }

    async fn a_description_is_the_administrators_until_the_identity_provider_says_one(app: App) {
        let account = app.account(5).await;
        let made = manual_team(&account).await;
        let urn = "urn:insomnia:params:scim:schemas:extension:team:2.0:Group";
        let path = format!("/Groups/{}", made.id);
        account.scim.post("/Groups", group("Flight Crew", &[])).await.expect(201);
        account.scim.put(&path, group("Pilots", &[])).await.expect(200);
        assert_eq!(read(&account, &made.id).await[urn], json!({"description": "who flies"}));
        let mut body = group("Pilots", &[]);
        body[urn] = json!({"description": "the crew", "teamRole": "member", "source": "manual"});
        account.scim.put(&path, body).await.expect(200);
        let team = team(&account, &made.id).await;
        assert_eq!((&team["description"], &team["role"]), (&json!("the crew"), &json!("admin")));
        assert_eq!(team["source"], "synchronised", "what is read-only is not written");
    }

    async fn entra_creates_a_group_with_a_legacy_schema_and_no_members(app: App) {
        let account = app.account(5).await;
        let body = json!({
            "schemas": [
                "urn:ietf:params:scim:schemas:core:2.0:Group",
                "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group",
            ],
            "externalId": "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159",
            "displayName": "Crew",
            "meta": {"resourceType": "Group"},
        });
        let made = account.scim.post("/Groups", body).await.expect(201);
        let filter = "externalId eq \"8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159\"";
        let found = account.scim.filter("/Groups", filter).await.expect(200);
        assert_eq!(found["Resources"][0]["id"], made["id"]);
    }
}
