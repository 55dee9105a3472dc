//! Roles in the account, and the end of a membership (docs/domain.md, *Words*, §4).

use insomnia_scim::enterprise::Role;
use serde_json::json;

use crate::support::{at_once, on_both_databases, text};

on_both_databases! {
    async fn an_owner_hands_over_and_the_last_one_stays(app: App) {
        let account = app.account(5).await;
        let admin = &account.admin;
        let owner = text(&admin.items("/members").await[0], "id");
        let path = format!("/members/{owner}");
        assert_eq!(admin.get(&path).await.expect(200)["role"], "owner");
        let refused = admin.patch(&path, json!({"role": "member"})).await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:last-owner");
        let heir = account.add_member("heir@kongair.example", "member").await;
        let heirs = format!("/members/{heir}");
        assert_eq!(admin.patch(&heirs, json!({"role": "owner"})).await.expect(200)["role"], "owner");
        let heir = admin.with_token(&account.token_for(&app, &heir).await);
        assert_eq!(heir.patch(&path, json!({"role": "billing-only"})).await.expect(200)["role"], "billing-only");
        admin.get("/members").await.expect(403);
        admin.get("/licences").await.expect(200);
        let log = heir.items_of("/audit-log?action=member.role-changed").await;
        assert_eq!((&log[0]["before"], &log[0]["after"]), (&json!({"role": "owner"}), &json!({"role": "billing-only"})));
    }

    async fn two_owners_who_leave_at_once_leave_one(app: App) {
        let account = app.account(5).await;
        account.add_member("second@kongair.example", "owner").await;
        let members = account.admin.items("/members").await;
        let changes = members.iter().map(|member| {
            let (client, path) = (account.admin.clone(), format!("/members/{}", text(member, "id")));
            async move { client.patch(&path, json!({"role": "co-owner"})).await.status }
        });
        let mut statuses = at_once(changes.collect::<Vec<_>>()).await;
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 403]);
        let members = account.admin.items("/members").await;
        let owners = members.iter().filter(|member| member["role"] == "owner").count();
        assert_eq!(owners, 1, "{members:?}");
    }

    async fn only_an_owner_makes_and_unmakes_owners_and_co_owners(app: App) {
        let account = app.account(9).await;
        let admin = &account.admin;
        let owner = text(&admin.items("/members").await[0], "id");
        let co_owner = admin.with_token(&account.token_of(&app, Role::CoOwner).await);
        let other = account.add_member("other@kongair.example", "co-owner").await;
        let member = account.add_member("member@kongair.example", "member").await;
        for (id, role) in [(&owner, "member"), (&other, "member"), (&member, "owner"), (&member, "co-owner")] {
            let refused = co_owner.patch(&format!("/members/{id}"), json!({"role": role})).await.expect(403);
            assert_eq!(refused["type"], "urn:insomnia:problem:owners-only", "{id} {role}");
        }
        for role in ["owner", "co-owner"] {
            let new = json!({"email": "new@kongair.example", "role": role});
            co_owner.post("/members", new).await.expect(403);
        }
        co_owner.delete(&format!("/licences/{other}")).await.expect(403);
        let billing = json!({"role": "billing-only"});
        co_owner.patch(&format!("/members/{member}"), billing).await.expect(200);
        co_owner.delete(&format!("/licences/{member}")).await.expect(204);
        // A token of the owner that is not for owners cannot either.
        let scoped = json!({"name": "script", "scopes": ["members:manage"], "expires_in_days": 1});
        let scoped = text(&admin.post("/tokens", scoped).await.expect(201), "secret");
        let scoped = admin.with_token(&scoped);
        scoped.patch(&format!("/members/{other}"), json!({"role": "member"})).await.expect(403);
        admin.patch(&format!("/members/{other}"), json!({"role": "member"})).await.expect(200);
    }

    async fn who_is_removed_stays_known_and_reaches_nothing(app: App) {
        let account = app.account(5).await;
        let cargo = account.add_organization("Cargo").await;
        let pilot = account.add_member("pilot@kongair.example", "member").await;
        let path = format!("/organizations/{cargo}/collaborators");
        account.admin.post(&path, json!({"email": "pilot@kongair.example"})).await.expect(201);
        let token = account.token_for(&app, &pilot).await;
        app.signed_in("pilot@kongair.example").await;
        account.admin.delete(&format!("/licences/{pilot}")).await.expect(204);
        assert_eq!(account.recount().await, 1);
        account.admin.with_token(&token).get(&format!("/organizations/{cargo}")).await.expect(401);
        let me = app.signed_in("pilot@kongair.example").await.get("/session").await.expect(200);
        assert_eq!(me["accounts"], json!([]), "the person can still sign in");
        let again = account.add_member("pilot@kongair.example", "member").await;
        assert_ne!(again, pilot);
        assert!(account.access(&again).await.is_empty());
        let log = account.admin.items_of("/audit-log?action=member.removed").await;
        assert_eq!(log[0]["target"]["name"], "pilot@kongair.example");
    }
}
