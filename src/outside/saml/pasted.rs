//! Certificates in the formats in which people have them: a file, a line of an e-mail, a piece of
//! metadata.

use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::error::SamlError;

/// Maximum size of the text, in bytes: a chain of ten certificates with the comments that tools
/// add.
const MAX_LENGTH: usize = 256 * 1024;
/// Maximum number of certificates in the text.
const MAX_FOUND: usize = 30;
/// The start of a PEM block.
const BEGIN: &str = "-----BEGIN ";

/// Accepts missing padding, which gets lost when base64 is copied by hand.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Extracts the certificates from a text, as DER. Accepts PEM with any text around it, bare base64,
/// base64 of PEM, and the `X509Certificate` elements of metadata. Does not parse the certificates.
///
/// # Errors
/// Fails if there is no certificate, or if the text is too long or contains too many.
pub(super) fn certificates(text: &str) -> Result<Vec<Vec<u8>>, SamlError> {
    if text.len() > MAX_LENGTH {
        return Err(refuse("it is too long"));
    }
    let text = text.replace("\\n", "\n").replace("\\r", "\r");
    let found = read(&text, true)?;
    if found.len() > MAX_FOUND {
        return Err(refuse("it holds more than 30 certificates"));
    }
    Ok(found)
}

/// `nested` allows PEM inside base64.
fn read(text: &str, nested: bool) -> Result<Vec<Vec<u8>>, SamlError> {
    let elements = elements(text);
    if !elements.is_empty() {
        let all: Result<Vec<_>, _> = elements.iter().map(|inner| read(inner, nested)).collect();
        return Ok(all?.concat());
    }
    if text.contains(BEGIN) {
        return pem(text);
    }
    let Some(bytes) = decoded(text) else {
        return paragraphs(text).ok_or_else(|| refuse("it is neither PEM nor base64"));
    };
    match std::str::from_utf8(&bytes) {
        Ok(inner) if nested && inner.contains(BEGIN) => read(inner, false),
        _ => Ok(vec![bytes]),
    }
}

/// Returns the text of all `X509Certificate` elements, whatever their prefix. A fragment of
/// metadata is not a well-formed document, so an XML parser cannot be used.
fn elements(text: &str) -> Vec<String> {
    let content = |piece: &str| {
        let (tag, content) = piece.split_once('>')?;
        let name = tag.split_whitespace().next()?;
        let is_certificate =
            !name.starts_with('/') && name.rsplit(':').next() == Some("X509Certificate");
        is_certificate.then(|| {
            ["&#13;", "&#xD;", "&#xd;", "&#10;", "&#xA;", "&#xa;"]
                .iter()
                .fold(content.to_owned(), |content, break_| content.replace(break_, "\n"))
        })
    };
    text.split('<').filter_map(content).collect()
}

/// Returns the certificates among the PEM blocks.
fn pem(text: &str) -> Result<Vec<Vec<u8>>, SamlError> {
    let (mut found, mut others, mut rest) = (Vec::new(), Vec::new(), text);
    while let Some((_, block)) = rest.split_once(BEGIN) {
        let Some((label, block)) = block.split_once("-----") else { break };
        let end = format!("-----END {label}-----");
        let Some((body, after)) = block.split_once(&end) else {
            return Err(refuse(
                "a block of PEM has no end (-----END …-----): copy the whole of it",
            ));
        };
        if matches!(label.trim(), "CERTIFICATE" | "X509 CERTIFICATE") {
            found
                .push(decoded(body).ok_or_else(|| refuse("its PEM is damaged: it is not base64"))?);
        } else {
            others.push(label.trim());
        }
        rest = after;
    }
    if !found.is_empty() {
        return Ok(found);
    }
    let label: String = others.first().unwrap_or(&"nothing").chars().take(40).collect();
    Err(refuse(&format!("it holds no certificate (BEGIN CERTIFICATE) but {label}")))
}

/// Decodes base64, ignoring characters that people and programs insert.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let is_noise = |character: char| {
        character.is_whitespace()
            || character.is_control()
            || matches!(character, '\u{feff}' | '\u{200b}' | '"' | '\'' | ',')
    };
    let bare: String = text.chars().filter(|character| !is_noise(*character)).collect();
    LENIENT.decode(bare).ok().filter(|bytes| !bytes.is_empty())
}

/// Decodes several pieces of base64 separated by empty lines.
fn paragraphs(text: &str) -> Option<Vec<Vec<u8>>> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let pieces = lines.split(|line| line.is_empty()).filter(|piece| !piece.is_empty());
    let all: Option<Vec<_>> = pieces.map(|piece| decoded(&piece.concat())).collect();
    all.filter(|all| !all.is_empty())
}

fn refuse(reason: &str) -> SamlError {
    SamlError::Certificate(reason.to_owned())
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;

    use super::*;

    const PEM: &str =
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lib/saml-idp/keys/current.crt"));
    const NEXT: &str =
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lib/saml-idp/keys/next.crt"));
    const KEY: &str =
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lib/saml-idp/keys/current.key"));

    fn bare(pem: &str) -> String {
        pem.lines().filter(|line| !line.starts_with('-')).collect()
    }

    fn der(pem: &str) -> Vec<u8> {
        STANDARD.decode(bare(pem)).unwrap()
    }

    #[test]
    fn a_certificate_is_read_however_it_comes() {
        let bare = bare(PEM);
        let one_line = format!("-----BEGIN CERTIFICATE-----{bare}-----END CERTIFICATE-----");
        let lines = bare.as_bytes().chunks(50).map(|line| std::str::from_utf8(line).unwrap());
        for text in [
            PEM.to_owned(),
            one_line.clone(),
            one_line.replace("-----MII", "----- MII").replace("-----END", " -----END"),
            PEM.replace('\n', "\r\n"),
            PEM.replace('\n', "\\n"),
            PEM.replace('\n', "\n    "),
            PEM.replace('\n', "\n\n"),
            format!("\u{feff}{PEM}"),
            format!("Bag Attributes\n    localKeyID: 01\nsubject=/CN=x\nissuer=/CN=y\n{PEM}\n\n"),
            format!("Here it is:\n\n{PEM}\nRegards, Jane"),
            format!("{KEY}{PEM}"),
            PEM.replace("CERTIFICATE", "X509 CERTIFICATE"),
            bare.clone(),
            bare.trim_end_matches('=').to_owned(),
            format!("\"{bare}\","),
            lines.collect::<Vec<_>>().join("\n"),
            STANDARD.encode(PEM),
            STANDARD.encode(format!("\u{feff}{PEM}")),
            format!("<ds:X509Certificate>{bare}</ds:X509Certificate>"),
            format!("<X509Certificate xmlns=\"urn:x\">\n{PEM}\n</X509Certificate>"),
            format!(
                "<X509Data><X509Certificate>{}</X509Certificate></X509Data>",
                PEM.replace('\n', "&#13;\n")
            ),
        ] {
            assert_eq!(certificates(&text), Ok(vec![der(PEM)]), "{text}");
        }
    }

    #[test]
    fn several_certificates_come_together() {
        let (one, two) = (bare(PEM), bare(NEXT));
        for text in [
            format!("{PEM}{NEXT}"),
            format!("subject=x\n{PEM}\nsubject=y\n{NEXT}"),
            format!("{one}\n\n{two}"),
            STANDARD.encode(format!("{PEM}{NEXT}")),
            format!(
                "<X509Certificate>{one}</X509Certificate><X509Certificate>{two}</X509Certificate>"
            ),
        ] {
            assert_eq!(certificates(&text), Ok(vec![der(PEM), der(NEXT)]), "{text}");
        }
    }

    #[test]
    fn what_holds_none_is_told_apart() {
        for (text, part) in [
            (KEY, "PRIVATE KEY"),
            (&PEM.replace("CERTIFICATE", "PKCS7"), "PKCS7"),
            (&PEM.replace("-----END", ""), "has no end"),
            ("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----", "damaged"),
            ("", "neither PEM nor base64"),
            ("https://idp.example/certificate", "neither PEM nor base64"),
            (&"A".repeat(MAX_LENGTH + 1), "too long"),
            (&PEM.repeat(31), "more than 30"),
        ] {
            let refused = certificates(text).unwrap_err().to_string();
            assert!(refused.contains(part), "{refused} does not say {part}");
        }
    }

    proptest! {
        #[test]
        fn lines_blanks_and_words_around_make_no_difference(
            width in 1_usize..200,
            indent in "[ \t]{0,8}",
            end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
            before in "[A-Za-z0-9:= \n\u{feff}]{0,60}",
            after in "[A-Za-z0-9:= \n]{0,60}",
            armoured in any::<bool>(),
        ) {
            let bare = bare(PEM);
            let lines = bare.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).unwrap());
            let body: String = lines.map(|line| format!("{indent}{line}{end}")).collect();
            let text = if armoured {
                format!("{before}-----BEGIN CERTIFICATE-----{end}{body}-----END CERTIFICATE-----{after}")
            } else {
                body
            };
            prop_assert_eq!(certificates(&text), Ok(vec![der(PEM)]));
        }

        #[test]
        fn whatever_is_pasted_is_read_or_refused(text in "(-----(BEGIN|END) [A-Z]{0,4}-----|<|>|/|X509Certificate|[A-Za-z0-9+/=]{0,9}|\\PC|\n){0,30}") {
            let _ = certificates(&text);
        }
    }
}
