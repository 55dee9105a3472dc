//! What was asked and answered, with what differs from run to run replaced by what it is.

use reqwest::Method;
use serde_json::Value;

use crate::support::{App, Client};

/// Headers that a client acts on.
const HEADERS: [&str; 8] = [
    "content-type",
    "location",
    "content-location",
    "etag",
    "www-authenticate",
    "retry-after",
    "allow",
    "idempotency-replayed",
];

/// Requests with their whole answers, as text.
pub struct Transcript {
    url: String,
    text: String,
}

impl Transcript {
    pub fn of(app: &App) -> Self {
        Self { url: app.url.clone(), text: String::new() }
    }

    /// Sends a request, notes it with its answer, and gives the body.
    pub async fn send(&mut self, client: &Client, request: &str, body: Option<Value>) -> Value {
        let (method, path) = request.split_once(' ').unwrap();
        let method: Method = method.parse().unwrap();
        let media_type = [("content-type", "application/scim+json")];
        let headers = if body.is_some() { &media_type[..] } else { &[] };
        let sent = body.as_ref().map(Value::to_string);
        let answer = client.send(method, path, headers, sent).await;
        self.line(&format!("> {request}"));
        if let Some(body) = body {
            self.line(&serde_json::to_string(&body).unwrap());
        }
        self.line(&format!("< {}", answer.status));
        for name in HEADERS {
            let value = answer.header(name);
            if !value.is_empty() {
                self.line(&format!("{name}: {value}"));
            }
        }
        match &answer.body {
            Value::Null => {}
            Value::String(text) => self.line(text),
            json => self.line(&serde_json::to_string_pretty(json).unwrap()),
        }
        self.line("");
        answer.body
    }

    /// Notes a text of this name.
    pub fn note(&mut self, name: &str, text: &str) {
        self.line(&format!("== {name}"));
        self.line(text.trim_end());
        self.line("");
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// The transcript, the same at each run and on both databases.
    pub fn finish(self) -> String {
        let host = self.url.trim_start_matches("http://").to_owned();
        let text =
            self.text.replace(&self.url, "https://scim.example").replace(&host, "scim.example");
        replaced(&text)
    }
}

/// What a word that differs from run to run begins with.
const PREFIXES: [&str; 6] =
    ["INSOMNIA-", "insomnia_", "insomnia-domain-verification=", "acct_", "cn_", "key_"];

/// The text with ids numbered in the order in which they come, and secrets taken out.
fn replaced(text: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '=');
    let mut seen: Vec<String> = Vec::new();
    let mut result = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_word) {
        result.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let word = &rest[..end];
        rest = &rest[end..];
        // A word that is told apart by a separator keeps what stands before it.
        let (kept, word) = match word.split_once('=') {
            Some((name, value)) if !name.is_empty() && differs(value) => {
                (format!("{name}="), value)
            }
            _ => (String::new(), word),
        };
        result.push_str(&kept);
        if let Some(prefix) = PREFIXES.iter().find(|prefix| word.starts_with(**prefix))
            && word.len() > prefix.len() + 15
        {
            result.push_str(&format!("{prefix}…"));
        } else if differs(word) {
            let number = seen.iter().position(|one| one == word).unwrap_or_else(|| {
                seen.push(word.to_owned());
                seen.len() - 1
            });
            result.push_str(&format!("<{}>", number + 1));
        } else {
            result.push_str(word);
        }
    }
    result.push_str(rest);
    result
}

/// Whether this is an id or another word that nobody chose.
fn differs(word: &str) -> bool {
    let groups: Vec<usize> = word.split('-').map(str::len).collect();
    let is_uuid =
        groups == [8, 4, 4, 4, 12] && word.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    let has_digit = word.chars().any(|c| c.is_ascii_digit());
    let has_upper = word.chars().any(|c| c.is_ascii_uppercase());
    let has_lower = word.chars().any(|c| c.is_ascii_lowercase());
    is_uuid || (word.len() >= 24 && has_digit && (has_upper || !word.contains('-')) && has_lower)
}
