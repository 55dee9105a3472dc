//! Seats are exact under any concurrency, on one server and on two that share a database.

use std::future::Future;
use std::pin::Pin;

use serde_json::{Value, json};

use crate::support::{Account, App, Database, Response, at_once, patch, text, user};

/// A request on its way.
type Request = Pin<Box<dyn Future<Output = Response> + Send>>;

/// Makes three tests out of one story: SQLite, PostgreSQL, and PostgreSQL with two servers, where
/// `$nodes` is the account as each server shows it.
macro_rules! races {
    ($(async fn $name:ident($nodes:ident: $seats:literal seats) $story:block)+) => {
        $(
            mod $name {
                use super::*;

                async fn story($nodes: &[Account]) $story

                #[tokio::test]
                async fn sqlite() {
                    let app = App::start(Database::migrated_sqlite());
                    story(&[app.account($seats).await]).await;
                }

                #[tokio::test]
                async fn postgres() {
                    if let Some(database) = Database::migrated_postgres() {
                        let app = App::start(database);
                        story(&[app.account($seats).await]).await;
                    }
                }

                #[tokio::test]
                async fn postgres_with_two_servers() {
                    if let Some(database) = Database::migrated_postgres() {
                        let app = App::start(database);
                        let second = app.second_node();
                        let account = app.account($seats).await;
                        let other = account.through(&second);
                        story(&[account, other]).await;
                    }
                }
            }
        )+
    };
}

fn post(account: &Account, user: Value) -> Request {
    let account = account.clone();
    Box::pin(async move { account.scim.post("/Users", user).await })
}

fn set_active(account: &Account, id: &str, active: bool) -> Request {
    let (account, path) = (account.clone(), format!("/Users/{id}"));
    let change = patch(json!([{"op": "replace", "path": "active", "value": active}]));
    Box::pin(async move { account.scim.patch(&path, change).await })
}

fn delete(account: &Account, id: &str) -> Request {
    let (account, path) = (account.clone(), format!("/Users/{id}"));
    Box::pin(async move { account.scim.delete(&path).await })
}

fn administer(account: &Account, path: &'static str, body: Value) -> Request {
    let account = account.clone();
    Box::pin(async move { account.admin.post(path, body).await })
}

/// How many answers have each of these statuses; there must be no other.
fn count<const N: usize>(answers: &[Response], statuses: [u16; N]) -> [usize; N] {
    for answer in answers {
        assert!(statuses.contains(&answer.status), "{}: {}", answer.status, answer.body);
    }
    statuses.map(|status| answers.iter().filter(|answer| answer.status == status).count())
}

/// A provisioned user who takes no seat yet.
async fn sleeper(account: &Account, name: &str) -> String {
    let mut sleeper = user(name);
    sleeper["active"] = json!(false);
    text(&account.scim.post("/Users", sleeper).await.expect(201), "id")
}

races! {
    async fn as_many_succeed_as_seats_are_free(nodes: 11 seats) {
        let mut sleepers = Vec::new();
        for number in 0..10 {
            sleepers.push(sleeper(&nodes[0], &format!("sleeper{number}@kongair.example")).await);
        }
        let organization = nodes[0].add_organization("Cargo").await;
        let requests = (0..70).map(|number| {
            let node = &nodes[number / 7 % nodes.len()];
            let email = format!("user{number}@kongair.example");
            let invitation = json!({"email": email, "organization_id": organization});
            match number % 7 {
                0 => set_active(node, &sleepers[number / 7], true),
                1 => administer(node, "/invitations", invitation),
                2 => administer(node, "/members", json!({"email": email})),
                _ => post(node, user(&email)),
            }
        });
        let answers = at_once(requests.collect::<Vec<_>>()).await;
        let [activated, created, refused] = count(&answers, [200, 201, 403]);
        assert_eq!((activated + created, refused), (10, 60));
        for node in nodes {
            assert_eq!(node.seats().await, (11, 11));
            assert_eq!(node.recount().await, 11);
        }
        let page = nodes[0].admin.get("/connector").await.expect(200);
        let scim_refusals = answers
            .iter()
            .filter(|answer| answer.status == 403 && answer.body.get("schemas").is_some())
            .count();
        assert_eq!(page["refusals"][0]["occurrences"], scim_refusals, "each one is counted");
    }

    async fn one_of_many_posts_of_the_same_user_makes_it(nodes: 50 seats) {
        for round in 0..3 {
            let name = format!("amelia{round}@kongair.example");
            let requests = (0..20).map(|number| {
                // Every copy in a letter case of its own.
                let spelled: String = name
                    .char_indices()
                    .map(|(at, letter)| match at == number {
                        true => letter.to_ascii_uppercase(),
                        false => letter,
                    })
                    .collect();
                post(&nodes[number % nodes.len()], user(&spelled))
            });
            let answers = at_once(requests.collect::<Vec<_>>()).await;
            assert_eq!(count(&answers, [201, 409]), [1, 19]);
            assert!(answers.iter().all(|answer| {
                answer.status == 201 || answer.body["scimType"] == "uniqueness"
            }));
        }
        assert_eq!(nodes[0].recount().await, 4);
    }

    async fn one_of_many_posts_accepts_the_invitation(nodes: 2 seats) {
        let organization = nodes[0].add_organization("Cargo").await;
        let invitation = nodes[0].invite("amelia@kongair.example", &organization).await;
        let requests = (0..10)
            .map(|number| post(&nodes[number % nodes.len()], user("Amelia@kongair.example")));
        let answers = at_once(requests.collect::<Vec<_>>()).await;
        assert_eq!(count(&answers, [201, 409]), [1, 9]);
        assert_eq!(nodes[0].invitation_state(&invitation).await, "accepted");
        assert_eq!(nodes[0].recount().await, 2);
    }

    async fn of_two_last_owners_one_stays(nodes: 5 seats) {
        let first = nodes[0].made.owner_id.clone();
        let second = nodes[0].add_member("second@kongair.example", "owner").await;
        let last = nodes.len() - 1;
        for _ in 0..8 {
            let requests =
                vec![set_active(&nodes[0], &first, false), set_active(&nodes[last], &second, false)];
            assert_eq!(count(&at_once(requests).await, [200, 403]), [1, 1]);
            for id in [&first, &second] {
                set_active(&nodes[0], id, true).await.expect(200);
            }
        }
        let requests = vec![delete(&nodes[0], &first), set_active(&nodes[last], &second, false)];
        let answers = at_once(requests).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 403).count(), 1);
        let owners = "urn:insomnia:params:scim:schemas:extension:account:2.0:User:accountRole";
        let filter = format!("active eq true and {owners} eq \"owner\"");
        let left = nodes[0].scim.filter("/Users", &filter).await.expect(200);
        assert_eq!(left["totalResults"], 1, "{left}");
    }

    async fn deleting_or_deactivating_a_user_many_times_at_once_frees_one_seat(nodes: 9 seats) {
        let deleted = nodes[0].provision("deleted@kongair.example").await;
        let deactivated = nodes[0].provision("deactivated@kongair.example").await;
        nodes[0].provision("other@kongair.example").await;
        let requests = (0..10).map(|number| delete(&nodes[number % nodes.len()], &deleted));
        let answers = at_once(requests.collect::<Vec<_>>()).await;
        assert_eq!(count(&answers, [204, 404]), [1, 9]);
        let requests =
            (0..10).map(|number| set_active(&nodes[number % nodes.len()], &deactivated, false));
        let answers = at_once(requests.collect::<Vec<_>>()).await;
        assert_eq!(count(&answers, [200]), [10]);
        assert_eq!(nodes[0].recount().await, 2);
    }

    async fn coming_and_going_at_once_never_exceeds_the_total(nodes: 6 seats) {
        let mut ids = Vec::new();
        for number in 0..12 {
            ids.push(sleeper(&nodes[0], &format!("user{number}@kongair.example")).await);
        }
        for round in 0..4 {
            let requests = (0..48).map(|number| {
                let node = &nodes[number % nodes.len()];
                let id = &ids[number * 5 % ids.len()];
                match number % 4 {
                    0 | 1 => set_active(node, id, true),
                    2 => set_active(node, id, false),
                    _ => {
                        let node = node.clone();
                        Box::pin(async move { node.admin.get("/seats").await })
                    }
                }
            });
            let answers = at_once(requests.collect::<Vec<_>>()).await;
            count(&answers, [200, 403]);
            for seats in answers.iter().filter_map(|answer| answer.body["used"].as_i64()) {
                assert!((1..=6).contains(&seats), "{seats} used in round {round}");
            }
            assert!(nodes[0].recount().await <= 6);
        }
    }
}
