//! What signs nobody in: forged, wrapped, expired, other people's, nonsensical.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::browser::Browser;
use super::stage::Stage;
use crate::support::{Form, on_both_databases};

const HOUR: i64 = 60 * 60 * 1000;

on_both_databases! {
    async fn what_is_forged_wrapped_unsigned_or_out_of_time_signs_nobody_in(app: App) {
        let Some(stage) = Stage::on(&app).await else { return };
        stage.account.add_member("jane@kongair.example", "member").await;
        let now = app.clock.now().0;
        let owner = &stage.owner;
        let cases = [
            (json!({"attack": "forge", "victim": owner}), "does not match any signing certificate"),
            (json!({"attack": "wrap", "victim": owner}), "exactly one assertion"),
            (json!({"keys": ["stranger"]}), "does not match any signing certificate"),
            (json!({"sign": "nothing"}), "is signed"),
            (json!({"algorithm": "http://www.w3.org/2000/09/xmldsig#rsa-sha1"}), "rsa-sha1"),
            (json!({"now": now - HOUR}), "was valid until 2025-12-31T23:05:00.000Z only"),
            (json!({"now": now + HOUR}), "is not valid before 2026-01-01T01:00:00.000Z"),
            (json!({"recipient": "https://evil.example/acs"}), "addressed to https://evil.example/acs"),
            (json!({"destination": "https://evil.example/acs"}), "addressed to https://evil.example/acs"),
            (json!({"audience": "https://evil.example"}), "for the audience https://evil.example"),
            (json!({"emails": [owner, "jane@kongair.example"]}), "more than one e-mail address"),
            (json!({"email": null, "nameIdFormat": "urn:x"}), "does not say the user"),
            (
                json!({"email": null, "rawEmail": "jane@kongair.example<!-- -->.evil.example"}),
                "a comment",
            ),
            (json!({"refuse": true}), "answered with status Responder"),
        ];
        for (behaviour, text) in cases {
            stage.behave("jane@kongair.example", behaviour.clone()).await;
            let (mut browser, form) = stage.asked(&app).await;
            browser.answer(&form).await.refused(409, text);
            assert!(!browser.is_signed_in(), "{behaviour}");
            assert!(stage.last_failure().await.contains(text), "{}", stage.last_failure().await);

            let mut browser = Browser::new();
            browser.answer(&stage.unsolicited().await).await.refused(409, text);
            assert!(!browser.is_signed_in(), "{behaviour}");
        }
        assert_eq!(app.database.count("sessions"), 0);

        // The clocks may differ by two minutes.
        stage.behave(owner, json!({"now": now + HOUR / 30})).await;
        let (mut browser, form) = stage.asked(&app).await;
        browser.answer(&form).await.expect(303);
    }

    async fn an_answer_belongs_to_the_browser_that_began(app: App) {
        let Some(stage) = Stage::on(&app).await else { return };
        stage.sign_in(&stage.owner).await;
        let (mut began, form) = stage.asked(&app).await;

        // Somebody else's browser, without a sign-in of its own and with one.
        let mut stranger = Browser::new();
        stranger.answer(&form).await.refused(403, "was not begun in this browser");
        let (mut other, _) = stage.asked(&app).await;
        other.answer(&form).await.refused(403, "was not begun in this browser");
        assert!(!stranger.is_signed_in() && !other.is_signed_in());

        // It cannot be passed off as one that the identity provider began: that is signed.
        let mut passed_off = form.clone();
        let (_, response) = &mut passed_off.fields[0];
        let xml = String::from_utf8(STANDARD.decode(&*response).unwrap()).unwrap();
        let begin = xml.find(" InResponseTo=").unwrap();
        let end = begin + xml[begin..].find('>').unwrap();
        *response = STANDARD.encode(format!("{}{}", &xml[..begin], &xml[end..]));
        Browser::new().answer(&passed_off).await.refused(409, "does not answer the sign-in");

        // All of that took nothing from who began.
        began.answer(&form).await.expect(303);
        assert!(began.is_signed_in());
    }

    async fn an_answer_that_comes_after_ten_minutes_is_too_late(app: App) {
        let Some(stage) = Stage::on(&app).await else { return };
        stage.behave(&stage.owner, json!({"lifetime": 3600})).await;
        let (mut browser, form) = stage.asked(&app).await;
        app.clock.advance(HOUR / 6);
        browser.answer(&form).await.refused(403, "took longer than ten minutes");
    }

    async fn an_answer_for_one_account_is_none_for_another(app: App) {
        let Some(stage) = Stage::on(&app).await else { return };
        let other = app.account_named("Other", "other.example", 5).await;
        let Some(idp) = crate::support::SamlIdp::start() else { return };
        let theirs = Stage::of(&app, other, "other.example", idp).await;
        theirs.switch_on().await;

        // Their provider says that it is our owner; it says so to its own connection, and to ours.
        theirs.sign_in(&stage.owner).await;
        let form = theirs.unsolicited().await;
        Browser::new().answer(&form).await.refused(403, "is for addresses of");
        let sent = form.at(&theirs.acs, &stage.acs);
        // The test's providers sign with the same key: who issued it is what tells them apart.
        Browser::new().answer(&sent).await.refused(409, "The response was issued by");

        // Ours says something true, at their connection.
        stage.sign_in(&stage.owner).await;
        let sent = stage.unsolicited().await.at(&stage.acs, &theirs.acs);
        // The test's providers sign with the same key: who issued it is what tells them apart.
        Browser::new().answer(&sent).await.refused(409, "The response was issued by");
        let (mut browser, form) = stage.asked(&app).await;
        browser.answer(&form.at(&stage.acs, &theirs.acs)).await.refused(403, "Begin again");
    }

    async fn what_is_no_answer_at_all_is_refused_and_no_news_for_the_administrator(app: App) {
        let Some(stage) = Stage::on(&app).await else { return };
        let form = |fields: &[(&str, &str)]| Form {
            action: stage.acs.clone(),
            fields: fields.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect(),
        };
        let huge = "A".repeat(400_000);
        let bomb = STANDARD.encode("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>");
        let deep = STANDARD.encode("<a>".repeat(20_000));
        for response in ["", "!", "AAAA", &huge, &bomb, &deep] {
            let seen = Browser::new().post_from_elsewhere(&form(&[("SAMLResponse", response)])).await;
            seen.refused(409, "The response");
        }
        let beyond = "A".repeat(600_000);
        for fields in [&[][..], &[("RelayState", "/")]] {
            let seen = Browser::new().post_from_elsewhere(&form(fields)).await;
            seen.refused(400, "cannot be read");
        }
        let seen =
            Browser::new().post_from_elsewhere(&form(&[("SAMLResponse", beyond.as_str())])).await;
        assert!(seen.expect(413).page.contains("longer than"));
        let elsewhere = Form {
            action: stage.acs.replace("sso_", "sso_x"),
            ..stage.unsolicited().await
        };
        Browser::new().answer(&elsewhere).await.refused(404, "not on");
        let unknown = format!("{}/sso/saml/sso_unknown/metadata", app.url);
        Browser::new().open(&unknown).await.refused(404, "does not exist");
        assert_eq!(stage.last_failure().await, "");
    }
}
