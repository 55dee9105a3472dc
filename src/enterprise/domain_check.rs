//! How a domain is verified, and what a look-up of its record says (DOMAIN.md §5).

use super::Timestamp;
use super::words::words;

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

impl CheckResult {
    /// Whether DNS says that the record is not there. Name servers that fail say nothing.
    pub const fn is_loss(self) -> bool {
        matches!(self, Self::WrongRecord | Self::NoRecord | Self::NoSuchName)
    }
}

/// Days after which what hangs on a domain rests, when its record is lost.
pub const RESTS_AFTER_DAYS: i64 = 7;

/// When a domain begins to rest that was lost then.
pub const fn rests_from(lost_since: Timestamp) -> Timestamp {
    lost_since.plus_days(RESTS_AFTER_DAYS)
}

/// Whether capture, lock and single sign-on of a domain rest because its record is lost for so long.
pub fn rests(lost_since: Option<Timestamp>, now: Timestamp) -> bool {
    lost_since.is_some_and(|since| rests_from(since) <= now)
}

/// A verified domain by which those below it could be verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parent<'a> {
    /// Its name.
    pub name: &'a str,
    /// Since when its record is lost.
    pub lost_since: Option<Timestamp>,
}

/// Since when a domain is lost that was verified by one above it: while one above it is there, it is
/// there. Without any above it, it stays verified as it was.
pub fn inherited_loss(name: &str, parents: &[Parent<'_>]) -> Option<Timestamp> {
    let is_above = |parent: &&Parent<'_>| {
        name.strip_suffix(parent.name).is_some_and(|rest| rest.ends_with('.'))
    };
    let above: Option<Vec<Timestamp>> =
        parents.iter().filter(is_above).map(|parent| parent.lost_since).collect();
    above.and_then(|lost| lost.into_iter().max())
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
    fn a_domain_rests_when_it_was_lost_for_seven_days() {
        let week = 7 * Timestamp::DAY;
        assert!(!rests(None, Timestamp(week)));
        assert!(!rests(Some(Timestamp(0)), Timestamp(week - 1)));
        assert!(rests(Some(Timestamp(0)), Timestamp(week)));
    }

    #[test]
    fn what_was_verified_by_another_domain_is_lost_with_it() {
        let parent =
            |name, lost_since: Option<i64>| Parent { name, lost_since: lost_since.map(Timestamp) };
        let lost = |parents: &[Parent<'_>]| inherited_loss("a.b.example", parents).map(|at| at.0);
        assert_eq!(lost(&[]), None);
        assert_eq!(lost(&[parent("b.example", None)]), None);
        assert_eq!(lost(&[parent("b.example", Some(5))]), Some(5));
        assert_eq!(lost(&[parent("xa.b.example", Some(5)), parent("b.exampl", Some(5))]), None);
        assert_eq!(lost(&[parent("b.example", Some(5)), parent("example", None)]), None);
        assert_eq!(lost(&[parent("b.example", Some(5)), parent("example", Some(7))]), Some(7));
        // One beside it says nothing of it.
        assert_eq!(lost(&[parent("b.example", Some(5)), parent("c.example", None)]), Some(5));
    }

    #[test]
    fn only_what_dns_says_of_the_record_is_a_loss() {
        use CheckResult::{NoRecord, NoSuchName, ServerFailure, Timeout, Verified, WrongRecord};
        for result in [WrongRecord, NoRecord, NoSuchName] {
            assert!(result.is_loss(), "{result}");
        }
        for result in [Verified, ServerFailure, Timeout] {
            assert!(!result.is_loss(), "{result}");
        }
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
