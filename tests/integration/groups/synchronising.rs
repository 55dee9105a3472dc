//! New teams, manual teams that become synchronised, and names.

use super::*;

/// The team is synchronised, and nothing that the administrator made is lost.
async fn assert_synchronised(account: &Account, made: &ManualTeam) {
    let team = team(account, &made.id).await;
    assert_eq!(team["source"], "synchronised", "{team}");
    assert_eq!(team["role"], "admin");
    assert_eq!(team["description"], "who flies");
    assert_eq!(team["organizations"][0]["id"], made.organization);
    assert_eq!(sources(account, &made.id).await[&made.member], "manual");
    assert_eq!(reaches(account, &made.member).await, set(&[&made.organization]));
}

on_both_databases! {
    async fn a_new_name_makes_a_scim_team_without_links(app: App) {
        let account = app.account(5).await;
        let ada = account.provision("ada@kongair.example").await;
        let response = account.scim.post("/Groups", group("Ground", &[&ada])).await;
        let location = response.header("location").to_owned();
        let made = response.expect(201);
        let id = made["id"].as_str().unwrap();
        assert!(location.ends_with(&format!("/Groups/{id}")), "{location}");
        assert_eq!(text_set(&made["members"], "value"), set(&[&ada]));

        let team = team(&account, id).await;
        assert_eq!(team["source"], "scim");
        assert_eq!(team["organizations"], json!([]));
        assert_eq!(team["role"], "member");
        assert_eq!(team["member_count"], 1);
        assert_eq!(sources(&account, id).await, [(ada.clone(), "scim".to_owned())].into());
        assert!(reaches(&account, &ada).await.is_empty());
    }

    async fn links_that_an_administrator_adds_give_access_to_later_members(app: App) {
        let account = app.account(5).await;
        let ada = account.provision("ada@kongair.example").await;
        let bob = account.provision("bob@kongair.example").await;
        let id = create(&account, "Ground", &[&ada]).await;
        let cargo = account.admin.post("/organizations", json!({"name": "Cargo"})).await;
        let cargo = cargo.expect(201)["id"].as_str().unwrap().to_owned();
        let link = format!("/teams/{id}/organizations/{cargo}");
        account.admin.put(&link, json!({})).await.expect(204);
        assert_eq!(reaches(&account, &ada).await, set(&[&cargo]));
        assert!(reaches(&account, &bob).await.is_empty());

        let add = json!([{"op": "add", "path": "members", "value": [{"value": bob}]}]);
        change(&account, &id, add).await;
        assert_eq!(reaches(&account, &bob).await, set(&[&cargo]));
        let remove = json!([{"op": "remove", "path": format!("members[value eq \"{ada}\"]")}]);
        change(&account, &id, remove).await;
        assert!(reaches(&account, &ada).await.is_empty());
        assert_eq!(account.seats().await.0, 3, "who leaves a team keeps the seat");
    }

    async fn a_post_synchronises_the_manual_team_of_that_name(app: App) {
        for (number, name) in ["Flight Crew", "flight crew", "FLIGHT CREW"].iter().enumerate() {
            let account = app.account_named(&format!("{number}"), &format!("air{number}.example"), 5).await;
            let made = manual_team(&account).await;
            let ada = account.provision("ada@kongair.example").await;
            let body = group(name, &[&ada]);
            let group = account.scim.post("/Groups", body).await.expect(201);
            assert_eq!(group["id"], made.id);
            assert_eq!(group["displayName"], *name);
            assert_eq!(text_set(&group["members"], "value"), set(&[&ada, &made.member]));
            assert_synchronised(&account, &made).await;
            assert_eq!(sources(&account, &made.id).await[&ada], "scim");
            assert_eq!(reaches(&account, &ada).await, set(&[&made.organization]));
            assert_eq!(team(&account, &made.id).await["member_count"], 2);
        }
    }

    async fn a_look_up_and_a_put_synchronise_a_manual_team(app: App) {
        let account = app.account(5).await;
        let made = manual_team(&account).await;
        assert_eq!(look_up(&account, "FLIGHT crew").await, std::slice::from_ref(&made.id));
        assert_eq!(team(&account, &made.id).await["source"], "manual", "looking changes nothing");
        let path = format!("/Groups/{}", made.id);
        account.scim.put(&path, group("Flight Crew", &[])).await.expect(200);
        assert_synchronised(&account, &made).await;
        assert_eq!(members_of(&account, &made.id).await, set(&[&made.member]));
    }

    async fn a_look_up_and_a_patch_synchronise_a_manual_team(app: App) {
        let account = app.account(5).await;
        let made = manual_team(&account).await;
        let ada = account.provision("ada@kongair.example").await;
        assert_eq!(look_up(&account, "Flight Crew").await, std::slice::from_ref(&made.id));
        let add = json!([{"op": "Add", "path": "members", "value": [{"value": ada}]}]);
        change(&account, &made.id, add).await;
        assert_synchronised(&account, &made).await;
        let all = set(&[&ada, &made.member]);
        assert_eq!(members_of(&account, &made.id).await, all);
    }

    async fn a_look_up_finds_the_exact_name_only(app: App) {
        let account = app.account(5).await;
        let id = create(&account, "Flight", &[]).await;
        create(&account, "Flight Deck", &[]).await;
        assert_eq!(look_up(&account, "flight").await, [id]);
        assert!(look_up(&account, "Fligh").await.is_empty());
    }

    async fn the_name_of_a_provisioned_group_is_refused(app: App) {
        let account = app.account(5).await;
        let made = manual_team(&account).await;
        account.scim.post("/Groups", group("Flight Crew", &[])).await.expect(201);
        let own = create(&account, "Ground", &[]).await;
        let versions = (version(&account, &made.id).await, version(&account, &own).await);
        for name in ["Flight Crew", "FLIGHT crew", "Ground", "gROUND"] {
            let error = account.scim.post("/Groups", group(name, &[])).await.expect(409);
            assert_eq!(error["scimType"], "uniqueness");
            let detail = error["detail"].as_str().unwrap();
            assert!(detail.contains("displayName") && detail.contains(name), "{detail}");
        }
        assert_eq!(
            (version(&account, &made.id).await, version(&account, &own).await),
            versions
        );
        assert_eq!(account.scim.get("/Groups").await.expect(200)["totalResults"], 2);
    }

    async fn a_rename_keeps_links_and_members(app: App) {
        let account = app.account(5).await;
        let made = manual_team(&account).await;
        let ada = account.provision("ada@kongair.example").await;
        account.scim.post("/Groups", group("Flight Crew", &[&ada])).await.expect(201);
        let all = set(&[&ada, &made.member]);

        let rename = json!([{"op": "replace", "path": "displayName", "value": "Pilots"}]);
        let renamed = change(&account, &made.id, rename).await;
        assert_eq!(renamed["displayName"], "Pilots");
        assert_eq!(team(&account, &made.id).await["name"], "Pilots");
        assert_synchronised(&account, &made).await;
        assert_eq!(members_of(&account, &made.id).await, all);

        // Without a path, with the id echoed, as Okta does.
        let rename = json!([{"op": "replace", "value": {"id": made.id, "displayName": "PILOTS"}}]);
        assert_eq!(change(&account, &made.id, rename).await["displayName"], "PILOTS");
        assert_synchronised(&account, &made).await;
        assert_eq!(members_of(&account, &made.id).await, all);
        assert!(look_up(&account, "Flight Crew").await.is_empty());
        assert_eq!(look_up(&account, "pilots").await, [made.id]);
    }

    async fn a_rename_onto_a_taken_name_is_refused(app: App) {
        let account = app.account(5).await;
        let made = manual_team(&account).await;
        let id = create(&account, "Ground", &[]).await;
        create(&account, "Sales", &[]).await;
        let path = format!("/Groups/{id}");
        let before = read(&account, &id).await;
        for name in ["SALES", "flight crew"] {
            let rename = json!([{"op": "replace", "path": "displayName", "value": name}]);
            let error = account.scim.patch(&path, patch(rename)).await.expect(409);
            assert_eq!(error["scimType"], "uniqueness");
            let error = account.scim.put(&path, group(name, &[])).await.expect(409);
            assert_eq!(error["scimType"], "uniqueness");
        }
        assert_eq!(read(&account, &id).await, before);
        assert_eq!(team(&account, &made.id).await["source"], "manual");
    }
}
