//! Parses the value of a comparison and converts it to the type of the attribute.

use nom::Parser;
use nom::branch::alt;
use serde_json::{Number, Value};

use super::{Filter, FilterError, Operator, instant, lexer};
use crate::excerpt::excerpt;
use crate::path::{AttributeRef, Named};
use crate::schema::Kind;

/// A value as written in the filter.
pub(super) struct Literal<'a> {
    /// The value as its syntax suggests, regardless of the attribute.
    value: Value,
    /// The source text; for a string, with quotes and escapes.
    text: &'a str,
}

/// Parses a string, number, `true`, `false` or `null` (in any letter case).
pub(super) fn literal(input: &str, position: usize) -> Result<(&str, Literal<'_>), FilterError> {
    let refused = |message: String| FilterError::Syntax { position, message };
    let (rest, text) = alt((lexer::quoted, lexer::word)).parse(input).map_err(|_| {
        refused(match input.chars().next() {
            None => "a value is missing after the operator; put strings in double quotes".into(),
            Some('"') => "the string has no closing double quote".into(),
            Some(_) => "expected a value: a string in double quotes, a number, true, false or \
                        null"
                .into(),
        })
    })?;
    let value = if text.starts_with('"') {
        Value::String(serde_json::from_str(text).map_err(|_| {
            refused(
                "the string is not a JSON string; write quotes inside it as \\\", backslashes as \
                 \\\\, control characters as \\u00XX"
                    .into(),
            )
        })?)
    } else if text.eq_ignore_ascii_case("true") {
        Value::Bool(true)
    } else if text.eq_ignore_ascii_case("false") {
        Value::Bool(false)
    } else if text.eq_ignore_ascii_case("null") {
        Value::Null
    } else if let Some(number) = number(text) {
        Value::Number(number)
    } else {
        let bare = excerpt(text.trim_matches('\''));
        return Err(refused(format!("put the value in double quotes: \"{bare}\"")));
    };
    Ok((rest, Literal { value, text }))
}

/// Builds the comparison: converts the value, and resolves a complex attribute to its `value`.
pub(super) fn compare(
    mut attribute: AttributeRef,
    operator: Operator,
    literal: Literal<'_>,
    position: usize,
) -> Result<Filter, FilterError> {
    let refused = |attribute: &AttributeRef, message: String| FilterError::BadValue {
        attribute: attribute.in_an_error(),
        position,
        message,
    };
    if literal.value.is_null() {
        // Null and unassigned are the same (RFC 7643 §2.5).
        return match operator {
            Operator::Equal => Ok(Filter::Not(Box::new(Filter::Present(attribute)))),
            Operator::NotEqual => Ok(Filter::Present(attribute)),
            _ => Err(refused(&attribute, "is compared with null by eq and ne only".into())),
        };
    }
    if attribute.definition().kind == Kind::Complex {
        let definition = attribute.attribute.definition;
        match definition.sub_attribute("value") {
            Some(value) if attribute.sub_attribute.is_none() => {
                attribute.sub_attribute =
                    Some(Named { name: value.name.into(), definition: value });
            }
            _ => {
                let names: Vec<_> = definition.sub_attributes.iter().map(|sub| sub.name).collect();
                let message =
                    format!("is complex; compare one of its sub-attributes: {}", names.join(", "));
                return Err(refused(&attribute, message));
            }
        }
    }
    let kind = attribute.definition().kind;
    if let Some(message) = unsupported(kind, operator) {
        return Err(refused(&attribute, message));
    }
    match coerce(kind, operator, literal) {
        Ok(value) => Ok(Filter::Compare { attribute, operator, value }),
        Err(message) => Err(refused(&attribute, message)),
    }
}

/// Explains why values of this type do not support the operator (RFC 7644 §3.4.2.2 table 3).
fn unsupported(kind: Kind, operator: Operator) -> Option<String> {
    use Operator::{Contains, EndsWith, Equal, NotEqual, StartsWith};
    let type_name = match kind {
        Kind::Boolean => "a boolean",
        Kind::Binary => "binary",
        Kind::DateTime => "a dateTime",
        Kind::Integer | Kind::Decimal => "a number",
        Kind::String | Kind::Reference | Kind::Complex | Kind::Any => return None,
    };
    let allowed = match (kind, operator) {
        (_, Equal | NotEqual) => return None,
        (Kind::Boolean | Kind::Binary, _) => "eq, ne and pr",
        (_, Contains | StartsWith | EndsWith) => "eq, ne, gt, ge, lt, le and pr",
        _ => return None,
    };
    Some(format!("is {type_name} and cannot be compared by {}; use {allowed}", operator.as_str()))
}

/// Formats a literal for an error: a string in its quotes, anything else unchanged.
fn shown(text: &str) -> String {
    match text.strip_prefix('"') {
        Some(inner) => format!("\"{}\"", excerpt(inner.strip_suffix('"').unwrap_or(inner))),
        None => excerpt(text),
    }
}

/// Converts the value to the attribute's type. The error continues "attribute …".
fn coerce(kind: Kind, operator: Operator, literal: Literal<'_>) -> Result<Value, String> {
    let Literal { value, text } = literal;
    let is_text_operator =
        matches!(operator, Operator::Contains | Operator::StartsWith | Operator::EndsWith);
    match (kind, value) {
        (Kind::Boolean, Value::Bool(boolean)) => Ok(Value::Bool(boolean)),
        // Entra writes booleans as strings, in any letter case.
        (Kind::Boolean, Value::String(string)) if is(&string, "true") => Ok(Value::Bool(true)),
        (Kind::Boolean, Value::String(string)) if is(&string, "false") => Ok(Value::Bool(false)),
        (Kind::Boolean, _) => {
            Err(format!("is a boolean; compare it with true or false instead of {}", shown(text)))
        }
        (Kind::Integer | Kind::Decimal, Value::Number(number)) => Ok(Value::Number(number)),
        (Kind::Integer | Kind::Decimal, value) => {
            value.as_str().and_then(|string| number(string.trim())).map(Value::Number).ok_or_else(
                || format!("is a number; compare it with a number instead of {}", shown(text)),
            )
        }
        (Kind::DateTime, Value::String(string)) if instant(&string).is_some() => {
            Ok(Value::String(string))
        }
        (Kind::DateTime, _) => Err(format!(
            "is a dateTime; compare it with one such as \"2011-05-13T04:42:34Z\" instead of {}",
            shown(text)
        )),
        (Kind::Any, Value::Bool(boolean)) if !is_text_operator => match operator {
            Operator::Equal | Operator::NotEqual => Ok(Value::Bool(boolean)),
            _ => Err("is compared with true and false by eq and ne only".into()),
        },
        (Kind::Any, Value::Number(number)) if !is_text_operator => Ok(Value::Number(number)),
        (_, Value::String(string)) => Ok(Value::String(string)),
        // An unquoted text, such as a number, compared with a string attribute.
        (_, _) => Ok(Value::String(text.to_owned())),
    }
}

fn is(string: &str, word: &str) -> bool {
    string.trim().eq_ignore_ascii_case(word)
}

/// Parses a JSON number; integers that fit stay integers.
fn number(text: &str) -> Option<Number> {
    if !lexer::is_number(text) {
        return None;
    }
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    if let Ok(whole) = text.parse::<u64>() {
        return Some(whole.into());
    }
    Number::from_f64(text.parse().ok()?)
}
