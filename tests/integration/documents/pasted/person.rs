//! The person who follows the onboarding: what they do with a browser, their mail and their DNS.

use std::fs;
use std::path::Path;
use std::time::Duration;

use insomnia_scim::enterprise::Clock;

use crate::support::{Browser, Database, DnsServer, Issuer, Key, parameter};

/// The owner in the document.
const OWNER: &str = "olive@acme.example";

/// How often the folder of mails is looked into, a tenth of a second apart.
const LOOKS: usize = 300;

/// Somebody with a domain and an identity provider.
pub struct Person {
    dns: DnsServer,
    issuer: Issuer,
    key: Key,
    resolver: String,
}

impl Person {
    pub async fn new() -> Self {
        let (dns, key) = (DnsServer::start().await, Key::new("one"));
        let resolver = dns.address.to_string();
        Self { dns, issuer: Issuer::start(&key), key, resolver }
    }

    /// Their name server and their identity provider are on this machine.
    pub fn variables(&self) -> [(&str, &str); 2] {
        [
            ("INSOMNIA_SCIM_DNS_RESOLVERS", &self.resolver),
            ("INSOMNIA_SCIM_ALLOW_IDP_NETWORKS", "127.0.0.0/8"),
        ]
    }

    /// The block with what is theirs in the place of the examples: the database where it is not the
    /// file, and what their identity provider says.
    pub fn adapted(&self, block: &str, database: &Database) -> String {
        let line = |line: &str| match line.split_once('=') {
            Some(("ISSUER", _)) => format!("ISSUER={}\n", self.issuer.url),
            Some(("CLIENT_ID", _)) => "CLIENT_ID=insomnia\n".to_owned(),
            Some(("CLIENT_SECRET", _)) => "CLIENT_SECRET=shared\n".to_owned(),
            Some(("export DATABASE_URL", _)) if !database.is_file() => {
                format!("export DATABASE_URL='{}'\n", database.address())
            }
            _ => format!("{line}\n"),
        };
        block.lines().map(line).collect()
    }

    /// What the text asks for behind a block.
    pub async fn act(&mut self, block: &str, output: &str, folder: &Path, url: &str) {
        let last = output.lines().last().unwrap_or_default();
        if block.contains("session request-link") {
            let link = link_to_sign_in(&folder.join("mails")).await;
            let mut browser = Browser::new();
            browser.get(&link).await.page(200);
            browser.submit(&link, url, &[]).await.leads_to();
        } else if block.contains("txt_record.value") {
            let name = output.lines().rev().nth(1).unwrap();
            self.dns.set_texts(name, &[last]);
        } else if block.contains("sso-connections verify") {
            self.sign_in(last).await;
        }
    }

    /// Follows the link that verifies the connection, and signs in there.
    async fn sign_in(&self, link: &str) {
        let mut browser = Browser::new();
        let request = browser.get(link).await.leads_to();
        assert!(request.starts_with(&self.issuer.url), "{request}");
        let now = Clock::system().now();
        let claims = self.issuer.claims(OWNER, &parameter(&request, "nonce"), now);
        self.issuer.give(&self.key.sign(&claims));
        let (redirect, state) = (parameter(&request, "redirect_uri"), parameter(&request, "state"));
        browser.get(&format!("{redirect}?code=code&state={state}")).await.page(200);
    }
}

/// The link to sign in of the newest mail in a folder that has one, once it is there.
async fn link_to_sign_in(folder: &Path) -> String {
    for _ in 0..LOOKS {
        let entries = fs::read_dir(folder).into_iter().flatten();
        let mut mails: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        mails.retain(|mail| mail.extension().is_some_and(|end| end == "eml"));
        mails.sort();
        if let Some(link) = mails.iter().rev().find_map(|mail| link_in(mail, "/sign-in/")) {
            return link;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no mail with a link to sign in came");
}

/// The link in a mail that leads there.
fn link_in(mail: &Path, target: &str) -> Option<String> {
    // Quoted-printable: a line that ends with `=` goes on on the next one, and `=3D` is `=`.
    let text = fs::read_to_string(mail).unwrap().replace("\r\n", "\n");
    let text = text.replace("=\n", "").replace("=3D", "=");
    let link = text.lines().find(|line| line.starts_with("http") && line.contains(target));
    link.map(str::to_owned)
}
