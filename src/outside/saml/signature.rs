//! Determines which elements a trusted key has signed. The library verifies the signatures; this
//! module decides which signatures the library gets to see, and checks what its result covers.

use bergshamra_dsig::verify::verify_all_document_with_source;
use bergshamra_dsig::{DsigContext, VerifyResult};
use bergshamra_keys::KeysManager;
use uppsala::{Document, NodeId};

use super::certificate::Certificate;
use super::error::SamlError;
use super::xml::{self, SIGNATURE};

const EXCLUSIVE: [&str; 2] = [
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
];
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const SIGNATURE_METHODS: [&str; 9] = [
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
    "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
    "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1",
    "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
];
const DIGEST_METHODS: [&str; 3] = [
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
];

/// Verifies all signatures of a document and returns the signed elements. There must be at least
/// one signature. Each must have the structure that SAML prescribes (core, section 5.4), be a
/// direct child of one of the elements in `signable`, cover that whole element and nothing else,
/// and be made with the key of one of the certificates.
///
/// # Errors
/// Fails if there is no signature, if a signature has another structure or algorithm, or if it does
/// not verify.
pub fn verify(
    document: &Document<'_>,
    source: &str,
    signable: &[NodeId],
    certificates: &[Certificate],
) -> Result<Vec<NodeId>, SamlError> {
    let signatures = xml::all(document, document.root(), SIGNATURE, "Signature");
    if signatures.is_empty() {
        return Err(SamlError::Unsigned);
    }
    let mut signed = Vec::with_capacity(signatures.len());
    for signature in &signatures {
        let parent = document
            .parent(*signature)
            .filter(|parent| signable.contains(parent))
            .ok_or_else(|| shape("it stands neither in the response nor in the assertion"))?;
        if signed.contains(&parent) {
            return Err(shape("an element is signed twice"));
        }
        check_shape(document, *signature, parent)?;
        signed.push(parent);
    }

    let mut keys = KeysManager::new();
    for certificate in certificates {
        let mut key = certificate.key()?;
        // The certificate is pinned, so neither its chain nor its validity period matters.
        key.x509_chain.clear();
        keys.add_key(key);
    }
    let context = DsigContext::new(keys)
        .with_trusted_keys_only(true)
        .with_strict_verification(true)
        .with_require_reference_digests(true);
    let results = verify_all_document_with_source(&context, document, Some(source))
        .map_err(|error| shape(&error.to_string()))?;
    if results.len() != signatures.len() {
        return Err(SamlError::Signature);
    }
    // `Valid` alone is not enough: the result must be about the signature that was checked above, and
    // the digest must cover its whole parent.
    for ((result, signature), parent) in results.iter().zip(&signatures).zip(&signed) {
        let VerifyResult::Valid { signature_node, references, .. } = result else {
            return Err(SamlError::Signature);
        };
        let [reference] = references.as_slice() else {
            return Err(SamlError::Signature);
        };
        let covers = signature_node == signature
            && reference.digest_verified
            && reference.resolved_node == Some(*parent);
        if !covers {
            return Err(SamlError::Signature);
        }
    }
    Ok(signed)
}

/// Checks the structure of a signature: one reference, to the parent by its id; at most two
/// transforms; nothing that SAML signatures do not have. This way no transform can turn the signed
/// content into something else.
fn check_shape(
    document: &Document<'_>,
    signature: NodeId,
    parent: NodeId,
) -> Result<(), SamlError> {
    let parts = names(document, signature)?;
    if !matches!(
        &*parts,
        ["SignedInfo", "SignatureValue"] | ["SignedInfo", "SignatureValue", "KeyInfo"]
    ) {
        return Err(shape("it must hold SignedInfo, SignatureValue and at most one KeyInfo"));
    }
    let info = part(document, signature, "SignedInfo")?;
    if *names(document, info)? != ["CanonicalizationMethod", "SignatureMethod", "Reference"] {
        return Err(shape("SignedInfo must hold exactly one Reference"));
    }
    let canonicalization = algorithm(document, part(document, info, "CanonicalizationMethod")?)?;
    if !EXCLUSIVE.contains(&canonicalization) {
        return Err(shape("use exclusive canonicalization"));
    }
    let method = part(document, info, "SignatureMethod")?;
    let used = algorithm(document, method)?;
    if !SIGNATURE_METHODS.contains(&used) {
        return Err(SamlError::Algorithm(short(used)));
    }
    if !xml::elements(document, method).is_empty() {
        return Err(shape("SignatureMethod has parameters"));
    }

    let reference = part(document, info, "Reference")?;
    if *names(document, reference)? != ["Transforms", "DigestMethod", "DigestValue"] {
        return Err(shape("the Reference must hold Transforms, DigestMethod and DigestValue"));
    }
    let id = xml::attribute(document, parent, "ID").filter(|id| !id.is_empty());
    let target = xml::attribute(document, reference, "URI").and_then(|uri| uri.strip_prefix('#'));
    if id.is_none() || id != target {
        return Err(shape("it refers to another element than the one it stands in"));
    }
    let digest = algorithm(document, part(document, reference, "DigestMethod")?)?;
    if !DIGEST_METHODS.contains(&digest) {
        return Err(SamlError::Algorithm(short(digest)));
    }
    let mut transforms = Vec::new();
    for transform in xml::elements(document, part(document, reference, "Transforms")?) {
        if !xml::is(document, transform, SIGNATURE, "Transform") {
            return Err(shape("Transforms may hold only Transform"));
        }
        transforms.push(algorithm(document, transform)?);
    }
    match transforms.as_slice() {
        [ENVELOPED] => Ok(()),
        [ENVELOPED, second] if EXCLUSIVE.contains(second) => Ok(()),
        _ => Err(shape(
            "only the transforms enveloped-signature and exclusive canonicalization are accepted",
        )),
    }
}

/// Returns the names of an element's children. All of them must be in the namespace of signatures,
/// and their attributes in no namespace, because the library looks up attributes without their
/// namespace.
fn names<'d>(document: &'d Document<'_>, node: NodeId) -> Result<Vec<&'d str>, SamlError> {
    let mut names = Vec::new();
    for inner in xml::elements(document, node) {
        let Some(element) = document.element(inner) else { continue };
        if element.name.namespace_uri.as_deref() != Some(SIGNATURE)
            || element.attributes.iter().any(|attribute| attribute.name.namespace_uri.is_some())
        {
            return Err(shape("it holds something that is not part of XML signatures"));
        }
        names.push(&*element.name.local_name);
    }
    Ok(names)
}

fn part(document: &Document<'_>, node: NodeId, name: &str) -> Result<NodeId, SamlError> {
    xml::child(document, node, SIGNATURE, name).ok_or_else(|| shape(&format!("{name} is missing")))
}

fn algorithm<'d>(document: &'d Document<'_>, node: NodeId) -> Result<&'d str, SamlError> {
    let element = document.element(node);
    if element.is_some_and(|element| element.attributes.len() > 1) {
        return Err(shape("a method has more than an algorithm"));
    }
    xml::attribute(document, node, "Algorithm").ok_or_else(|| shape("an algorithm is missing"))
}

fn shape(reason: &str) -> SamlError {
    SamlError::SignatureShape(short(reason))
}

/// Shortens a text of the message so that an error can quote it.
fn short(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(120).collect()
}
