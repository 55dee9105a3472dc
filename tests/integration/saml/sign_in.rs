//! The whole way in, begun by us and begun by the identity provider.

use serde_json::json;

use super::browser::Browser;
use super::stage::{Stage, session};
use crate::support::{Form, SamlIdp, on_both_databases, text};

on_both_databases! {
    /// The onboarding document's step 6, SSO, in its own words.
    async fn step_6_once_a_domain_is_verified_sso_can_be_set_up_with_saml(app: App) {
        let Some(idp) = SamlIdp::start() else { return };
        let account = app.account(10).await;
        account.add_member("jane@kongair.example", "member").await;

        // Insomnia shows the SSO (ACS) URL and the audience URI …
        let new = json!({"domain": "kongair.example"});
        let connection = account.admin.post("/sso-connections", new).await.expect(201);
        assert_eq!(connection["state"], "draft");
        let id = text(&connection, "id");
        let ours = format!("{}/sso/saml/{id}", app.url);
        assert_eq!(text(&connection, "acs_url"), format!("{ours}/acs"));
        assert_eq!(text(&connection, "audience_uri"), format!("{ours}/metadata"));

        // … which the administrator enters at the identity provider, as metadata …
        let mut nobody = Browser::new();
        let metadata = nobody.open(&text(&connection, "metadata_url")).await.expect(200).page;
        idp.register(metadata).await;

        // … and enters the identity provider's sign-on URL and signing certificate here.
        let path = format!("/sso-connections/{id}");
        let settings = json!({"saml": {"metadata": idp.metadata().await}});
        let entered = account.admin.put(&path, settings).await.expect(200);
        let saml = &entered["draft"]["saml"];
        assert_eq!(saml["sign_on_url"], format!("{}/sso", idp.url));
        assert_eq!(saml["entity_id"], format!("{}/metadata", idp.url));
        let certificate = &saml["certificates"][0];
        assert_eq!(certificate["subject"], "CN=Test identity provider (current)");
        assert!(text(certificate, "expires_at").starts_with("2126-"));
        assert!(entered["settings"].is_null());

        // The connection is verified before it is saved: until then it cannot be switched on.
        let activation = format!("{path}/activation");
        account.admin.put(&activation, json!({})).await.expect(409);
        let verification = format!("{path}/verification");
        let link = account.admin.post(&verification, json!({})).await.expect(201);
        let mut administrator = Browser::new();
        let sent = administrator.open(&text(&link, "url")).await.expect(303);
        idp.behave(json!({"email": "owner@kongair.example", "now": app.clock.now().0})).await;
        let seen = administrator.answer(&idp.follow(&sent.location).await).await.expect(200);
        assert!(seen.page.contains("<h1>Verified</h1>"), "{}", seen.page);
        assert!(!administrator.is_signed_in());
        let switched = account.admin.put(&activation, json!({})).await.expect(200);
        assert_eq!(switched["state"], "on");

        // Once SSO is on, users of that domain sign in by it …
        let mut jane = Browser::new();
        let start = format!("{}/sso/start?email=jane@kongair.example&return_to=/teams", app.url);
        let sent = jane.open(&start).await.expect(303);
        idp.behave(json!({"email": "jane@kongair.example", "now": app.clock.now().0})).await;
        let done = jane.answer(&idp.follow(&sent.location).await).await.expect(303);
        assert_eq!(done.location, format!("{}/teams", app.url));
        let session = session(&app, &jane).await;
        assert_eq!(session["email"], "jane@kongair.example");
        assert_eq!(session["signed_in_by"], "sso");
        assert_eq!(session["account_id"], account.made.account_id);
        assert_eq!(session["role"], "member");

        // … and no other way.
        let mail = json!({"email": "jane@kongair.example"});
        let refused = account.admin.post("/sign-in", mail).await.detail(403);
        assert!(refused.contains("single sign-on and no other way"), "{refused}");
    }

    async fn an_identity_provider_may_begin_where_the_connection_is_on(app: App) {
        let Some(stage) = Stage::draft(&app).await else { return };
        stage.account.add_member("jane@kongair.example", "member").await;
        stage.sign_in("jane@kongair.example").await;
        let early = Browser::new().answer(&stage.unsolicited().await).await;
        early.refused(404, "Single sign-on is not on");

        stage.switch_on().await;
        stage.sign_in("jane@kongair.example").await;
        let mut jane = Browser::new();
        let done = jane.post_from_elsewhere(&stage.unsolicited().await).await.expect(303);
        assert_eq!(done.location, format!("{}/", app.url));
        assert_eq!(session(&app, &jane).await["email"], "jane@kongair.example");

        // It says where to go with RelayState; elsewhere it leads nobody.
        for (wish, led_to) in [("/teams?x=1", "/teams?x=1"), ("https://evil.example/", "/")] {
            let mut form = stage.unsolicited().await;
            form.fields.push(("RelayState".to_owned(), wish.to_owned()));
            let done = Browser::new().post_from_elsewhere(&form).await.expect(303);
            assert_eq!(done.location, format!("{}{led_to}", app.url));
        }

        let off = format!("{}/activation", stage.path);
        stage.account.admin.delete(&off).await.expect(200);
        let late = Browser::new().answer(&stage.unsolicited().await).await;
        late.refused(404, "Single sign-on is not on");
    }

    async fn an_identity_provider_begins_only_where_that_is_switched_on(app: App) {
        let Some(stage) = Stage::draft(&app).await else { return };
        let entry = async |otherwise: serde_json::Value| {
            let mut saml = json!({"metadata": stage.idp.metadata().await});
            saml.as_object_mut().unwrap().extend(otherwise.as_object().unwrap().clone());
            stage.account.admin.put(&stage.path, json!({"saml": saml})).await.expect(200)
        };
        assert_eq!(entry(json!({})).await["draft"]["saml"]["idp_initiated"], false);
        stage.switch_on().await;
        stage.sign_in(&stage.owner).await;
        let mut browser = Browser::new();
        let refused = browser.answer(&stage.unsolicited().await).await;
        refused.refused(403, "idp_initiated");
        assert!(!browser.is_signed_in());
        // What we asked for is answered as before.
        let (mut asked, form) = stage.asked(&app).await;
        asked.answer(&form).await.expect(303);

        // It counts once it is verified, like everything that is entered.
        assert_eq!(entry(json!({"idp_initiated": true})).await["draft"]["saml"]["idp_initiated"], true);
        Browser::new().answer(&stage.unsolicited().await).await.refused(403, "idp_initiated");
        stage.verify().await;
        browser.answer(&stage.unsolicited().await).await.expect(303);
        assert!(browser.is_signed_in());
    }

    async fn a_provider_that_takes_no_redirects_gets_a_form(app: App) {
        let Some(stage) = Stage::draft(&app).await else { return };
        stage.behave(&stage.owner, json!({"bindings": ["HTTP-POST"]})).await;
        let saml = json!({"metadata": stage.idp.metadata().await});
        let entered = stage.account.admin.put(&stage.path, json!({"saml": saml})).await.expect(200);
        assert_eq!(entered["draft"]["saml"]["sign_on_binding"], "post");
        let verification = format!("{}/verification", stage.path);
        let link = stage.account.admin.post(&verification, json!({})).await.expect(201);
        let mut browser = Browser::new();
        let page = browser.open(&text(&link, "url")).await.expect(200);
        assert!(page.policy.contains(&format!("form-action {};", stage.idp.url)), "{}", page.policy);
        let answer = stage.idp.post(&Form::in_page(&page.page)).await;
        let verified = browser.answer(&answer).await.expect(200);
        assert!(verified.page.contains("<h1>Verified</h1>"), "{}", verified.page);

        // The same by hand.
        let by_hand = json!({"saml": {
            "entity_id": format!("{}/metadata", stage.idp.url),
            "sign_on_url": format!("{}/sso", stage.idp.url),
            "sign_on_binding": "post",
            "certificates": [include_str!("../../lib/saml-idp/keys/current.crt")],
        }});
        let by_hand = stage.account.admin.put(&stage.path, by_hand).await.expect(200);
        assert_eq!(by_hand["draft"], by_hand["settings"]);
    }

    async fn responses_may_be_signed_as_a_whole_or_twice_and_name_the_user_by_name_id(app: App) {
        let Some(stage) = Stage::on(&app).await else { return };
        for signed in ["assertion", "response", "both"] {
            stage.behave(&stage.owner, json!({"sign": signed})).await;
            let (mut browser, form) = stage.asked(&app).await;
            browser.answer(&form).await.expect(303);
            assert!(browser.is_signed_in());
        }
        stage.behave("", json!({"email": null, "nameId": stage.owner})).await;
        let (mut browser, form) = stage.asked(&app).await;
        browser.answer(&form).await.expect(303);
        assert_eq!(session(&app, &browser).await["email"], stage.owner);
    }

    async fn letter_case_of_an_address_makes_no_difference(app: App) {
        let Some(stage) = Stage::on(&app).await else { return };
        stage.sign_in("Owner@KongAir.Example").await;
        let (mut browser, form) = stage.asked(&app).await;
        browser.answer(&form).await.expect(303);
        assert_eq!(session(&app, &browser).await["member_id"], stage.account.made.owner_id);
    }

    async fn a_provider_signs_in_people_of_its_domain_who_are_known(app: App) {
        let Some(stage) = Stage::on(&app).await else { return };
        app.account_named("Other", "other.example", 5).await;
        for (email, text) in [
            ("owner@other.example", "is for addresses of"),
            ("owner@sub.kongair.example", "is for addresses of"),
            ("nobody@kongair.example", "has no access to this Enterprise account"),
        ] {
            stage.sign_in(email).await;
            for form in [stage.asked(&app).await, (Browser::new(), stage.unsolicited().await)] {
                let (mut browser, form) = form;
                browser.answer(&form).await.refused(403, text);
                assert!(!browser.is_signed_in());
                assert!(stage.last_failure().await.contains(text));
            }
        }
    }

    async fn a_sign_in_is_in_the_audit_log(app: App) {
        let Some(stage) = Stage::on(&app).await else { return };
        stage.sign_in(&stage.owner).await;
        let (mut browser, form) = stage.asked(&app).await;
        browser.answer(&form).await.expect(303);
        let log = stage.account.admin.items("/audit-log").await;
        let actions: Vec<_> = log.iter().map(|entry| text(entry, "action")).collect();
        for action in [
            "sso-connection.created",
            "sso-connection.changed",
            "sso-connection.verified",
            "sso-connection.switched-on",
            "session.started",
        ] {
            assert!(actions.iter().any(|found| found == action), "{action} is not in {actions:?}");
        }
    }
}
