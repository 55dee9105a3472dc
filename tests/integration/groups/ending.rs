//! What a DELETE leaves.

use super::*;

on_both_databases! {
    async fn a_team_that_scim_made_goes(app: App) {
        let account = app.account(5).await;
        let ada = account.provision("ada@kongair.example").await;
        let cargo = account.admin.post("/organizations", json!({"name": "Cargo"})).await;
        let cargo = cargo.expect(201)["id"].as_str().unwrap().to_owned();
        let id = create(&account, "Crew", &[&ada]).await;
        let link = format!("/teams/{id}/organizations/{cargo}");
        account.admin.put(&link, json!({})).await.expect(204);
        assert_eq!(reaches(&account, &ada).await, set(&[&cargo]));

        account.scim.delete(&format!("/Groups/{id}")).await.expect(204);
        account.scim.get(&format!("/Groups/{id}")).await.expect(404);
        account.scim.delete(&format!("/Groups/{id}")).await.expect(404);
        assert!(look_up(&account, "Crew").await.is_empty());
        assert_eq!(team(&account, &id).await, Value::Null);
        assert!(reaches(&account, &ada).await.is_empty());
        let user = account.scim.get(&format!("/Users/{ada}")).await.expect(200);
        assert_eq!(user["active"], true);
        assert_eq!(user.get("groups"), None);
        assert_eq!(account.seats().await.0, 2);
        assert_ne!(create(&account, "Crew", &[]).await, id);
    }

    async fn a_synchronised_team_returns_to_its_administrators(app: App) {
        let account = app.account(5).await;
        let made = manual_team(&account).await;
        let ada = account.provision("ada@kongair.example").await;
        account.scim.post("/Groups", group("Flight Crew", &[&ada, &made.member])).await.expect(201);
        let path = format!("/Groups/{}", made.id);
        account.scim.delete(&path).await.expect(204);

        let team = team(&account, &made.id).await;
        assert_eq!(team["source"], "manual");
        assert_eq!(team["role"], "admin");
        assert_eq!(team["member_count"], 1);
        assert_eq!(team["organizations"][0]["id"], made.organization);
        let by_hand = [(made.member.clone(), "manual".to_owned())];
        assert_eq!(sources(&account, &made.id).await, by_hand.into());
        assert_eq!(reaches(&account, &made.member).await, set(&[&made.organization]));
        assert!(reaches(&account, &ada).await.is_empty());

        // SCIM no longer shows it, in whatever way it is asked for.
        account.scim.get(&path).await.expect(404);
        account.scim.delete(&path).await.expect(404);
        account.scim.put(&path, group("Flight Crew", &[])).await.expect(404);
        assert!(look_up(&account, "Flight Crew").await.is_empty());
        for filter in [
            format!("id eq \"{}\"", made.id),
            format!("members eq \"{}\"", made.member),
            "displayName sw \"Flight\"".to_owned(),
        ] {
            let found = account.scim.filter("/Groups", &filter).await.expect(200);
            assert_eq!(found["totalResults"], 0, "{filter}");
        }
        assert_eq!(account.scim.get("/Groups").await.expect(200)["totalResults"], 0);
    }

    async fn what_scim_does_not_show_is_no_group_of_a_user(app: App) {
        let account = app.account(5).await;
        let made = manual_team(&account).await;
        let user = format!("/Users/{}", made.member);
        let groups = account.scim.get(&user).await.expect(200)["groups"].clone();
        assert_eq!(text_set(&groups, "value"), set(&[&made.id]));
        account.scim.post("/Groups", group("Flight Crew", &[])).await.expect(201);
        account.scim.delete(&format!("/Groups/{}", made.id)).await.expect(204);
        let groups = account.scim.get(&user).await.expect(200)["groups"].clone();
        assert_eq!(groups, Value::Null, "a reference that leads to a 404");
        let filter = format!("groups.value eq \"{}\"", made.id);
        let found = account.scim.filter("/Users", &filter).await.expect(200);
        assert_eq!(found["totalResults"], 0);
    }

    async fn the_returned_team_is_synchronised_again_by_name(app: App) {
        let account = app.account(5).await;
        let made = manual_team(&account).await;
        let ada = account.provision("ada@kongair.example").await;
        account.scim.post("/Groups", group("Flight Crew", &[&ada])).await.expect(201);
        account.scim.delete(&format!("/Groups/{}", made.id)).await.expect(204);

        let again = account.scim.post("/Groups", group("FLIGHT CREW", &[&ada])).await.expect(201);
        assert_eq!(again["id"], made.id);
        assert_eq!(team(&account, &made.id).await["source"], "synchronised");
        assert_eq!(members_of(&account, &made.id).await, set(&[&ada, &made.member]));
        assert_eq!(sources(&account, &made.id).await[&made.member], "manual");
        assert_eq!(reaches(&account, &ada).await, set(&[&made.organization]));
        assert_eq!(look_up(&account, "Flight Crew").await, [made.id]);
    }

    async fn a_rename_onto_a_returned_team_is_refused(app: App) {
        let account = app.account(5).await;
        let made = manual_team(&account).await;
        account.scim.post("/Groups", group("Flight Crew", &[])).await.expect(201);
        account.scim.delete(&format!("/Groups/{}", made.id)).await.expect(204);
        let id = create(&account, "Ground", &[]).await;
        let rename = json!([{"op": "replace", "path": "displayName", "value": "flight crew"}]);
        let error = account.scim.patch(&format!("/Groups/{id}"), patch(rename)).await.expect(409);
        assert_eq!(error["scimType"], "uniqueness");
    }
}
