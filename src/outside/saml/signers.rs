//! Selects the certificates that may sign for the identity provider from those that an
//! administrator provides.
//!
//! Tools and metadata add the authorities that issued a certificate. Their keys must not be
//! accepted: an authority's key is not the identity provider's, and it signs for others as well. A
//! certificate that cannot be used must not prevent the use of a good one next to it.

use x509_cert::der::{Decode, Encode};
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, BasicConstraints, SubjectKeyIdentifier};

use super::certificate::Certificate;
use super::error::SamlError;

/// The certificates that may sign.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signers {
    /// The accepted certificates; at least one.
    pub certificates: Vec<Certificate>,
    /// Which of the given certificates were left out, and why: sentences for the administrator.
    pub left_out: Vec<String>,
}

/// The names by which certificates refer to each other. All are empty for a certificate that cannot
/// be parsed.
#[derive(Default)]
struct Names {
    subject: Vec<u8>,
    issuer: Vec<u8>,
    shown: String,
    is_authority: bool,
    key: Option<Vec<u8>>,
    issuers_key: Option<Vec<u8>>,
}

impl Names {
    fn of(der: &[u8]) -> Self {
        let Ok(parsed) = x509_cert::Certificate::from_der(der) else { return Self::default() };
        let inner = &parsed.tbs_certificate;
        let constraints = inner.get::<BasicConstraints>().ok().flatten();
        let key = inner.get::<SubjectKeyIdentifier>().ok().flatten();
        let issuers_key = inner.get::<AuthorityKeyIdentifier>().ok().flatten();
        Self {
            subject: inner.subject.to_der().unwrap_or_default(),
            issuer: inner.issuer.to_der().unwrap_or_default(),
            shown: inner.subject.to_string().chars().take(200).collect(),
            is_authority: constraints.is_some_and(|(_, constraints)| constraints.ca),
            key: key.map(|(_, key)| key.0.as_bytes().to_vec()),
            issuers_key: issuers_key
                .and_then(|(_, key)| key.key_identifier)
                .map(|key| key.as_bytes().to_vec()),
        }
    }

    /// Returns `true` if this is the authority that issued the other certificate. A certificate
    /// that names itself as issuer was not issued by another one: identity providers keep the name
    /// when they change the key.
    fn issued(&self, other: &Self) -> bool {
        let keys_differ = matches!((&self.key, &other.issuers_key), (Some(a), Some(b)) if a != b);
        self.is_authority
            && !self.subject.is_empty()
            && self.subject == other.issuer
            && other.subject != other.issuer
            && !keys_differ
    }
}

impl Signers {
    /// Selects the certificates that may sign from these (DER).
    ///
    /// # Errors
    /// Returns [`SamlError::Certificate`] for the first one if none of them can be used.
    pub fn among(given: &[Vec<u8>]) -> Result<Self, SamlError> {
        let mut distinct: Vec<&Vec<u8>> = Vec::new();
        for der in given {
            if !distinct.contains(&der) {
                distinct.push(der);
            }
        }
        let names: Vec<Names> = distinct.iter().map(|der| Names::of(der)).collect();
        let (mut this, mut refusal) = (Self::default(), None);
        for (der, own) in distinct.iter().zip(&names) {
            if names.iter().any(|other| own.issued(other)) {
                this.leave_out(own, "it is of the authority that issued another one of these");
                continue;
            }
            match Certificate::from_der(der) {
                Ok(certificate) => this.certificates.push(certificate),
                Err(error) => {
                    if let SamlError::Certificate(reason) = &error {
                        this.leave_out(own, reason);
                    }
                    refusal = refusal.or(Some(error));
                }
            }
        }
        match refusal {
            Some(error) if this.certificates.is_empty() => Err(error),
            _ => Ok(this),
        }
    }

    fn leave_out(&mut self, names: &Names, reason: &str) {
        let shown = if names.shown.is_empty() { "without a name" } else { &names.shown };
        self.left_out.push(format!("The certificate \"{shown}\" was left out: {reason}."));
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{
        BasicConstraints as Constraints, CertificateParams, DnType, IsCa, Issuer, KeyPair,
    };

    use super::super::pasted;
    use super::*;

    /// A certificate for tests, together with what is needed to issue others with it.
    struct Made {
        der: Vec<u8>,
        issuer: Issuer<'static, KeyPair>,
    }

    fn make(name: &str, is_authority: bool, by: Option<&Made>) -> Made {
        let mut params = CertificateParams::default();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        params.use_authority_key_identifier_extension = by.is_some();
        if is_authority {
            params.is_ca = IsCa::Ca(Constraints::Unconstrained);
        }
        let key = KeyPair::generate().unwrap();
        let made = match by {
            Some(by) => params.signed_by(&key, &by.issuer).unwrap(),
            None => params.self_signed(&key).unwrap(),
        };
        Made { der: made.der().to_vec(), issuer: Issuer::new(params, key) }
    }

    fn names(signers: &Signers) -> Vec<&str> {
        signers.certificates.iter().map(Certificate::subject).collect()
    }

    macro_rules! test_key {
        ($name:literal) => {
            pasted::certificates(include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/lib/saml-idp/keys/",
                $name,
                ".crt"
            )))
            .unwrap()
            .remove(0)
        };
    }

    #[test]
    fn authorities_of_a_chain_do_not_sign() {
        let root = make("Root", true, None);
        let middle = make("Middle", true, Some(&root));
        let leaf = make("Leaf", false, Some(&middle));
        for given in [
            [&leaf, &middle, &root].map(|made| made.der.clone()),
            [&root, &middle, &leaf].map(|made| made.der.clone()),
        ] {
            let signers = Signers::among(&given).unwrap();
            assert_eq!(names(&signers), ["CN=Leaf"]);
            assert_eq!(signers.left_out.len(), 2);
            assert!(signers.left_out[0].contains("the authority that issued another one"));
        }
    }

    #[test]
    fn what_signed_itself_signs_alone_and_beside_its_successor() {
        let (old, new) = (make("Okta", true, None), make("Okta", true, None));
        assert_eq!(names(&Signers::among(std::slice::from_ref(&old.der)).unwrap()), ["CN=Okta"]);
        let both = Signers::among(&[old.der.clone(), new.der.clone(), old.der.clone()]).unwrap();
        assert_eq!(names(&both), ["CN=Okta", "CN=Okta"]);
        assert!(both.left_out.is_empty());
    }

    #[test]
    fn a_name_alone_makes_nobody_an_authority() {
        // Another authority of the same name, and a certificate that is not an authority.
        let (root, namesake) = (make("Root", true, None), make("Root", true, None));
        let leaf = make("Leaf", false, Some(&root));
        let signers = Signers::among(&[leaf.der.clone(), namesake.der.clone()]).unwrap();
        assert_eq!(names(&signers), ["CN=Leaf", "CN=Root"]);
        let plain = make("Plain", false, None);
        let below = make("Below", false, Some(&plain));
        let signers = Signers::among(&[plain.der.clone(), below.der.clone()]).unwrap();
        assert_eq!(names(&signers), ["CN=Plain", "CN=Below"]);
    }

    #[test]
    fn one_that_cannot_be_used_keeps_no_other_out() {
        let (good, weak) = (test_key!("current"), test_key!("weak"));
        let nonsense = b"nonsense".to_vec();
        let signers = Signers::among(&[weak.clone(), good, nonsense.clone()]).unwrap();
        assert_eq!(signers.certificates.len(), 1);
        assert!(signers.left_out[0].contains("1024 bits"), "{:?}", signers.left_out);
        assert!(signers.left_out[1].contains("not an X.509 certificate"));
        let refused = Signers::among(&[weak, nonsense]).unwrap_err().to_string();
        assert!(refused.contains("1024 bits"), "{refused}");
        assert_eq!(Signers::among(&[]).unwrap(), Signers::default());
    }

    #[test]
    fn an_authority_does_not_sign_because_its_certificate_is_weak() {
        let root = make("Root", true, None);
        let mut leaf = make("Leaf", false, Some(&root)).der;
        // Makes the key unreadable; the names stay intact.
        let point = leaf.windows(4).position(|at| at == [0x03, 0x42, 0x00, 0x04]).unwrap();
        leaf[point + 3] = 0x05;
        assert!(Signers::among(&[leaf, root.der.clone()]).is_err());
    }
}
