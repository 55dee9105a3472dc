//! Signing certificates of identity providers: pinned, never validated against an authority.

use bergshamra_keys::{Key, loader};
use sha2::{Digest, Sha256};
use x509_cert::der::Decode;

use super::error::SamlError;
use super::pasted;
use crate::enterprise::Timestamp;

/// Maximum number of signing certificates per connection.
pub const MAX_CERTIFICATES: usize = 10;
/// Minimum size of an RSA key, in bits.
const MIN_RSA_BITS: usize = 2048;

/// A certificate whose key may sign for an identity provider.
///
/// Its validity period is shown, so that administrators know when to replace it, but it does not
/// prevent a sign-in: identity providers sign with expired certificates, and what is trusted is the
/// key that the administrator entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    subject: String,
    not_before: Timestamp,
    not_after: Timestamp,
}

impl Certificate {
    /// Reads a single certificate in any of the formats that administrators paste.
    ///
    /// # Errors
    /// Returns [`SamlError::Certificate`] if there is not exactly one certificate, or if its key is
    /// too weak.
    pub fn read(text: &str) -> Result<Self, SamlError> {
        match pasted::certificates(text)?.as_slice() {
            [der] => Self::from_der(der),
            _ => Err(refuse("there is more than one")),
        }
    }

    /// Reads a certificate as it is stored.
    ///
    /// # Errors
    /// Fails like [`Certificate::read`].
    pub fn from_der(der: &[u8]) -> Result<Self, SamlError> {
        let parsed = x509_cert::Certificate::from_der(der)
            .map_err(|_| refuse("it is not an X.509 certificate"))?;
        let certificate = &parsed.tbs_certificate;
        let term = certificate.validity;
        let this = Self {
            der: der.to_vec(),
            subject: certificate.subject.to_string(),
            not_before: timestamp(term.not_before),
            not_after: timestamp(term.not_after),
        };
        match this.key()?.algorithm_name() {
            "RSA" => {
                let key = &certificate.subject_public_key_info.subject_public_key;
                let bits = rsa_bits(key.raw_bytes())
                    .ok_or_else(|| refuse("its RSA key cannot be read"))?;
                if bits < MIN_RSA_BITS {
                    return Err(refuse(&format!(
                        "its RSA key has {bits} bits; at least {MIN_RSA_BITS} are needed"
                    )));
                }
            }
            name if name.starts_with("EC") => {}
            other => {
                return Err(refuse(&format!("its key is of the kind {other}; use RSA or ECDSA")));
            }
        }
        Ok(this)
    }

    /// Returns the certificate's DER, which is stored.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Returns the certificate's subject.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Returns the start of its validity period.
    pub const fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// Returns the end of its validity period.
    pub const fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// Returns the SHA-256 fingerprint in the form that administrators compare: `AB:CD:…`.
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::digest(&self.der);
        let pairs: Vec<String> = digest.iter().map(|byte| format!("{byte:02X}")).collect();
        pairs.join(":")
    }

    /// Returns the public key in the form that the library uses.
    pub(super) fn key(&self) -> Result<Key, SamlError> {
        loader::load_x509_cert_der(&self.der).map_err(|_| refuse("its key cannot be read"))
    }
}

fn refuse(reason: &str) -> SamlError {
    SamlError::Certificate(reason.to_owned())
}

fn timestamp(time: x509_cert::time::Time) -> Timestamp {
    let milliseconds = time.to_unix_duration().as_millis();
    Timestamp(i64::try_from(milliseconds).unwrap_or(i64::MAX))
}

/// Returns the size of the modulus of a PKCS#1 public key, in bits.
fn rsa_bits(key: &[u8]) -> Option<usize> {
    use x509_cert::der::asn1::{AnyRef, UintRef};
    let fields = AnyRef::from_der(key).ok()?;
    let modulus = fields
        .sequence(|reader| {
            let modulus = UintRef::decode(reader)?.as_bytes().to_vec();
            UintRef::decode(reader)?;
            Ok(modulus)
        })
        .ok()?;
    let first = modulus.first()?;
    Some(modulus.len() * 8 - first.leading_zeros() as usize)
}
