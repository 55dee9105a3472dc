//! Only a cursor that was handed out is accepted, for its own query and in its time.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use insomnia_scim::enterprise::secret::SecretKey;
use insomnia_scim::scim::cursor::{Cursor, Envelope, Position};
use insomnia_scim::scim::sort::SortKey;

use super::{LIMIT, refused};
use crate::mutate::random::Random;
use crate::mutate::text;
use crate::runner::{Ending, Target};

const QUERY: u64 = 7;
const NOW: i64 = 1_000;
const TIMEOUT: i64 = 3_600;

/// Cursors as a server seals them.
struct Sealed(SecretKey);

impl Sealed {
    fn new() -> Self {
        Self(SecretKey::from_bytes(&[7; 32]).unwrap())
    }
}

impl Envelope for Sealed {
    fn close(&self, inside: &[u8]) -> Option<Vec<u8>> {
        self.0.seal_bytes(inside, "account 1").ok()
    }

    fn open(&self, sent: &[u8]) -> Option<Vec<u8>> {
        self.0.open_bytes(sent, "account 1").ok()
    }
}

fn given() -> Vec<String> {
    let sorted = |key| Position::Sorted { key, section: 1, row: 12, given: 20 };
    let positions = [
        Position::Row { section: 0, row: 7, given: 10 },
        sorted(None),
        sorted(Some(SortKey::Text("Ünal \"x\"".to_owned()))),
        sorted(Some(SortKey::Boolean(true))),
        sorted(Some(SortKey::Instant(1, 2))),
    ];
    let cursors = positions.map(|position| Cursor { query: QUERY, position, issued_at: NOW });
    cursors.iter().map(|cursor| cursor.encode(&Sealed::new())).collect()
}

fn check_for(text: &str, given: &[String]) -> Ending {
    let decode = |text: &str, query, now| Cursor::decode(text, &Sealed::new(), query, now, TIMEOUT);
    match decode(text, QUERY, NOW) {
        Ok(_) if !given.iter().any(|cursor| cursor == text) => {
            Err("it is accepted and was not handed out".to_owned())
        }
        Ok(cursor) => {
            if decode(text, QUERY + 1, NOW).is_ok() {
                return Err("it is accepted for another query".to_owned());
            }
            if decode(text, QUERY, NOW + TIMEOUT + 1).is_ok() {
                return Err("it is accepted after its time".to_owned());
            }
            let again = cursor.encode(&Sealed::new());
            if decode(&again, QUERY, NOW) != Ok(cursor) {
                return Err("written again it differs".to_owned());
            }
            Ok("accepted".to_owned())
        }
        Err(error) => Ok(refused(&error)),
    }
}

/// Half of the time what is in the cursor is changed, and not its outside.
fn mutate(random: &mut Random, input: &str, donor: &str) -> String {
    const WORDS: &[&str] = &["A", "-", "_", "=", "+", "/", "%3D", "0", "{", "}", "\"q\":", "null"];
    match URL_SAFE_NO_PAD.decode(input) {
        Ok(mut bytes) if !bytes.is_empty() && random.one_in(2) => {
            let at = random.below(bytes.len());
            match random.below(4) {
                0 => bytes[at] ^= 1 << random.below(8),
                1 => drop(bytes.remove(at)),
                2 => bytes.insert(at, bytes[at]),
                _ => {
                    let other = URL_SAFE_NO_PAD.decode(donor).unwrap_or_default();
                    let from = random.below(other.len());
                    bytes.truncate(at);
                    bytes.extend_from_slice(&other[from..]);
                }
            }
            URL_SAFE_NO_PAD.encode(bytes)
        }
        _ => text::mutate(random, input, donor, WORDS),
    }
}

#[test]
fn cursor() {
    let given = given();
    Target {
        name: "cursor",
        seeds: given.clone(),
        mutate: &mutate,
        check: &|text| check_for(text, &given),
        limit: LIMIT,
    }
    .run();
}
