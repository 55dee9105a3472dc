//! The addresses of a person: proved, chosen, removed.

use serde_json::json;

use super::nobody;
use crate::support::{App, Browser, Client, link_in, on_both_databases, text};

const VERA: &str = "vera@vera.example";
const SECOND: &str = "v@second.example";

/// Asks for a link to prove an address; gives what it ends with.
async fn link(app: &App, client: &Client, email: &str) -> String {
    client.post("/session/addresses", json!({"email": email})).await.expect(202);
    app.background().await;
    let mail = app.mailbox.to(email).pop().unwrap();
    link_in(&mail).rsplit_once('/').unwrap().1.to_owned()
}

on_both_databases! {
    async fn a_person_proves_further_addresses_and_is_known_by_each(app: App) {
        let home = app.account_named("Home", "vera.example", 9).await;
        home.add_member(VERA, "member").await;
        let other = app.account_named("Other", "second.example", 9).await;
        let there = other.add_member(SECOND, "member").await;
        let vera = app.signed_in(VERA).await;
        let token = link(&app, &vera, SECOND).await;
        let proved = vera.post("/session/addresses/confirm", json!({"token": token})).await.expect(200);
        assert_eq!((&proved["email"], &proved["primary"]), (&json!(SECOND), &json!(false)));
        vera.post("/session/addresses/confirm", json!({"token": token})).await.expect(404);
        assert_eq!(vera.items("/session/addresses").await.len(), 2);
        let me = app.signed_in(SECOND).await.get("/session").await.expect(200);
        assert_eq!(me["user_id"], vera.get("/session").await.expect(200)["user_id"]);
        let members: Vec<_> = me["accounts"].as_array().unwrap().iter().map(|one| text(one, "member_id")).collect();
        assert!(members.contains(&there), "{me}");
        // She chooses the primary one, and removes others but the last.
        vera.delete(&format!("/session/addresses/{VERA}")).await.expect(409);
        vera.patch(&format!("/session/addresses/{SECOND}"), json!({})).await.expect(200);
        vera.delete(&format!("/session/addresses/{VERA}")).await.expect(204);
        vera.delete(&format!("/session/addresses/{VERA}")).await.expect(404);
        vera.delete(&format!("/session/addresses/{SECOND}")).await.expect(409);
        assert_eq!(vera.get("/session").await.expect(200)["email"], SECOND);
    }

    async fn a_link_proves_nothing_to_who_did_not_ask_for_it(app: App) {
        let home = app.account_named("Home", "vera.example", 9).await;
        home.add_member(VERA, "member").await;
        home.add_member("evil@vera.example", "member").await;
        let evil = app.signed_in("evil@vera.example").await;
        let vera = app.signed_in(VERA).await;
        // He asks for an address of hers; she opens the link, and gives nothing away.
        let token = link(&app, &evil, SECOND).await;
        vera.post("/session/addresses/confirm", json!({"token": token})).await.expect(404);
        nobody(&app).post("/session/addresses/confirm", json!({"token": token})).await.expect(401);
        let url = format!("{}/my-addresses/{token}", app.url);
        let mut stranger = Browser::new();
        let page = stranger.get(&url).await.leads_to();
        assert!(stranger.get(&page).await.leads_to().contains("/sign-in?return_to="));
        assert_eq!(evil.items("/session/addresses").await.len(), 1);
        // What somebody has proved is nobody else's.
        let own = link(&app, &vera, SECOND).await;
        vera.post("/session/addresses/confirm", json!({"token": own})).await.expect(200);
        let refused = evil.post("/session/addresses/confirm", json!({"token": token})).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:address-of-other");
    }

    async fn links_end_and_are_few(app: App) {
        app.account_named("Home", "vera.example", 9).await.add_member(VERA, "member").await;
        let vera = app.signed_in(VERA).await;
        let late = link(&app, &vera, SECOND).await;
        app.clock.advance(60 * 60 * 1000);
        vera.post("/session/addresses/confirm", json!({"token": late})).await.expect(404);
        for _ in 0..5 {
            vera.post("/session/addresses", json!({"email": SECOND})).await.expect(202);
        }
        vera.post("/session/addresses", json!({"email": SECOND})).await.expect(429);
        vera.post("/session/addresses", json!({"email": "none"})).await.expect(422);
    }
}
