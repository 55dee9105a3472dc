//! Step 5 of onboarding, in its own words.

use serde_json::json;

use super::{publish, start};
use crate::support::{on_both_migrated_databases, text};

on_both_migrated_databases! {
    async fn step_5_domains(database: Database) {
        let (app, dns) = start(database).await;
        let account = app.account_without_domain("KongAir", "owner@kongair.example", 3).await;
        assert!(account.admin.items("/domains").await.is_empty());

        // Unique record: the domain is added, its TXT record copied and published, then looked up.
        let kongair = account.add_domain("KongAir.example").await;
        let id = text(&kongair, "id");
        let early = account.verify(&id).await.detail(409);
        assert!(early.contains("Publish a TXT record"), "{early}");
        publish(&dns, &kongair);
        assert_eq!(account.verify(&id).await.expect(200)["state"], "verified");

        // Root record: a subdomain of it is verified at once, with no new record.
        let cargo = account.add_domain("cargo.kongair.example").await;
        assert_eq!(cargo["verified_by"], "root_record");

        // A domain can be verified in one account only.
        let rival = app.account_without_domain("Rival", "owner@rival.example", 3).await;
        let theirs = rival.add_domain("kongair.example").await;
        publish(&dns, &theirs);
        rival.verify(&text(&theirs, "id")).await.expect(409);

        // Unclaimed accounts of the domain, exported as CSV.
        app.join("early@kongair.example").await.expect(200);
        let path = format!("/domains/{id}/unclaimed-accounts.csv");
        let csv = account.admin.get(&path).await.expect(200);
        assert!(csv.as_str().unwrap().contains("early@kongair.example"), "{csv}");

        // Lock: uninvited users of that domain get no access.
        account.set_rule(&id, false, true).await.expect(200);
        app.join("amelia@kongair.example").await.expect(403);

        // Capture: new sign-ups join the account and take a seat; capture wins over lock.
        account.set_rule(&id, true, true).await.expect(200);
        for name in ["bessie", "charles"] {
            let joined = app.join(&format!("{name}@kongair.example")).await.expect(200);
            account.member(&text(&joined, "member_id")).await;
        }
        // With no seat left the sign-up is refused.
        let refused = app.join("dora@kongair.example").await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:no-free-seat");
        assert_eq!(account.recount().await, 3);

        // The last verified domain is needed by single sign-on and SCIM.
        account.admin.delete(&format!("/domains/{id}")).await.expect(204);
        let last = format!("/domains/{}", text(&cargo, "id"));
        account.admin.delete(&last).await.expect(409);

        // All of it is in the audit log.
        let log = account.admin.items_of("/audit-log?limit=100").await;
        for action in ["domain.added", "domain.verified", "domain.changed", "domain.removed"] {
            assert!(log.iter().any(|entry| entry["action"] == json!(action)), "{action}");
        }
    }
}
