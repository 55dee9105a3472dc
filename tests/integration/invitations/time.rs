//! What time does to an invitation, and what ends it sooner.

use serde_json::json;

use super::{DAY, accept, log, look, token_of};
use crate::support::{on_both_databases, text};

on_both_databases! {
    async fn a_pending_invitation_holds_a_seat_for_30_days_and_then_the_seat_is_free(app: App) {
        let account = app.account(2).await;
        let cargo = account.add_organization("Cargo").await;
        let invitation = account.invite("amelia@kongair.example", &cargo).await;
        let token = token_of(&app, "amelia@kongair.example").await;
        assert_eq!(account.seats().await, (2, 2));
        account.admin.post("/members", json!({"email": "bea@kongair.example"})).await.expect(403);

        app.clock.advance(30 * DAY - 1);
        assert_eq!(account.seats().await, (2, 2));
        app.clock.advance(1);
        assert_eq!(account.seats().await, (1, 2));
        assert_eq!(look(&app, &token).await.expect(200)["state"], "expired");
        assert!(accept(&app, &token).await.detail(409).contains("expired"));
        account.add_member("bea@kongair.example", "member").await;
        assert_eq!(account.invitation_state(&invitation).await, "expired");
        assert_eq!(account.recount().await, 2);
        let log = log(&account, "invitation.expired").await;
        assert_eq!(log.len(), 1, "it expires once, whoever notices");
        assert_eq!(log[0].0["kind"], "system");
    }

    async fn revoking_frees_the_seat_at_once_and_closes_the_link(app: App) {
        let account = app.account(2).await;
        let cargo = account.add_organization("Cargo").await;
        let invitation = account.invite("amelia@kongair.example", &cargo).await;
        let token = token_of(&app, "amelia@kongair.example").await;
        let path = format!("/invitations/{invitation}");
        account.admin.delete(&path).await.expect(204);
        assert_eq!(account.seats().await, (1, 2));
        assert!(accept(&app, &token).await.detail(409).contains("revoked"));
        account.admin.delete(&path).await.expect(409);
        account.admin.post(&format!("{path}/resend"), json!({})).await.expect(409);
        let log = log(&account, "invitation.revoked").await;
        assert_eq!(log[0].1["name"], "amelia@kongair.example");
        // It can be made anew.
        account.invite("amelia@kongair.example", &cargo).await;
        accept(&app, &token_of(&app, "amelia@kongair.example").await).await.expect(200);
        assert_eq!(account.recount().await, 2);
    }

    async fn resending_opens_a_new_link_for_another_30_days_and_closes_the_old_one(app: App) {
        let account = app.account(5).await;
        let cargo = account.add_organization("Cargo").await;
        let invitation = account.invite("amelia@kongair.example", &cargo).await;
        let old = token_of(&app, "amelia@kongair.example").await;
        app.clock.advance(20 * DAY);
        let path = format!("/invitations/{invitation}/resend");
        let sent = account.admin.post(&path, json!({})).await.expect(200);
        assert_eq!(text(&sent, "id"), invitation);
        assert_eq!(sent["expires_at"], "2026-02-20T00:00:00.000Z");
        assert_eq!(account.seats().await, (2, 5));
        let refused = accept(&app, &old).await.expect(404);
        assert_eq!(refused["type"], "urn:insomnia:problem:invitation-link-invalid");
        app.clock.advance(25 * DAY);
        accept(&app, &token_of(&app, "amelia@kongair.example").await).await.expect(200);
        assert_eq!(log(&account, "invitation.resent").await.len(), 1);
        account.admin.post("/invitations/uinv_1/resend", json!({})).await.expect(404);
    }

    async fn an_invitation_that_nobody_answers_is_reminded_of_once(app: App) {
        let account = app.account(9).await;
        let cargo = account.add_organization("Cargo").await;
        for name in ["late", "revoked", "joined"] {
            account.invite(&format!("{name}@kongair.example"), &cargo).await;
        }
        let first = token_of(&app, "late@kongair.example").await;
        accept(&app, &token_of(&app, "joined@kongair.example").await).await.expect(200);
        let invitations = account.admin.items("/invitations").await;
        let revoked = format!("/invitations/{}", text(&invitations[1], "id"));
        account.admin.delete(&revoked).await.expect(204);

        app.clock.advance(7 * DAY - 1);
        app.background().await;
        assert_eq!(app.mailbox.mails().len(), 3);
        app.clock.advance(60 * 60 * 1000);
        app.background().await;
        let mails = app.mailbox.mails();
        assert_eq!(mails.len(), 4);
        assert_eq!(mails[3].recipient, "late@kongair.example");
        assert!(mails[3].subject.starts_with("Reminder: "), "{}", mails[3].subject);
        let second = token_of(&app, "late@kongair.example").await;
        for _ in 0..3 {
            app.clock.advance(5 * DAY);
            app.second_node().background().await;
        }
        assert_eq!(app.mailbox.mails().len(), 4, "once");
        assert_eq!(look(&app, &second).await.expect(200)["state"], "pending");
        accept(&app, &first).await.expect(200);
        assert_eq!(look(&app, &second).await.expect(200)["state"], "accepted");
    }

    async fn one_of_two_nodes_writes_the_reminders(app: App) {
        let account = app.account(200).await;
        let cargo = account.add_organization("Cargo").await;
        let emails: Vec<String> = (0..120).map(|number| format!("u{number}@x.example")).collect();
        let body = json!({"emails": emails, "organization_id": cargo});
        account.admin.post("/invitations", body).await.expect(201);
        app.background().await;
        app.clock.advance(8 * DAY);
        let node = app.peer();
        tokio::join!(app.background(), node.background());
        app.background().await;
        let mails = app.mailbox.mails();
        let reminders = mails.iter().filter(|mail| mail.subject.starts_with("Reminder: "));
        assert_eq!(reminders.count(), 120);
        assert_eq!(mails.len(), 240);
    }
}
