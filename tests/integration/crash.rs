//! The real binary: what it acknowledged survives a kill, what is in flight survives a stop.

mod command_line;
mod stop;

use std::sync::{Arc, Mutex};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::support::{Client, Process, group, on_both_databases, patch, text, user};

/// What the server acknowledged of one user.
#[derive(Clone, Debug)]
struct Acknowledged {
    id: String,
    name: String,
    in_group: bool,
    deactivated: bool,
}

/// Clients that provision at the same time.
const CLIENTS: usize = 8;

/// One client: provisions, adds to the group and deactivates until the server is gone.
async fn provision(
    scim: Client,
    group: String,
    prefix: String,
    log: Arc<Mutex<Vec<Acknowledged>>>,
    tick: mpsc::UnboundedSender<()>,
) {
    let send = async |method: Method, path: &str, body: Value| {
        let headers = [("content-type", "application/scim+json")];
        let answer = scim
            .try_send(method, path, &headers, Some(body.to_string().into_bytes()))
            .await
            .ok()?;
        assert!((200..300).contains(&answer.status), "{}: {}", answer.status, answer.body);
        // The test may have stopped counting.
        let _ = tick.send(());
        Some(answer.body)
    };
    for number in 0.. {
        let name = format!("{prefix}-{number}@kongair.example");
        let Some(created) = send(Method::POST, "/Users", user(&name)).await else { return };
        let id = text(&created, "id");
        let index = {
            let mut log = log.lock().unwrap();
            let (id, in_group, deactivated) = (id.clone(), false, false);
            log.push(Acknowledged { id, name, in_group, deactivated });
            log.len() - 1
        };
        let join = patch(json!([{"op": "add", "path": "members", "value": [{"value": id}]}]));
        let path = format!("/Groups/{group}");
        if send(Method::PATCH, &path, join).await.is_none() {
            return;
        }
        log.lock().unwrap()[index].in_group = true;
        if number % 3 == 0 {
            let off = patch(json!([{"op": "replace", "path": "active", "value": false}]));
            if send(Method::PATCH, &format!("/Users/{id}"), off).await.is_none() {
                return;
            }
            log.lock().unwrap()[index].deactivated = true;
        }
    }
}

/// Checks that everything acknowledged is there and that nothing is counted wrongly.
async fn verify(scim: &Client, admin: &Client, group: &str, log: &[Acknowledged]) {
    let members = admin.items("/members").await;
    let team = admin.items(&format!("/teams/{group}/members")).await;
    for one in log {
        let member = members.iter().find(|member| member["id"] == *one.id);
        let member = member.unwrap_or_else(|| panic!("{one:?} is lost"));
        assert_eq!(member["user_name"], *one.name);
        if one.deactivated {
            assert_eq!(member["state"], "inactive", "{one:?}");
        }
        if one.in_group {
            assert!(team.iter().any(|member| member["id"] == *one.id), "{one:?} has left");
        }
    }
    admin.recount().await;
    let teams = admin.items("/teams").await;
    let shown = teams.iter().find(|team| team["id"] == *group).unwrap();
    assert_eq!(shown["member_count"], team.len());
    let users = scim.get("/Users?count=1").await.expect(200);
    assert_eq!(users["totalResults"], members.len());
}

on_both_databases! {
    async fn what_was_acknowledged_before_a_kill_is_there_after_it(database: Database) {
        let account = Process::bootstrap(database, 100_000);
        let log = Arc::new(Mutex::new(Vec::new()));
        let mut server = Process::serve(database, "info");
        let (scim, _) = server.clients(&account);
        let group = text(&scim.post("/Groups", group("Crew", &[])).await.expect(201), "id");
        for round in 0..3 {
            let (scim, admin) = server.clients(&account);
            let (tick, mut ticks) = mpsc::unbounded_channel();
            let mut clients = tokio::task::JoinSet::new();
            for number in 0..CLIENTS {
                let prefix = format!("user{round}-{number}");
                clients.spawn(provision(
                    scim.clone(), group.clone(), prefix, log.clone(), tick.clone(),
                ));
            }
            for _ in 0..60 + 20 * round {
                ticks.recv().await.unwrap();
            }
            server.kill();
            clients.join_all().await;
            drop((scim, admin));

            server = Process::serve(database, "info");
            let (scim, admin) = server.clients(&account);
            let health = Client::new(server.url.clone(), String::new());
            health.get("/readyz").await.expect(200);
            let known = log.lock().unwrap().clone();
            assert!(known.len() >= 20 * (round + 1));
            verify(&scim, &admin, &group, &known).await;
            // And it goes on.
            scim.post("/Users", user(&format!("after{round}@kongair.example"))).await.expect(201);
        }
    }
}
