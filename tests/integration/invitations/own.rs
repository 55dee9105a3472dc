//! Invitations as the invited person finds, accepts and declines them.

use serde_json::{Value, json};

use crate::support::{App, Browser, Client, link_in, on_both_databases, text};

const ROLF: &str = "rolf@home.example";

/// The token of the newest mail of an invitation.
async fn token(app: &App, email: &str) -> String {
    app.background().await;
    let mails = app.mailbox.to(email);
    let mail = mails.iter().rfind(|mail| link_in(mail).contains("/invitations/")).unwrap();
    link_in(mail).rsplit_once("token=").unwrap().1.to_owned()
}

/// Somebody who has an account of their own, signed in.
async fn rolf(app: &App) -> Client {
    app.account_owned_by("Home", ROLF).await;
    app.signed_in(ROLF).await
}

/// This member of each of the items.
fn texts(items: &[Value], key: &str) -> Vec<String> {
    items.iter().map(|item| text(item, key)).collect()
}

on_both_databases! {
    async fn a_person_finds_their_invitations_and_accepts_without_the_mail(app: App) {
        let rolf = rolf(&app).await;
        rolf.patch("/me", json!({"name": "Rolf van Rental"})).await.expect(200);
        let account = app.account(9).await;
        let cargo = account.add_organization("Cargo").await;
        let invited = account.invite("ROLF@home.example", &cargo).await;
        account.invite("somebody@else.example", &cargo).await;
        let used = account.recount().await;
        let found = rolf.items("/me/invitations").await;
        assert_eq!(texts(&found, "id"), [invited.as_str()]);
        assert_eq!(found[0]["account_name"], "KongAir");
        assert_eq!(found[0]["organizations"], json!([{"name": "Cargo", "role": "member"}]));
        let path = format!("/me/invitations/{invited}/accept");
        app.signed_in("owner@kongair.example").await.post(&path, json!({})).await.expect(404);
        let joined = rolf.post(&path, json!({})).await.expect(200);
        assert_eq!(joined["organizations"][0]["organization_name"], "Cargo");
        assert_eq!(account.recount().await, used);
        assert_eq!(account.invitation_state(&invited).await, "accepted");
        let member = account.member(&text(&joined, "member_id")).await;
        assert_eq!(member["display_name"], "Rolf van Rental");
        let me = rolf.get("/session").await.expect(200);
        let accounts = me["accounts"].as_array().unwrap();
        assert!(accounts.iter().any(|one| one["member_id"] == joined["member_id"]), "{me}");
        rolf.post(&path, json!({})).await.expect(409);
        assert!(rolf.items("/me/invitations").await.is_empty());
    }

    async fn only_a_proved_address_counts(app: App) {
        let rolf = rolf(&app).await;
        let account = app.account(9).await;
        let cargo = account.add_organization("Cargo").await;
        let second = "rolf@second.example";
        let invited = account.invite(second, &cargo).await;
        assert!(rolf.items("/me/invitations").await.is_empty());
        let path = format!("/me/invitations/{invited}/decline");
        let refused = rolf.post(&path, json!({})).await.expect(404);
        assert!(text(&refused, "detail").contains("proved"), "{refused}");
        rolf.post("/session/addresses", json!({"email": second})).await.expect(202);
        app.background().await;
        let mails = app.mailbox.to(second);
        let link = mails.iter().map(link_in).find(|link| link.contains("/my-addresses/")).unwrap();
        let token = json!({"token": link.rsplit_once('/').unwrap().1});
        rolf.post("/session/addresses/confirm", token).await.expect(200);
        assert_eq!(rolf.items("/me/invitations").await.len(), 1);
        rolf.post(&path, json!({})).await.expect(204);
    }

    async fn who_declines_frees_the_seat_and_who_invited_sees_it(app: App) {
        let rolf = rolf(&app).await;
        let account = app.account(2).await;
        let cargo = account.add_organization("Cargo").await;
        let invited = account.invite(ROLF, &cargo).await;
        let link = token(&app, ROLF).await;
        account.admin.post("/invitations", json!({"email": "b@x.example", "organization_id": cargo})).await.expect(403);
        rolf.post(&format!("/me/invitations/{invited}/decline"), json!({})).await.expect(204);
        assert_eq!(account.invitation_state(&invited).await, "declined");
        assert_eq!(account.recount().await, 1);
        // Its link does not work any more, and it cannot be declined, revoked or sent again.
        let late = rolf.post("/invitations/accept", json!({"token": link})).await.expect(409);
        assert!(text(&late, "detail").contains("declined"), "{late}");
        rolf.post(&format!("/me/invitations/{invited}/decline"), json!({})).await.expect(409);
        account.admin.delete(&format!("/invitations/{invited}")).await.expect(409);
        let log = account.admin.items_of("/audit-log?action=invitation.declined").await;
        assert_eq!((log.len(), &log[0]["target"]["id"]), (1, &json!(invited)));
        // They can be invited again.
        let again = account.invite(ROLF, &cargo).await;
        assert_ne!(again, invited);
        assert_eq!(account.invitation_state(&again).await, "pending");
    }

    async fn the_link_declines_too_and_so_does_its_page(app: App) {
        let account = app.account(9).await;
        let cargo = account.add_organization("Cargo").await;
        let first = account.invite("first@x.example", &cargo).await;
        let nobody = Client::new(format!("{}/api/v1", app.url), String::new());
        let link = token(&app, "first@x.example").await;
        nobody.post("/invitations/decline", json!({"token": link})).await.expect(204);
        nobody.post("/invitations/decline", json!({"token": link})).await.expect(409);
        nobody.post("/invitations/decline", json!({"token": "wrong"})).await.expect(404);
        assert_eq!(account.invitation_state(&first).await, "declined");
        let second = account.invite("second@x.example", &cargo).await;
        let link = token(&app, "second@x.example").await;
        let mut browser = Browser::new();
        let page = browser.get(&format!("{}/invitations/accept?token={link}", app.url)).await.page(200);
        assert!(page.contains(">Decline</button>"), "{page}");
        let decline = format!("{}/invitations/decline", app.url);
        browser.submit(&decline, "https://evil.example", &[("token", &link)]).await.page(403);
        assert_eq!(account.invitation_state(&second).await, "pending");
        browser.submit(&decline, &app.url, &[("token", &link)]).await.page(200);
        assert_eq!(account.invitation_state(&second).await, "declined");
        let page = browser.get(&format!("{}/invitations/accept?token={link}", app.url)).await.page(200);
        assert!(page.contains("is declined"), "{page}");
    }
}
