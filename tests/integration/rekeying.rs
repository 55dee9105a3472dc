//! Keys that an earlier release made, brought to the rules of this one.

use diesel::{Connection, PgConnection};
use insomnia_scim::store::DatabaseUrl;
use serde_json::json;

use crate::support::{Account, App, on_both_databases, patch, text, user};

/// Makes the database one whose keys are to be looked at again.
fn forget(app: &App) {
    app.database.execute("DELETE FROM key_versions");
}

/// Gives a member another name and address, with the keys of an earlier release.
fn call(app: &App, id: &str, name: &str) {
    let key = name.to_lowercase();
    app.database.execute(&format!(
        "UPDATE member_emails SET email_key = '{key}' \
         WHERE member_pk = (SELECT pk FROM members WHERE id = '{id}');
         UPDATE members SET user_name = '{name}', user_name_key = '{key}', display_name = '{name}', \
         display_name_key = '{key}', document = '{{\"emails\":[{{\"value\":\"{name}\"}}]}}' \
         WHERE id = '{id}';"
    ));
}

async fn found(account: &Account, filter: &str) -> Vec<String> {
    let found = account.scim.filter("/Users", filter).await.expect(200);
    found["Resources"].as_array().unwrap().iter().map(|one| text(one, "id")).collect()
}

on_both_databases! {
    async fn what_had_another_key_is_found_by_its_new_one(app: App) {
        let account = app.account(9).await;
        let id = account.provision("first@kongair.example").await;
        let team = account.add_team("Plain", &[]).await;
        let cargo = account.add_organization("Cargo").await;
        let invited = account.invite("second@kongair.example", &cargo).await;
        call(&app, &id, "Ame\u{301}lia@bücher.example ");
        app.database.execute(&format!(
            "UPDATE teams SET name = 'Straße', name_key = 'straße' WHERE id = '{team}';
             UPDATE organizations SET name = 'Zu\u{308}rich', name_key = 'zu\u{308}rich' WHERE id = '{cargo}';
             UPDATE invitations SET email = 'Eva@bücher.example', email_key = 'eva@bücher.example' WHERE id = '{invited}';"
        ));
        forget(&app);
        let node = app.second_node();
        let account = account.through(&node);
        for filter in [
            "userName eq \"amélia@xn--bcher-kva.example\"",
            "emails.value eq \"AMÉLIA@bücher.example\"",
            "displayName eq \"amélia@BÜCHER.example\"",
        ] {
            assert_eq!(found(&account, filter).await, std::slice::from_ref(&id), "{filter}");
        }
        assert_eq!(account.admin.items("/name-conflicts").await, Vec::<serde_json::Value>::new());
        account.admin.post("/teams", json!({"name": "STRASSE"})).await.expect(409);
        account.admin.post("/organizations", json!({"name": "zürich"})).await.expect(409);
        account.provision("eva@xn--bcher-kva.example").await;
        assert_eq!(account.invitation_state(&invited).await, "accepted");
        assert_eq!(account.recount().await, 3);
    }

    async fn two_that_are_one_now_are_kept_apart_until_one_is_renamed(app: App) {
        let account = app.account(9).await;
        let first = account.provision("first@kongair.example").await;
        let second = account.provision("second@kongair.example").await;
        let (one, other) = ("josé@kongair.example", "jose\u{301}@kongair.example");
        // The later one has the new key already, and gives way all the same.
        call(&app, &first, other);
        call(&app, &second, one);
        let teams = [account.add_team("Flight", &[]).await, account.add_team("Sales", &[]).await];
        for (team, name) in teams.iter().zip(["Zürich", "Zu\u{308}rich"]) {
            app.database.execute(&format!(
                "UPDATE teams SET name = '{name}', name_key = lower('{name}') WHERE id = '{team}'"
            ));
        }
        forget(&app);
        let node = app.second_node();
        let account = account.through(&node);
        let conflicts = account.admin.items("/name-conflicts").await;
        let seen = |kind: &str| {
            let conflict = conflicts.iter().find(|one| one["kind"] == kind).unwrap();
            (text(conflict, "id"), text(conflict, "other_id"))
        };
        assert_eq!(conflicts.len(), 2, "{conflicts:?}");
        assert_eq!(seen("member"), (second.clone(), first.clone()));
        assert_eq!(seen("team"), (teams[1].clone(), teams[0].clone()));
        assert_eq!(found(&account, &format!("userName eq \"{one}\"")).await, std::slice::from_ref(&first));
        // Who does not touch the name changes what else there is.
        let title = json!([{"op": "add", "path": "title", "value": "Pilot"}]);
        for id in [&first, &second] {
            account.scim.patch(&format!("/Users/{id}"), patch(title.clone())).await.expect(200);
        }
        let external = json!([{"op": "add", "path": "externalId", "value": "00u"}]);
        account.scim.patch(&format!("/Users/{second}"), patch(external)).await.expect(200);
        account.scim.put(&format!("/Users/{second}"), user(one)).await.expect(200);
        let described = json!({"description": "The later one"});
        account.admin.patch(&format!("/teams/{}", teams[1]), described).await.expect(200);
        // A third one of that name is none of them.
        account.scim.post("/Users", user(other)).await.expect(409);
        let eva = user("eva@kongair.example");
        account.scim.put(&format!("/Users/{second}"), eva).await.expect(200);
        account.admin.delete(&format!("/teams/{}", teams[0])).await.expect(204);
        // Where the other one is gone, the name is its own from the next start on.
        let node = app.second_node();
        let account = account.through(&node);
        assert!(account.admin.items("/name-conflicts").await.is_empty());
        account.admin.post("/teams", json!({"name": "zürich"})).await.expect(409);
    }

    async fn what_a_release_without_search_has_written_is_found_once_its_nodes_are_gone(app: App) {
        // On SQLite there is one node, and no other release beside it.
        let DatabaseUrl::Postgres(url) = &app.database.url else { return };
        let account = app.account(9).await;
        let before = || {
            let name = "application_name=insomnia-scim%2F0123456789ab%2F1";
            let sign = if url.contains('?') { '&' } else { '?' };
            PgConnection::establish(&format!("{url}{sign}{name}")).unwrap()
        };
        let finds = async |search: &str| {
            account.admin.items_of(&format!("/teams?search={search}")).await.len()
        };
        let write = |name: &str| {
            app.database.execute(&format!(
                "UPDATE teams SET name = '{name}', name_key = lower('{name}');
                 DELETE FROM search_terms WHERE kind = 'team'"
            ));
        };
        account.add_team("Flight Crew", &[]).await;
        // A node of the release before is at work when this one migrates.
        forget(&app);
        let old = before();
        let _node = app.second_node();
        write("Ground Staff");
        app.background().await;
        assert_eq!(finds("staff").await, 0);
        end(&app, old);
        app.clock.advance(RULES);
        app.background().await;
        assert_eq!(finds("staff").await, 1);
        // One comes back, and goes again.
        let old = before();
        app.clock.advance(RULES);
        app.background().await;
        write("Cabin Staff");
        end(&app, old);
        assert_eq!(finds("staff").await, 0);
        app.clock.advance(RULES);
        app.background().await;
        assert_eq!(finds("staff").await, 1);
    }
}

/// How often the rules are looked at.
const RULES: i64 = 5 * 60 * 1000;

/// Ends a connection, and waits until the database no longer lists it.
fn end(app: &App, connection: PgConnection) {
    drop(connection);
    let listed = "pg_stat_activity WHERE datname = current_database() \
        AND application_name = 'insomnia-scim/0123456789ab/1'";
    while app.database.count(listed) > 0 {
        std::thread::yield_now();
    }
}
