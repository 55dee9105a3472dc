//! Mutations of signed XML: what stands where it should not, twice, or not at all; what is written
//! otherwise and means the same.

use std::ops::Range;

use super::random::Random;
use super::text;

/// What an attacker puts in.
const WORDS: &[&str] = &[
    "eve@evil.example",
    "https://idp.example/metadata",
    "https://evil.example",
    "<!-- -->",
    "<![CDATA[x]]>",
    "<?x y?>",
    "&#x20;",
    "&#13;",
    "&amp;",
    "&b;",
    "\r\n",
    "\t",
    " ",
    "<saml:Issuer>https://evil.example</saml:Issuer>",
    "<saml:AttributeValue>eve@evil.example</saml:AttributeValue>",
    "<ds:Object/>",
    "<ds:XPath>1</ds:XPath>",
    "<samlp:Extensions/>",
    "saml:",
    "samlp:",
    "ds:",
    "xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\"",
    "xmlns:saml=\"urn:x\"",
    "xml:id=\"x\"",
    "http://www.w3.org/2000/09/xmldsig#sha1",
    "http://www.w3.org/TR/1999/REC-xpath-19991116",
    "http://www.w3.org/TR/1999/REC-xslt-19991116",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
    "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
    "http://www.w3.org/2000/09/xmldsig#base64",
];

/// One mutation.
pub fn mutate(random: &mut Random, input: &str, donor: &str) -> String {
    let elements = elements(input);
    if elements.is_empty() || random.one_in(6) {
        return text::mutate(random, input, donor, WORDS);
    }
    let found = random.pick(&elements);
    let place = random.pick(&elements);
    let at = if random.one_in(2) { place.start } else { place.end };
    let element = &input[found.clone()];
    match random.below(12) {
        0 => replaced(input, found, ""),
        1 => replaced(input, found.clone(), &element.repeat(2)),
        2 | 3 => replaced(input, at..at, element),
        4 => moved(input, found.clone(), at),
        5 => {
            let others = self::elements(donor);
            if others.is_empty() {
                return input.to_owned();
            }
            let other = &donor[random.pick(&others)];
            let target = if random.one_in(2) { found } else { at..at };
            replaced(input, target, other)
        }
        6 => {
            let names = ["samlp:Extensions", "saml:Advice", "ds:Object", "saml:Assertion", "x"];
            let name = random.pick(&names);
            replaced(input, found.clone(), &format!("<{name}>{element}</{name}>"))
        }
        7 => in_text(random, input, found),
        8 | 9 => attribute(random, input, found),
        10 => renamed(random, input),
        _ => otherwise(random, input, found),
    }
}

fn replaced(text: &str, range: Range<usize>, by: &str) -> String {
    format!("{}{by}{}", &text[..range.start], &text[range.end..])
}

fn moved(input: &str, found: Range<usize>, to: usize) -> String {
    let element = &input[found.clone()];
    if found.contains(&to) {
        return replaced(input, found.clone(), element);
    }
    let without = replaced(input, found.clone(), "");
    let to = if to >= found.end { to - element.len() } else { to };
    replaced(&without, to..to, element)
}

/// Something in the text of an element.
fn in_text(random: &mut Random, input: &str, found: Range<usize>) -> String {
    let begin = input[found.clone()].find('>').map_or(found.end, |at| found.start + at + 1);
    let room = &input[begin..found.end.max(begin)];
    let text = room.find('<').unwrap_or(room.len());
    let at = begin
        + room
            .char_indices()
            .map(|(at, _)| at)
            .take_while(|at| *at <= text)
            .nth(random.below(text + 1))
            .unwrap_or(0);
    replaced(input, at..at, random.pick(WORDS))
}

/// One attribute of the element's first tag goes, comes twice, or has another value.
fn attribute(random: &mut Random, input: &str, found: Range<usize>) -> String {
    let tag_end = input[found.clone()].find('>').map_or(found.end, |at| found.start + at);
    let tag = &input[found.start..tag_end];
    let pieces: Vec<&str> = tag.split_inclusive("\" ").collect();
    if pieces.len() < 2 {
        return replaced(input, tag_end..tag_end, " a=\"b\"");
    }
    let mut pieces: Vec<String> = pieces.into_iter().map(str::to_owned).collect();
    let at = random.below(pieces.len());
    match random.below(5) {
        0 => drop(pieces.remove(at)),
        1 => pieces.push(format!(" {}", pieces[at].clone())),
        2 if at > 0 => {
            let last = pieces.len() - 1;
            pieces.swap(at, last);
        }
        3 => pieces.push(format!(" {}", random.pick(WORDS))),
        _ => {
            if let Some((name, _)) = pieces[at].split_once('"') {
                pieces[at] = format!("{name}\"{}\" ", random.pick(WORDS));
            }
        }
    }
    replaced(input, found.start..tag_end, &pieces.concat())
}

/// A prefix gets another name, everywhere or nearly.
fn renamed(random: &mut Random, input: &str) -> String {
    let prefix = random.pick(&["saml", "samlp", "ds"]);
    let mut changed = input.replace(&format!("xmlns:{prefix}="), "xmlns:n=");
    if random.one_in(4) {
        return changed;
    }
    for before in ["<", "</"] {
        changed = changed.replace(&format!("{before}{prefix}:"), &format!("{before}n:"));
    }
    changed
}

/// The same, written otherwise.
fn otherwise(random: &mut Random, input: &str, found: Range<usize>) -> String {
    let element = &input[found.clone()];
    match random.below(6) {
        0 => replaced(input, found.clone(), &element.replace("/>", " />")),
        1 => replaced(input, found.clone(), &element.replace('"', "'")),
        2 => format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{input}"),
        3 => format!(
            "<!DOCTYPE a [<!ENTITY b \"eve\"><!ATTLIST saml:Assertion ID ID #IMPLIED>]>{input}"
        ),
        4 => replaced(input, found.clone(), &element.replace("><", ">\n<")),
        _ => replaced(input, found.clone(), &element.replace('@', "&#64;")),
    }
}

/// Where elements begin and end.
pub fn elements(input: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(begin) = input[at..].find('<').map(|offset| at + offset) {
        let Some(end) = input[begin..].find('>').map(|offset| begin + offset + 1) else { break };
        let tag = &input[begin..end];
        if tag.starts_with("</") {
            if let Some(start) = open.pop() {
                found.push(start..end);
            }
        } else if tag.ends_with("/>") {
            found.push(begin..end);
        } else if !tag.starts_with("<!") && !tag.starts_with("<?") {
            open.push(begin);
        }
        at = end;
    }
    found
}
