//! Fills a server through its SCIM interface: users by Bulk over several connections, members by
//! PATCH in batches.

use std::time::Instant;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use serde_json::{Value, json};

use crate::Outcome;
use crate::client::{Connection, Endpoint};
use crate::request::{Request, add_members, group_body, user_body};

/// Operations of one Bulk request, and members of one PATCH, unless the server allows fewer.
const BATCH: usize = 1_000;
const CONNECTIONS: usize = 4;
/// More bytes than one user takes within a Bulk request.
const BYTES_PER_USER: usize = 700;

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

/// Creates this many users; returns them all, in no particular order.
///
/// # Errors
/// When any operation of any batch fails, or an answer does not name what it created.
pub async fn users(endpoint: &Endpoint, count: usize) -> Outcome<Vec<User>> {
    let started = Instant::now();
    let batch = batch_size(endpoint).await?;
    let batches = (0..count).step_by(batch).map(|from| from..(from + batch).min(count));
    let users: Vec<Vec<User>> = stream::iter(batches)
        .map(|range| async {
            let names: Vec<String> = range.map(|n| format!("user{n}@load.example")).collect();
            let request = Request::bulk(creations(&names));
            created(&names, &endpoint.connection().succeed(&request).await?)
        })
        .buffer_unordered(CONNECTIONS)
        .try_collect()
        .await?;
    let seconds = started.elapsed().as_secs_f64();
    let rate = count as f64 / seconds;
    eprintln!("  {count} users in {seconds:.1} s ({rate:.0} a second, Bulk of {batch})");
    Ok(users.into_iter().flatten().collect())
}

/// How many operations one Bulk request may have, by the server's own word.
async fn batch_size(endpoint: &Endpoint) -> Outcome<usize> {
    let config = endpoint.connection().succeed(&Request::get("/ServiceProviderConfig")).await?;
    let limit = |name: &str| config["bulk"][name].as_u64().unwrap_or(0) as usize;
    let size = BATCH.min(limit("maxOperations")).min(limit("maxPayloadSize") / BYTES_PER_USER);
    if size == 0 {
        return Err("the server's ServiceProviderConfig offers no Bulk".into());
    }
    Ok(size)
}

/// The operations that create the users of these names.
pub fn creations(names: &[String]) -> Vec<Value> {
    let creation = |name: &String| json!({"method": "POST", "path": "/Users", "bulkId": name, "data": user_body(name)});
    names.iter().map(creation).collect()
}

/// The users that a Bulk answer says were created.
///
/// # Errors
/// When it does not say so of each of these names.
pub fn created(names: &[String], answer: &Value) -> Outcome<Vec<User>> {
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

/// Deletes the users with these ids.
///
/// # Errors
/// When any of them is not deleted.
pub async fn delete(connection: &mut Connection, ids: &[String]) -> Outcome<()> {
    for batch in ids.chunks(BATCH) {
        let deletion = |id: &String| json!({"method": "DELETE", "path": format!("/Users/{id}")});
        let request = Request::bulk(batch.iter().map(deletion).collect());
        let answer = connection.succeed(&request).await?;
        let results = answer["Operations"].as_array().map(Vec::as_slice).unwrap_or_default();
        let deleted = results.iter().filter(|result| result["status"] == "204").count();
        if deleted != batch.len() {
            return Err(format!("{deleted} of {} users were deleted", batch.len()).into());
        }
    }
    Ok(())
}

/// Creates a group with these members, and checks that it has them.
///
/// # Errors
/// When anything is refused, or a member is missing.
pub async fn group(endpoint: &Endpoint, name: &str, members: &[User]) -> Outcome<Group> {
    let started = Instant::now();
    let mut connection = endpoint.connection();
    let created = connection.succeed(&Request::post("/Groups", group_body(name))).await?;
    let id = created["id"].as_str().ok_or("the group has no id")?.to_owned();
    for batch in members.chunks(BATCH) {
        let add = add_members(batch.iter().map(|user| user.id.as_str()));
        connection.succeed(&Request::patch(format!("/Groups/{id}"), add)).await?;
    }
    let group = Group { id, size: members.len() };
    check_size(&mut connection, &group, group.size).await?;
    eprintln!("  a group of {} in {:.1} s", members.len(), started.elapsed().as_secs_f64());
    Ok(group)
}

/// Reads the members of a group and compares their number.
///
/// # Errors
/// When it is another.
pub async fn check_size(connection: &mut Connection, group: &Group, wanted: usize) -> Outcome<()> {
    let read = Request::get(format!("/Groups/{}", group.id)).with("attributes", "members.value");
    let found = connection.succeed(&read).await?["members"].as_array().map_or(0, Vec::len);
    if found == wanted {
        return Ok(());
    }
    Err(format!("the group of {} has {found} members, want {wanted}", group.size).into())
}

/// How many users the account has, its owner among them.
///
/// # Errors
/// When the server does not say.
pub async fn total(connection: &mut Connection) -> Outcome<u64> {
    let list = connection.succeed(&Request::get("/Users").with("count", "0")).await?;
    list["totalResults"].as_u64().ok_or_else(|| "the list has no totalResults".into())
}

/// A cursor to a page in the middle of this many users.
///
/// # Errors
/// When a page does not lead to the next.
pub async fn cursor(connection: &mut Connection, total: u64) -> Outcome<String> {
    let half = (total / 2) as usize;
    let pages = half.div_ceil(BATCH).max(1);
    let count = (half / pages).max(1);
    let mut cursor = String::new();
    for _ in 0..pages {
        let page = Request::get("/Users").with("cursor", &cursor);
        let page = page.with("count", &count.to_string()).with("attributes", "id");
        let page = connection.succeed(&page).await?;
        if page["Resources"].as_array().map(Vec::len) != Some(count) {
            return Err(format!("a page of {count} is not full").into());
        }
        cursor = page["nextCursor"].as_str().ok_or("a page has no nextCursor")?.to_owned();
    }
    Ok(cursor)
}
