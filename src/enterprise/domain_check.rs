//! How a domain is verified, and what a look-up of its record says (DOMAIN.md §5).

use super::role::words;

words! {
    /// What shows that a domain is the account's.
    VerificationMethod {
        /// A TXT record made for this domain.
        UniqueRecord = "unique_record",
        /// It is below a domain that the account had verified.
        RootRecord = "root_record",
        /// The operator's word.
        Operator = "operator",
    }
}

words! {
    /// What came of asking DNS for the record.
    CheckResult {
        /// The record is there.
        Verified = "verified",
        /// There are TXT records, but not the one.
        WrongRecord = "wrong_record",
        /// There is no TXT record.
        NoRecord = "no_record",
        /// There is nothing of that name.
        NoSuchName = "no_such_name",
        /// The name servers failed.
        ServerFailure = "server_failure",
        /// Nobody answered in time.
        Timeout = "timeout",
    }
}

/// Whether one of the texts is the record's value. Some consoles of DNS providers store the
/// quotation marks that people type around it.
pub fn holds(texts: &[String], challenge: &str) -> bool {
    texts.iter().any(|text| {
        let text = text.trim();
        let bare = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        bare.unwrap_or(text) == challenge
    })
}

/// Records and characters of each that are shown of what was found instead.
const SHOWN: (usize, usize) = (5, 100);

/// What was found, for a sentence.
pub fn shown(texts: &[String]) -> String {
    let (records, characters) = SHOWN;
    let mut quoted: Vec<String> = texts
        .iter()
        .take(records)
        .map(|text| {
            let clean = text.chars().map(|one| if one.is_control() { '\u{FFFD}' } else { one });
            let start: String = clean.take(characters).collect();
            let more = if text.chars().nth(characters).is_some() { "…" } else { "" };
            format!("\"{start}{more}\"")
        })
        .collect();
    if texts.len() > records {
        quoted.push(format!("{} more", texts.len() - records));
    }
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn the_value_is_one_whole_record() {
        for right in [&["v=1"][..], &["other", " v=1 "], &["\"v=1\""]] {
            assert!(holds(&owned(right), "v=1"), "{right:?}");
        }
        for wrong in [&[][..], &["v=1x"], &["xv=1"], &["V=1"], &["v=", "1"], &[""]] {
            assert!(!holds(&owned(wrong), "v=1"), "{wrong:?}");
        }
    }

    #[test]
    fn what_was_found_is_shown_within_limits() {
        assert_eq!(shown(&owned(&["a", "b\u{7}"])), "\"a\", \"b\u{FFFD}\"");
        let many = vec!["x".repeat(1000); 7];
        assert!(shown(&many).ends_with("…\", 2 more") && shown(&many).chars().count() < 600);
    }
}
