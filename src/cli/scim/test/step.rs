//! One step of a sequence: a request and the expected response.

use serde_json::Value;
use ureq::http::Method;

use super::answer::{Answer, shorten};
use super::client::Dialect;

/// A request with its expectations, which are checked in the order in which they were added.
#[derive(Clone, Debug)]
pub struct Step {
    pub name: String,
    pub dialect: Dialect,
    pub method: Method,
    pub path: String,
    pub body: Option<Value>,
    /// A token to send in place of the valid one.
    pub token: Option<String>,
    expectations: Vec<Expectation>,
}

#[derive(Clone, Debug)]
enum Expectation {
    Status(&'static [u16]),
    ScimError,
    ScimType(&'static str),
    Located,
    Is(String, Value),
    Lacks(String),
    Holds {
        list: &'static str,
        key: &'static str,
        values: Vec<String>,
        exactly: bool,
    },
    /// `None` accepts any number.
    Total(Option<u64>),
}

/// Why a step failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub expected: String,
    pub came: String,
}

impl Dialect {
    fn step(self, name: &str, method: Method, path: &str, body: Option<Value>) -> Step {
        Step {
            name: name.to_owned(),
            dialect: self,
            method,
            path: path.to_owned(),
            body,
            token: None,
            expectations: Vec::new(),
        }
    }

    pub fn get(self, name: &str, path: &str) -> Step {
        self.step(name, Method::GET, path, None).expect(&[200])
    }

    pub fn post(self, name: &str, path: &str, body: Value) -> Step {
        self.step(name, Method::POST, path, Some(body))
    }

    pub fn put(self, name: &str, path: &str, body: Value) -> Step {
        self.step(name, Method::PUT, path, Some(body)).expect(&[200])
    }

    /// Expects 200 with the resource, or 204 (RFC 7644, section 3.5.2).
    pub fn patch(self, name: &str, path: &str, operations: Value) -> Step {
        let body = serde_json::json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": operations,
        });
        self.step(name, Method::PATCH, path, Some(body)).expect(&[200, 204])
    }

    pub fn delete(self, name: &str, path: &str) -> Step {
        self.step(name, Method::DELETE, path, None)
    }
}

impl Step {
    fn and(mut self, expectation: Expectation) -> Self {
        self.expectations.push(expectation);
        self
    }

    /// Expects one of these statuses in place of the method's default ones.
    pub fn expect(mut self, statuses: &'static [u16]) -> Self {
        self.expectations.retain(|one| !matches!(one, Expectation::Status(_)));
        self.expectations.insert(0, Expectation::Status(statuses));
        self
    }

    /// Expects 201 with the location of the resource.
    pub fn creates(self) -> Self {
        self.expect(&[201]).and(Expectation::Located)
    }

    /// Expects a SCIM error with this status (RFC 7644, section 3.12).
    pub fn refused(self, status: &'static [u16]) -> Self {
        self.expect(status).and(Expectation::ScimError)
    }

    pub fn scim_type(self, scim_type: &'static str) -> Self {
        self.and(Expectation::ScimType(scim_type))
    }

    /// Expects a value at a JSON pointer (RFC 6901).
    pub fn is(self, pointer: &str, value: impl Into<Value>) -> Self {
        self.and(Expectation::Is(pointer.to_owned(), value.into()))
    }

    /// Expects nothing, or null, at a JSON pointer.
    pub fn lacks(self, pointer: &str) -> Self {
        self.and(Expectation::Lacks(pointer.to_owned()))
    }

    /// Expects a list response with this number of resources.
    pub fn finds(self, total: u64) -> Self {
        self.and(Expectation::Total(Some(total)))
    }

    /// Expects a list response with any number of resources.
    pub fn finds_a_list(self) -> Self {
        self.and(Expectation::Total(None))
    }

    /// Expects a list response with exactly this resource.
    pub fn finds_only(self, id: &str) -> Self {
        self.finds(1).is("/Resources/0/id", id)
    }

    /// Expects a group with exactly these members.
    pub fn members(self, ids: &[&str]) -> Self {
        let values = ids.iter().map(|&id| id.to_owned()).collect();
        self.and(Expectation::Holds { list: "/members", key: "value", values, exactly: true })
    }

    /// Expects a list response that contains resources with these texts.
    pub fn lists(self, key: &'static str, texts: &[&str]) -> Self {
        let values = texts.iter().map(|&text| text.to_owned()).collect();
        self.and(Expectation::Holds { list: "/Resources", key, values, exactly: false })
    }

    pub fn with_token(mut self, token: String) -> Self {
        self.token = Some(token);
        self
    }

    /// Compares a response with the expectations. Returns the first difference.
    pub fn judge(&self, answer: &Answer) -> Option<Difference> {
        self.expectations.iter().find_map(|expectation| expectation.judge(answer))
    }

    /// Describes the expected status, for a report without a response.
    pub fn expected(&self) -> String {
        let status = |one: &Expectation| match one {
            Expectation::Status(statuses) => Some(describe(statuses)),
            _ => None,
        };
        self.expectations.iter().find_map(status).unwrap_or_else(|| "an answer".to_owned())
    }
}

fn describe(statuses: &[u16]) -> String {
    let statuses: Vec<String> = statuses.iter().map(u16::to_string).collect();
    format!("status {}", statuses.join(" or "))
}

impl Expectation {
    fn judge(&self, answer: &Answer) -> Option<Difference> {
        let at = |pointer: &str| answer.body.pointer(pointer).filter(|value| !value.is_null());
        let shown = |pointer: &str| match at(pointer) {
            Some(value) => {
                format!("status {}, {pointer}: {}", answer.status, shorten(&value.to_string()))
            }
            None => format!("{} (nothing at {pointer})", answer.describe()),
        };
        let differs = |holds: bool, expected: String, came: String| {
            (!holds).then_some(Difference { expected, came })
        };
        match self {
            Self::Status(statuses) => {
                differs(statuses.contains(&answer.status), describe(statuses), answer.describe())
            }
            Self::ScimError => differs(
                answer.is_scim_error(),
                format!("a SCIM error: schemas with {}, and status", super::answer::ERROR),
                answer.describe(),
            ),
            Self::ScimType(scim_type) => differs(
                answer.scim_type() == Some(scim_type),
                format!("scimType {scim_type}"),
                answer.describe(),
            ),
            Self::Located => differs(
                answer.location.is_some() && answer.id().is_some(),
                "the header Location, and the resource with its id".to_owned(),
                match answer.location {
                    None => "no header Location".to_owned(),
                    Some(_) => answer.describe(),
                },
            ),
            Self::Is(pointer, value) => {
                differs(at(pointer) == Some(value), format!("{pointer}: {value}"), shown(pointer))
            }
            Self::Lacks(pointer) => {
                differs(at(pointer).is_none(), format!("nothing at {pointer}"), shown(pointer))
            }
            Self::Total(total) => {
                let came = at("/totalResults").and_then(Value::as_u64);
                let (holds, number) = match total {
                    Some(total) => (came == Some(*total), total.to_string()),
                    None => (came.is_some(), "a number".to_owned()),
                };
                differs(holds, format!("/totalResults: {number}"), shown("/totalResults"))
            }
            Self::Holds { list, key, values, exactly } => {
                let there: Vec<&str> = at(list)
                    .and_then(Value::as_array)
                    .map(|items| items.iter().filter_map(|item| item.get(key)?.as_str()).collect())
                    .unwrap_or_default();
                let all = values.iter().all(|value| there.contains(&value.as_str()));
                let holds = all && !(*exactly && there.len() != values.len());
                let wanted = if values.is_empty() { "none".to_owned() } else { values.join(", ") };
                differs(holds, format!("{list} with {key} {wanted}"), shown(list))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answer(status: u16, body: Value) -> Answer {
        let location = Some("https://x/Users/1".to_owned());
        Answer { status, content_type: String::new(), location, retry_after: None, body }
    }

    fn differs(step: &Step, status: u16, body: Value) -> bool {
        step.judge(&answer(status, body)).is_some()
    }

    #[test]
    fn a_difference_says_what_was_expected_and_what_came() {
        let step = Dialect::Okta.post("again", "/Users", json!({})).refused(&[409]);
        let came = answer(400, json!({"scimType": "invalidValue", "detail": "no"}));
        let difference = step.judge(&came).unwrap();
        assert_eq!(difference.expected, "status 409");
        assert_eq!(difference.came, "status 400, scimType invalidValue, \"no\"");
    }

    #[test]
    fn values_are_compared_where_the_pointer_leads() {
        let step = Dialect::Okta.get("read", "/Users/1").is("/active", false).lacks("/title");
        assert!(!differs(&step, 200, json!({"active": false, "title": null})));
        assert!(differs(&step, 200, json!({"active": "False"})));
        assert!(differs(&step, 200, json!({"active": false, "title": "x"})));
        assert!(differs(&step, 404, json!({"active": false})));
    }

    #[test]
    fn members_are_compared_as_a_set_and_lists_may_have_more() {
        let members = Dialect::Okta.get("read", "/Groups/1").members(&["a", "b"]);
        let of = |ids: &[&str]| {
            let members: Vec<_> = ids.iter().map(|id| json!({"value": id})).collect();
            json!({"members": members})
        };
        assert!(!differs(&members, 200, of(&["b", "a"])));
        assert!(differs(&members, 200, of(&["a"])));
        assert!(differs(&members, 200, of(&["a", "b", "c"])));
        let none = Dialect::Okta.get("read", "/Groups/1").members(&[]);
        assert!(!differs(&none, 200, json!({})));
        assert!(differs(&none, 200, of(&["a"])));
        let lists = Dialect::Okta.get("types", "/ResourceTypes").lists("endpoint", &["/Users"]);
        let body = json!({"Resources": [{"endpoint": "/Groups"}, {"endpoint": "/Users"}]});
        assert!(!differs(&lists, 200, body));
        assert!(differs(&lists, 200, json!({"Resources": [{"endpoint": "/Groups"}]})));
        let any = Dialect::Okta.get("users", "/Users").finds_a_list();
        assert!(!differs(&any, 200, json!({"totalResults": 7})));
        assert!(differs(&any, 200, json!({"totalResults": "7"})));
    }
}
