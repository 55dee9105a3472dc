//! Fills a server through its SCIM interface: users by Bulk over several connections, members by
//! PATCH in batches.

use std::time::Instant;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::Outcome;
use crate::api::{Api, Request};

/// Operations of one Bulk request, and members of one PATCH, unless the server allows fewer.
const BATCH: usize = 1_000;
const CONNECTIONS: usize = 4;
/// More bytes than one user takes within a Bulk request.
const BYTES_PER_USER: usize = 700;

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const BULK: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

/// A user that is there.
#[derive(Clone)]
pub struct User {
    pub id: String,
    pub user_name: String,
}

/// A group that is there.
#[derive(Clone)]
pub struct Group {
    pub id: String,
    pub size: usize,
}

/// The body that creates a user with this name.
pub fn user_body(user_name: &str) -> Value {
    json!({
        "schemas": [USER],
        "userName": user_name,
        "externalId": format!("ext-{user_name}"),
        "name": {"givenName": "Given", "familyName": user_name},
        "displayName": format!("Given {user_name}"),
        "title": "Pilot",
        "emails": [{"value": user_name, "type": "work", "primary": true}],
        "active": true,
    })
}

/// The body of a PATCH with one operation.
pub fn patch_body(operation: Value) -> Value {
    json!({"schemas": [PATCH], "Operations": [operation]})
}

/// Creates this many users; returns them all, in no particular order.
///
/// # Errors
/// When any operation of any batch fails, or an answer does not name what it created.
pub async fn users(api: &Api, count: usize) -> Outcome<Vec<User>> {
    let started = Instant::now();
    let batch = batch_size(api).await?;
    let mut ranges = (0..count).step_by(batch).map(|from| from..(from + batch).min(count));
    let mut tasks = JoinSet::new();
    let mut users = Vec::with_capacity(count);
    loop {
        while tasks.len() < CONNECTIONS
            && let Some(range) = ranges.next()
        {
            let api = api.clone();
            let names: Vec<String> = range.map(|n| format!("user{n}@load.example")).collect();
            tasks.spawn(async move { bulk_create(&api, names).await });
        }
        let Some(created) = tasks.join_next().await else { break };
        users.append(&mut created??);
    }
    let seconds = started.elapsed().as_secs_f64();
    let rate = count as f64 / seconds;
    println!("  {count} users in {seconds:.1} s ({rate:.0} a second, Bulk of {batch})");
    Ok(users)
}

/// How many operations one Bulk request may have, by the server's own word.
async fn batch_size(api: &Api) -> Outcome<usize> {
    let config = api.succeed(&Request::get("/ServiceProviderConfig")).await?;
    let limit = |name: &str| config["bulk"][name].as_u64().unwrap_or(0) as usize;
    let size = BATCH.min(limit("maxOperations")).min(limit("maxPayloadSize") / BYTES_PER_USER);
    if size == 0 {
        return Err("the server's ServiceProviderConfig offers no Bulk".into());
    }
    Ok(size)
}

/// Creates the users of these names in one Bulk request.
async fn bulk_create(api: &Api, names: Vec<String>) -> Outcome<Vec<User>> {
    let operations: Vec<Value> = names
        .iter()
        .map(|name| {
            json!({"method": "POST", "path": "/Users", "bulkId": name, "data": user_body(name)})
        })
        .collect();
    let body = json!({"schemas": [BULK], "Operations": operations});
    let answer = api.succeed(&Request::send(Method::POST, "/Bulk", body)).await?;
    let results = answer["Operations"].as_array().ok_or("Bulk answered without Operations")?;
    if results.len() != names.len() {
        return Err(format!("{} of {} operations answered", results.len(), names.len()).into());
    }
    results.iter().map(created_user).collect()
}

/// The user that one operation of a Bulk answer created.
fn created_user(result: &Value) -> Outcome<User> {
    let text = |name: &str| result[name].as_str();
    match (text("status"), text("location"), text("bulkId")) {
        (Some("201"), Some(location), Some(user_name)) => {
            let id = location.rsplit('/').next().unwrap_or_default().to_owned();
            Ok(User { id, user_name: user_name.to_owned() })
        }
        _ => Err(format!("a user was not created: {result}").into()),
    }
}

/// Creates a group with these members, and checks that it has them.
pub async fn group(api: &Api, name: &str, members: &[User]) -> Outcome<Group> {
    let started = Instant::now();
    let body = json!({"schemas": [GROUP], "displayName": name});
    let created = api.succeed(&Request::send(Method::POST, "/Groups", body)).await?;
    let id = created["id"].as_str().ok_or("the group has no id")?.to_owned();
    for batch in members.chunks(BATCH) {
        let values: Vec<Value> = batch.iter().map(|user| json!({"value": user.id})).collect();
        let add = patch_body(json!({"op": "add", "path": "members", "value": values}));
        api.succeed(&Request::send(Method::PATCH, format!("/Groups/{id}"), add)).await?;
    }
    let group = Group { id, size: members.len() };
    check_size(api, &group, group.size).await?;
    println!("  {} members in {:.1} s", members.len(), started.elapsed().as_secs_f64());
    Ok(group)
}

/// Reads the members of a group and compares their number.
pub async fn check_size(api: &Api, group: &Group, wanted: usize) -> Outcome<()> {
    let read = Request::get(format!("/Groups/{}", group.id)).with("attributes", "members.value");
    let found = api.succeed(&read).await?["members"].as_array().map_or(0, Vec::len);
    if found == wanted {
        return Ok(());
    }
    Err(format!("the group of {} has {found} members, want {wanted}", group.size).into())
}

/// How many users the account has, its owner among them.
pub async fn total(api: &Api) -> Outcome<u64> {
    let list = api.succeed(&Request::get("/Users").with("count", "0")).await?;
    list["totalResults"].as_u64().ok_or_else(|| "the list has no totalResults".into())
}
