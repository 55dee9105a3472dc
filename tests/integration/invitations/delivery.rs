//! What becomes of the mail of an invitation.

use insomnia_scim::outside::mail::Failure;
use serde_json::{Value, json};

use super::{DAY, accept, log, token_of};
use crate::support::{Account, on_both_databases, text};

const WORDS: &str = "550 5.1.1 no such user";

fn refusal() -> Failure {
    Failure::Permanent(WORDS.to_owned())
}

/// The addresses that a list shows.
async fn emails(account: &Account, path: &str) -> Vec<String> {
    account.admin.items_of(path).await.iter().map(|item| text(item, "email")).collect()
}

/// The invitation with this id.
async fn shown(account: &Account, id: &str) -> Value {
    account.admin.get(&format!("/invitations/{id}")).await.expect(200).clone()
}

on_both_databases! {
    async fn an_address_that_the_mail_server_refuses_is_found_and_revoked(app: App) {
        let account = app.account(3).await;
        let cargo = account.add_organization("Cargo").await;
        let typo = account.invite("ameila@kongair.example", &cargo).await;
        let waiting = shown(&account, &typo).await;
        let delivery = json!({"state": "waiting", "at": "2026-01-01T00:00:00.000Z",
            "attempts": 0, "detail": null});
        assert_eq!((&waiting["delivery"], &waiting["advice"]), (&delivery, &Value::Null));
        assert_eq!(waiting["organizations"][0]["organization_name"], "Cargo");

        app.clock.advance(1000);
        app.mailbox.fail_next(refusal());
        app.background().await;
        account.invite("bessie@kongair.example", &cargo).await;
        app.background().await;
        let refused = shown(&account, &typo).await;
        let delivery = json!({"state": "refused", "at": "2026-01-01T00:00:01.000Z",
            "attempts": 1, "detail": WORDS});
        assert_eq!(refused["delivery"], delivery);
        assert!(text(&refused, "advice").contains("its seat is free at once"), "{refused}");
        assert_eq!(refused["state"], "pending");
        assert_eq!(account.seats().await, (3, 3), "a bounce frees no seat by itself");
        let organization = format!("/organizations/{cargo}/invitations");
        for list in ["/invitations", &organization] {
            let items = account.admin.items(list).await;
            assert_eq!(items[0]["delivery"], delivery);
            assert_eq!(items[1]["delivery"]["state"], "sent");
            assert_eq!(items[1]["advice"], Value::Null);
            for (filter, expected) in [
                ("failed", &["ameila@kongair.example"][..]),
                ("refused", &["ameila@kongair.example"]),
                ("sent", &["bessie@kongair.example"]),
                ("waiting", &[]),
                ("given_up", &[]),
            ] {
                let found = emails(&account, &format!("{list}?delivery={filter}")).await;
                assert_eq!(found, expected, "{list} {filter}");
            }
            let wrong = account.admin.get(&format!("{list}?delivery=lost")).await.detail(400);
            assert!(wrong.contains("delivery: \"lost\" is not one of waiting"), "{wrong}");
        }
        let entries = log(&account, "invitation.mail-refused").await;
        assert_eq!(entries.len(), 1);
        assert_eq!((&entries[0].0["kind"], &entries[0].1["name"]),
            (&json!("system"), &json!("ameila@kongair.example")));

        account.admin.delete(&format!("/invitations/{typo}")).await.expect(204);
        account.invite("amelia@kongair.example", &cargo).await;
        assert!(emails(&account, "/invitations?delivery=failed").await.is_empty());
        let over = shown(&account, &typo).await;
        assert_eq!((&over["delivery"]["state"], &over["advice"]), (&json!("refused"), &Value::Null));
        account.admin.get("/invitations/uinv_1").await.expect(404);
    }

    async fn a_mail_that_is_given_up_stays_seen_when_the_mail_itself_is_forgotten(app: App) {
        let account = app.account(3).await;
        let cargo = account.add_organization("Cargo").await;
        let id = account.invite("amelia@kongair.example", &cargo).await;
        for _ in 0..40 {
            app.mailbox.fail_next(Failure::Temporary("452 mailbox full".to_owned()));
        }
        app.background().await;
        let waiting = shown(&account, &id).await;
        assert_eq!(waiting["delivery"], json!({"state": "waiting", "attempts": 1,
            "at": "2026-01-01T00:00:00.000Z", "detail": "452 mailbox full"}));
        for _ in 0..40 {
            app.clock.advance(DAY / 6);
            app.background().await;
        }
        app.database.execute("UPDATE mails SET created_at = 0");
        app.database.execute("UPDATE jobs SET due_at = 0");
        app.background().await;
        assert_eq!(app.database.count("mails"), 0);
        let given_up = shown(&account, &id).await;
        assert_eq!(given_up["delivery"]["state"], "given_up");
        assert_eq!(given_up["delivery"]["detail"], "452 mailbox full");
        assert!(text(&given_up, "advice").contains("resend the invitation"), "{given_up}");
        assert_eq!(emails(&account, "/invitations?delivery=failed").await.len(), 1);
        assert_eq!(log(&account, "invitation.mail-given-up").await.len(), 1);
    }

    async fn what_is_wrong_with_the_servers_own_mail_is_not_told_to_administrators(app: App) {
        let account = app.account(3).await;
        let cargo = account.add_organization("Cargo").await;
        let id = account.invite("amelia@kongair.example", &cargo).await;
        app.mailbox.fail_next(Failure::Unreachable("535 user kong-mailer".to_owned()));
        app.background().await;
        let shown = shown(&account, &id).await;
        let detail = text(&shown["delivery"], "detail");
        assert!(detail.contains("its own mail server") && !detail.contains("kong"), "{detail}");
    }

    async fn mail_that_nothing_sends_says_so_after_an_hour(app: App) {
        let account = app.account(3).await;
        let cargo = account.add_organization("Cargo").await;
        let id = account.invite("amelia@kongair.example", &cargo).await;
        app.clock.advance(DAY);
        let shown = shown(&account, &id).await;
        assert!(text(&shown, "advice").contains("INSOMNIA_SCIM_SMTP_URL"), "{shown}");
    }

    async fn a_refused_address_is_not_reminded_and_can_be_sent_to_again(app: App) {
        let account = app.account(3).await;
        let cargo = account.add_organization("Cargo").await;
        let id = account.invite("amelia@kongair.example", &cargo).await;
        app.mailbox.fail_next(refusal());
        app.background().await;
        app.clock.advance(8 * DAY);
        app.background().await;
        assert_eq!(shown(&account, &id).await["delivery"]["state"], "refused");
        assert!(app.mailbox.mails().is_empty(), "no reminder");

        let path = format!("/invitations/{id}/resend");
        let sent = account.admin.post(&path, json!({})).await.expect(200).clone();
        assert_eq!(sent["delivery"]["state"], "waiting");
        assert_eq!(sent["delivery"]["detail"], Value::Null);
        assert_eq!(shown(&account, &id).await["advice"], Value::Null);
        app.background().await;
        let sent = shown(&account, &id).await;
        assert_eq!((&sent["delivery"]["state"], &sent["delivery"]["attempts"]),
            (&json!("sent"), &json!(1)));
        accept(&app, &token_of(&app, "amelia@kongair.example").await).await.expect(200);
    }

    async fn a_mail_whose_link_was_closed_before_it_went_out_is_not_sent(app: App) {
        let account = app.account(3).await;
        let cargo = account.add_organization("Cargo").await;
        let id = account.invite("amelia@kongair.example", &cargo).await;
        let wrong = account.invite("ameila@kongair.example", &cargo).await;
        let path = format!("/invitations/{id}/resend");
        account.admin.post(&path, json!({})).await.expect(200);
        account.admin.delete(&format!("/invitations/{wrong}")).await.expect(204);
        app.background().await;
        let mails = app.mailbox.mails();
        assert_eq!(mails.len(), 1, "{mails:?}");
        assert_eq!(shown(&account, &wrong).await["delivery"], Value::Null);
        accept(&app, &token_of(&app, "amelia@kongair.example").await).await.expect(200);
    }

    async fn inviting_again_gives_a_new_link_for_another_30_days(app: App) {
        let account = app.account(2).await;
        let cargo = account.add_organization("Cargo").await;
        let first = account.invite("amelia@kongair.example", &cargo).await;
        let old = token_of(&app, "amelia@kongair.example").await;
        app.clock.advance(29 * DAY);
        let body = json!({"email": "Amelia@kongair.example", "organization_id": cargo});
        let again = account.admin.post("/invitations", body).await.expect(201).clone();
        assert_eq!(text(&again, "id"), first);
        assert_eq!(again["expires_at"], "2026-03-01T00:00:00.000Z");
        assert_eq!(again["delivery"]["state"], "waiting");
        assert_eq!(account.seats().await, (2, 2));
        let new = token_of(&app, "amelia@kongair.example").await;
        accept(&app, &old).await.expect(404);
        app.clock.advance(29 * DAY);
        accept(&app, &new).await.expect(200);
        assert_eq!(log(&account, "invitation.resent").await.len(), 1);
    }
}
