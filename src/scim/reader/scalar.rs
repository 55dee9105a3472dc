//! Converts values without sub-attributes, type by type (RFC 7643 §2.3).

use serde_json::{Number, Value};

use super::is_unassigned;
use super::limits::{MAX_DEPTH, max_length};
use super::location::Location;
use super::values::kind_name;
use crate::ScimError;
use crate::excerpt::excerpt;
use crate::filter::instant;
use crate::schema::{Attribute, Kind};

/// Converts the value to the attribute's type. It must be assigned, and the attribute not complex.
pub(super) fn scalar(
    value: Value,
    attribute: &'static Attribute,
    location: &Location<'_>,
) -> Result<Option<Value>, ScimError> {
    if let Value::String(text) = &value {
        check_text(text, attribute.kind, location)?;
    }
    match attribute.kind {
        Kind::Any => open(value, location, location.levels_around()),
        Kind::String | Kind::Complex => text(value, "a string", location),
        Kind::Reference => text(value, "a string that holds a URI", location),
        Kind::Boolean => boolean(value, location),
        Kind::Integer => integer(value, location),
        Kind::Decimal => decimal(value, location),
        Kind::DateTime => date_time(value, location),
        Kind::Binary => binary(value, location),
    }
    .map(|value| (!is_unassigned(&value)).then_some(value))
}

/// Checks the length of a string and that it contains no NUL. PostgreSQL cannot store NUL, and both
/// databases must accept the same values.
fn check_text(text: &str, kind: Kind, location: &Location<'_>) -> Result<(), ScimError> {
    if text.contains('\0') {
        return Err(ScimError::invalid_value(format!(
            "{location} must not contain the character NUL (U+0000)"
        )));
    }
    let most = max_length(kind);
    if text.len() <= most {
        return Ok(());
    }
    Err(ScimError::invalid_value(format!(
        "{location} may be {most} bytes long; this value has {}",
        text.len()
    )))
}

fn mismatch(location: &Location<'_>, expected: &str, value: &Value) -> ScimError {
    ScimError::invalid_value(format!("{location} must be {expected}; it is {}", kind_name(value)))
}

fn text(value: Value, expected: &str, location: &Location<'_>) -> Result<Value, ScimError> {
    if value.is_string() { Ok(value) } else { Err(mismatch(location, expected, &value)) }
}

fn boolean(value: Value, location: &Location<'_>) -> Result<Value, ScimError> {
    const EXPECTED: &str = "true or false (boolean)";
    match value {
        Value::Bool(_) => Ok(value),
        // Entra's default job writes booleans as strings, in any letter case.
        Value::String(text) => match text.trim() {
            word if word.eq_ignore_ascii_case("true") => Ok(Value::Bool(true)),
            word if word.eq_ignore_ascii_case("false") => Ok(Value::Bool(false)),
            _ => Err(ScimError::invalid_value(format!(
                "{location} must be {EXPECTED}; it is \"{}\"",
                excerpt(&text)
            ))),
        },
        other => Err(mismatch(location, EXPECTED, &other)),
    }
}

fn integer(value: Value, location: &Location<'_>) -> Result<Value, ScimError> {
    let whole = |number: &Number| number.is_i64() || number.is_u64();
    let read = match &value {
        Value::Number(number) if whole(number) => Some(number.clone()),
        Value::String(text) => text
            .trim()
            .parse::<i64>()
            .ok()
            .map(Number::from)
            .or_else(|| text.trim().parse::<u64>().ok().map(Number::from)),
        _ => None,
    };
    read.map(Value::Number).ok_or_else(|| mismatch(location, "a whole number (integer)", &value))
}

fn decimal(value: Value, location: &Location<'_>) -> Result<Value, ScimError> {
    let read = match &value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => text.trim().parse().ok().and_then(Number::from_f64),
        _ => None,
    };
    read.map(Value::Number).ok_or_else(|| mismatch(location, "a number (decimal)", &value))
}

fn date_time(value: Value, location: &Location<'_>) -> Result<Value, ScimError> {
    match &value {
        Value::String(text) if instant(text).is_some() => Ok(value),
        other => Err(mismatch(location, "a dateTime such as 2011-05-13T04:42:34Z", other)),
    }
}

fn binary(value: Value, location: &Location<'_>) -> Result<Value, ScimError> {
    match &value {
        Value::String(text) if is_base64(text) => Ok(value),
        other => Err(mismatch(location, "binary data in base64", other)),
    }
}

/// Returns `true` for base64 in either alphabet (RFC 4648 §4, §5), with or without padding and line
/// breaks. Unused bits at the end may be set, because not every encoder clears them.
fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches(|c: char| c == '=' || c.is_ascii_whitespace());
    let mut count = 0_usize;
    let is_valid = digits.bytes().filter(|byte| !byte.is_ascii_whitespace()).all(|byte| {
        count += 1;
        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
    });
    is_valid && count % 4 != 1
}

/// Converts a value of an unknown extension: kept as it is, without what is unassigned.
fn open(value: Value, location: &Location<'_>, depth: usize) -> Result<Value, ScimError> {
    if depth > MAX_DEPTH {
        return Err(ScimError::invalid_value(format!(
            "{location} may be nested {MAX_DEPTH} levels deep; this value is nested deeper"
        )));
    }
    match value {
        Value::Object(object) => object
            .into_iter()
            .map(|(key, value)| Ok((key, open(value, location, depth + 1)?)))
            .filter(|entry| !matches!(entry, Ok((_, value)) if is_unassigned(value)))
            .collect::<Result<_, _>>()
            .map(Value::Object),
        Value::Array(values) => values
            .into_iter()
            .map(|value| open(value, location, depth + 1))
            .filter(|value| !matches!(value, Ok(value) if is_unassigned(value)))
            .collect::<Result<_, _>>()
            .map(Value::Array),
        Value::String(text) => {
            check_text(&text, Kind::Any, location)?;
            Ok(Value::String(text))
        }
        other => Ok(other),
    }
}
