//! Certificates of identity providers that end.

use insomnia_scim::outside::saml::Certificate;
use serde_json::{Value, json};

use crate::support::{App, on_both_databases, text};

const DAY: i64 = 24 * 60 * 60 * 1000;
const PEM: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lib/saml-idp/keys/current.crt"));

/// What an address was told of certificates.
async fn told(app: &App, address: &str) -> Vec<String> {
    app.background().await;
    let mails = app.mailbox.to(address).into_iter().map(|mail| mail.subject);
    mails.filter(|subject| subject.contains("certificate")).collect()
}

on_both_databases! {
    async fn owners_and_co_owners_are_warned_of_its_end_once_at_each_step(app: App) {
        let account = app.account(5).await;
        account.add_member("carol@kongair.example", "co-owner").await;
        let saml = json!({
            "entity_id": "urn:idp", "sign_on_url": "https://idp.example/sso", "certificates": [PEM],
        });
        let new = json!({"domain": "kongair.example", "saml": saml});
        let id = text(&account.admin.post("/sso-connections", new).await.expect(201), "id");
        let path = format!("/sso-connections/{id}");
        app.database.execute("UPDATE sso_connections SET settings = draft, verified_at = 1");
        let shown = async || {
            let connection = account.admin.get(&path).await.expect(200);
            connection["settings"]["saml"]["certificates"][0].clone()
        };
        let end = Certificate::read(PEM).unwrap().not_after();
        assert_eq!(shown().await["expires_at"], end.to_rfc3339());
        assert_eq!(shown().await["warning"], Value::Null);
        // One that is off concerns nobody.
        app.clock.advance(end.0 - app.clock.now().0 - 40 * DAY);
        app.clock.advance(20 * DAY);
        assert_eq!(shown().await["warning"], "expires_soon");
        assert!(told(&app, "owner@kongair.example").await.is_empty());
        app.database.execute("UPDATE sso_connections SET is_on = TRUE");
        let health = account.admin.get("/connector/health").await.expect(200);
        let known = json!([{"domain": "kongair.example", "connection_id": id, "expires_at": end.to_rfc3339()}]);
        assert_eq!(health["sso_certificates"], known);
        for _ in 0..25 {
            app.clock.advance(DAY);
            app.background().await;
        }
        let title = "KongAir: a certificate of single sign-on for kongair.example";
        let day = &end.to_rfc3339()[..10];
        let soon = format!("{title} ends on {day}");
        let expected = [soon.clone(), soon.clone(), soon, format!("{title} has ended on {day}")];
        for address in ["owner@kongair.example", "carol@kongair.example"] {
            assert_eq!(told(&app, address).await, expected, "{address}");
        }
        assert_eq!(shown().await["warning"], "expired");
    }
}
