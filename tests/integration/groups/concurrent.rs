//! One group, changed from several connections at once: nothing is lost.

use super::*;
use crate::support::Client;

const CONNECTIONS: usize = 8;

/// Sends each connection's requests in turn, all connections at once.
async fn send_all(account: &Account, id: &str, requests: Vec<Vec<Value>>) {
    let running: Vec<_> = requests
        .into_iter()
        .map(|requests| {
            let client = Client::new(account.scim.base.clone(), account.scim.token.clone());
            let path = format!("/Groups/{id}?attributes=id");
            tokio::spawn(async move {
                for operations in requests {
                    client.patch(&path, patch(operations)).await.expect(200);
                }
            })
        })
        .collect();
    for connection in running {
        connection.await.unwrap();
    }
}

async fn assert_members(account: &Account, id: &str, expected: BTreeSet<String>) {
    assert_eq!(members_of(account, id).await, expected);
    assert_eq!(team(account, id).await["member_count"], expected.len());
}

fn add(ids: &[String]) -> Value {
    let value: Vec<Value> = ids.iter().map(|id| json!({"value": id})).collect();
    json!({"op": "Add", "path": "members", "value": value})
}

fn remove(id: &str) -> Value {
    json!({"op": "remove", "path": format!("members[value eq \"{id}\"]")})
}

on_both_databases! {
    async fn of_a_hundred_adds_on_eight_connections_none_is_lost(app: App) {
        let account = app.account(110).await;
        let u = account.provision_many(100).await;
        let id = create(&account, "Crew", &[]).await;
        let mut requests = vec![Vec::new(); CONNECTIONS];
        for (number, user) in u.iter().enumerate() {
            requests[number % CONNECTIONS].push(json!([add(std::slice::from_ref(user))]));
        }
        send_all(&account, &id, requests).await;
        assert_members(&account, &id, u.into_iter().collect()).await;
    }

    async fn adds_and_removes_at_once_leave_what_each_asked_for(app: App) {
        let account = app.account(110).await;
        let u = account.provision_many(96).await;
        let (leaving, coming) = u.split_at(48);
        let inside: Vec<&str> = leaving.iter().map(String::as_str).collect();
        let id = create(&account, "Crew", &inside).await;
        let mut requests = vec![Vec::new(); CONNECTIONS];
        for (number, (out, new)) in leaving.iter().zip(coming).enumerate() {
            let operations = match number % 3 {
                0 => json!([remove(out), add(std::slice::from_ref(new))]),
                // There and back again: what counts is the last word.
                1 => json!([add(std::slice::from_ref(new)), remove(new), remove(out)]),
                _ => json!([add(&[new.clone(), out.clone()]), remove(out)]),
            };
            requests[number % CONNECTIONS].push(operations);
        }
        send_all(&account, &id, requests).await;
        let stays = |(number, _): &(usize, &String)| number % 3 != 1;
        let expected = coming.iter().enumerate().filter(stays).map(|(_, id)| id.clone()).collect();
        assert_members(&account, &id, expected).await;
    }

    async fn the_same_members_added_by_all_are_there_once(app: App) {
        let account = app.account(20).await;
        let u = account.provision_many(10).await;
        let id = create(&account, "Crew", &[]).await;
        send_all(&account, &id, vec![vec![json!([add(&u)]); 3]; CONNECTIONS]).await;
        assert_members(&account, &id, u.into_iter().collect()).await;
    }

    async fn users_deleted_while_they_are_added_are_counted_out(app: App) {
        let account = app.account(50).await;
        let u = account.provision_many(40).await;
        let id = create(&account, "Crew", &[]).await;
        let adding = {
            let client = Client::new(account.scim.base.clone(), account.scim.token.clone());
            let (path, u) = (format!("/Groups/{id}?attributes=id"), u.clone());
            tokio::spawn(async move {
                for user in &u {
                    let response = client.patch(&path, patch(json!([add(std::slice::from_ref(user))]))).await;
                    assert!(matches!(response.status, 200 | 400), "{response:?}");
                }
            })
        };
        for user in u.iter().rev().take(20) {
            account.scim.delete(&format!("/Users/{user}")).await.expect(204);
        }
        adding.await.unwrap();
        assert_members(&account, &id, u[..20].iter().cloned().collect()).await;
    }
}
