//! Activation codes (DOMAIN.md §1): what the sales team gives to a customer, and what may become of
//! it when somebody types it.

use super::token::{self, NoRandomness};
use super::words::words;

words! {
    /// How far an activation code is.
    CodeState {
        /// It may be used.
        Issued = "issued",
        /// An account was activated with it.
        Used = "used",
        /// The customer was given another one.
        Superseded = "superseded",
        /// The operator took it back.
        Revoked = "revoked",
    }
}

/// What every code begins with, so that people and scanners know it.
const PREFIX: &str = "INSOMNIA";
/// Digits in Crockford's base 32, which has no letters that look like digits.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// How many digits a code has: 125 random bits.
const LENGTH: usize = 25;
/// Digits between two hyphens.
const GROUP: usize = 5;

/// A new code, as it is shown once.
///
/// # Errors
/// [`NoRandomness`].
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

/// What is stored of a code, and looked up. Letter case, blanks and hyphens make no difference, nor
/// do letters that look like a digit. None where it cannot be a code.
pub fn hash(typed: &str) -> Option<[u8; 32]> {
    // A code has some 40 characters; nobody types hundreds.
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
        assert_eq!(code.len(), PREFIX.len() + LENGTH + LENGTH / GROUP);
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
}
