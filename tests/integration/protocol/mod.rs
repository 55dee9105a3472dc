//! The protocol: RFC 7643, RFC 7644 and RFC 9865, end to end.

mod bulk;
mod changes;
mod discovery;
mod errors;
mod filters;
mod hostile;
mod methods;
mod openapi;
mod paging;
mod projection;
mod resources;
mod search;
mod sorting;
mod unparsed;
mod urns;

use serde_json::Value;

use crate::support::{Account, Response, user};

const MEDIA_TYPE: &str = "application/scim+json";

/// Checks that the answer is an error in SCIM form; gives its detail.
#[track_caller]
fn refused(response: Response, status: u16, scim_type: Option<&str>) -> String {
    assert_eq!(response.header("content-type"), MEDIA_TYPE);
    let error = response.expect(status);
    assert_eq!(error["schemas"][0], "urn:ietf:params:scim:api:messages:2.0:Error", "{error}");
    assert_eq!(error["status"], status.to_string());
    assert_eq!(error.get("scimType").and_then(Value::as_str), scim_type, "{error}");
    error["detail"].as_str().unwrap().to_owned()
}

/// A user named so, with these attributes more; gives the user.
async fn user_with(account: &Account, address: &str, more: Value) -> Value {
    let mut body = user(address);
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    account.scim.post("/Users", body).await.expect(201)
}
