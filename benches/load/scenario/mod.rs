//! The kinds of requests that are measured, and what a right answer to each is.

mod groups;
mod users;

use std::sync::Arc;

use serde_json::Value;

use crate::Outcome;
use crate::client::{Answer, Endpoint};
use crate::fill::{Group, User};
use crate::request::Request;

pub use groups::GROUPS;
pub use users::{USERS, newcomer};

/// What a page that is measured holds at most.
const PAGE: u64 = 100;

/// One of the sizes that are compared.
#[derive(Clone)]
pub struct Side {
    pub endpoint: Endpoint,
    /// The process that serves it.
    pub process: u32,
    /// How many users or members this side is said to have.
    pub size: usize,
    /// Users that are there and in no group.
    pub users: Arc<[User]>,
    /// Users that are there to be in groups.
    pub members: Arc<[User]>,
    /// How many users the account has.
    pub total: u64,
    /// Leads to a page in the middle of all users.
    pub cursor: String,
    /// The group that the group scenarios speak of.
    pub group: Group,
}

/// What is compared between the sides of a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    Users,
    Members,
}

impl Compared {
    /// What the sizes count.
    pub fn word(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Members => "members",
        }
    }
}

/// How much more the request may cost on a larger side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Growth {
    /// Not more, but for what measuring cannot tell.
    None,
    /// It goes by position.
    Double,
    /// The answer grows, and so does its price.
    Own,
}

/// A kind of request: the nth request to one side, and the check of its answer.
pub struct Scenario {
    pub name: &'static str,
    pub compared: Compared,
    pub growth: Growth,
    pub request: fn(&Side, usize) -> Request,
    pub right: fn(&Side, usize, u16, &Value) -> bool,
    /// What must be done before each single request, and after it, to leave the group at its size;
    /// neither is measured.
    pub before: Option<fn(&Side, usize) -> Request>,
    pub after: Option<fn(&Side, usize) -> Request>,
    /// How many members beyond its size the group has right after the request, if it changes them.
    pub beyond: Option<usize>,
    /// Whether the same request can be sent again and do the same.
    pub again: bool,
}

impl Scenario {
    /// A request that only reads, about users.
    const fn read(
        name: &'static str,
        request: fn(&Side, usize) -> Request,
        right: fn(&Side, usize, u16, &Value) -> bool,
    ) -> Self {
        Self {
            name,
            compared: Compared::Users,
            growth: Growth::None,
            request,
            right,
            before: None,
            after: None,
            beyond: None,
            again: true,
        }
    }

    /// Looks at the answer to the nth request.
    ///
    /// # Errors
    /// When it is not right.
    pub fn check(&self, side: &Side, n: usize, answer: &Answer) -> Outcome<()> {
        let body = answer.json()?;
        if (self.right)(side, n, answer.status, &body) {
            return Ok(());
        }
        let Request { method, path, .. } = (self.request)(side, n);
        let text: String = body.to_string().chars().take(500).collect();
        Err(format!("{}: {method} {path} answered {} {text}", self.name, answer.status).into())
    }
}

/// The scenario of this name.
///
/// # Errors
/// When there is none.
pub fn named(name: &str) -> Outcome<&'static Scenario> {
    let mut all = USERS.iter().chain(&GROUPS);
    all.find(|scenario| scenario.name == name).ok_or_else(|| format!("no scenario {name}").into())
}

/// The user of the nth request: spread over all of them, the same for every run.
pub fn pick(side: &Side, n: usize) -> &User {
    &side.users[n * 7_919 % side.users.len()]
}

/// Whether the resource is this user.
fn is_user(resource: &Value, user: &User) -> bool {
    resource["id"] == user.id && resource["userName"] == user.user_name
}
