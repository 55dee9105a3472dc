//! Adding, removing and replacing members, in every form that identity providers use.

use super::*;

/// A group named `Crew` of the first `inside` of these users.
async fn crew(account: &Account, users: usize, inside: usize) -> (String, Vec<String>) {
    let users = account.provision_many(users).await;
    let inside: Vec<&str> = users.iter().take(inside).map(String::as_str).collect();
    (create(account, "Crew", &inside).await, users)
}

async fn assert_members(account: &Account, id: &str, expected: &[&str]) {
    assert_eq!(members_of(account, id).await, set(expected));
    assert_eq!(team(account, id).await["member_count"], expected.len());
    let by_admin: BTreeSet<String> = sources(account, id).await.into_keys().collect();
    assert_eq!(by_admin, set(expected));
}

on_both_databases! {
    async fn members_are_added_in_every_form(app: App) {
        let account = app.account(20).await;
        let (id, u) = crew(&account, 9, 0).await;
        let forms = [
            json!({"op": "add", "path": "members", "value": [{"value": u[0]}]}),
            json!({"op": "Add", "path": "members", "value": [{"value": u[1], "$ref": null}]}),
            json!({"op": "add", "path": "members", "value": {"value": u[2], "display": "Zoe"}}),
            json!({"op": "ADD", "path": "Members", "value": [u[3]]}),
            json!({"op": "add", "value": {"members": [{"value": u[4], "type": "User"}]}}),
            json!({"op": "add", "path": "members", "value": [
                {"value": u[5]}, {"value": u[6]}, {"value": u[5], "display": "twice"},
            ]}),
            json!({
                "op": "add",
                "path": "urn:ietf:params:scim:schemas:core:2.0:Group:members",
                "value": [{"value": u[7]}],
            }),
        ];
        for form in forms {
            change(&account, &id, json!([form])).await;
        }
        let inside: Vec<&str> = u.iter().take(8).map(String::as_str).collect();
        assert_members(&account, &id, &inside).await;
    }

    async fn members_are_removed_in_every_form(app: App) {
        let account = app.account(20).await;
        let (id, u) = crew(&account, 11, 11).await;
        let mut inside: Vec<&str> = u.iter().map(String::as_str).collect();
        let forms = [
            (json!({"op": "remove", "path": format!("members[value eq \"{}\"]", u[0])}), 1),
            (json!({"op": "Remove", "path": "members", "value": [{"value": u[1]}]}), 1),
            (json!({"op": "Remove", "path": "members", "value": [
                {"$ref": null, "value": u[2]}, {"value": u[3]},
            ]}), 2),
            (json!({"op": "remove", "path": "members", "value": {"value": u[4]}}), 1),
            (json!({"op": "remove", "path": "members", "value": [u[5]]}), 1),
            (json!({
                "op": "remove",
                "path": format!("members[value eq \"{}\" or value eq \"{}\"]", u[6], u[7]),
            }), 2),
            (json!({"op": "remove", "path": "members[display eq \"USER8@kongair.example\"]"}), 1),
        ];
        for (form, fewer) in forms {
            change(&account, &id, json!([form])).await;
            inside.drain(..fewer);
            assert_members(&account, &id, &inside).await;
        }
        assert_eq!(account.seats().await.0, 12, "who leaves a team keeps the seat");
        change(&account, &id, json!([{"op": "remove", "path": "members"}])).await;
        assert_members(&account, &id, &[]).await;
        assert_eq!(read(&account, &id).await["members"], json!([]));
    }

    async fn a_remove_by_several_conditions_removes_who_meets_them_all(app: App) {
        let account = app.account(20).await;
        let (id, u) = crew(&account, 3, 3).await;
        let remove = |conditions: String| {
            json!([{"op": "remove", "path": format!("members[{conditions}]")}])
        };
        let nobody = remove(format!("value eq \"{}\" and value eq \"{}\"", u[0], u[1]));
        change(&account, &id, nobody).await;
        assert_members(&account, &id, &[&u[0], &u[1], &u[2]]).await;
        let one = remove(format!("value eq \"{}\" and type eq \"User\"", u[0]));
        change(&account, &id, one).await;
        assert_members(&account, &id, &[&u[1], &u[2]]).await;
        change(&account, &id, remove(format!("not (value eq \"{}\")", u[2]))).await;
        assert_members(&account, &id, &[&u[2]]).await;
    }

    async fn a_remove_of_an_empty_list_removes_nobody(app: App) {
        let account = app.account(20).await;
        let (id, u) = crew(&account, 2, 2).await;
        change(&account, &id, json!([{"op": "remove", "path": "members", "value": []}])).await;
        assert_members(&account, &id, &[&u[0], &u[1]]).await;
    }

    async fn members_are_replaced_in_every_form(app: App) {
        let account = app.account(20).await;
        let (id, u) = crew(&account, 4, 2).await;
        let value = |members: &[&String]| -> Value {
            members.iter().map(|member| json!({"value": member})).collect()
        };
        let replace = |v: Value| json!([{"op": "replace", "path": "members", "value": v}]);
        change(&account, &id, replace(value(&[&u[1], &u[2]]))).await;
        assert_members(&account, &id, &[&u[1], &u[2]]).await;
        change(&account, &id, replace(value(&[&u[3], &u[3]]))).await;
        assert_members(&account, &id, &[&u[3]]).await;
        change(&account, &id, replace(json!([]))).await;
        assert_members(&account, &id, &[]).await;

        // Without a path: with members they are replaced, without members they stay.
        let both = json!([{"op": "replace", "value": {
            "displayName": "Crew", "members": value(&[&u[0], &u[1]]),
        }}]);
        change(&account, &id, both).await;
        assert_members(&account, &id, &[&u[0], &u[1]]).await;
        let rename = json!([{"op": "replace", "value": {"id": id, "displayName": "Deck"}}]);
        change(&account, &id, rename).await;
        assert_members(&account, &id, &[&u[0], &u[1]]).await;
        let none = json!([{"op": "replace", "value": {"members": []}}]);
        change(&account, &id, none).await;
        assert_members(&account, &id, &[]).await;

        // PUT says the whole list.
        let path = format!("/Groups/{id}");
        account.scim.put(&path, group("Deck", &[&u[2], &u[3], &u[2]])).await.expect(200);
        assert_members(&account, &id, &[&u[2], &u[3]]).await;
        account.scim.put(&path, group("Deck", &[&u[3], &u[0]])).await.expect(200);
        assert_members(&account, &id, &[&u[0], &u[3]]).await;
        account.scim.put(&path, json!({"displayName": "Deck"})).await.expect(200);
        assert_members(&account, &id, &[]).await;
    }

    async fn operations_of_one_request_take_effect_in_their_order(app: App) {
        let account = app.account(20).await;
        let (id, u) = crew(&account, 3, 1).await;
        let operations = json!([
            {"op": "remove", "path": "members"},
            {"op": "add", "path": "members", "value": [{"value": u[1]}, {"value": u[2]}]},
            {"op": "remove", "path": format!("members[value eq \"{}\"]", u[2])},
            {"op": "replace", "path": "displayName", "value": "Deck"},
        ]);
        let after = change(&account, &id, operations).await;
        assert_eq!(after["displayName"], "Deck");
        assert_members(&account, &id, &[&u[1]]).await;
    }

    async fn what_is_so_already_succeeds_without_a_new_version(app: App) {
        let account = app.account(20).await;
        let (id, u) = crew(&account, 2, 1).await;
        let before = read(&account, &id).await;
        app.clock.advance(60_000);
        let operations = [
            json!({"op": "add", "path": "members", "value": [{"value": u[0]}]}),
            json!({"op": "add", "value": {"members": [{"value": u[0]}]}}),
            json!({"op": "Remove", "path": "members", "value": [{"value": u[1]}]}),
            json!({"op": "remove", "path": format!("members[value eq \"{}\"]", u[1])}),
            json!({"op": "remove", "path": "members[value eq \"no-such-id\"]"}),
            json!({"op": "Remove", "path": "members", "value": [{"value": "no-such-id"}]}),
            json!({"op": "replace", "path": "members", "value": [{"value": u[0]}]}),
            json!({"op": "replace", "path": "displayName", "value": "Crew"}),
            json!({"op": "replace", "value": {"id": id, "displayName": "Crew"}}),
        ];
        for operation in operations {
            assert_eq!(change(&account, &id, json!([operation])).await, before, "{operation}");
        }
        let path = format!("/Groups/{id}");
        let same = account.scim.put(&path, group("Crew", &[&u[0]])).await.expect(200);
        assert_eq!(same, before);
        assert_eq!(read(&account, &id).await, before);

        let add = json!([{"op": "add", "path": "members", "value": [{"value": u[1]}]}]);
        let after = change(&account, &id, add).await;
        assert_ne!(after["meta"]["version"], before["meta"]["version"]);
        assert_ne!(after["meta"]["lastModified"], before["meta"]["lastModified"]);
    }

    async fn members_put_in_by_hand_survive_a_replace_but_no_explicit_remove(app: App) {
        let account = app.account(20).await;
        let made = manual_team(&account).await;
        let ada = account.provision("ada@kongair.example").await;
        let bob = account.provision("bob@kongair.example").await;
        let hand = &made.member;
        account.scim.post("/Groups", group("Flight Crew", &[&ada])).await.expect(201);

        let replace = |v: Value| json!([{"op": "replace", "path": "members", "value": v}]);
        change(&account, &made.id, replace(json!([{"value": bob}]))).await;
        assert_members(&account, &made.id, &[hand, &bob]).await;
        change(&account, &made.id, replace(json!([]))).await;
        assert_members(&account, &made.id, &[hand]).await;
        let path = format!("/Groups/{}", made.id);
        account.scim.put(&path, group("Flight Crew", &[&ada])).await.expect(200);
        assert_members(&account, &made.id, &[hand, &ada]).await;
        assert_eq!(sources(&account, &made.id).await[hand], "manual");

        // The identity provider names the member, too; the administrator's reason stays.
        account.scim.put(&path, group("Flight Crew", &[&ada, hand])).await.expect(200);
        account.scim.put(&path, group("Flight Crew", &[&ada])).await.expect(200);
        assert_members(&account, &made.id, &[hand, &ada]).await;
        assert_eq!(sources(&account, &made.id).await[hand], "manual");

        let remove = json!([{"op": "remove", "path": format!("members[value eq \"{hand}\"]")}]);
        change(&account, &made.id, remove).await;
        assert_members(&account, &made.id, &[&ada]).await;
        assert!(reaches(&account, hand).await.is_empty());
    }

    async fn a_deleted_user_is_in_no_group(app: App) {
        let account = app.account(20).await;
        let (id, u) = crew(&account, 2, 2).await;
        let before = version(&account, &id).await;
        account.scim.delete(&format!("/Users/{}", u[0])).await.expect(204);
        assert_members(&account, &id, &[&u[1]]).await;
        assert_ne!(version(&account, &id).await, before);
        let filter = format!("members eq \"{}\"", u[0]);
        let found = account.scim.filter("/Groups", &filter).await.expect(200);
        assert_eq!(found["totalResults"], 0);
    }

    async fn a_deactivated_user_stays_listed_without_access(app: App) {
        let account = app.account(20).await;
        let made = manual_team(&account).await;
        let ada = account.provision("ada@kongair.example").await;
        account.scim.post("/Groups", group("Flight Crew", &[&ada])).await.expect(201);
        let active = |active: bool| {
            patch(json!([{"op": "replace", "path": "active", "value": active}]))
        };
        let path = format!("/Users/{ada}");
        account.scim.patch(&path, active(false)).await.expect(200);
        assert_members(&account, &made.id, &[&ada, &made.member]).await;
        assert!(reaches(&account, &ada).await.is_empty());
        account.scim.patch(&path, active(true)).await.expect(200);
        assert_members(&account, &made.id, &[&ada, &made.member]).await;
        assert_eq!(reaches(&account, &ada).await, set(&[&made.organization]));
    }
}
