//! Masks personal data in the request log: names, addresses, telephone numbers, and every other
//! text that is neither a word of the protocol nor one of our ids. Keys, booleans and numbers stay.

mod body;
mod words;

use std::borrow::Cow;

pub use body::{answer, body};

/// Returns `true` if the text looks like one token of the protocol: an id, a URN, a time or an
/// attribute name. An e-mail address does not.
fn is_token(text: &str) -> bool {
    let is_of_token = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'_' | b'.' | b':' | b'/' | b'"' | b'+' | b'$' | b'[' | b']')
    };
    text.len() <= 200 && text.bytes().all(is_of_token)
}

/// Masks the quoted values in a filter, path or message.
pub fn filter(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, quoted)) = rest.split_once('"') {
        masked.push_str(before);
        let end = end_of_quoted(quoted);
        masked.push('"');
        masked.push_str(&mask_quoted(&quoted[..end]));
        masked.push('"');
        rest = quoted.get(end + 1..).unwrap_or_default();
    }
    masked.push_str(rest);
    masked
}

/// Returns the position of the next quote that is not escaped.
fn end_of_quoted(text: &str) -> usize {
    let mut escaped = false;
    for (position, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return position,
            _ => {}
        }
    }
    text.len()
}

/// Keeps ids that this server issued and the types of addresses; masks everything else.
fn mask_quoted(text: &str) -> String {
    if words::is_value(text) { text.to_owned() } else { mask(text) }
}

/// Masks the quoted values in an error text. The text is ours; the quotes hold values that clients
/// sent. If a value contains quotes itself, its end is ambiguous, so everything up to the last
/// quote is masked.
pub fn detail(text: &str) -> String {
    let is_plain = |after: &str| {
        let end = |c: char| c.is_whitespace() || matches!(c, '.' | ',' | ':' | ';' | ')' | ']');
        after.chars().next().is_none_or(end)
    };
    let mut rest = text;
    while let Some((_, quoted)) = rest.split_once('"') {
        let end = end_of_quoted(quoted);
        let after = quoted.get(end + 1..);
        if !is_plain(after.unwrap_or("x")) {
            let (before, quoted) = text.split_once('"').unwrap_or_default();
            let (quoted, after) = match quoted.rsplit_once('"') {
                Some((quoted, after)) => (quoted, format!("\"{after}")),
                None => (quoted, String::new()),
            };
            return format!("{before}\"{}{after}", mask(quoted));
        }
        rest = after.unwrap_or_default();
    }
    filter(text)
}

/// Returns the HTTP method if it is a known one; masks it otherwise.
pub fn method(method: &str) -> String {
    if words::is_value(method) { method.to_owned() } else { mask(method) }
}

/// Returns `true` if the text has the form of an id that this server issues.
pub fn is_our_id(text: &str) -> bool {
    let hex = |text: &str| text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.strip_prefix("team_").is_some_and(hex)
        || (text.len() == 36
            && text.bytes().enumerate().all(|(position, byte)| match position {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            }))
}

/// Renders a decoded query of a URL, with all values masked that are not words of the protocol.
pub fn query(pairs: &[(String, String)]) -> String {
    // The last one stands for a query that could not be parsed.
    const PARAMETERS: [&str; 9] = [
        "filter",
        "attributes",
        "excludedAttributes",
        "sortBy",
        "sortOrder",
        "startIndex",
        "count",
        "cursor",
        "unreadable",
    ];
    let is_value = |value: &str| words::is_value(value.trim());
    let shown = pairs.iter().map(|(name, value)| {
        let value = match name.to_ascii_lowercase().as_str() {
            "filter" => filter_or_nothing(value),
            "startindex" | "count" | "sortorder" if is_value(value) => value.clone(),
            "sortby" | "attributes" | "excludedattributes" => value
                .split(',')
                .map(|name| {
                    if name.is_empty() || words::is_attribute(name.trim()) {
                        name.to_owned()
                    } else {
                        mask(name)
                    }
                })
                .collect::<Vec<_>>()
                .join(","),
            _ => mask(value),
        };
        let is_known = PARAMETERS.iter().any(|known| known.eq_ignore_ascii_case(name));
        let name = if is_known { name.clone() } else { mask(name) };
        format!("{name}={value}")
    });
    shown.collect::<Vec<_>>().join("&")
}

/// Masks a filter. Unquoted values cannot be distinguished from attribute names, so the filter is
/// kept only if it consists of comparisons with quoted values, booleans or null.
fn filter_or_nothing(text: &str) -> String {
    const QUOTED: &str = "\"";
    const OPERATORS: [&str; 9] = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"];
    let masked = filter(text);
    let outside = masked.split('"').step_by(2).collect::<Vec<_>>().join(" \" ");
    let (mut after_operator, mut has_form) = (false, true);
    let between = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']');
    for word in outside.split(between).filter(|word| !word.is_empty()) {
        // A closing bracket is followed by the dot of a sub-attribute.
        let bare = word.trim_start_matches('.');
        has_form &= if after_operator {
            bare.is_empty() || [QUOTED, "true", "false", "null"].contains(&bare)
        } else {
            bare.is_empty() || bare == QUOTED || words::is_of_filter(bare)
        };
        after_operator = OPERATORS.iter().any(|operator| bare.eq_ignore_ascii_case(operator));
    }
    if has_form { masked } else { mask(text) }
}

/// Masks the name of a JSON member, which may contain a comparison, such as `emails[value eq
/// "jane@x.example"].type`.
fn name_of(name: &str) -> Cow<'_, str> {
    match name.contains('"') {
        true => filter_or_nothing(name).into(),
        false if is_token(name) => name.into(),
        false => mask(name).into(),
    }
}

/// Masks every segment of a path that is neither one of our ids nor the name of an endpoint.
pub fn path(path: &str) -> String {
    const ENDPOINTS: [&str; 12] = [
        "",
        "users",
        "groups",
        "bulk",
        ".search",
        "me",
        "schemas",
        "resourcetypes",
        "serviceproviderconfig",
        "openapi.json",
        "user",
        "group",
    ];
    let harmless = |part: &str| {
        ENDPOINTS.contains(&part.to_ascii_lowercase().as_str())
            || is_our_id(part)
            || words::is_schema(part)
    };
    path.split('/')
        .map(|part| if harmless(part) { part.to_owned() } else { mask(part) })
        .collect::<Vec<_>>()
        .join("/")
}

/// Replaces a text by its length.
fn mask(text: &str) -> String {
    match text.chars().count() {
        0 => String::new(),
        length => format!("***({length})"),
    }
}

#[cfg(test)]
mod tests;
