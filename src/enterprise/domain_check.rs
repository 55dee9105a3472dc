//! Verification of domains, and how to interpret a look-up of the verification record
//! (docs/domain.md §5).

use super::Timestamp;
use super::words::words;

words! {
    /// How the account proved that it owns a domain.
    VerificationMethod {
        /// A TXT record for this domain.
        UniqueRecord = "unique_record",
        /// A verified parent domain of the same account.
        RootRecord = "root_record",
        /// The operator's statement.
        Operator = "operator",
    }
}

words! {
    /// How an account wants a new domain to be verified.
    VerifyUsing {
        /// By a TXT record for this domain, also below a verified domain.
        UniqueRecord = "unique_record",
        /// By the record of a domain above it, which the account has verified.
        RootRecord = "root_record",
    }
}

words! {
    /// The result of looking up the record in DNS.
    CheckResult {
        /// The record is present.
        Verified = "verified",
        /// There are TXT records, but none with the expected value.
        WrongRecord = "wrong_record",
        /// There is no TXT record.
        NoRecord = "no_record",
        /// The name does not exist.
        NoSuchName = "no_such_name",
        /// The name servers failed.
        ServerFailure = "server_failure",
        /// No name server answered in time.
        Timeout = "timeout",
    }
}

impl CheckResult {
    /// Returns `true` if DNS confirms that the record is missing. A failure of the name servers
    /// confirms nothing.
    pub const fn is_loss(self) -> bool {
        matches!(self, Self::WrongRecord | Self::NoRecord | Self::NoSuchName)
    }
}

/// Days after the loss of its record at which a domain's rules are suspended.
pub const RESTS_AFTER_DAYS: i64 = 7;

/// Returns when the rules of a domain are suspended whose record was lost at this time.
pub const fn rests_from(lost_since: Timestamp) -> Timestamp {
    lost_since.plus_days(RESTS_AFTER_DAYS)
}

/// Returns `true` if capture, lock and single sign-on of a domain are suspended because its record
/// has been missing for too long.
pub fn rests(lost_since: Option<Timestamp>, now: Timestamp) -> bool {
    lost_since.is_some_and(|since| rests_from(since) <= now)
}

/// A verified domain whose subdomains count as verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parent<'a> {
    /// The domain name, in canonical form.
    pub name: &'a str,
    /// When its record was first found missing, if it is missing.
    pub lost_since: Option<Timestamp>,
}

/// Returns since when a subdomain has lost its verification: only if all its parent domains have
/// lost theirs, and then since the last of them did. Without any parent domain, it stays verified.
pub fn inherited_loss(name: &str, parents: &[Parent<'_>]) -> Option<Timestamp> {
    let is_above = |parent: &&Parent<'_>| {
        name.strip_suffix(parent.name).is_some_and(|rest| rest.ends_with('.'))
    };
    let above: Option<Vec<Timestamp>> =
        parents.iter().filter(is_above).map(|parent| parent.lost_since).collect();
    above.and_then(|lost| lost.into_iter().max())
}

/// Returns `true` if one of the texts is the expected value. Some DNS consoles store the quotation
/// marks that people type around it.
pub fn holds(texts: &[String], challenge: &str) -> bool {
    texts.iter().any(|text| {
        let text = text.trim();
        let bare = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        bare.unwrap_or(text) == challenge
    })
}

/// How many of the records found are shown, and how many characters of each.
const SHOWN: (usize, usize) = (5, 100);

/// Quotes the records that were found, for use in a sentence.
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
        // A sibling domain does not matter.
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
        let five = ["1", "2", "3", "4", "5"];
        assert_eq!(shown(&owned(&five)), "\"1\", \"2\", \"3\", \"4\", \"5\"");
        let many = vec!["x".repeat(1000); 7];
        assert!(shown(&many).ends_with("…\", 2 more") && shown(&many).chars().count() < 600);
    }
}
