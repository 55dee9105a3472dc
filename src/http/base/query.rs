//! Queries of URLs that the server makes.

/// Adds these parameters to a URL or path; those without a value are left out.
pub fn with_query(url: &str, parameters: &[(&str, &str)]) -> String {
    let mut whole = url.to_owned();
    for (name, value) in parameters.iter().filter(|(_, value)| !value.is_empty()) {
        whole.push(if whole.contains('?') { '&' } else { '?' });
        whole.push_str(name);
        whole.push('=');
        whole.push_str(&encoded(value));
    }
    whole
}

/// Encodes the value of a parameter, so that it cannot leave it.
pub fn encoded(value: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
            char::from(byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    value.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_back_cannot_leave_its_parameter() {
        let url = with_query("https://x/cb?a=1", &[("state", "b&c=\r\nä"), ("code", "")]);
        assert_eq!(url, "https://x/cb?a=1&state=b%26c%3D%0D%0A%C3%A4");
        assert_eq!(with_query("/a", &[("b", "1"), ("c", "/?")]), "/a?b=1&c=%2F%3F");
    }
}
