//! Sorting (RFC 7644 §3.4.2.3).

use serde_json::json;

use super::*;
use crate::support::{group, on_both_databases, texts};

/// The first names of the users in this order.
async fn sorted(account: &Account, by: &str, order: &str) -> String {
    let query =
        [("sortBy", by), ("sortOrder", order), ("filter", "userName ne \"owner@kongair.example\"")];
    let page = account.scim.query("/Users", &query).await.expect(200);
    let names = texts(&page["Resources"], "userName");
    names.iter().map(|name| name.split('@').next().unwrap()).collect::<Vec<_>>().join(" ")
}

on_both_databases! {
    async fn users_are_sorted_by_whatever_they_have(app: App) {
        let account = app.account(10).await;
        let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let custom = "urn:kongair:params:scim:schemas:extension:crew:1.0:User";
        for (name, more) in [
            ("Cleo", json!({"title": "b", "active": false, "name": {"familyName": "Zed"},
                enterprise: {"department": "Air"}, custom: {"badge": 9}})),
            ("ann", json!({"title": "C", "name": {"familyName": "ärmel"}, custom: {"badge": 10}})),
            ("Bob", json!({"title": "a", "name": {"familyName": "Abel"}, custom: {"badge": -1.5},
                "emails": [
                    {"value": "zzz@x.example", "type": "home"},
                    {"value": "aaa@x.example", "type": "work", "primary": true},
                ]})),
            ("dora", json!({"name": {"familyName": "abel"}, "externalId": "1"})),
        ] {
            user_with(&account, &format!("{name}@kongair.example"), more).await;
            app.clock.advance(1000);
        }
        for (by, ascending, descending) in [
            ("userName", "ann Bob Cleo dora", "dora Cleo Bob ann"),
            ("USERNAME", "ann Bob Cleo dora", "dora Cleo Bob ann"),
            // Without a value: last, descending first; alike: in the order of their making.
            ("title", "Bob Cleo ann dora", "dora ann Cleo Bob"),
            ("name.familyName", "Bob dora Cleo ann", "ann Cleo Bob dora"),
            ("active", "Cleo ann Bob dora", "ann Bob dora Cleo"),
            ("emails", "Bob ann Cleo dora", "dora Cleo ann Bob"),
            ("emails.value", "Bob ann Cleo dora", "dora Cleo ann Bob"),
            ("meta.created", "Cleo ann Bob dora", "dora Bob ann Cleo"),
            ("externalId", "dora Cleo ann Bob", "Cleo ann Bob dora"),
            (&format!("{enterprise}:department"), "Cleo ann Bob dora", "ann Bob dora Cleo"),
            (&format!("{custom}:badge"), "Bob Cleo ann dora", "dora ann Cleo Bob"),
            ("urn:ietf:params:scim:schemas:core:2.0:User:userName", "ann Bob Cleo dora",
                "dora Cleo Bob ann"),
        ] {
            assert_eq!(sorted(&account, by, "ascending").await, ascending, "{by}");
            assert_eq!(sorted(&account, by, "").await, ascending, "{by}");
            assert_eq!(sorted(&account, by, "Descending").await, descending, "{by}");
        }
    }

    async fn groups_are_sorted_by_name(app: App) {
        let account = app.account(5).await;
        for name in ["beta", "Alpha", "gamma", "Älpha"] {
            account.scim.post("/Groups", group(name, &[])).await.expect(201);
        }
        let page = account.scim.get("/Groups?sortBy=displayName").await.expect(200);
        assert_eq!(texts(&page["Resources"], "displayName"), ["Alpha", "beta", "gamma", "Älpha"]);
        let page = account.scim.get("/Groups?sortBy=displayName&sortOrder=descending").await;
        let names = texts(&page.expect(200)["Resources"], "displayName");
        assert_eq!(names, ["Älpha", "gamma", "beta", "Alpha"]);
    }

    async fn what_cannot_sort_is_refused_by_name(app: App) {
        let account = app.account(5).await;
        for (by, named) in [("shoeSize", "shoeSize"), ("name", "familyName"), ("password", "password")] {
            let response = account.scim.get(&format!("/Users?sortBy={by}")).await;
            let detail = refused(response, 400, Some("invalidPath"));
            assert!(detail.contains("sortBy") && detail.contains(named), "{detail}");
        }
        let response = account.scim.get("/Users?sortBy=userName&sortOrder=up").await;
        let detail = refused(response, 400, Some("invalidValue"));
        assert!(detail.contains("sortOrder"), "{detail}");
    }
}
