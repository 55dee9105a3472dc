//! Responses of the server under test.

use serde_json::Value;

/// A response, read completely.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub content_type: String,
    pub location: Option<String>,
    /// The value of `Retry-After` in seconds.
    pub retry_after: Option<u64>,
    /// The body as JSON; null if it is empty, a text if it is not JSON.
    pub body: Value,
}

/// The schema of a SCIM error (RFC 7644, section 3.12).
pub const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";
/// Maximum number of characters that are shown of a body that is not a SCIM error.
const SHOWN: usize = 200;

impl Answer {
    fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name).and_then(Value::as_str)
    }

    pub fn scim_type(&self) -> Option<&str> {
        self.text("scimType")
    }

    pub fn detail(&self) -> Option<&str> {
        self.text("detail")
    }

    /// Returns the id of the resource in the body.
    pub fn id(&self) -> Option<&str> {
        self.text("id").filter(|id| !id.is_empty())
    }

    /// Returns `true` for a SCIM error: a body of the error schema that repeats the response's
    /// status.
    pub fn is_scim_error(&self) -> bool {
        let has_schema = self
            .body
            .get("schemas")
            .and_then(Value::as_array)
            .is_some_and(|schemas| schemas.iter().any(|schema| schema == ERROR));
        // In RFC 7644 the status is a text. Some servers send a number, which clients accept.
        let status = match self.body.get("status") {
            Some(Value::String(text)) => text.parse().ok(),
            Some(Value::Number(number)) => number.as_u64(),
            _ => None,
        };
        has_schema && status == Some(u64::from(self.status))
    }

    /// Returns `true` if a POST was rejected because all seats are taken.
    pub fn lacks_seats(&self) -> bool {
        let detail = self.detail().unwrap_or_default().to_lowercase();
        self.status == 403 && ["seat", "licence", "license"].iter().any(|one| detail.contains(one))
    }

    /// Describes the status and the body for people.
    pub fn describe(&self) -> String {
        let mut description = format!("status {}", self.status);
        if let Some(scim_type) = self.scim_type() {
            description.push_str(&format!(", scimType {scim_type}"));
        }
        match (self.detail(), &self.body) {
            (Some(detail), _) => description.push_str(&format!(", \"{detail}\"")),
            (None, Value::Null) => description.push_str(", no body"),
            (None, Value::String(text)) => {
                let kind = match self.content_type.as_str() {
                    "" => "no content type",
                    some => some,
                };
                description.push_str(&format!(", not JSON ({kind}): {}", shorten(text)));
            }
            (None, body) => description.push_str(&format!(", {}", shorten(&body.to_string()))),
        }
        description
    }
}

/// Shortens a text to a single line.
pub fn shorten(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match one_line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", one_line.get(..end).unwrap_or_default()),
        None => one_line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answer(status: u16, body: Value) -> Answer {
        Answer { status, content_type: String::new(), location: None, retry_after: None, body }
    }

    #[test]
    fn an_error_is_of_the_schema_and_of_its_status() {
        let good = json!({"schemas": [ERROR], "status": "401", "detail": "no"});
        assert!(answer(401, good.clone()).is_scim_error());
        assert!(!answer(403, good).is_scim_error());
        assert!(!answer(401, json!({"error": "no"})).is_scim_error());
        assert!(!answer(401, Value::Null).is_scim_error());
    }

    #[test]
    fn a_description_has_what_an_administrator_needs() {
        let refusal = json!({"scimType": "uniqueness", "detail": "taken"});
        assert_eq!(answer(409, refusal).describe(), "status 409, scimType uniqueness, \"taken\"");
        assert_eq!(answer(204, Value::Null).describe(), "status 204, no body");
        let page = answer(502, json!(format!("<html>\n{}", "é".repeat(900)))).describe();
        assert!(page.chars().count() < 300 && page.contains("<html> é"), "{page}");
    }

    #[test]
    fn only_a_403_that_speaks_of_seats_lacks_seats() {
        assert!(answer(403, json!({"detail": "No licence seat is free"})).lacks_seats());
        assert!(!answer(403, json!({"detail": "The plan has ended"})).lacks_seats());
        assert!(!answer(409, json!({"detail": "No licence seat is free"})).lacks_seats());
    }
}
