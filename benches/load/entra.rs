//! What Entra sends when it provisions a tenant for the first time, in the order it sends it.

use std::time::Duration;

use serde_json::Value;

use crate::Outcome;
use crate::client::Connection;
use crate::fill::{Group, check_size};
use crate::pace::RequestLimit;
use crate::request::{Request, add_members, group_body, user_body};

/// How many members one PATCH adds. Entra does not publish its number.
const MEMBERS_IN_A_PATCH: usize = 20;

/// One connection of a provisioning job.
pub struct Job {
    pub connection: Connection,
    pub pace: RequestLimit,
    /// How long each request took.
    pub times: Vec<Duration>,
}

impl Job {
    /// One connection that sends at this pace.
    pub fn new(connection: Connection, pace: RequestLimit) -> Self {
        Self { connection, pace, times: Vec::new() }
    }

    /// Looks a user up by its name, and creates it when nobody has it; returns its id.
    ///
    /// # Errors
    /// When somebody has it, or an answer is wrong.
    pub async fn user(&mut self, name: &str) -> Outcome<String> {
        let lookup = Request::users_where(&format!("userName eq \"{name}\""));
        nobody(&self.send(&lookup).await?)?;
        let user = self.send(&Request::post("/Users", user_body(name))).await?;
        if user["userName"] != name {
            return Err(format!("{name} was created as {user}").into());
        }
        id_of(&user)
    }

    /// Looks a group up by its name, creates it, adds its members, and reads it without them.
    ///
    /// # Errors
    /// When somebody has it, or an answer is wrong.
    pub async fn group(&mut self, name: &str, members: &[&str]) -> Outcome<Group> {
        let filter = format!("displayName eq \"{name}\"");
        let lookup =
            Request::get("/Groups").with("excludedAttributes", "members").with("filter", &filter);
        nobody(&self.send(&lookup).await?)?;
        let id = id_of(&self.send(&Request::post("/Groups", group_body(name))).await?)?;
        let path = format!("/Groups/{id}");
        for batch in members.chunks(MEMBERS_IN_A_PATCH) {
            self.send(&Request::patch(path.clone(), add_members(batch.iter().copied()))).await?;
        }
        let group = self.send(&Request::get(path).with("excludedAttributes", "members")).await?;
        if group["displayName"] != name || group.get("members").is_some() {
            return Err(format!("{name} was read as {group}").into());
        }
        Ok(Group { id, size: members.len() })
    }

    /// Reads the members of a group, which Entra does not, and compares their number.
    ///
    /// # Errors
    /// When it is another.
    pub async fn check(&mut self, group: &Group) -> Outcome<()> {
        check_size(&mut self.connection, group, group.size).await
    }

    /// Sends one request when it is its turn, and keeps how long it took.
    async fn send(&mut self, request: &Request) -> Outcome<Value> {
        let from = self.pace.next().await;
        let answer = self.connection.succeed(request).await?;
        self.times.push(from.elapsed());
        Ok(answer)
    }
}

fn nobody(list: &Value) -> Outcome<()> {
    if list["totalResults"] == 0 {
        return Ok(());
    }
    Err(format!("there is somebody already: {list}").into())
}

fn id_of(resource: &Value) -> Outcome<String> {
    let id = resource["id"].as_str().ok_or_else(|| format!("no id: {resource}"))?;
    Ok(id.to_owned())
}
