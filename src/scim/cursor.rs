//! Cursors (RFC 9865): the position of a client in a list, in an opaque text.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::filter::Filter;
use super::sort::{Sort, SortKey};
use super::{ScimError, ScimType};

/// The longest cursor that is accepted, in bytes. Cursors of this server are shorter.
pub const MAX_LENGTH: usize = 4 * 1024;

/// The number of checksum bytes at the end of a cursor.
const CHECKSUM: usize = 8;
/// Separates these checksums from hashes made for other purposes.
const DOMAIN: &[u8] = b"SCIM cursor 1\0";

/// Protects the content of a cursor against reading and modification.
pub trait Envelope {
    /// Protects the content of a cursor; `None` on failure.
    fn close(&self, inside: &[u8]) -> Option<Vec<u8>>;
    /// Returns the content of a cursor; `None` if this server did not create it.
    fn open(&self, sent: &[u8]) -> Option<Vec<u8>>;
}

/// An envelope with a checksum. It detects accidental changes, but the content is readable.
#[derive(Clone, Copy, Debug, Default)]
pub struct Checked;

impl Envelope for Checked {
    fn close(&self, inside: &[u8]) -> Option<Vec<u8>> {
        Some([inside, &checksum(inside)].concat())
    }

    fn open(&self, sent: &[u8]) -> Option<Vec<u8>> {
        let (body, sum) = sent.split_at_checked(sent.len().checked_sub(CHECKSUM)?)?;
        (sum == checksum(body)).then(|| body.to_vec())
    }
}

/// A position in the results of one query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The hash of the query, see [`Cursor::query`].
    #[serde(rename = "q")]
    pub query: u64,
    /// The position after which the next page begins.
    #[serde(rename = "p")]
    pub position: Position,
    /// The time when the cursor was issued, in seconds since 1970.
    #[serde(rename = "t")]
    pub issued_at: i64,
}

/// The last item that was returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Position {
    /// A position in results in row order.
    #[serde(rename = "r")]
    Row {
        /// The type of resource if the query spans several: 0 for users, 1 for groups.
        #[serde(rename = "s")]
        section: u8,
        /// The key of the row.
        #[serde(rename = "r")]
        row: i64,
        /// The number of items returned so far.
        #[serde(rename = "n")]
        given: u64,
    },
    /// A position in sorted results. Rows with equal sort keys are ordered by section and row.
    #[serde(rename = "k")]
    Sorted {
        /// The sort key; `None` for a resource without a value.
        #[serde(rename = "k")]
        key: Option<SortKey>,
        /// The type of resource if the query spans several: 0 for users, 1 for groups.
        #[serde(rename = "s")]
        section: u8,
        /// The key of the row.
        #[serde(rename = "r")]
        row: i64,
        /// The number of items returned so far.
        #[serde(rename = "n")]
        given: u64,
    },
}

impl Cursor {
    /// Returns the hash of a query: the same for the same filter, sorting and `kinds` (the resource
    /// types and whatever else the caller adds), on every node and after every restart.
    pub fn query(filter: Option<&Filter>, sort: Option<&Sort>, kinds: &[&str]) -> u64 {
        let filter = filter.map(Filter::to_string).unwrap_or_default();
        let sort =
            sort.map(|sort| format!("{} {}", sort.descending, sort.attribute)).unwrap_or_default();
        let mut hash = Sha256::new();
        for part in [filter.as_str(), sort.as_str()].iter().chain(kinds) {
            // The length separates the parts.
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        u64::from_be_bytes(first_bytes(hash))
    }

    /// Encodes the cursor for the client, with unreserved URL characters only.
    pub fn encode(&self, envelope: &dyn Envelope) -> String {
        // Serializing these types to a vector cannot fail. If it did, the empty cursor would be
        // refused.
        let bytes = serde_json::to_vec(self).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(envelope.close(&bytes).unwrap_or_default())
    }

    /// Decodes a cursor of this query.
    ///
    /// # Errors
    /// Returns 400 `invalidCursor` if the cursor was not created by this server or belongs to
    /// another query, and 400 `expiredCursor` if it is older than the timeout (RFC 9865 §2.1).
    pub fn decode(
        text: &str,
        envelope: &dyn Envelope,
        query: u64,
        now: i64,
        timeout_seconds: i64,
    ) -> Result<Self, ScimError> {
        let invalid = |detail| ScimError::bad_request(ScimType::InvalidCursor, detail);
        let cursor = Self::read(text, envelope).ok_or_else(|| {
            invalid(
                "cursor is not one that this server handed out; send nextCursor of the last page \
                 unchanged, or start again with an empty cursor",
            )
        })?;
        if cursor.query != query {
            return Err(invalid(
                "cursor was handed out for another query; repeat filter, sortBy, sortOrder and \
                 endpoint unchanged, or start again with an empty cursor",
            ));
        }
        if now.saturating_sub(cursor.issued_at) > timeout_seconds {
            return Err(ScimError::bad_request(
                ScimType::ExpiredCursor,
                format!(
                    "cursor is older than {timeout_seconds} seconds; start again with an empty \
                     cursor"
                ),
            ));
        }
        Ok(cursor)
    }

    fn read(text: &str, envelope: &dyn Envelope) -> Option<Self> {
        if text.len() > MAX_LENGTH {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        serde_json::from_slice(&envelope.open(&bytes)?).ok()
    }
}

fn checksum(body: &[u8]) -> [u8; CHECKSUM] {
    first_bytes(Sha256::new().chain_update(DOMAIN).chain_update(body))
}

fn first_bytes(hash: Sha256) -> [u8; 8] {
    let digest = hash.finalize();
    let mut bytes = [0; 8];
    bytes.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::filter::test_schema::USER;

    fn key() -> impl Strategy<Value = SortKey> {
        prop_oneof![
            any::<bool>().prop_map(SortKey::Boolean),
            any::<u64>().prop_map(SortKey::Number),
            any::<(i64, u32)>().prop_map(|(seconds, nanos)| SortKey::Instant(seconds, nanos)),
            ".{0,256}".prop_map(SortKey::Text),
        ]
    }

    fn cursor() -> impl Strategy<Value = Cursor> {
        let position = prop_oneof![
            any::<(u8, i64, u64)>().prop_map(|(section, row, given)| Position::Row {
                section,
                row,
                given
            }),
            (proptest::option::of(key()), any::<(u8, i64, u64)>()).prop_map(
                |(key, (section, row, given))| Position::Sorted { key, section, row, given }
            ),
        ];
        (any::<u64>(), position, any::<i64>()).prop_map(|(query, position, issued_at)| Cursor {
            query,
            position,
            issued_at,
        })
    }

    fn first() -> Cursor {
        let position = Position::Row { section: 0, row: 7, given: 10 };
        Cursor { query: 1, position, issued_at: 1_000 }
    }

    fn refusal(text: &str, query: u64, now: i64) -> (&'static str, String) {
        let error = Cursor::decode(text, &Checked, query, now, 600).expect_err("a refusal");
        assert_eq!(error.status, 400);
        (error.scim_type.map_or("", ScimType::as_str), error.detail)
    }

    #[test]
    fn a_cursor_serves_its_query_until_it_expires() {
        let text = first().encode(&Checked);
        assert_eq!(Cursor::decode(&text, &Checked, 1, 1_600, 600), Ok(first()));
        assert_eq!(
            refusal(&text, 1, 1_601),
            (
                "expiredCursor",
                "cursor is older than 600 seconds; start again with an empty cursor".into()
            )
        );
        assert_eq!(
            refusal(&text, 2, 1_000),
            (
                "invalidCursor",
                "cursor was handed out for another query; repeat filter, sortBy, sortOrder and \
                 endpoint unchanged, or start again with an empty cursor"
                    .into()
            )
        );
        for foreign in ["", "abc", "!", &"A".repeat(1_000_000)] {
            let (scim_type, detail) = refusal(foreign, 1, 1_000);
            assert_eq!(scim_type, "invalidCursor");
            assert!(detail.starts_with("cursor is not one that this server handed out"));
        }
    }

    #[test]
    fn the_longest_cursor_is_read() {
        let key = Some(SortKey::Text("\u{1}".repeat(crate::sort::MAX_TEXT)));
        let position = Position::Sorted { key, section: 255, row: i64::MIN, given: u64::MAX };
        let cursor = Cursor { query: u64::MAX, position, issued_at: i64::MIN };
        let text = cursor.encode(&Checked);
        assert!(text.len() <= MAX_LENGTH);
        assert_eq!(Cursor::decode(&text, &Checked, u64::MAX, i64::MIN, 0), Ok(cursor));
    }

    #[test]
    fn a_longer_text_than_the_limit_is_not_even_opened() {
        /// Takes every text for the first cursor.
        struct Credulous;

        impl Envelope for Credulous {
            fn close(&self, _: &[u8]) -> Option<Vec<u8>> {
                None
            }

            fn open(&self, _: &[u8]) -> Option<Vec<u8>> {
                serde_json::to_vec(&first()).ok()
            }
        }

        let decode = |length| Cursor::decode(&"A".repeat(length), &Credulous, 1, 1_000, 600);
        assert_eq!(decode(MAX_LENGTH), Ok(first()));
        assert!(decode(MAX_LENGTH + 4).is_err());
    }

    #[test]
    fn queries_that_differ_have_different_numbers() {
        let filter = |text| Filter::parse(text, &USER).expect("a filter");
        let sort = |descending| Sort::parse("userName", descending, &USER).expect("a sort");
        let numbers = [
            Cursor::query(None, None, &["User"]),
            Cursor::query(None, None, &["Group"]),
            Cursor::query(None, None, &["User", "Group"]),
            Cursor::query(None, None, &["UserGroup"]),
            Cursor::query(Some(&filter("title pr")), None, &["User"]),
            Cursor::query(Some(&filter("id pr")), None, &["User"]),
            Cursor::query(None, Some(&sort(false)), &["User"]),
            Cursor::query(None, Some(&sort(true)), &["User"]),
        ];
        let distinct: std::collections::HashSet<_> = numbers.iter().collect();
        assert_eq!(distinct.len(), numbers.len());
        assert_eq!(
            Cursor::query(Some(&filter("TITLE PR")), None, &["User"]),
            Cursor::query(Some(&filter("(title pr)")), None, &["User"])
        );
        // Cursors outlive the process that created them, so this number must not change.
        assert_eq!(Cursor::query(None, None, &["User"]), 16_014_445_177_321_496_932);
    }

    proptest! {
        #[test]
        fn cursors_come_back_as_they_went(cursor in cursor()) {
            let text = cursor.encode(&Checked);
            prop_assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
            let read = Cursor::decode(&text, &Checked, cursor.query, cursor.issued_at, 0);
            prop_assert_eq!(read, Ok(cursor));
        }

        #[test]
        fn a_cursor_with_one_character_changed_is_refused(
            cursor in cursor(),
            at in any::<proptest::sample::Index>(),
            to in "[A-Za-z0-9_=.-]",
        ) {
            let text = cursor.encode(&Checked);
            let at = at.index(text.len());
            prop_assume!(text[at..=at] != to);
            let changed = format!("{}{to}{}", &text[..at], &text[at + 1..]);
            prop_assert!(Cursor::decode(&changed, &Checked, cursor.query, cursor.issued_at, 0).is_err());
        }

        #[test]
        fn any_text_is_survived(text in ".*") {
            prop_assert!(Cursor::decode(&text, &Checked, 0, 0, 0).is_err());
        }
    }
}
