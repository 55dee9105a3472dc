//! Removing domains.

use serde_json::json;

use super::start;
use crate::support::{on_both_migrated_databases, text};

on_both_migrated_databases! {
    async fn the_last_verified_domain_stays_while_something_needs_it(database: Database) {
        let (app, dns) = start(database).await;
        let account = app.account(5).await;
        let first = account.first_domain().await;
        let path = format!("/domains/{first}");
        account.add_domain("waits.example").await;
        let said = async |needs: &str| {
            let refused = account.admin.delete(&path).await.expect(409);
            assert_eq!(refused["type"], "urn:insomnia:problem:domain-needed");
            let detail = text(&refused, "detail");
            assert!(detail.contains(needs), "{detail}");
        };
        // The operator's word that single sign-on is configured needs no domain.
        said("SCIM needs").await;
        let connection = json!({"domain": "kongair.example"});
        account.admin.post("/sso-connections", connection).await.expect(201);
        app.database.execute(
            "UPDATE sso_connections SET settings = '{}', verified_at = 1, is_on = TRUE",
        );
        said("single sign-on and SCIM need").await;
        app.database.execute("UPDATE connectors SET enabled = FALSE");
        said("single sign-on needs").await;
        app.database.execute("DELETE FROM sso_connections");
        app.database.execute("UPDATE connectors SET enabled = TRUE");
        let second = account.verified_domain(&dns, "cargo.example").await;
        account.admin.delete(&path).await.expect(204);
        account.admin.get(&path).await.expect(404);
        account.admin.delete(&format!("/domains/{second}")).await.expect(409);
        app.database.execute("UPDATE connectors SET enabled = FALSE");
        account.admin.delete(&format!("/domains/{second}")).await.expect(204);
        let log = account.admin.items_of(&format!("/audit-log?target={second}")).await;
        assert_eq!(log[0]["action"], "domain.removed");
        assert_eq!(log[0]["before"]["name"], "cargo.example");
    }

    async fn a_domain_with_a_single_sign_on_connection_stays(database: Database) {
        let (app, dns) = start(database).await;
        let account = app.account(5).await;
        let id = account.verified_domain(&dns, "cargo.example").await;
        let new = serde_json::json!({"domain": "cargo.example"});
        let made = account.admin.post("/sso-connections", new).await.expect(201);
        let refused = account.admin.delete(&format!("/domains/{id}")).await.detail(409);
        assert!(refused.contains("Remove the connection first"), "{refused}");
        let connection = format!("/sso-connections/{}", text(&made, "id"));
        account.admin.delete(&connection).await.expect(204);
        account.admin.delete(&format!("/domains/{id}")).await.expect(204);
    }

    async fn a_domain_that_waits_can_always_be_removed(database: Database) {
        let (app, _dns) = start(database).await;
        let account = app.account(5).await;
        let id = text(&account.add_domain("cargo.example").await, "id");
        account.admin.delete(&format!("/domains/{id}")).await.expect(204);
        account.add_domain("cargo.example").await;
    }

    async fn subdomains_stay_verified_without_their_root(database: Database) {
        let (app, dns) = start(database).await;
        let account = app.account(5).await;
        let root = account.verified_domain(&dns, "cargo.example").await;
        let below = text(&account.add_domain("eu.cargo.example").await, "id");
        account.admin.delete(&format!("/domains/{root}")).await.expect(204);
        let below = account.admin.get(&format!("/domains/{below}")).await.expect(200);
        assert_eq!(below["state"], "verified");
        assert_eq!(account.add_domain("us.cargo.example").await["state"], "pending");
    }
}
