//! Guessing is slowed down, nobody is locked out by it, and strangers do not fill the writers.

use std::sync::mpsc::channel;

use insomnia_scim::administration::AdministrationError;
use insomnia_scim::http::TrustedProxies;
use insomnia_scim::store::{Scope, WriteContext};
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{
    Account, App, Client, OPERATOR, Options, on_both_databases, on_both_migrated_databases, text,
};

fn nobody(app: &App) -> Client {
    Client::new(format!("{}/api/v1", app.url), String::new())
}

fn operator(app: &App, token: &str) -> Client {
    Client::new(format!("{}/api/v1/operator", app.url), token.to_owned())
}

/// Asks for a token of this client; gives the status. `from` is what a proxy would say.
async fn token(app: &App, id: &str, secret: &str, from: &str) -> u16 {
    let request = reqwest::Client::new()
        .post(format!("{}/oauth/token", app.url))
        .basic_auth(id, Some(secret))
        .header("X-Forwarded-For", from)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body("grant_type=client_credentials");
    request.send().await.unwrap().status().as_u16()
}

/// Whether nearly all were: one more guess is free every three seconds.
fn are_slowed(statuses: &[u16]) -> bool {
    statuses.iter().filter(|status| **status == 429).count() * 4 >= statuses.len() * 3
}

/// A client of this account: its id and secret.
async fn oauth_client(account: &Account) -> (String, String) {
    let new = json!({"name": "Okta"});
    let made = account.admin.post("/connector/oauth-clients", new).await.expect(201);
    (text(&made, "id"), text(&made, "secret"))
}

on_both_databases! {
    async fn who_has_the_clients_secret_is_let_in_while_others_guess_it(app: App) {
        let account = app.account(5).await;
        let (id, secret) = oauth_client(&account).await;
        let mut statuses = Vec::new();
        for number in 0..250 {
            statuses.push(token(&app, &id, &format!("wrong{number}"), "").await);
        }
        assert_eq!(statuses[..20], [401; 20]);
        assert!(are_slowed(&statuses[20..]), "{statuses:?}");
        assert_eq!(token(&app, &id, &secret, "").await, 200);
        // Nor are others at the same place kept out.
        let (other, its_secret) = oauth_client(&account).await;
        assert_eq!(token(&app, &other, &its_secret, "").await, 200);
        // What nobody trusts says nothing of the place.
        assert_eq!(token(&app, &id, "wrong", "1.1.1.1").await, 429);
    }

    async fn being_right_is_not_counted(app: App) {
        for _ in 0..50 {
            operator(&app, OPERATOR).get("/accounts").await.expect(200);
        }
        operator(&app, "wrong").get("/accounts").await.expect(401);
    }

    async fn who_is_slowed_is_told_what_to_do(app: App) {
        let mut last = operator(&app, "wrong").get("/accounts").await;
        for _ in 0..25 {
            last = operator(&app, "wrong").get("/accounts").await;
        }
        let seconds: u64 = last.header("retry-after").parse().unwrap();
        assert!((1..=60).contains(&seconds), "{seconds}");
        let problem = last.expect(429);
        assert_eq!(text(&problem, "type"), "urn:insomnia:problem:too-many-attempts");
        let said = text(&problem, "detail");
        assert!(said.contains("Check what you send") && said.contains("seconds"), "{said}");
    }

    async fn the_operator_is_let_in_while_others_guess_the_token(app: App) {
        let mut statuses = Vec::new();
        for number in 0..250 {
            statuses.push(operator(&app, &format!("wrong{number}")).get("/accounts").await.status);
        }
        assert_eq!(statuses[..20], [401; 20]);
        assert!(are_slowed(&statuses[20..]), "{statuses:?}");
        operator(&app, OPERATOR).get("/accounts").await.expect(200);
    }

    async fn a_code_activates_while_others_are_guessed(app: App) {
        let activation = |code: &str, name: &str| json!({
            "code": code, "account_name": name, "owner_email": format!("o@{name}.example"),
        });
        let wrong = "INSOMNIA-00000-00000-00000-00000-00000";
        let mut statuses = Vec::new();
        for _ in 0..60 {
            let guess = activation(wrong, "guessed");
            statuses.push(nobody(&app).post("/activations", guess).await.status);
        }
        assert_eq!(statuses[..20], [403; 20]);
        assert!(are_slowed(&statuses[20..]), "{statuses:?}");
        let new = json!({"customer": "New", "seats": 5, "days": 30});
        let code = operator(&app, OPERATOR).post("/activation-codes", new).await.expect(201);
        let right = activation(&text(&code, "code"), "right");
        nobody(&app).post("/activations", right).await.expect(201);
    }

    async fn a_link_signs_in_while_others_are_guessed(app: App) {
        app.account(5).await;
        let link = app.sign_in_link("owner@kongair.example").await;
        let mut statuses = Vec::new();
        for number in 0..40 {
            let guess = json!({"token": format!("guess{number}")});
            let path = ["/sessions", "/sign-ups/confirm", "/invitations/accept", "/recoveries"];
            statuses.push(nobody(&app).post(path[number % 4], guess).await.status);
        }
        assert!(!statuses[..20].contains(&429), "{statuses:?}");
        assert!(are_slowed(&statuses[20..]), "{statuses:?}");
        nobody(&app).post("/sessions", json!({"token": link})).await.expect(201);
    }

    async fn nobody_is_kept_from_signing_in_by_links_that_others_asked_for(app: App) {
        app.account(5).await;
        let email = "owner@kongair.example";
        let ask = async || nobody(&app).post("/sign-in", json!({"email": email})).await;
        for _ in 0..5 {
            ask().await.expect(202);
        }
        ask().await.expect(429);
        // The newest still works.
        app.background().await;
        app.clock.advance(14 * 60 * 1000);
        ask().await.expect(429);
        // When it does not any more there is another one, however many were asked for.
        app.clock.advance(2 * 60 * 1000);
        let link = app.sign_in_link(email).await;
        nobody(&app).post("/sessions", json!({"token": link})).await.expect(201);
        ask().await.expect(429);
        app.background().await;
        assert_eq!(app.mailbox.to(email).len(), 6);
    }

    async fn strangers_do_not_fill_the_writers(app: App) {
        let (begun, wait) = channel();
        let (release, held) = channel::<()>();
        let store = app.store.clone();
        let blocking = tokio::spawn(async move {
            let work = move |_: &mut insomnia_scim::store::Transaction<'_>| {
                let _ = begun.send(());
                let _ = held.recv();
                Ok::<_, AdministrationError>(())
            };
            store.write(WriteContext::from(Scope::NONE).of_stranger(), work).await
        });
        tokio::task::spawn_blocking(move || wait.recv()).await.unwrap().unwrap();
        let mut asking = JoinSet::new();
        for number in 0..80 {
            let client = nobody(&app);
            let email = json!({"email": format!("nobody{number}@else.example")});
            asking.spawn(async move { client.post("/sign-in", email).await });
        }
        for _ in 0..16 {
            let refused = asking.join_next().await.unwrap().unwrap();
            assert_eq!(refused.header("retry-after"), "1");
            refused.expect(429);
        }
        drop(release);
        blocking.await.unwrap().unwrap();
        for answer in asking.join_all().await {
            answer.expect(202);
        }
    }
}

on_both_migrated_databases! {
    async fn a_place_is_what_a_trusted_proxy_says(database: Database) {
        let proxies = TrustedProxies::new(vec!["127.0.0.0/8".parse().unwrap()]);
        let app = App::start_with(database, Options { proxies, ..Options::default() });
        let (id, secret) = oauth_client(&app.account(5).await).await;
        for number in 0..60 {
            token(&app, &id, &format!("wrong{number}"), "6.6.6.6, 1.1.1.1").await;
        }
        assert_eq!(token(&app, &id, "wrong", "1.1.1.1").await, 429);
        assert_eq!(token(&app, &id, "wrong", "1.1.1.1, 2.2.2.2").await, 401, "another place");
        assert_eq!(token(&app, &id, &secret, "3.3.3.3").await, 200);
    }
}
