//! Activation codes (docs/domain.md §1): the sales team gives them to customers, who type them in
//! to activate an account.

use super::token::{self, NoRandomness};
use super::words::words;

words! {
    /// The state of an activation code.
    CodeState {
        /// It can be redeemed.
        Issued = "issued",
        /// An account was activated with it.
        Used = "used",
        /// The customer was issued another code.
        Superseded = "superseded",
        /// The operator revoked it.
        Revoked = "revoked",
    }
}

/// The prefix of every code, so that people and secret scanners recognise it.
const PREFIX: &str = "INSOMNIA";
/// The digits of Crockford's base 32, which has no letters that look like digits.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Digits in a code: 125 random bits.
const LENGTH: usize = 25;
/// Digits per group; hyphens separate the groups.
const GROUP: usize = 5;

/// Generates a code. Only its hash is stored, so it can be shown only once.
pub fn generate() -> Result<String, NoRandomness> {
    let random = token::random::<LENGTH>()?;
    let mut code = PREFIX.to_owned();
    for (position, byte) in random.iter().enumerate() {
        if position % GROUP == 0 {
            code.push('-');
        }
        code.push(char::from(DIGITS[usize::from(byte % 32)]));
    }
    Ok(code)
}

/// Returns the hash under which a code is stored and looked up, or `None` if the text cannot be a
/// code. Ignores letter case, blanks and hyphens, and reads letters that look like a digit as that
/// digit.
pub fn hash(typed: &str) -> Option<[u8; 32]> {
    // A code has some 40 characters. Longer input is rejected before any work is done on it.
    if typed.len() > 200 {
        return None;
    }
    let letters: String = typed
        .chars()
        .filter(|character| !character.is_whitespace() && *character != '-')
        .map(|character| character.to_ascii_uppercase())
        .collect();
    let digits: String = letters
        .strip_prefix(PREFIX)?
        .chars()
        .map(|letter| match letter {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    let is_code = digits.len() == LENGTH && digits.bytes().all(|digit| DIGITS.contains(&digit));
    is_code.then(|| token::hash(&digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_however_it_is_typed() {
        let code = generate().unwrap();
        let groups: Vec<usize> = code.split('-').map(str::len).collect();
        assert_eq!(groups, [PREFIX.len(), GROUP, GROUP, GROUP, GROUP, GROUP]);
        let expected = hash(&code).unwrap();
        let (_, digits) = code.split_once('-').unwrap();
        let mistaken = format!("insomnia {}", digits.to_lowercase().replace('0', "o"));
        assert_eq!(hash(&mistaken), Some(expected));
        let mistaken = code.replacen("INSOMNIA-", "", 1).replace('1', "l");
        assert_eq!(hash(&format!(" INSOMNIA-{mistaken}\n")), Some(expected));
        assert_ne!(hash(&generate().unwrap()), Some(expected));
    }

    #[test]
    fn what_cannot_be_a_code_is_none() {
        for typed in ["", "INSOMNIA", "INSOMNIA-00000", "00000-00000-00000-00000-00000"] {
            assert_eq!(hash(typed), None);
        }
        let strange = "INSOMNIA-00000-00000-00000-00000-0000\u{e9}";
        assert_eq!(hash(strange), None);
        assert_eq!(hash(&"x".repeat(1_000_000)), None);
    }

    #[test]
    fn a_code_may_be_surrounded_by_blanks_up_to_a_limit() {
        let code = generate().unwrap();
        assert_eq!(hash(&format!("{code:200}")), hash(&code));
        assert_eq!(hash(&format!("{code:201}")), None);
    }

    #[test]
    fn codes_use_every_digit() {
        let codes: String = (0..100).map(|_| generate().unwrap()).collect();
        for digit in DIGITS.iter().map(|digit| char::from(*digit)) {
            assert!(codes.replace(PREFIX, "").contains(digit), "{digit}");
        }
    }
}
