//! Requests about users.

use serde_json::{Value, json};

use super::{Growth, PAGE, Scenario, Side, is_user, pick};
use crate::request::{Request, user_body};

/// All of them in the order of measuring: creating comes last, since it changes the totals.
pub static USERS: [Scenario; 13] = [
    Scenario::read(
        "get",
        |side, n| Request::get(format!("/Users/{}", pick(side, n).id)),
        |side, n, status, user| status == 200 && is_user(user, pick(side, n)),
    ),
    Scenario::read("lookup by userName", |side, n| lookup(&pick(side, n).user_name), finds_one),
    Scenario::read(
        "lookup by externalId",
        |side, n| {
            Request::users_where(&format!("externalId eq \"ext-{}\"", pick(side, n).user_name))
        },
        finds_one,
    ),
    Scenario::read(
        "lookup by e-mail",
        |side, n| {
            let name = &pick(side, n).user_name;
            Request::users_where(&format!("emails[type eq \"work\"].value eq \"{name}\""))
        },
        finds_one,
    ),
    Scenario::read(
        "lookup by displayName",
        |side, n| {
            Request::users_where(&format!("displayName eq \"Given {}\"", pick(side, n).user_name))
        },
        finds_one,
    ),
    Scenario::read(
        "lookup miss",
        |_, n| lookup(&format!("nobody{n}@load.example")),
        |_, _, status, list| status == 200 && list["totalResults"] == 0,
    ),
    Scenario::read(
        "groups of a member",
        |side, n| {
            let filter = format!("members.value eq \"{}\"", pick(side, n).id);
            Request::get("/Groups").with("filter", &filter).with("excludedAttributes", "members")
        },
        |_, _, status, list| status == 200 && list["totalResults"] == 0,
    ),
    Scenario::read(
        "first page",
        |_, _| page("startIndex", "1"),
        |side, _, status, list| {
            status == 200 && list["totalResults"] == side.total && holds(list, side.total.min(PAGE))
        },
    ),
    Scenario::read(
        "cursor page",
        |side, _| page("cursor", &side.cursor),
        |side, _, status, list| {
            status == 200
                && list["totalResults"] == side.total
                && holds(list, (side.total - side.total / 2).min(PAGE))
        },
    ),
    Scenario {
        growth: Growth::Double,
        ..Scenario::read(
            "last page by startIndex",
            |side, _| page("startIndex", &last_page(side).to_string()),
            |side, _, status, list| {
                status == 200
                    && list["totalResults"] == side.total
                    && list["startIndex"] == last_page(side)
                    && holds(list, side.total.min(PAGE))
            },
        )
    },
    Scenario {
        again: false,
        ..Scenario::read(
            "PATCH of active",
            |side, n| {
                let replace = json!({"op": "replace", "path": "active", "value": activates(n)});
                Request::patch(format!("/Users/{}", pick(side, n / 2).id), replace)
            },
            |side, n, status, user| {
                let user_right = is_user(user, pick(side, n / 2)) && user["active"] == activates(n);
                status == 204 || (status == 200 && user_right)
            },
        )
    },
    Scenario {
        again: false,
        ..Scenario::read(
            "PATCH of title",
            |side, n| {
                let replace = json!({"op": "replace", "path": "title", "value": title(n)});
                Request::patch(format!("/Users/{}", pick(side, n).id), replace)
            },
            |side, n, status, user| {
                let user_right = is_user(user, pick(side, n)) && user["title"] == title(n);
                status == 204 || (status == 200 && user_right)
            },
        )
    },
    Scenario {
        again: false,
        ..Scenario::read(
            "create",
            |_, n| Request::post("/Users", user_body(&newcomer(n))),
            |_, n, status, user| {
                status == 201 && user["id"].is_string() && user["userName"] == newcomer(n)
            },
        )
    },
];

/// An identity provider's lookup before it creates.
fn lookup(user_name: &str) -> Request {
    Request::users_where(&format!("userName eq \"{user_name}\""))
}

fn finds_one(side: &Side, n: usize, status: u16, list: &Value) -> bool {
    status == 200 && list["totalResults"] == 1 && is_user(&list["Resources"][0], pick(side, n))
}

/// A page that begins at this index or cursor.
fn page(kind: &str, from: &str) -> Request {
    Request::get("/Users").with(kind, from).with("count", &PAGE.to_string())
}

fn last_page(side: &Side) -> u64 {
    side.total.saturating_sub(PAGE) + 1
}

fn holds(list: &Value, count: u64) -> bool {
    list["itemsPerPage"] == count
        && list["Resources"].as_array().map(Vec::len) == Some(count as usize)
}

/// Every second request lets in again whom the one before has put out.
fn activates(n: usize) -> bool {
    !n.is_multiple_of(2)
}

/// A value that differs from request to request, so that each one changes something.
fn title(n: usize) -> String {
    format!("Title {n}")
}

/// The name of the nth user that is created.
pub fn newcomer(n: usize) -> String {
    format!("new{n}@load.example")
}
