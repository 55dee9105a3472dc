//! Storage control's refusals and scopes (docs/domain.md §8).

use serde_json::json;

use crate::support::on_both_databases;

on_both_databases! {
    async fn nothing_allowed_or_unknown_kinds_are_refused(app: App) {
        let account = app.account(5).await;
        let admin = &account.admin;
        let cargo = account.add_organization("Cargo").await;
        let path = format!("/organizations/{cargo}/storage-control");
        for (rule, status) in [
            (json!({"personal_workspaces": [], "organizations": ["git_sync"]}), 422),
            (json!({"personal_workspaces": ["git_sync"], "organizations": []}), 422),
            (json!({"personal_workspaces": ["floppy"], "organizations": ["git_sync"]}), 400),
            (json!({"organizations": ["git_sync"]}), 400),
        ] {
            admin.put("/storage-control", rule).await.expect(status);
        }
        admin.put(&path, json!({"allowed": []})).await.expect(422);
        admin.put("/organizations/org_none/storage-control", json!({"allowed": ["git_sync"]})).await.expect(404);
        let rule = admin.get(&path).await.expect(200);
        assert_eq!(rule["allowed"], json!(["cloud_sync", "local_vault", "git_sync"]));
        assert_eq!(rule["is_overridden"], false);
    }

    async fn a_rule_of_an_organizations_own_outlives_the_accounts_and_is_logged(app: App) {
        let account = app.account(5).await;
        let admin = &account.admin;
        let cargo = account.add_organization("Cargo").await;
        let path = format!("/organizations/{cargo}/storage-control");
        admin.put(&path, json!({"allowed": ["git_sync", "local_vault"]})).await.expect(200);
        let rule = json!({"personal_workspaces": ["cloud_sync"], "organizations": ["cloud_sync"]});
        admin.put("/storage-control", rule.clone()).await.expect(200);
        let own = json!({"allowed": ["local_vault", "git_sync"], "is_overridden": true});
        assert_eq!(admin.get(&path).await.expect(200), own);
        let log = admin.items_of("/audit-log?action=storage-control.changed").await;
        assert_eq!(log.len(), 2);
        assert_eq!(log[0]["after"], rule);
        assert_eq!(log[1]["target"]["id"], cargo.as_str());
        // Another account has its own rule.
        let rival = app.account_named("Rival", "rival.example", 5).await;
        let theirs = rival.admin.get("/storage-control").await.expect(200);
        assert_eq!(theirs["organizations"], json!(["cloud_sync", "local_vault", "git_sync"]));
        rival.admin.get(&path).await.expect(404);
        // It is a part of Enterprise.
        app.database.execute("UPDATE enterprises SET plan = 'pro'");
        admin.put("/storage-control", rule).await.expect(403);
    }
}
