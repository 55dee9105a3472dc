//! Collects parameters from a URL or a body and validates them together.

use serde_json::Value;

use super::{MAX_LENGTH, MAX_NAMES, PageRequest, Query, invalid_count, invalid_value};
use crate::ScimError;

/// The parameters as given; `None` means missing.
#[derive(Default)]
pub(super) struct Parameters {
    filter: Option<String>,
    attributes: Option<Vec<String>>,
    excluded_attributes: Option<Vec<String>>,
    sort_by: Option<String>,
    sort_order: Option<String>,
    start_index: Option<String>,
    count: Option<String>,
    cursor: Option<String>,
}

/// The field in which a parameter is stored.
enum Slot<'p> {
    Text(&'static str, &'p mut Option<String>),
    Number(&'static str, &'p mut Option<String>),
    Names(&'static str, &'p mut Option<Vec<String>>),
}

impl Parameters {
    /// Sets a parameter of a URL.
    pub(super) fn set_text(&mut self, name: &str, value: &str) -> Result<(), ScimError> {
        match self.slot(name) {
            Some(Slot::Text(name, slot) | Slot::Number(name, slot)) => put(name, slot, value),
            Some(Slot::Names(name, slot)) => add_names(name, slot, value.split(',')),
            None => Ok(()),
        }
    }

    /// Sets a key of a search request.
    pub(super) fn set_json(&mut self, key: &str, value: Value) -> Result<(), ScimError> {
        match (self.slot(key), value) {
            (None, _) | (_, Value::Null) => Ok(()),
            (Some(Slot::Text(name, slot)), Value::String(text)) => put(name, slot, &text),
            (Some(Slot::Text(name, _)), _) => Err(invalid_value(name, "must be a string")),
            (Some(Slot::Number(name, slot)), Value::Number(number)) => {
                put(name, slot, &number.to_string())
            }
            (Some(Slot::Number(name, slot)), Value::String(text)) => put(name, slot, &text),
            (Some(Slot::Number(name, _)), _) => Err(invalid_value(name, "must be a whole number")),
            (Some(Slot::Names(name, slot)), Value::Array(values)) => {
                let names: Option<Vec<_>> = values.iter().map(Value::as_str).collect();
                let names = names
                    .ok_or_else(|| invalid_value(name, "must be a list of attribute names"))?;
                add_names(name, slot, names.into_iter())
            }
            (Some(Slot::Names(name, slot)), Value::String(text)) => {
                add_names(name, slot, text.split(','))
            }
            (Some(Slot::Names(name, _)), _) => {
                Err(invalid_value(name, "must be a list of attribute names"))
            }
        }
    }

    fn slot(&mut self, name: &str) -> Option<Slot<'_>> {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        Some(if is("filter") {
            Slot::Text("filter", &mut self.filter)
        } else if is("attributes") {
            Slot::Names("attributes", &mut self.attributes)
        } else if is("excludedAttributes") {
            Slot::Names("excludedAttributes", &mut self.excluded_attributes)
        } else if is("sortBy") {
            Slot::Text("sortBy", &mut self.sort_by)
        } else if is("sortOrder") {
            Slot::Text("sortOrder", &mut self.sort_order)
        } else if is("startIndex") {
            Slot::Number("startIndex", &mut self.start_index)
        } else if is("count") {
            Slot::Number("count", &mut self.count)
        } else if is("cursor") {
            Slot::Text("cursor", &mut self.cursor)
        } else {
            return None;
        })
    }

    pub(super) fn into_query(self) -> Result<Query, ScimError> {
        let attributes = self.attributes.unwrap_or_default();
        let excluded_attributes = self.excluded_attributes.unwrap_or_default();
        if !attributes.is_empty() && !excluded_attributes.is_empty() {
            return Err(invalid_value(
                "attributes",
                "and excludedAttributes exclude each other; send only one of the two",
            ));
        }
        let start_index = number("startIndex", filled(self.start_index))?;
        let page = match self.cursor {
            None => PageRequest::Index {
                start_index: start_index.unwrap_or(1).max(1),
                count: number("count", filled(self.count))?,
            },
            Some(_) if start_index.is_some() => {
                return Err(invalid_value(
                    "cursor",
                    "and startIndex are two ways of paging; send only one of the two",
                ));
            }
            Some(cursor) => PageRequest::Cursor {
                cursor: filled(Some(cursor)),
                count: number("count", filled(self.count)).map_err(|_| invalid_count())?,
            },
        };
        Ok(Query {
            // An empty filter is not a missing one. The filter parser refuses it, so that nobody
            // mistakes the complete list for the matches.
            filter: self.filter,
            attributes,
            excluded_attributes,
            sort_by: filled(self.sort_by),
            descending: is_descending(filled(self.sort_order))?,
            page,
        })
    }
}

fn put(name: &str, slot: &mut Option<String>, value: &str) -> Result<(), ScimError> {
    if slot.is_some() {
        return Err(invalid_value(name, "is given more than once; send it once"));
    }
    if value.len() > MAX_LENGTH {
        return Err(invalid_value(name, &format!("may be {MAX_LENGTH} bytes long at most")));
    }
    *slot = Some(value.to_owned());
    Ok(())
}

/// Adds names to a list. Repeated parameters are one list, because some clients send one parameter
/// per name.
fn add_names<'n>(
    parameter: &str,
    slot: &mut Option<Vec<String>>,
    names: impl Iterator<Item = &'n str>,
) -> Result<(), ScimError> {
    let all = slot.get_or_insert_default();
    let mut length: usize = all.iter().map(String::len).sum();
    for name in names.map(str::trim).filter(|name| !name.is_empty()) {
        length += name.len();
        if all.len() >= MAX_NAMES || length > MAX_LENGTH {
            let message = format!("may have {MAX_NAMES} names and {MAX_LENGTH} bytes at most");
            return Err(invalid_value(parameter, &message));
        }
        all.push(name.to_owned());
    }
    Ok(())
}

/// Treats an empty value as missing.
fn filled(value: Option<String>) -> Option<String> {
    value.filter(|text| !text.trim().is_empty())
}

/// Parses a whole number. A negative number is read as zero, and a number that is too large as the
/// largest one.
fn number(name: &str, text: Option<String>) -> Result<Option<u64>, ScimError> {
    const LARGEST: u64 = i64::MAX as u64;
    let Some(text) = text else {
        return Ok(None);
    };
    let text = text.trim();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(invalid_value(name, &format!("must be a whole number, such as {name}=1")));
    }
    if text.starts_with('-') {
        return Ok(Some(0));
    }
    Ok(Some(digits.parse().map_or(LARGEST, |number: u64| number.min(LARGEST))))
}

fn is_descending(sort_order: Option<String>) -> Result<bool, ScimError> {
    match sort_order.as_deref().map(str::trim) {
        None => Ok(false),
        Some(order) if order.eq_ignore_ascii_case("ascending") => Ok(false),
        Some(order) if order.eq_ignore_ascii_case("descending") => Ok(true),
        Some(_) => Err(invalid_value("sortOrder", "must be ascending or descending")),
    }
}
