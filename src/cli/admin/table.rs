//! Lists as tables for a terminal: without empty columns, times to the minute, as wide as there is
//! room for.

use serde_json::{Map, Value};

use super::show;

/// The longest cell, if there is not room for all.
const LONGEST: usize = 40;

/// Formats a response for people. Without a width, nothing is cut off.
pub fn text(value: &Value, width: Option<usize>) -> String {
    let items = value.as_object().and_then(|object| object.get("items")).and_then(Value::as_array);
    match items {
        Some(items) => table(items, width),
        None => show::text(value),
    }
}

/// A column with its heading.
struct Column {
    cells: Vec<String>,
}

impl Column {
    fn width(&self) -> usize {
        self.cells.iter().map(|cell| cell.chars().count()).max().unwrap_or_default()
    }

    fn shorten(&mut self) {
        for cell in &mut self.cells {
            if cell.chars().count() > LONGEST {
                *cell = cell.chars().take(LONGEST - 1).chain(['…']).collect();
            }
        }
    }
}

fn table(items: &[Value], width: Option<usize>) -> String {
    let rows: Vec<Map<String, Value>> =
        items.iter().filter_map(Value::as_object).map(show::flat).collect();
    if rows.is_empty() {
        return "(none)\n".to_owned();
    }
    let names = show::columns(&rows);
    let mut columns: Vec<Column> = names.iter().filter_map(|name| column(name, &rows)).collect();
    let mut left_out = 0;
    if let Some(width) = width {
        let needed = |columns: &[Column]| {
            columns.iter().map(|column| column.width() + 2).sum::<usize>().saturating_sub(2)
        };
        if needed(&columns) > width {
            columns.iter_mut().for_each(Column::shorten);
        }
        while columns.len() > 2 && needed(&columns) > width {
            columns.pop();
            left_out += 1;
        }
    }
    let lines = (0..=rows.len()).map(|row| {
        let cells = columns.iter().map(|column| {
            let cell = column.cells.get(row).map(String::as_str).unwrap_or_default();
            format!("{cell:width$}", width = column.width())
        });
        format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    });
    let mut text: String = lines.collect();
    if left_out > 0 {
        text.push_str(&format!("({left_out} more columns: --table, --json, or a wider window)\n"));
    }
    text
}

/// Returns a column, or `None` if it says nothing.
fn column(name: &str, rows: &[Map<String, Value>]) -> Option<Column> {
    let cell = |row: &Map<String, Value>| row.get(name).map(for_people).unwrap_or_default();
    let cells: Vec<String> = rows.iter().map(cell).collect();
    if cells.iter().all(|cell| cell.is_empty() || cell == "-") {
        return None;
    }
    let heading = name.replace(['_', '.'], " ").to_uppercase();
    Some(Column { cells: std::iter::once(heading).chain(cells).collect() })
}

/// Formats a value: a time without seconds, the truth as a word.
fn for_people(value: &Value) -> String {
    match value {
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => minute(text).unwrap_or_else(|| show::cell(value)),
        other => show::cell(other),
    }
}

/// Returns a time of RFC 3339 in UTC to the minute.
fn minute(text: &str) -> Option<String> {
    let time = text.strip_suffix('Z')?;
    let (date, clock) = time.split_once('T')?;
    let digits = |text: &str, separator: char, lengths: &[usize]| {
        let parts: Vec<&str> = text.split(separator).collect();
        parts.len() == lengths.len()
            && parts.iter().zip(lengths).all(|(part, length)| {
                part.len() == *length && part.bytes().all(|byte| byte.is_ascii_digit())
            })
    };
    let whole = clock.split('.').next()?;
    let is_time = digits(date, '-', &[4, 2, 2]) && digits(whole, ':', &[2, 2, 2]);
    is_time.then(|| format!("{date} {}", whole.get(..5).unwrap_or(whole)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn list() -> Value {
        json!({"items": [
            {"id": "team_1", "name": "Flight", "note": null, "is_on": true,
             "created_at": "2026-11-29T14:56:42.123Z"},
            {"id": "team_2", "name": "Sales\u{1b}[2J", "note": null, "is_on": false,
             "created_at": "2026-11-29T14:57:00Z"},
        ], "next_cursor": null})
    }

    #[test]
    fn empty_columns_are_left_out_and_times_end_with_the_minute() {
        assert_eq!(
            text(&list(), None),
            "ID      NAME            IS ON  CREATED AT\n\
             team_1  Flight          yes    2026-11-29 14:56\n\
             team_2  Sales\\u{1b}[2J  no     2026-11-29 14:57\n"
        );
        assert_eq!(text(&json!({"items": [], "next_cursor": null}), None), "(none)\n");
        assert_eq!(text(&json!({"total": 5}), Some(10)), "total  5\n");
    }

    #[test]
    fn a_table_is_not_wider_than_the_terminal() {
        let narrow = text(&list(), Some(30));
        assert!(narrow.lines().take(3).all(|line| line.chars().count() <= 30), "{narrow}");
        assert!(
            narrow.ends_with("(1 more columns: --table, --json, or a wider window)\n"),
            "{narrow}"
        );
        let long = json!({"items": [{"id": "a", "name": "x".repeat(90)}]});
        assert!(text(&long, Some(60)).contains(&format!("{}…", "x".repeat(39))));
        assert!(text(&long, None).contains(&"x".repeat(90)));
    }
}
