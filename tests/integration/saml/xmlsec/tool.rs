//! The command xmlsec1.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Elements whose attribute `ID` is an id: libxml2 knows no schema.
const IDS: [&str; 2] = [
    "urn:oasis:names:tc:SAML:2.0:assertion:Assertion",
    "urn:oasis:names:tc:SAML:2.0:protocol:Response",
];

/// See above, with a folder for its files.
pub struct Xmlsec(tempfile::TempDir);

impl Xmlsec {
    /// Without it nothing is compared, which is said; in CI it is a failure.
    pub fn find() -> Option<Self> {
        if Command::new("xmlsec1").arg("--version").output().is_ok() {
            return Some(Self(tempfile::tempdir().unwrap()));
        }
        assert!(std::env::var_os("CI").is_none(), "xmlsec1 must be installed in CI");
        eprintln!("not compared with xmlsec1: it is not installed (tests/run installs it)");
        None
    }

    /// Whether there are signatures, and each of them is one of this key.
    pub fn verifies(&self, xml: &str, key: &str) -> bool {
        const SIGNATURES: &str = "//*[local-name()='Signature' and \
                                  namespace-uri()='http://www.w3.org/2000/09/xmldsig#']";
        let count = xml.matches("Signature ").count() + xml.matches("Signature>").count();
        let mut verified = 0;
        for place in 1..=count {
            let certificate = path(&format!("{key}.crt"));
            // What the document says of keys counts for nothing.
            let out = self.run(xml, |command| {
                command.args(["--verify", "--enabled-key-data", "key-name", "--pubkey-cert-pem"]);
                command.arg(&certificate);
                command.args(["--node-xpath", &format!("({SIGNATURES})[{place}]")]);
            });
            match out.status.success() {
                true => verified += 1,
                // There are no more: this was no element, but an end tag or a text.
                false if text(&out).contains("does not return a single node") => break,
                false => return false,
            }
        }
        verified > 0
    }

    /// Fills in the first signature of a template.
    pub fn sign(&self, template: &str) -> String {
        let key = path("current.key");
        let out = self.run(template, |command| {
            command.args(["--sign", "--privkey-pem"]).arg(&key);
        });
        assert!(out.status.success(), "{}\n{template}", text(&out));
        String::from_utf8(out.stdout).unwrap()
    }

    fn run(&self, xml: &str, arguments: impl Fn(&mut Command)) -> Output {
        let file = self.0.path().join("document.xml");
        std::fs::write(&file, xml).unwrap();
        let mut command = Command::new("xmlsec1");
        arguments(&mut command);
        for id in IDS {
            command.args(["--id-attr:ID", id]);
        }
        command.arg(file).output().unwrap()
    }
}

fn path(key: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lib/saml-idp/keys").join(key)
}

fn text(out: &Output) -> String {
    String::from_utf8_lossy(&out.stderr).into_owned()
}
