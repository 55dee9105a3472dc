//! How an administrator enters an identity provider, and follows its certificates.

use serde_json::json;

use super::browser::Browser;
use super::stage::Stage;
use crate::support::{on_both_databases, text};

macro_rules! pem {
    ($name:literal) => {
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/lib/saml-idp/keys/",
            $name,
            ".crt"
        ))
    };
}

on_both_databases! {
    async fn sign_on_url_and_certificate_can_be_entered_by_hand(app: App) {
        let Some(stage) = Stage::draft(&app).await else { return };
        let entered = json!({"saml": {
            "entity_id": format!("{}/metadata", stage.idp.url),
            "sign_on_url": format!("{}/sso", stage.idp.url),
            "certificates": [pem!("current")],
        }});
        let by_hand = stage.account.admin.put(&stage.path, entered).await.expect(200);
        let metadata = json!({"saml": {"metadata": stage.idp.metadata().await}});
        let by_metadata = stage.account.admin.put(&stage.path, metadata).await.expect(200);
        assert_eq!(by_hand["draft"], by_metadata["draft"]);
        stage.switch_on().await;
    }

    async fn what_cannot_be_is_refused_with_what_to_do(app: App) {
        let account = app.account(5).await;
        let saml = |saml| json!({"domain": "kongair.example", "saml": saml});
        let by_hand = |url: &str, certificate: &str| {
            saml(json!({"entity_id": "urn:x", "sign_on_url": url, "certificates": [certificate]}))
        };
        let good = "https://idp.example/sso";
        for (body, status, part) in [
            (saml(json!({})), 400, "either metadata"),
            (saml(json!({"metadata": "<a/>", "entity_id": "urn:x"})), 400, "either metadata"),
            (saml(json!({"entity_id": "urn:x", "sign_on_url": good})), 400, "either metadata"),
            (saml(json!({"metadata": "<a/>"})), 422, "EntityDescriptor"),
            (saml(json!({"metadata": "<!DOCTYPE a><a/>"})), 422, "document type"),
            (saml(json!({"metadata": "x".repeat(600_000)})), 422, "longer than"),
            (by_hand("http://idp.example/sso", pem!("current")), 422, "https://"),
            (by_hand("javascript:alert(1)", pem!("current")), 422, "https://"),
            (by_hand(good, "x"), 422, "certificate cannot be used"),
            (by_hand(good, pem!("weak")), 422, "1024 bits"),
        ] {
            let refused = account.admin.post("/sso-connections", body).await.detail(status);
            assert!(refused.contains(part), "{refused} does not say {part}");
        }
        assert!(account.admin.items("/sso-connections").await.is_empty());
        account
            .admin
            .post("/sso-connections", by_hand(good, pem!("ec")))
            .await
            .expect(201);
    }

    async fn certificates_are_taken_as_they_are_pasted_and_what_is_left_out_is_told(app: App) {
        let account = app.account(5).await;
        let new = json!({"domain": "kongair.example"});
        let made = account.admin.post("/sso-connections", new).await.expect(201);
        assert_eq!(made["notes"], json!([]));
        let path = format!("/sso-connections/{}", text(&made, "id"));
        let enter = async |certificates: serde_json::Value| {
            let saml = json!({"entity_id": "urn:x", "sign_on_url": "https://idp.example/sso",
                "certificates": certificates});
            account.admin.put(&path, json!({"saml": saml})).await
        };
        let current = pem!("current");
        let bag = format!("\u{feff}Bag Attributes\r\n{}", current.replace('\n', "\r\n"));
        let plain = enter(json!([current])).await.expect(200);
        assert_eq!(enter(json!([bag])).await.expect(200)["draft"], plain["draft"]);

        let together = format!("{}{}{}", pem!("weak"), current, pem!("next"));
        let entered = enter(json!([together])).await.expect(200);
        assert_eq!(entered["draft"]["saml"]["certificates"].as_array().unwrap().len(), 2);
        let note = entered["notes"][0].as_str().unwrap();
        assert!(note.contains("left out") && note.contains("1024 bits"), "{note}");
        assert_eq!(account.admin.get(&path).await.expect(200)["notes"], json!([]));
        let refused = enter(json!([pem!("weak")])).await.detail(422);
        assert!(refused.contains("1024 bits"), "{refused}");
    }

    async fn a_draft_that_does_not_work_is_not_verified(app: App) {
        let Some(stage) = Stage::draft(&app).await else { return };
        stage.behave(&stage.owner, json!({"keys": ["stranger"]})).await;
        stage.try_out().await.refused(409, "does not match any signing certificate");
        stage.sign_in("owner@other.example").await;
        stage.try_out().await.refused(403, "is for addresses of");
        let shown = stage.shown().await;
        assert_eq!(shown["state"], "draft");
        assert!(text(&shown, "last_failure").contains("owner@other.example"));
        stage.account.admin.put(&format!("{}/activation", stage.path), json!({})).await.expect(409);
    }

    async fn the_page_says_where_the_address_is_a_name_id(app: App) {
        let Some(stage) = Stage::draft(&app).await else { return };
        stage.sign_in(&stage.owner).await;
        let page = stage.try_out().await.expect(200).page;
        assert!(!page.contains("NameID"), "{page}");
        let metadata = json!({"saml": {"metadata": stage.idp.metadata().await}});
        stage.account.admin.put(&stage.path, metadata).await.expect(200);
        for format in ["1.1:nameid-format:emailAddress", "1.1:nameid-format:unspecified"] {
            let format = format!("urn:oasis:names:tc:SAML:{format}");
            let otherwise = json!({"email": null, "nameId": stage.owner, "nameIdFormat": format});
            stage.behave("", otherwise).await;
            let page = stage.try_out().await.expect(200).page;
            assert!(page.contains("the NameID was taken as the address"), "{page}");
            let metadata = json!({"saml": {"metadata": stage.idp.metadata().await}});
            stage.account.admin.put(&stage.path, metadata).await.expect(200);
        }
    }

    async fn a_link_that_tries_a_draft_does_not_outlive_it(app: App) {
        let Some(stage) = Stage::draft(&app).await else { return };
        stage.sign_in(&stage.owner).await;
        let verification = format!("{}/verification", stage.path);
        let link = stage.account.admin.post(&verification, json!({})).await.expect(201);
        let mut browser = Browser::new();
        let sent = browser.open(&text(&link, "url")).await.expect(303);
        let form = stage.idp.follow(&sent.location).await;
        // Meanwhile somebody enters other settings: what is signed in is not what is there.
        let other = json!({"saml": {
            "entity_id": "urn:x",
            "sign_on_url": "https://idp.example/",
            "certificates": [pem!("next")],
        }});
        stage.account.admin.put(&stage.path, other).await.expect(200);
        browser.answer(&form).await.refused(409, "was changed during this sign-in");
        browser.open(&text(&link, "url")).await.refused(404, "not valid any more");
        assert_eq!(stage.shown().await["state"], "draft");
    }

    async fn a_signing_certificate_can_be_replaced_without_locking_anybody_out(app: App) {
        let Some(stage) = Stage::on(&app).await else { return };

        // The identity provider announces its next certificate; both are entered and verified.
        stage.behave(&stage.owner, json!({"keys": ["current", "next"]})).await;
        let metadata = json!({"saml": {"metadata": stage.idp.metadata().await}});
        let entered = stage.account.admin.put(&stage.path, metadata).await.expect(200);
        assert_eq!(entered["draft"]["saml"]["certificates"].as_array().unwrap().len(), 2);
        assert_eq!(entered["settings"]["saml"]["certificates"].as_array().unwrap().len(), 1);
        assert_eq!(entered["state"], "on");

        // Until that is verified users sign in as before.
        let (mut browser, form) = stage.asked(&app).await;
        browser.answer(&form).await.expect(303);
        stage.behave(&stage.owner, json!({"keys": ["next", "current"]})).await;
        let (mut browser, form) = stage.asked(&app).await;
        browser.answer(&form).await.refused(409, "signs with another certificate");

        // Verified with the next one; from now on either is good.
        stage.try_out().await.expect(200);
        for keys in [["next", "current"], ["current", "next"]] {
            stage.behave(&stage.owner, json!({"keys": keys})).await;
            let (mut browser, form) = stage.asked(&app).await;
            browser.answer(&form).await.expect(303);
        }

        // The old one goes.
        stage.behave(&stage.owner, json!({"keys": ["next"]})).await;
        let metadata = json!({"saml": {"metadata": stage.idp.metadata().await}});
        stage.account.admin.put(&stage.path, metadata).await.expect(200);
        stage.try_out().await.expect(200);
        stage.behave(&stage.owner, json!({"keys": ["current"]})).await;
        let (mut browser, form) = stage.asked(&app).await;
        browser.answer(&form).await.refused(409, "does not match any signing certificate");
    }
}
