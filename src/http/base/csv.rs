//! Comma-separated values (RFC 4180), as spreadsheets read them.

/// Writes a line with these cells.
pub fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record(cells.into_iter().map(harmless).map(|cell| cell.into_owned()));
    writer
        .into_inner()
        .map_or_else(|_| String::new(), |bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Marks a cell that begins like a formula as text, so that no spreadsheet evaluates it.
fn harmless(cell: &str) -> std::borrow::Cow<'_, str> {
    match cell.as_bytes().first() {
        Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r') => format!("'{cell}").into(),
        _ => cell.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(line(["a", "b,c", "d\"e", "f\ng"]), "a,\"b,c\",\"d\"\"e\",\"f\ng\"\r\n");
    }

    #[test]
    fn a_cell_is_never_a_formula() {
        assert_eq!(line(["=1+1", "@x", "+44", "x=1"]), "'=1+1,'@x,'+44,x=1\r\n");
    }
}
