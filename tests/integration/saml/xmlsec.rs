//! Signatures, held against another implementation: what xmlsec1 (libxml2, OpenSSL) says of a
//! document and what we say must be the same. Where we are stricter it is for a reason that has a
//! name and that is seen in the document.

#[path = "../../fuzz/mutate/random.rs"]
mod random;
mod reasons;
mod seen;
#[path = "../../fuzz/mutate/text.rs"]
mod text;
mod tool;
mod written;
#[path = "../../fuzz/mutate/xml.rs"]
mod xml;

use std::collections::BTreeMap;

use random::Random;
use reasons::{Ours, ours};
use tool::Xmlsec;

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src/outside/saml/fixtures/",
            $name,
            ".xml"
        ))
    };
}

/// How many mutants are made of each document.
const MUTANTS: usize = 12;

/// What was compared, for the reader of a test's output.
#[derive(Default)]
struct Tally {
    seen: BTreeMap<String, usize>,
    differences: Vec<String>,
}

impl Tally {
    /// Both must agree, or we must have a reason.
    fn compare(&mut self, xmlsec: &Xmlsec, xml: &str, key: &str) {
        let theirs = xmlsec.verifies(xml, key);
        let word = match (ours(xml, key), theirs) {
            (Ours::Valid, true) => "both say valid".to_owned(),
            (Ours::Invalid, false) => "both say invalid".to_owned(),
            (Ours::Refused { .. }, false) => "both refuse".to_owned(),
            (Ours::Refused { reason, holds: true }, true) => format!("stricter: {reason}"),
            (ours, theirs) => {
                self.differences.push(format!("we say {ours:?}, xmlsec1 says {theirs}:\n{xml}"));
                return;
            }
        };
        *self.seen.entry(word).or_default() += 1;
    }

    /// Shows what was compared, and fails where the two differ.
    fn close(&self) {
        eprintln!("xmlsec1: {:#?}", self.seen);
        let (count, shown) = (self.differences.len(), self.differences.join("\n\n"));
        assert_eq!(count, 0, "{shown}");
    }
}

/// Fixtures that samlify and signxml signed, and the key of each.
fn fixtures() -> Vec<(String, &'static str)> {
    [
        (fixture!("assertion-signed"), "current"),
        (fixture!("response-signed"), "current"),
        (fixture!("both-signed"), "current"),
        (fixture!("ecdsa"), "ec"),
        (fixture!("sha1"), "current"),
        (fixture!("comment"), "current"),
        (fixture!("cdata"), "current"),
        (fixture!("two-emails"), "current"),
        (fixture!("stranger-key"), "current"),
        (fixture!("next-key"), "next"),
    ]
    .map(|(xml, key)| (xml.to_owned(), key))
    .into()
}

#[test]
fn fixtures_and_their_mutants_are_judged_as_by_xmlsec1() {
    let Some(xmlsec) = Xmlsec::find() else { return };
    let mut tally = Tally::default();
    let documents = fixtures();
    let mut random = Random::new(20_261_124);
    for (place, (xml, key)) in documents.iter().enumerate() {
        tally.compare(&xmlsec, xml, key);
        // The attacks are the same ones, so some documents are enough.
        let attacks = if place < 4 { written::attacks(xml) } else { Vec::new() };
        for attack in attacks {
            tally.compare(&xmlsec, &attack, key);
        }
        for _ in 0..MUTANTS {
            let (donor, _) = random.pick(&documents);
            tally.compare(&xmlsec, &xml::mutate(&mut random, xml, &donor), key);
        }
    }
    tally.close();
    assert!(tally.seen.values().sum::<usize>() >= 300);
}

#[test]
fn what_xmlsec1_signs_is_believed_however_it_is_written() {
    let Some(xmlsec) = Xmlsec::find() else { return };
    let mut tally = Tally::default();
    for template in written::templates() {
        let signed = xmlsec.sign(&template);
        tally.compare(&xmlsec, &signed, "current");
        // One letter of what was signed.
        tally.compare(&xmlsec, &signed.replacen("jane@", "jAne@", 1), "current");
    }
    tally.close();
    assert!(tally.seen["both say valid"] >= 20 && tally.seen["both say invalid"] >= 20);
}
