//! The list of licences: filters beyond source and text.

use serde_json::json;

use super::{listed, provision};
use crate::support::on_both_databases;

on_both_databases! {
    async fn licences_are_filtered_by_role_use_and_reach(app: App) {
        let account = app.account(9).await;
        let admin = &account.admin;
        let cargo = account.add_organization("Cargo").await;
        let flight = account.add_team("Flight", &[&cargo]).await;
        account.add_member("second@kongair.example", "co-owner").await;
        provision(&account, "pilot@kongair.example", ("Pia", "Pilot", "Pia Pilot")).await;
        account.join(&flight, "pilot@kongair.example").await;
        account.add_member("direct@kongair.example", "member").await;
        let path = format!("/organizations/{cargo}/collaborators");
        admin.post(&path, json!({"email": "direct@kongair.example"})).await.expect(201);
        account.invite("pia.guest@kongair.example", &cargo).await;
        for (email, day) in [("pilot", 20_454), ("second", 20_400)] {
            app.database.execute(&format!(
                "INSERT INTO member_activity (member_pk, day, enterprise_pk) \
                 SELECT pk, {day}, enterprise_pk FROM members \
                 WHERE user_name = '{email}@kongair.example'"
            ));
        }
        // Whoever asks is active.
        let not_the_owner = |mut found: Vec<String>| {
            found.retain(|email| email != "owner@kongair.example");
            found
        };
        for (query, found) in [
            ("role=co-owner", vec!["second"]),
            ("role=member", vec!["pilot", "direct"]),
            ("not_active_for=30", vec!["second", "direct"]),
            ("not_active_for=60", vec!["direct"]),
            ("reaches_organizations=false", vec!["second"]),
            ("reaches_organizations=true", vec!["pilot", "direct"]),
            ("search=pia", vec!["pilot", "pia.guest"]),
            ("search=pilot+pia&source=scim", vec!["pilot"]),
            ("search=pia&source=invitation", vec!["pia.guest"]),
            ("search=pia&role=co-owner", vec![]),
            ("source=captured", vec![]),
        ] {
            let shown = not_the_owner(listed(admin, &format!("/licences?{query}"), "email").await);
            let found: Vec<_> = found.iter().map(|name| format!("{name}@kongair.example")).collect();
            assert_eq!(shown, found, "{query}");
        }
        let page = admin.get("/licences?search=pilot").await.expect(200);
        assert_eq!(page["total"], 5, "all seats in use, whatever the filter");
        let pilot = &page["items"][0];
        assert_eq!(pilot["last_active"], "2026-01-01");
        assert_eq!(pilot["reaches_organizations"], true);
        let guest = admin.get("/licences?source=invitation").await.expect(200)["items"][0].clone();
        assert_eq!((&guest["last_active"], &guest["reaches_organizations"]), (&json!(null), &json!(null)));
        for wrong in ["not_active_for=0", "not_active_for=101", "reaches_organizations=maybe"] {
            admin.get(&format!("/licences?{wrong}")).await.expect(400);
        }
    }
}
