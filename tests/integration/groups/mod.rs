//! Groups become teams (docs/domain.md §7, the table of groups).

mod answers;
mod concurrent;
mod ending;
mod large;
mod members;
mod refusals;
mod synchronising;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::{Account, group, on_both_databases, patch, set, text_set};

/// A team that an administrator made: linked to an organization, with a member put in by hand.
struct ManualTeam {
    id: String,
    organization: String,
    /// The member's id.
    member: String,
}

/// Makes a manual team named `Flight Crew` with the role `admin`.
async fn manual_team(account: &Account) -> ManualTeam {
    let admin = &account.admin;
    let team = json!({"name": "Flight Crew", "description": "who flies", "role": "admin"});
    let team = admin.post("/teams", team).await.expect(201);
    let id = team["id"].as_str().unwrap().to_owned();
    let organization = admin.post("/organizations", json!({"name": "Cargo"})).await.expect(201);
    let organization = organization["id"].as_str().unwrap().to_owned();
    admin.put(&format!("/teams/{id}/organizations/{organization}"), json!({})).await.expect(204);
    let address = json!({"email": "hand@kongair.example"});
    let member = admin.post("/members", address.clone()).await.expect(201);
    admin.post(&format!("/teams/{id}/members"), address).await.expect(201);
    ManualTeam { id, organization, member: member["id"].as_str().unwrap().to_owned() }
}

/// POSTs a group; gives its id.
async fn create(account: &Account, name: &str, members: &[&str]) -> String {
    let made = account.scim.post("/Groups", group(name, members)).await.expect(201);
    made["id"].as_str().unwrap().to_owned()
}

/// The group as SCIM shows it.
async fn read(account: &Account, id: &str) -> Value {
    account.scim.get(&format!("/Groups/{id}")).await.expect(200)
}

/// The ids of the group's members.
async fn members_of(account: &Account, id: &str) -> BTreeSet<String> {
    text_set(&read(account, id).await["members"], "value")
}

async fn version(account: &Account, id: &str) -> String {
    read(account, id).await["meta"]["version"].as_str().unwrap().to_owned()
}

/// PATCHes a group; gives the group.
async fn change(account: &Account, id: &str, operations: Value) -> Value {
    account.scim.patch(&format!("/Groups/{id}"), patch(operations)).await.expect(200)
}

/// The team as administrators see it; null where there is none.
async fn team(account: &Account, id: &str) -> Value {
    let teams = account.admin.get("/teams?limit=1000").await.expect(200);
    let mut teams = teams["items"].as_array().unwrap().iter();
    teams.find(|team| team["id"] == id).cloned().unwrap_or_default()
}

/// The members of the team as administrators see them: id, and who put them there.
async fn sources(account: &Account, id: &str) -> BTreeMap<String, String> {
    let list = account.admin.get(&format!("/teams/{id}/members?limit=1000")).await.expect(200);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let items = list["items"].as_array().unwrap().iter();
    items.map(|member| (text(&member["id"]), text(&member["source"]))).collect()
}

/// The organizations that a member reaches.
async fn reaches(account: &Account, member: &str) -> BTreeSet<String> {
    let access = account.admin.get(&format!("/members/{member}/access")).await.expect(200);
    text_set(&access["items"], "organization_id")
}

/// Groups of this name, by the look-up that identity providers make.
async fn look_up(account: &Account, name: &str) -> Vec<String> {
    let filter = format!("displayName eq \"{name}\"");
    let found = account.scim.filter("/Groups", &filter).await.expect(200);
    assert_eq!(found["totalResults"], found["Resources"].as_array().unwrap().len());
    crate::support::texts(&found["Resources"], "id")
}
