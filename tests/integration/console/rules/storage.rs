//! Storage control.

use serde_json::json;

use super::{OWNER, Visitor, refuses, says};
use crate::support::on_both_databases;

const STORAGE: &str = "/app/enterprise/storage";

on_both_databases! {
    async fn each_rule_of_the_account_is_changed_alone(app: App) {
        let account = app.account(5).await;
        let mut owner = Visitor::sign_in(&app, OWNER).await;
        says(&owner.page(STORAGE).await, &["Personal workspaces", "Organizations", "Cloud Sync", "Local Vault", "Git Sync"]);
        let edit = format!("{STORAGE}/edit/organizations");
        says(&owner.page(&edit).await, &["value=\"git_sync\" checked", "a Git repository"]);
        let (page, _) = owner.done(&edit, &[("organizations", "git_sync"), ("organizations", "local_vault")]).await;
        says(&page, &["The storage rule is saved."]);
        let all = json!(["cloud_sync", "local_vault", "git_sync"]);
        let expected = json!({"personal_workspaces": all, "organizations": ["local_vault", "git_sync"]});
        assert_eq!(account.admin.get("/storage-control").await.expect(200), expected);
        let refused = owner.send(&edit, &[]).await.page(422);
        refuses(&refused, "organizations", "at least one");
        owner.send(&edit, &[("organizations", "floppy")]).await.page(422);
        owner.done(&format!("{STORAGE}/edit/personal-workspaces"), &[("personal_workspaces", "cloud_sync")]).await;
        let expected = json!({"personal_workspaces": ["cloud_sync"], "organizations": ["local_vault", "git_sync"]});
        assert_eq!(account.admin.get("/storage-control").await.expect(200), expected);
        owner.get(&format!("{STORAGE}/edit/cellars")).await.page(404);
    }

    async fn an_organization_gets_its_own_rule_and_the_accounts_again(app: App) {
        let account = app.account(5).await;
        let cargo = account.add_organization("Cargo").await;
        let mut owner = Visitor::sign_in(&app, OWNER).await;
        says(&owner.page(STORAGE).await, &["counts in every organization", "Add"]);
        let add = format!("{STORAGE}/organizations/add");
        says(&owner.page(&add).await, &["Cargo", "value=\"cloud_sync\" checked"]);
        refuses(&owner.send(&add, &[("organization", &cargo)]).await.page(422), "allowed", "at least one");
        refuses(&owner.send(&add, &[("organization", "org_none"), ("allowed", "git_sync")]).await.page(404), "organization", "does not exist");
        owner.done(&add, &[("organization", &cargo), ("allowed", "git_sync")]).await;
        let rule = format!("/organizations/{cargo}/storage-control");
        let own = |allowed| json!({"allowed": allowed, "is_overridden": true});
        assert_eq!(account.admin.get(&rule).await.expect(200), own(json!(["git_sync"])));
        let edit = format!("{STORAGE}/organizations/{cargo}");
        says(&owner.page(&edit).await, &["Storage in Cargo", "value=\"git_sync\" checked"]);
        let (page, _) = owner.done(&edit, &[("allowed", "local_vault")]).await;
        says(&page, &["Cargo", "Use the account's rule"]);
        assert_eq!(account.admin.get(&rule).await.expect(200), own(json!(["local_vault"])));
        says(&owner.page(&format!("{edit}/reset")).await, &["Use the account's rule in Cargo?"]);
        owner.done(&format!("{edit}/reset"), &[]).await;
        assert_eq!(account.admin.get(&rule).await.expect(200)["is_overridden"], false);
    }
}
