//! What is seen in the text of a document, without a parser: whether a reason holds is not asked of
//! the code that gave it.

/// The tags, from behind their `<` to before their `>`.
fn tags(xml: &str) -> impl Iterator<Item = &str> {
    xml.split('<').skip(1).map(|tag| tag.split('>').next().unwrap_or_default())
}

fn name(tag: &str) -> &str {
    tag.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default()
}

fn local(tag: &str) -> &str {
    name(tag).rsplit(':').next().unwrap_or_default()
}

/// How many elements of this local name begin.
pub fn count(xml: &str, wanted: &str) -> usize {
    tags(xml).filter(|tag| local(tag) == wanted).count()
}

pub fn root(xml: &str) -> &str {
    tags(xml).find(|tag| !tag.starts_with(['?', '!'])).map(local).unwrap_or_default()
}

/// A prefix that neither its own tag nor the first tags of the document declare.
pub fn undeclared(xml: &str) -> bool {
    let root = tags(xml).find(|tag| !tag.starts_with(['?', '!'])).unwrap_or_default();
    tags(xml).filter(|tag| !tag.starts_with('/')).any(|tag| {
        name(tag).split_once(':').is_some_and(|(prefix, _)| {
            let declaration = format!("xmlns:{prefix}=");
            !tag.contains(&declaration) && !root.contains(&declaration)
        })
    })
}

pub fn comment(xml: &str) -> bool {
    xml.contains("<!--") || xml.replacen("<?xml ", "", 1).contains("<?")
}

/// A second one, none, or one that is not where it belongs.
pub fn odd_assertions(xml: &str) -> bool {
    count(xml, "Assertion") != 1 || !xml.contains("</samlp:Status><saml:Assertion ")
}

pub fn success(xml: &str) -> bool {
    let code = "<samlp:Status><samlp:StatusCode Value=";
    xml.contains(&format!("{code}\"urn:oasis:names:tc:SAML:2.0:status:Success\""))
}

pub fn weak(xml: &str) -> bool {
    ["#rsa-sha1", "#sha1", "#hmac-sha1", "#dsa-sha1"].iter().any(|name| xml.contains(name))
}

/// What stands before each signature, and the signature to its end.
fn signatures(xml: &str) -> impl Iterator<Item = (&str, &str)> {
    xml.match_indices("Signature xmlns").map(|(at, _)| {
        let rest = &xml[at..];
        let end = rest.find("Signature>").unwrap_or(rest.len());
        (&xml[..at], &rest[..end])
    })
}

fn attribute<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.split(&format!(" {name}=\"")).nth(1)?.split('"').next()
}

/// Every signature of the documents stands behind an issuer.
pub fn misplaced(xml: &str) -> bool {
    signatures(xml).any(|(before, _)| {
        let before = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == ':');
        !before.trim_end_matches('<').trim_end().ends_with("Issuer>")
    })
}

/// The last id before a signature is that of the element that it stands in.
pub fn elsewhere(xml: &str) -> bool {
    signatures(xml).any(|(before, signature)| {
        let id = before.rsplit(" ID=\"").next().and_then(|rest| rest.split('"').next());
        attribute(signature, "URI").and_then(|uri| uri.strip_prefix('#')) != id
    })
}

pub fn other_transforms(xml: &str) -> bool {
    signatures(xml).any(|(_, signature)| {
        let used: Vec<&str> = tags(signature)
            .filter(|tag| local(tag) == "Transform" && !tag.starts_with('/'))
            .map(|tag| attribute(tag, "Algorithm").unwrap_or_default())
            .collect();
        let is_envelope = |used: &str| used.ends_with("#enveloped-signature");
        !matches!(used.as_slice(), [one] if is_envelope(one))
            && !matches!(used.as_slice(), [one, two] if is_envelope(one) && two.contains("xml-exc-c14n#"))
    })
}

pub fn other_parts(xml: &str) -> bool {
    let signatures = count(xml, "Signature");
    count(xml, "Object") > 0
        || count(xml, "SignedInfo") != signatures
        || count(xml, "SignatureValue") != signatures
        || count(xml, "KeyInfo") > signatures
}

pub fn references(xml: &str) -> bool {
    let signatures = count(xml, "Signature");
    ["Reference", "CanonicalizationMethod", "SignatureMethod"]
        .iter()
        .any(|name| count(xml, name) != signatures)
}

pub fn no_transforms(xml: &str) -> bool {
    let signatures = count(xml, "Signature");
    ["Transforms", "DigestMethod", "DigestValue"].iter().any(|name| count(xml, name) != signatures)
}

pub fn parameters(xml: &str) -> bool {
    tags(xml).any(|tag| tag.contains("Algorithm=") && tag.matches('=').count() > 1)
}

/// Another prefix than the signature's, or an attribute that has one.
pub fn foreign(xml: &str) -> bool {
    signatures(xml).any(|(before, signature)| {
        let own = before.rsplit('<').next().unwrap_or_default();
        tags(signature).any(|tag| {
            let tag = tag.trim_start_matches('/');
            let names = tag.split_whitespace().skip(1).filter_map(|part| part.split('=').next());
            !tag.starts_with(own) || names.into_iter().any(|name| name.contains(':'))
        })
    })
}
