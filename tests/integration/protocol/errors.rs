//! Endpoints that are not there, methods that they do not have, and too many requests.

use std::num::NonZeroU32;

use reqwest::Method;
use serde_json::json;

use super::*;
use crate::support::{
    App, Options, on_both_databases, on_both_migrated_databases, within_a_second,
};

on_both_databases! {
    async fn an_unknown_endpoint_is_not_found(app: App) {
        let account = app.account(5).await;
        for path in ["/Devices", "/User", "/Users/1/2", "/Bulk/1", "/Entitlements", "/ServiceConfig"]
        {
            for method in [Method::GET, Method::POST, Method::DELETE] {
                let response = account.scim.send(method, path, &[], None).await;
                refused(response, 404, None);
            }
        }
    }

    async fn the_letter_case_of_an_endpoint_does_not_matter(app: App) {
        let account = app.account(5).await;
        let id = account.provision("ada@kongair.example").await;
        let response = account.scim.get(&format!("/users/{id}")).await;
        let location = response.header("content-location").to_owned();
        assert_eq!(location, format!("{}/Users/{id}", account.scim.base));
        assert_eq!(response.expect(200)["meta"]["location"], location);
        assert_eq!(account.scim.get("/GROUPS").await.expect(200)["totalResults"], 0);
    }

    async fn a_wrong_method_is_answered_with_the_right_ones(app: App) {
        let account = app.account(5).await;
        let id = account.provision("ada@kongair.example").await;
        for (method, path, allowed) in [
            (Method::PUT, "/Users", "GET, HEAD, POST"),
            (Method::PATCH, "/Groups", "GET, HEAD, POST"),
            (Method::DELETE, "/Users", "GET, HEAD, POST"),
            (Method::POST, &format!("/Users/{id}"), "GET, HEAD, PUT, PATCH, DELETE"),
            (Method::OPTIONS, "/Users", "GET, HEAD, POST"),
            (Method::GET, "/Bulk", "POST"),
            (Method::DELETE, "/.search", "POST"),
            (Method::POST, "", "GET, HEAD"),
        ] {
            let response = account.scim.send(method, path, &[], None).await;
            assert_eq!(response.header("allow"), allowed, "{path}");
            refused(response, 405, None);
        }
        account.scim.get(&format!("/Users/{id}")).await.expect(200);
    }

    async fn after_the_plan_has_ended_everything_is_refused_and_kept(app: App) {
        let account = app.account(5).await;
        assert!(account.scim.base.ends_with(&account.made.connector_id));
        let id = account.provision("ada@kongair.example").await;
        let path = format!("/Users/{id}");
        let before = account.scim.get(&path).await.expect(200);
        app.database.execute("UPDATE enterprises SET plan_active = FALSE");
        within_a_second(&account.scim, 403).await;
        for response in [
            account.scim.get(&path).await,
            account.scim.get("/Groups").await,
            account.scim.post("/Users", json!({"userName": "bob"})).await,
            account.scim.delete(&path).await,
        ] {
            let detail = refused(response, 403, None);
            assert!(detail.contains("plan has ended"), "{detail}");
        }
        app.database.execute("UPDATE enterprises SET plan_active = TRUE");
        assert_eq!(account.scim.get(&path).await.expect(200), before);
        assert_eq!(account.scim.get("/Users").await.expect(200)["totalResults"], 2);
    }

    async fn a_connector_is_nobody(app: App) {
        let account = app.account(5).await;
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            refused(account.scim.send(method, "/Me", &[], None).await, 501, None);
        }
    }
}

on_both_migrated_databases! {
    async fn too_many_requests_wait_whole_seconds(database: Database) {
        let mut options = Options::default();
        options.limits.rate = NonZeroU32::new(5);
        let app = App::start_with(database, options);
        let account = app.account(5).await;
        let other = app.account_named("Other", "other.example", 5).await;
        let mut served = 0;
        let response = loop {
            let response = account.scim.get("/Users?count=0").await;
            if response.status == 429 {
                break response;
            }
            response.expect(200);
            served += 1;
            assert!(served < 1000, "nothing limits the requests");
        };
        assert!(served >= 5, "{served}");
        let seconds: u64 = response.header("retry-after").parse().unwrap();
        assert!((1..=2).contains(&seconds), "{seconds}");
        let detail = refused(response, 429, None);
        assert!(detail.contains(&seconds.to_string()), "{detail}");
        other.scim.get("/Users").await.expect(200);
        tokio::time::sleep(std::time::Duration::from_secs(seconds)).await;
        account.scim.post("/Users", json!({"userName": "ada"})).await.expect(201);
    }
}
