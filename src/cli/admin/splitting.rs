//! Commands for more things than one call takes: several calls, whose answers are put together.

use std::collections::HashSet;
use std::io::Write;

use serde_json::{Map, Value};

use super::call::{Body, Call, CallError, Outcome, Server};
use super::partly;
use super::reading::{Content, Wish};
use super::schema::{properties, resolve};
use crate::http::admin::api::{Api, Endpoint};

/// The number of things that one call takes. The server says so for each list of this kind.
const AT_ONCE: usize = 500;

/// The calls of one command.
pub struct Parts {
    /// The calls, each with the number of things that it is for.
    calls: Vec<(Call, usize)>,
    /// The number of things.
    all: usize,
}

/// Returns the calls that a command takes, if these are several: its body has a list that is too long
/// for one, and the answer has a result for each item, so that nothing is lost by splitting it. What
/// is in the list twice is sent once, as one call would have it.
pub fn parts(api: &Api, wish: &Wish<'_>) -> Option<Parts> {
    let Content::Json(object) = &wish.body else { return None };
    let is_long = |value: &Value| value.as_array().is_some_and(|items| items.len() > AT_ONCE);
    let (name, items) = object.iter().find(|(_, value)| is_long(value))?;
    if !answers_with_results(api, wish.endpoint) {
        return None;
    }
    let mut seen = HashSet::new();
    let items: Vec<Value> =
        items.as_array()?.iter().filter(|item| seen.insert(*item)).cloned().collect();
    let call = |some: &[Value]| {
        let mut part: Map<String, Value> = object.clone();
        part.insert(name.clone(), some.into());
        let content = Value::Object(part).to_string();
        (
            Call { body: Some(Body { media_type: "application/json", content }), ..wish.call() },
            some.len(),
        )
    };
    Some(Parts { calls: items.chunks(AT_ONCE).map(call).collect(), all: items.len() })
}

fn answers_with_results(api: &Api, endpoint: &Endpoint) -> bool {
    let definitions = api.definitions();
    let has = |schema: &Value| {
        properties(resolve(schema, &definitions)).any(|(name, _)| name == "results")
    };
    endpoint.answers.iter().filter_map(|answer| answer.body.as_ref()).any(|(_, schema)| {
        let schema = resolve(schema.as_value(), &definitions);
        let alternatives = schema.get("anyOf").and_then(Value::as_array);
        has(schema) || alternatives.into_iter().flatten().any(has)
    })
}

impl Parts {
    /// Carries out the calls one after the other, and tells after each how far it is. Returns the
    /// answers put together, and what stopped it, if anything did: what was done before stays done.
    pub fn carry_out(
        self,
        server: &Server,
        progress: &mut impl Write,
    ) -> (Value, Option<CallError>) {
        let (mut answer, mut done) = (Value::Null, 0);
        for (call, count) in self.calls {
            match server.carry_out(&call) {
                Ok(Outcome::Json(part)) => add(&mut answer, part),
                Ok(_) => {}
                Err(error) => return (answer, Some(stopped(done, self.all, error))),
            }
            done += count;
            let refused = partly::refusals(&answer).len();
            // Where nobody reads the progress, the work goes on.
            let _ = writeln!(progress, "{done} of {} done, {refused} refused", self.all);
        }
        (answer, None)
    }
}

/// Adds an answer to those before: numbers are added up, lists put together.
fn add(answer: &mut Value, part: Value) {
    match (answer, part) {
        (Value::Object(all), Value::Object(part)) => {
            for (name, value) in part {
                add(all.entry(name).or_insert(Value::Null), value);
            }
        }
        (Value::Array(all), Value::Array(part)) => all.extend(part),
        (Value::Number(all), Value::Number(part)) => {
            let sum = all.as_i64().unwrap_or(0).saturating_add(part.as_i64().unwrap_or(0));
            *all = sum.into();
        }
        (all, part) => *all = part,
    }
}

fn stopped(done: usize, all: usize, error: CallError) -> CallError {
    let said = |text: String| format!("stopped after {done} of {all}: {text}");
    match error {
        CallError::Setting(text) => CallError::Setting(text),
        CallError::Refused(text) => CallError::Refused(said(text)),
        CallError::NoAnswer(text) => CallError::NoAnswer(said(text)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::administration::{invitations, licences};

    #[test]
    fn a_part_is_as_large_as_one_call_may_be() {
        assert_eq!(AT_ONCE, invitations::MOST_ADDRESSES);
        assert_eq!(AT_ONCE, licences::MOST_REMOVED);
    }

    #[test]
    fn answers_are_put_together() {
        let mut answer = Value::Null;
        add(&mut answer, json!({"removed": 2, "results": [{"id": "a"}, {"id": "b"}]}));
        add(&mut answer, json!({"removed": 0, "results": [{"id": "c"}]}));
        let whole = json!({"removed": 2, "results": [{"id": "a"}, {"id": "b"}, {"id": "c"}]});
        assert_eq!(answer, whole);
    }

    #[test]
    fn what_stops_a_command_says_how_far_it_came() {
        let error = stopped(500, 900, CallError::Refused("No seat is free.".to_owned()));
        assert_eq!(error.to_string(), "stopped after 500 of 900: No seat is free.");
    }
}
