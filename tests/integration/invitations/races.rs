//! Invitations under concurrency, on two nodes that share a database.

use std::pin::Pin;

use serde_json::{Value, json};

use super::{DAY, accept, token_of};
use crate::support::{Account, App, Client, Response, at_once, on_both_databases, text, user};

/// A request on its way.
type Request = Pin<Box<dyn Future<Output = Response> + Send>>;

/// A POST by this client.
fn post(client: &Client, path: &str, body: Value) -> Request {
    let (client, path) = (client.clone(), path.to_owned());
    Box::pin(async move { client.post(&path, body).await })
}

fn delete(client: &Client, path: String) -> Request {
    let client = client.clone();
    Box::pin(async move { client.delete(&path).await })
}

/// How many answers have each of these statuses; there must be no other.
fn count<const N: usize>(answers: &[Response], statuses: [u16; N]) -> [usize; N] {
    for answer in answers {
        assert!(statuses.contains(&answer.status), "{}: {}", answer.status, answer.body);
    }
    statuses.map(|status| answers.iter().filter(|answer| answer.status == status).count())
}

/// Invites to Cargo; gives the invitation's id and its link's token.
async fn invite(app: &App, account: &Account, cargo: &str, email: &str) -> (String, String) {
    (account.invite(email, cargo).await, token_of(app, email).await)
}

on_both_databases! {
    async fn a_link_followed_many_times_at_once_makes_one_member(app: App) {
        let node = app.peer();
        let account = app.account(2).await;
        let nodes = [account.admin.clone(), account.through(&node).admin];
        let cargo = account.add_organization("Cargo").await;
        let (_, token) = invite(&app, &account, &cargo, "amelia@kongair.example").await;
        let requests = (0..12).map(|number| {
            post(&nodes[number % 2], "/invitations/accept", json!({"token": token}))
        });
        let answers = at_once(requests.collect::<Vec<_>>()).await;
        assert_eq!(count(&answers, [200, 409]), [1, 11]);
        assert_eq!(account.recount().await, 2);
        assert_eq!(account.admin.items("/members").await.len(), 2);
    }

    async fn accepting_and_being_provisioned_at_once_is_one_member_with_one_seat(app: App) {
        let node = app.peer();
        let account = app.account(2).await;
        let other = account.through(&node);
        let cargo = account.add_organization("Cargo").await;
        for round in 0..6 {
            let email = format!("amelia{round}@kongair.example");
            let (id, token) = invite(&app, &account, &cargo, &email).await;
            let (here, there) = if round % 2 == 0 { (&account, &other) } else { (&other, &account) };
            let answers = tokio::join!(
                post(&here.admin, "/invitations/accept", json!({"token": token})),
                post(&there.scim, "/Users", user(&email)),
            );
            // Provisioned first, the link is used up; accepted first, the member is adopted.
            assert!([200, 409].contains(&answers.0.status), "{}", answers.0.body);
            assert_eq!(answers.1.status, 201, "{}", answers.1.body);
            let member = text(&answers.1.body, "id");
            if answers.0.status == 200 {
                assert_eq!(answers.0.body["member_id"], *member);
            }
            assert_eq!(account.member(&member).await["source"], "scim");
            assert_eq!(account.access(&member).await.len(), 1);
            assert_eq!(account.invitation_state(&id).await, "accepted");
            assert_eq!(account.recount().await, 2);
            account.admin.delete(&format!("/licences/{member}")).await.expect(204);
        }
    }

    async fn accepting_and_being_revoked_at_once_is_one_or_the_other(app: App) {
        let node = app.peer();
        let account = app.account(3).await;
        let other = account.through(&node);
        let cargo = account.add_organization("Cargo").await;
        for round in 0..6 {
            let email = format!("amelia{round}@kongair.example");
            let (id, token) = invite(&app, &account, &cargo, &email).await;
            let (here, there) = if round % 2 == 0 { (&account, &other) } else { (&other, &account) };
            let answers = tokio::join!(
                post(&here.admin, "/invitations/accept", json!({"token": token})),
                delete(&there.admin, format!("/invitations/{id}")),
            );
            let state = account.invitation_state(&id).await;
            match (answers.0.status, answers.1.status) {
                (200, 409) => {
                    assert_eq!(state, "accepted");
                    assert_eq!(account.recount().await, 2);
                    let member = text(&answers.0.body, "member_id");
                    account.admin.delete(&format!("/licences/{member}")).await.expect(204);
                }
                (409, 204) => {
                    assert_eq!(state, "revoked");
                    assert_eq!(account.recount().await, 1);
                }
                other => panic!("{other:?}"),
            }
        }
    }

    async fn many_invited_and_accepted_at_once_never_exceed_the_seats(app: App) {
        let node = app.peer();
        let account = app.account(12).await;
        let nodes = [account.clone(), account.through(&node)];
        let cargo = account.add_organization("Cargo").await;
        let mut tokens = Vec::new();
        for number in 0..4 {
            let email = format!("first{number}@kongair.example");
            tokens.push(invite(&app, &account, &cargo, &email).await.1);
        }
        let mut requests: Vec<Request> = Vec::new();
        for number in 0..8 {
            let node = &nodes[number % 2];
            let emails: Vec<String> =
                (0..5).map(|part| format!("u{number}-{part}@kongair.example")).collect();
            let body = json!({"emails": emails, "organization_id": cargo});
            requests.push(post(&node.admin, "/invitations", body));
            let accepting = json!({"token": tokens[number / 2]});
            requests.push(post(&node.admin, "/invitations/accept", accepting));
            let provisioned = user(&format!("scim{number}@kongair.example"));
            requests.push(post(&node.scim, "/Users", provisioned));
        }
        let answers = at_once(requests).await;
        count(&answers, [200, 201, 403, 409]);
        let accepted = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(accepted, 4, "an accepted invitation needs no free seat");
        for node in &nodes {
            assert_eq!(node.seats().await, (12, 12));
            assert_eq!(node.recount().await, 12);
        }
    }

    async fn an_invitation_that_has_just_expired_is_not_accepted(app: App) {
        let account = app.account(2).await;
        let cargo = account.add_organization("Cargo").await;
        let (id, token) = invite(&app, &account, &cargo, "amelia@kongair.example").await;
        app.clock.advance(30 * DAY);
        let node = app.peer();
        let (_, refused) = tokio::join!(node.background(), accept(&app, &token));
        refused.expect(409);
        assert_eq!(account.invitation_state(&id).await, "expired");
        assert_eq!(account.recount().await, 1);
    }
}
