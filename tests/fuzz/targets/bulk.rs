//! A bulk request is refused, or each of its operations is run once; a body is taken apart so that
//! nothing gets lost.

use std::collections::HashSet;

use insomnia_scim::scim::bulk::{self, BulkRequest, Step};
use serde_json::Value;

use super::{LIMIT, refused, same};
use crate::mutate::json;
use crate::runner::{Ending, Target};
use crate::seeds;

fn check_for(text: &str) -> Ending {
    let Ok(body) = serde_json::from_str::<Value>(text) else { return Ok("no JSON".to_owned()) };
    let request = match BulkRequest::parse(body, 1_000) {
        Ok(request) => request,
        Err(error) => return Ok(refused(&error)),
    };
    let mut run = HashSet::new();
    let mut endings = Vec::new();
    for step in bulk::order(&request) {
        let operation = match step {
            Step::Run { operation, deferred } => {
                if !run.insert(operation) {
                    return Err(format!("operation {operation} runs twice"));
                }
                check_split(&request, operation, &deferred)?;
                endings.push(if deferred.is_empty() { "run" } else { "defer" });
                operation
            }
            Step::Complete { operation, deferred } => {
                if !run.contains(&operation) {
                    return Err(format!("operation {operation} is completed before it runs"));
                }
                check_split(&request, operation, &deferred)?;
                endings.push("complete");
                operation
            }
        };
        if operation >= request.operations.len() {
            return Err(format!("there is no operation {operation}"));
        }
    }
    same("not all are run", &run.len(), &request.operations.len())?;
    Ok(endings.into_iter().take(10).collect())
}

/// What is left over refers to no other operation that waits, and the completion refers to all.
fn check_split(request: &BulkRequest, operation: usize, deferred: &[String]) -> Result<(), String> {
    let Some(data) = request.operations.get(operation).and_then(|one| one.data.clone()) else {
        return Ok(());
    };
    let mut resolved = data.clone();
    bulk::resolve(&mut resolved, &|name| {
        deferred.iter().any(|one| one == name).then(|| "1".to_owned())
    });
    let waits = |value: &Value| {
        bulk::bulk_ids_in(value).into_iter().filter(|name| deferred.contains(name)).count()
    };
    same("a reference that is known stays", &waits(&resolved), &0)?;
    let before = waits(&data);
    let split = bulk::split(data, deferred);
    same("a reference is lost", &before, &(waits(&split.now) + waits(&split.later)))?;
    if split.later.is_object() && !deferred.is_empty() {
        let completion = bulk::completion_patch(split.later.clone());
        same("the completion differs", &waits(&split.later), &waits(&completion))?;
    }
    Ok(())
}

#[test]
fn bulk() {
    Target {
        name: "bulk",
        seeds: seeds::bodies("POST /Bulk").into_iter().map(|body| body.to_string()).collect(),
        mutate: &|random, input, donor| json::mutate(random, input, donor, seeds::WORDS),
        check: &check_for,
        limit: LIMIT,
    }
    .run();
}
