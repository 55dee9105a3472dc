//! What is refused, and that a refusal changes nothing.

use super::*;

/// Sends what must be refused for its members; the detail names each of these.
async fn refuse(account: &Account, id: &str, operations: Value, named: &[&str]) {
    let before = (read(account, id).await, team(account, id).await);
    let path = format!("/Groups/{id}");
    let error = account.scim.patch(&path, patch(operations)).await.expect(400);
    assert_eq!(error["scimType"], "invalidValue", "{error}");
    let detail = error["detail"].as_str().unwrap();
    assert!(named.iter().all(|name| detail.contains(name)), "{detail}");
    assert_eq!((read(account, id).await, team(account, id).await), before);
}

on_both_databases! {
    async fn unknown_members_are_refused_by_name_and_nothing_changes(app: App) {
        let account = app.account(5).await;
        let ada = account.provision("ada@kongair.example").await;
        let bob = account.provision("bob@kongair.example").await;
        let id = create(&account, "Crew", &[&ada]).await;
        let op = |op: &str, value: Value| json!({"op": op, "path": "members", "value": value});

        let one = json!([op("add", json!([{"value": "nobody-1"}]))]);
        refuse(&account, &id, one, &["nobody-1", "members"]).await;
        let several = json!([
            {"value": bob}, {"value": "nobody-1"}, {"value": ada}, {"value": "nobody-2"},
        ]);
        for kind in ["add", "replace"] {
            let operations = json!([op(kind, several.clone())]);
            refuse(&account, &id, operations, &["nobody-1", "nobody-2"]).await;
        }
        let pathless = json!([{"op": "replace", "value": {
            "displayName": "Other", "members": [{"value": "nobody-1"}],
        }}]);
        refuse(&account, &id, pathless, &["nobody-1"]).await;
        // What an earlier operation of the request did is undone.
        let operations = json!([
            {"op": "replace", "path": "displayName", "value": "Other"},
            op("add", json!([{"value": bob}])),
            op("remove", json!([{"value": ada}])),
            op("add", json!([{"value": "nobody-3"}])),
        ]);
        refuse(&account, &id, operations, &["nobody-3"]).await;
    }

    async fn members_of_which_nothing_is_known_empty_no_group(app: App) {
        let account = app.account(5).await;
        let ada = account.provision("ada@kongair.example").await;
        let id = create(&account, "Crew", &[&ada]).await;
        let foreign = json!([{"userId": ada}]);
        for op in ["add", "replace", "remove"] {
            let operation = json!([{"op": op, "path": "members", "value": foreign}]);
            refuse(&account, &id, operation, &["members.value"]).await;
        }
        let pathless = json!([{"op": "replace", "value": {"members": foreign}}]);
        refuse(&account, &id, pathless, &["members.value"]).await;
        let before = read(&account, &id).await;
        let put = json!({"displayName": "Crew", "members": foreign});
        let error = account.scim.put(&format!("/Groups/{id}"), put).await.expect(400);
        assert_eq!(error["scimType"], "invalidValue", "{error}");
        assert_eq!(read(&account, &id).await, before);
    }

    async fn parts_of_members_are_neither_changed_nor_removed(app: App) {
        let account = app.account(5).await;
        let ada = account.provision("ada@kongair.example").await;
        let id = create(&account, "Crew", &[&ada]).await;
        let before = read(&account, &id).await;
        for path in ["members.value".to_owned(), format!("members[value eq \"{ada}\"].display")] {
            for operation in [
                json!({"op": "remove", "path": path}),
                json!({"op": "replace", "path": path, "value": "other"}),
            ] {
                let path = format!("/Groups/{id}");
                let answer = account.scim.patch(&path, patch(json!([operation]))).await;
                let error = answer.expect(400);
                assert_eq!(error["scimType"], "mutability", "{error}");
                assert!(error["detail"].as_str().unwrap().contains("members."), "{error}");
            }
        }
        assert_eq!(read(&account, &id).await, before);
    }

    async fn unknown_members_in_a_post_or_put_are_refused(app: App) {
        let account = app.account(5).await;
        let ada = account.provision("ada@kongair.example").await;
        let error = account.scim.post("/Groups", group("Crew", &[&ada, "nobody"])).await;
        let error = error.expect(400);
        assert_eq!(error["scimType"], "invalidValue");
        assert!(error["detail"].as_str().unwrap().contains("nobody"), "{error}");
        assert!(look_up(&account, "Crew").await.is_empty());

        let id = create(&account, "Crew", &[&ada]).await;
        let before = read(&account, &id).await;
        let path = format!("/Groups/{id}");
        let error = account.scim.put(&path, group("Other", &["nobody"])).await.expect(400);
        assert_eq!(error["scimType"], "invalidValue");
        assert_eq!(read(&account, &id).await, before);
    }

    async fn a_manual_team_stays_manual_when_the_write_is_refused(app: App) {
        let account = app.account(5).await;
        let made = manual_team(&account).await;
        let error = account.scim.post("/Groups", group("Flight Crew", &["nobody"])).await;
        error.expect(400);
        let add = json!([{"op": "add", "path": "members", "value": [{"value": "nobody"}]}]);
        refuse(&account, &made.id, add, &["nobody"]).await;
        assert_eq!(team(&account, &made.id).await["source"], "manual");
    }

    async fn a_user_of_another_account_is_unknown(app: App) {
        let account = app.account(5).await;
        let other = app.account_named("Other", "other.example", 5).await;
        let stranger = other.provision("stranger@other.example").await;
        let id = create(&account, "Crew", &[]).await;
        let add = json!([{"op": "add", "path": "members", "value": [{"value": stranger}]}]);
        refuse(&account, &id, add, &[&stranger]).await;
    }

    async fn a_group_is_no_member(app: App) {
        let account = app.account(5).await;
        let id = create(&account, "Crew", &[]).await;
        let inner = create(&account, "Inner", &[]).await;
        let value = json!([{"value": inner, "type": "Group"}]);
        let typed = json!([{"op": "add", "path": "members", "value": value}]);
        refuse(&account, &id, typed, &["members"]).await;
        let bare = json!([{"op": "add", "path": "members", "value": [{"value": inner}]}]);
        refuse(&account, &id, bare, &[&inner]).await;
        refuse(&account, &id, json!([{"op": "add", "path": "members", "value": [id]}]), &[&id])
            .await;
    }

    async fn a_member_without_value_is_refused(app: App) {
        let account = app.account(5).await;
        let id = create(&account, "Crew", &[]).await;
        let value = json!([{"display": "Nobody"}]);
        let add = json!([{"op": "add", "path": "members", "value": value}]);
        refuse(&account, &id, add, &["members", "value"]).await;
    }

    async fn a_membership_cannot_be_edited(app: App) {
        let account = app.account(5).await;
        let ada = account.provision("ada@kongair.example").await;
        let id = create(&account, "Crew", &[&ada]).await;
        let before = read(&account, &id).await;
        for (path, value) in [
            (format!("members[value eq \"{ada}\"].display"), json!("Other")),
            (format!("members[value eq \"{ada}\"]"), json!({"value": ada, "display": "Other"})),
            ("members.display".to_owned(), json!("Other")),
        ] {
            let operations = json!([{"op": "replace", "path": path, "value": value}]);
            let path = format!("/Groups/{id}");
            let error = account.scim.patch(&path, patch(operations)).await.expect(400);
            assert_eq!(error["scimType"], "mutability", "{error}");
        }
        assert_eq!(read(&account, &id).await, before);
    }

    async fn a_group_needs_a_name(app: App) {
        let account = app.account(5).await;
        let id = create(&account, "Crew", &[]).await;
        for name in [json!(""), json!(null), json!("  ")] {
            let error = account.scim.post("/Groups", json!({"displayName": name})).await;
            let error = error.expect(400);
            assert_eq!(error["scimType"], "invalidValue");
            assert!(error["detail"].as_str().unwrap().contains("displayName"), "{error}");
        }
        let blank = json!([{"op": "replace", "path": "displayName", "value": " "}]);
        refuse(&account, &id, blank, &["displayName"]).await;
        // RFC 7644 §3.5.2.2: what is required cannot be removed.
        let remove = json!([{"op": "remove", "path": "displayName"}]);
        let response = account.scim.patch(&format!("/Groups/{id}"), patch(remove)).await;
        assert_eq!(response.expect(400)["scimType"], "mutability");
        assert_eq!(read(&account, &id).await["displayName"], "Crew");
    }

    async fn an_unknown_group_is_not_found(app: App) {
        let account = app.account(5).await;
        let other = app.account_named("Other", "other.example", 5).await;
        let foreign = create(&other, "Crew", &[]).await;
        for id in ["no-such-group", &foreign] {
            let path = format!("/Groups/{id}");
            let rename = json!([{"op": "replace", "path": "displayName", "value": "X"}]);
            for response in [
                account.scim.get(&path).await,
                account.scim.put(&path, group("X", &[])).await,
                account.scim.patch(&path, patch(rename)).await,
                account.scim.delete(&path).await,
            ] {
                let error = response.expect(404);
                assert!(error["detail"].as_str().unwrap().contains(id), "{error}");
            }
        }
        assert_eq!(read(&other, &foreign).await["displayName"], "Crew");
    }
}
