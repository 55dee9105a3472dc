//! Answers in which a part of what was asked for is refused.

use serde_json::Value;

/// Returns what was refused and why, if anything was.
pub fn refused(answer: &Value) -> Option<String> {
    let refusals = refusals(answer);
    if refusals.is_empty() {
        return None;
    }
    let (count, all) = (refusals.len(), results(answer).len());
    Some(format!("{count} of {all} refused:\n{}", refusals.join("\n")))
}

/// Returns a line for each refusal in the answer.
pub fn refusals(answer: &Value) -> Vec<String> {
    results(answer).iter().filter_map(line).collect()
}

fn results(answer: &Value) -> &[Value] {
    answer.get("results").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Returns the line of one refusal.
fn line(result: &Value) -> Option<String> {
    let detail = result.get("refusal")?.get("detail")?.as_str()?;
    let of = ["email", "name", "id", "member_id", "organization_id"]
        .iter()
        .find_map(|name| result.get(*name)?.as_str());
    Some(match of {
        Some(of) => format!("  {of}: {detail}"),
        None => format!("  {detail}"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_refusal_is_named_with_its_reason() {
        let refusal = json!({"type": "urn:x", "detail": "No seat is free."});
        let answer = json!({"results": [
            {"email": "a@x.example", "invitation": {"id": "uinv_1"}, "refusal": null},
            {"email": "b@x.example", "invitation": null, "refusal": refusal},
        ]});
        let said = refused(&answer).unwrap();
        assert_eq!(said, "1 of 2 refused:\n  b@x.example: No seat is free.");
        assert_eq!(refused(&json!({"results": [{"email": "a", "refusal": null}]})), None);
        assert_eq!(refused(&json!({"items": []})), None);
    }
}
