//! Formats responses for people: lists as tables, objects as lines.

use serde_json::{Map, Value};

/// Formats a response as text.
pub fn text(value: &Value) -> String {
    match value {
        Value::Object(object) => match object.get("items").and_then(Value::as_array) {
            Some(items) => table(items),
            None => lines(object),
        },
        other => format!("{}\n", cell(other)),
    }
}

/// Formats one field of the response, or of each item of a list, one per line. Dots separate the
/// names of nested fields.
pub fn field(value: &Value, name: &str) -> Option<String> {
    let of = |value: &Value| {
        let found = name.split('.').try_fold(value, |value, part| value.get(part))?;
        Some(format!("{}\n", cell(found)))
    };
    match value.get("items").and_then(Value::as_array) {
        Some(items) => items.iter().map(of).collect(),
        None => of(value),
    }
}

/// Flattens nested fields and names them as `--print` does.
pub fn flat(object: &Map<String, Value>) -> Map<String, Value> {
    let mut flat = Map::new();
    for (name, value) in object {
        match value.as_object() {
            Some(inner) => flat.extend(
                inner.iter().map(|(part, value)| (format!("{name}.{part}"), value.clone())),
            ),
            None => drop(flat.insert(name.clone(), value.clone())),
        }
    }
    flat
}

/// Returns the columns of all rows, because a nested object may be missing in some of them.
pub fn columns(rows: &[Map<String, Value>]) -> Vec<&str> {
    let mut columns: Vec<&str> = Vec::new();
    for name in rows.iter().flat_map(Map::keys) {
        if !columns.contains(&name.as_str()) {
            // Next to the other columns of the same object.
            let prefix = name.split_once('.').map_or(name.as_str(), |(prefix, _)| prefix);
            let of_same = |one: &&str| one.split('.').next() == Some(prefix);
            let place = columns.iter().rposition(of_same).map_or(columns.len(), |last| last + 1);
            columns.insert(place, name);
        }
    }
    let whole: Vec<&str> = columns
        .iter()
        .filter(|name| columns.iter().any(|one| one.starts_with(&format!("{name}."))))
        .copied()
        .collect();
    columns.retain(|name| !whole.contains(name));
    columns
}

fn lines(object: &Map<String, Value>) -> String {
    let object = flat(object);
    let width = object.keys().map(|name| name.chars().count()).max().unwrap_or_default();
    object.iter().map(|(name, value)| format!("{name:width$}  {}\n", cell(value))).collect()
}

fn table(items: &[Value]) -> String {
    let objects: Vec<Map<String, Value>> =
        items.iter().filter_map(Value::as_object).map(flat).collect();
    if objects.is_empty() {
        return "(none)\n".to_owned();
    }
    let columns = columns(&objects);
    let mut rows = vec![columns.iter().map(|name| name.to_uppercase()).collect::<Vec<_>>()];
    rows.extend(objects.iter().map(|object| {
        columns.iter().map(|name| object.get(*name).map(cell).unwrap_or_default()).collect()
    }));
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<usize> =
        (0..columns.len()).map(|column| width(column).unwrap_or_default()).collect();
    rows.iter()
        .map(|row| {
            let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
            format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
        })
        .collect()
}

/// Formats a value on one line. Escapes control characters, which could otherwise control the
/// terminal.
pub fn cell(value: &Value) -> String {
    let text = match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")
        }
        other => other.to_string(),
    };
    text.chars()
        .flat_map(|character| {
            if character.is_control() {
                character.escape_default().collect::<Vec<_>>()
            } else {
                vec![character]
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_is_a_table() {
        let list = json!({"items": [
            {"id": "team_1", "name": "Flight", "organizations": ["a", "b"]},
            {"id": "team_22", "name": "Sales\u{1b}[2J", "organizations": []},
        ], "next_cursor": null});
        assert_eq!(
            text(&list),
            "ID       NAME            ORGANIZATIONS\n\
             team_1   Flight          a,b\n\
             team_22  Sales\\u{1b}[2J\n"
        );
        assert_eq!(text(&json!({"items": [], "next_cursor": null})), "(none)\n");
    }

    #[test]
    fn fields_in_fields_are_columns_and_lines_of_their_own() {
        let sent = json!({"state": "sent", "detail": null});
        let list = json!({"items": [
            {"id": "a", "delivery": null, "advice": null},
            {"id": "b", "delivery": sent, "advice": "Resend."},
        ], "next_cursor": null});
        assert_eq!(
            text(&list),
            "ID  DELIVERY.STATE  DELIVERY.DETAIL  ADVICE\n\
             a                                    -\n\
             b   sent            -                Resend.\n"
        );
        assert_eq!(
            text(&json!({"id": "b", "delivery": sent})),
            "id               b\ndelivery.state   sent\ndelivery.detail  -\n"
        );
    }

    #[test]
    fn a_field_is_printed_alone() {
        let object = json!({"id": "team_1", "txt_record": {"name": "_x"}});
        assert_eq!(field(&object, "id").as_deref(), Some("team_1\n"));
        assert_eq!(field(&object, "txt_record.name").as_deref(), Some("_x\n"));
        assert_eq!(field(&object, "nothing"), None);
        let list = json!({"items": [{"id": "a"}, {"id": "b"}]});
        assert_eq!(field(&list, "id").as_deref(), Some("a\nb\n"));
    }

    #[test]
    fn an_object_is_lines() {
        assert_eq!(text(&json!({"total": 5, "note": null})), "total  5\nnote   -\n");
    }
}
