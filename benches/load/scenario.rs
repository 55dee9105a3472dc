//! The kinds of requests that are measured, and what a right answer to each is.

use reqwest::Method;
use serde_json::{Value, json};

use crate::api::{Answer, Api, Request};
use crate::fill::{Group, User, patch_body, user_body};

/// One of the two sizes that are compared.
pub struct Side {
    pub api: Api,
    /// Users that are there.
    pub users: Vec<User>,
    /// Users that are there and in no group.
    pub spare: Vec<User>,
    /// How many users the account has.
    pub total: u64,
    /// The group that the group scenarios speak of.
    pub group: Group,
}

/// What is compared between the two sides of a scenario.
#[derive(Clone, Copy, PartialEq)]
pub enum Compared {
    Users,
    Members,
}

/// A kind of request: the nth request to one side, and the check of its answer.
pub struct Scenario {
    pub name: &'static str,
    pub compared: Compared,
    pub request: fn(&Side, usize) -> Request,
    pub right: fn(&Side, usize, &Answer) -> bool,
    /// What must be done before each request, and after it, to leave the group at its size; neither
    /// is measured.
    pub before: Option<fn(&Side, usize) -> Request>,
    pub after: Option<fn(&Side, usize) -> Request>,
    /// How many members beyond its size the group has right after the request, if it changes them.
    pub beyond: Option<usize>,
}

/// All scenarios in the order of measuring: creating comes last, since it changes the totals.
pub const ALL: [Scenario; 13] = [
    Scenario {
        name: "get",
        compared: Compared::Users,
        request: |side, n| Request::get(format!("/Users/{}", pick(side, n).id)),
        right: |side, n, answer| answer.status == 200 && is_user(&answer.body, pick(side, n)),
        before: None,
        after: None,
        beyond: None,
    },
    Scenario {
        name: "lookup hit",
        compared: Compared::Users,
        request: |side, n| lookup(&pick(side, n).user_name),
        right: |side, n, answer| {
            answer.body["totalResults"] == 1 && is_user(&answer.body["Resources"][0], pick(side, n))
        },
        before: None,
        after: None,
        beyond: None,
    },
    Scenario {
        name: "lookup miss",
        compared: Compared::Users,
        request: |_, n| lookup(&format!("nobody{n}@load.example")),
        right: |_, _, answer| answer.status == 200 && answer.body["totalResults"] == 0,
        before: None,
        after: None,
        beyond: None,
    },
    Scenario {
        name: "lookup by externalId",
        compared: Compared::Users,
        request: |side, n| find(&format!("externalId eq \"ext-{}\"", pick(side, n).user_name)),
        right: finds_one,
        before: None,
        after: None,
        beyond: None,
    },
    Scenario {
        name: "lookup by e-mail",
        compared: Compared::Users,
        request: |side, n| {
            let name = &pick(side, n).user_name;
            find(&format!("emails[type eq \"work\"].value eq \"{name}\""))
        },
        right: finds_one,
        before: None,
        after: None,
        beyond: None,
    },
    Scenario {
        name: "lookup by displayName",
        compared: Compared::Users,
        request: |side, n| find(&format!("displayName eq \"Given {}\"", pick(side, n).user_name)),
        right: finds_one,
        before: None,
        after: None,
        beyond: None,
    },
    Scenario {
        name: "groups of a member",
        compared: Compared::Users,
        request: |side, n| {
            let filter = format!("members.value eq \"{}\"", pick(side, n).id);
            Request::get("/Groups").with("filter", &filter).with("excludedAttributes", "members")
        },
        right: |_, _, answer| answer.status == 200 && answer.body["totalResults"] == 0,
        before: None,
        after: None,
        beyond: None,
    },
    Scenario {
        name: "first page",
        compared: Compared::Users,
        request: |_, _| Request::get("/Users").with("startIndex", "1").with("count", "100"),
        right: |side, _, answer| {
            let page = side.total.min(100);
            answer.body["totalResults"] == side.total
                && answer.body["itemsPerPage"] == page
                && answer.body["Resources"].as_array().map(Vec::len) == Some(page as usize)
        },
        before: None,
        after: None,
        beyond: None,
    },
    Scenario {
        name: "attribute patch",
        compared: Compared::Users,
        request: |side, n| {
            let replace = json!({"op": "replace", "path": "title", "value": title(n)});
            let path = format!("/Users/{}", pick(side, n).id);
            Request::send(Method::PATCH, path, patch_body(replace))
        },
        right: |_, n, answer| {
            answer.status == 204 || (answer.status == 200 && answer.body["title"] == title(n))
        },
        before: None,
        after: None,
        beyond: None,
    },
    Scenario {
        name: "group without members",
        compared: Compared::Members,
        request: |side, _| {
            Request::get(format!("/Groups/{}", side.group.id)).with("excludedAttributes", "members")
        },
        right: |side, _, answer| {
            answer.body["id"] == side.group.id && answer.body.get("members").is_none()
        },
        before: None,
        after: None,
        beyond: None,
    },
    Scenario {
        name: "member add",
        compared: Compared::Members,
        request: add,
        right: |_, _, answer| matches!(answer.status, 200 | 204),
        before: None,
        after: Some(remove),
        beyond: Some(1),
    },
    Scenario {
        name: "member remove",
        compared: Compared::Members,
        request: remove,
        right: |_, _, answer| matches!(answer.status, 200 | 204),
        before: Some(add),
        after: None,
        beyond: Some(0),
    },
    Scenario {
        name: "create",
        compared: Compared::Users,
        request: |_, n| {
            Request::send(Method::POST, "/Users", user_body(&format!("new{n}@load.example")))
        },
        right: |_, n, answer| {
            answer.status == 201
                && answer.body["id"].is_string()
                && answer.body["userName"] == format!("new{n}@load.example")
        },
        before: None,
        after: None,
        beyond: None,
    },
];

/// The user of the nth request: spread over all of them, the same for every run.
fn find(filter: &str) -> Request {
    Request::get("/Users").with("filter", filter)
}

fn finds_one(side: &Side, n: usize, answer: &Answer) -> bool {
    answer.body["totalResults"] == 1 && is_user(&answer.body["Resources"][0], pick(side, n))
}

fn pick(side: &Side, n: usize) -> &User {
    &side.users[n * 7_919 % side.users.len()]
}

/// The nth addition of a member to the group.
fn add(side: &Side, n: usize) -> Request {
    let value = json!([{"value": spare(side, n).id}]);
    change(side, json!({"op": "add", "path": "members", "value": value}))
}

/// The removal of the member that the nth addition brought.
fn remove(side: &Side, n: usize) -> Request {
    let path = format!("members[value eq \"{}\"]", spare(side, n).id);
    change(side, json!({"op": "remove", "path": path}))
}

/// A PATCH of the group with one operation.
fn change(side: &Side, operation: Value) -> Request {
    Request::send(Method::PATCH, format!("/Groups/{}", side.group.id), patch_body(operation))
}

/// The user that the nth addition adds.
fn spare(side: &Side, n: usize) -> &User {
    &side.spare[n % side.spare.len()]
}

/// An identity provider's lookup before it creates.
fn lookup(user_name: &str) -> Request {
    Request::get("/Users").with("filter", format!("userName eq \"{user_name}\""))
}

/// A value that differs from request to request, so that each one changes something.
fn title(n: usize) -> String {
    format!("Title {n}")
}

/// Whether the resource is this user.
fn is_user(resource: &Value, user: &User) -> bool {
    resource["id"] == user.id && resource["userName"] == user.user_name
}
