//! Requests about one group.

use serde_json::{Value, json};

use super::{Compared, Growth, Scenario, Side, pick};
use crate::request::{Request, add_members};

/// All of them in the order of measuring.
pub static GROUPS: [Scenario; 4] = [
    Scenario {
        compared: Compared::Members,
        growth: Growth::Own,
        ..Scenario::read(
            "get of the group",
            |side, _| Request::get(format!("/Groups/{}", side.group.id)),
            |side, _, status, group| {
                status == 200
                    && group["id"] == side.group.id
                    && group["members"].as_array().map_or(0, Vec::len) == side.group.size
            },
        )
    },
    Scenario {
        compared: Compared::Members,
        ..Scenario::read(
            "get of the group without members",
            |side, _| {
                Request::get(format!("/Groups/{}", side.group.id))
                    .with("excludedAttributes", "members")
            },
            |side, _, status, group| {
                status == 200 && group["id"] == side.group.id && group.get("members").is_none()
            },
        )
    },
    Scenario {
        compared: Compared::Members,
        again: false,
        after: Some(remove),
        beyond: Some(1),
        ..Scenario::read("member add", add, accepted)
    },
    Scenario {
        compared: Compared::Members,
        again: false,
        before: Some(add),
        beyond: Some(0),
        ..Scenario::read("member remove", remove, accepted)
    },
];

fn accepted(_: &Side, _: usize, status: u16, _: &Value) -> bool {
    matches!(status, 200 | 204)
}

/// The nth addition of a member to the group.
fn add(side: &Side, n: usize) -> Request {
    let member = std::iter::once(pick(side, n).id.as_str());
    Request::patch(format!("/Groups/{}", side.group.id), add_members(member))
}

/// The removal of the member that the nth addition brought.
fn remove(side: &Side, n: usize) -> Request {
    let path = format!("members[value eq \"{}\"]", pick(side, n).id);
    let remove = json!({"op": "remove", "path": path});
    Request::patch(format!("/Groups/{}", side.group.id), remove)
}
