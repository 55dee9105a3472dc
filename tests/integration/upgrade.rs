//! A database of the first release, brought up to date with what is in it.

mod expanding;
mod persons;

use insomnia_scim::enterprise::token;
use insomnia_scim::store::DatabaseUrl;
use serde_json::json;

use crate::support::{App, Client, on_both_empty_databases};

const SQLITE: &str = include_str!("../../migrations/sqlite/2026-11-24-000000_core/up.sql");
const POSTGRES: &str = include_str!("../../migrations/postgres/2026-11-24-000000_core/up.sql");

/// What diesel notes of the first migration, and an account with one of everything.
fn contents(bytes: impl Fn(&[u8]) -> String) -> String {
    let (admin, scim) = (bytes(&token::hash("admin")), bytes(&token::hash("scim")));
    format!(
        "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, \
         run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);
         INSERT INTO __diesel_schema_migrations (version) VALUES ('20261124000000');
         INSERT INTO enterprises (pk, id, name, name_key, plan, plan_active, seats_total, \
         invite_control, created_at, sso_configured_at) \
         VALUES (1, 'ent_1', 'KongAir', 'kongair', 'enterprise', TRUE, 5, 'verified_domains', 1, 1);
         INSERT INTO domains (pk, enterprise_pk, name, verified_at) \
         VALUES (1, 1, 'kongair.example', 1);
         INSERT INTO users (pk, id, email, email_key, created_at) \
         VALUES (1, 'acct_1', 'olive@kongair.example', 'olive@kongair.example', 1);
         INSERT INTO members (pk, id, enterprise_pk, user_pk, role, source, active, seat_since, \
         user_name, user_name_key, document, version, created_at, modified_at) \
         VALUES (1, 'member-1', 1, 1, 'owner', 'manual', TRUE, 1, 'olive@kongair.example', \
         'olive@kongair.example', '{{}}', 1, 1, 1);
         UPDATE enterprises SET founded = TRUE;
         INSERT INTO organizations (pk, id, enterprise_pk, name, name_key, created_at) \
         VALUES (1, 'org_1', 1, 'Cargo', 'cargo', 1);
         INSERT INTO invitations (pk, id, enterprise_pk, email, email_key, state, created_at, \
         expires_at) VALUES (1, 'uinv_1', 1, 'amelia@kongair.example', 'amelia@kongair.example', \
         'pending', 1, 99999999999999);
         INSERT INTO invitation_organizations (invitation_pk, organization_pk, role) \
         VALUES (1, 1, 'admin');
         INSERT INTO outbox (enterprise_pk, recipient, subject, body, created_at) \
         VALUES (1, 'olive@kongair.example', 'Waiting', 'since before', 1);
         INSERT INTO connectors (pk, id, enterprise_pk, enabled, created_at) \
         VALUES (1, 'connector-1', 1, TRUE, 1);
         INSERT INTO connector_tokens (connector_pk, hash, created_at) VALUES (1, {scim}, 1);
         INSERT INTO admin_tokens (member_pk, hash, created_at) VALUES (1, {admin}, 1);"
    )
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

on_both_empty_databases! {
    async fn everything_in_it_is_there_afterwards(database: Database) {
        match &database.url {
            DatabaseUrl::Sqlite(_) => {
                database.execute(SQLITE);
                database.execute(&contents(|bytes| format!("x'{}'", hex(bytes))));
            }
            DatabaseUrl::Postgres(_) => {
                database.execute(POSTGRES);
                database.execute(&contents(|bytes| format!("'\\x{}'::bytea", hex(bytes))));
                // The rows came with their numbers; the next ones follow.
                for table in ["enterprises", "domains", "users", "members", "organizations", "invitations", "connectors"] {
                    database.execute(&format!("ALTER TABLE {table} ALTER COLUMN pk RESTART WITH 100"));
                }
            }
        }
        let app = App::start(database);
        let admin = Client::new(format!("{}/api/v1", app.url), "admin".to_owned());
        let scim = Client::new(format!("{}/scim/v2/connector-1", app.url), "scim".to_owned());
        let seats = admin.get("/seats").await.expect(200);
        assert_eq!((&seats["members"], &seats["pending_invitations"]), (&json!(1), &json!(1)));
        let domains = admin.items("/domains").await;
        assert_eq!((&domains[0]["name"], &domains[0]["state"]), (&json!("kongair.example"), &json!("verified")));
        assert_eq!(admin.get("/invite-control").await.expect(200)["rule"], "verified_domains");
        assert_eq!(admin.items("/organizations").await[0]["name"], "Cargo");
        assert_eq!(admin.items("/tokens").await[0]["name"], "bootstrap");
        assert_eq!(admin.get("/connector").await.expect(200)["status"], "valid");
        assert_eq!(scim.get("/Users").await.expect(200)["totalResults"], 1);
        app.background().await;
        assert_eq!(app.mailbox.to("olive@kongair.example")[0].subject, "Waiting");
        // And what waits for a seat is let in as before.
        let amelia = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": "amelia@kongair.example"});
        scim.post("/Users", amelia).await.expect(201);
        let collaborators = admin.items("/organizations/org_1/collaborators").await;
        assert!(collaborators.iter().any(|one| one["email"] == "amelia@kongair.example" && one["role"] == "admin"));
        assert_eq!(admin.get("/seats").await.expect(200)["used"], 2);
    }
}
