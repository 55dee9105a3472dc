//! Writes that share a commit: one that is refused undoes itself and none of the others.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;

use serde_json::{Value, json};

use crate::support::{
    Account, Response, at_once, group, on_both_databases, patch, text, text_set, user,
};

/// A request on its way.
type Request = Pin<Box<dyn Future<Output = Response> + Send>>;

fn change_members(account: &Account, group: &str, operations: Value) -> Request {
    let (account, path) = (account.clone(), format!("/Groups/{group}"));
    Box::pin(async move { account.scim.patch(&path, patch(operations)).await })
}

fn post(account: &Account, address: String) -> Request {
    let account = account.clone();
    Box::pin(async move { account.scim.post("/Users", user(&address)).await })
}

fn addition(member: &str) -> Value {
    json!({"op": "add", "path": "members", "value": [{"value": member}]})
}

on_both_databases! {
    async fn a_refusal_undoes_only_itself(app: App) {
        let account = app.account(200).await;
        let users = account.provision_many(40).await;
        let (joining, refused) = users.split_at(20);
        let made = account.scim.post("/Groups", group("Flight", &[])).await;
        let team = text(&made.body, "id");
        let mut requests: Vec<Request> = Vec::new();
        for (number, (joins, stays)) in joining.iter().zip(refused).enumerate() {
            requests.push(change_members(&account, &team, json!([addition(joins)])));
            // Writes, and is refused after that.
            let unknown = addition("00000000-0000-4000-8000-000000000000");
            requests.push(change_members(&account, &team, json!([addition(stays), unknown])));
            requests.push(post(&account, format!("new{number}@kongair.example")));
            // The same name twice, at once.
            requests.push(post(&account, format!("twice{}@kongair.example", number / 2)));
        }
        let answers = at_once(requests).await;
        let with_status =
            |status: u16| answers.iter().filter(|answer| answer.status == status).count();
        assert_eq!(with_status(201), 30, "20 new users, and 10 of 20 with the same name");
        assert_eq!(with_status(409), 10);
        assert_eq!(with_status(400), 20);
        let shown = account.scim.get(&format!("/Groups/{team}")).await;
        let expected: BTreeSet<String> = joining.iter().cloned().collect();
        assert_eq!(text_set(&shown.body["members"], "value"), expected);
        assert_eq!(account.seats().await.0, 1 + 40 + 30, "the owner and every user once");
    }
}
