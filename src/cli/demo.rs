//! `demo`: serves the KongAir demo account, with mail in a folder, TXT records in a file and an
//! identity provider of its own, so that everything can be tried on one machine.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::CommandError;
use super::runtime::block_on;
use super::serve::{self, Additions};
use crate::administration::accounts::demo::{self, Demo};
use crate::http::demo_idp;
use crate::outside::dns::ZoneFile;
use crate::outside::mail::{Folder, Transport};
use crate::store::{DatabaseUrl, Opening, Scope, key_file};

/// The folder of the demo if the database is not a file.
const FOLDER: &str = "insomnia-scim-demo";

/// Where the demo keeps what is not in its database.
struct Place {
    /// The folder for mail; `None` if the settings say how mail is sent.
    mails: Option<PathBuf>,
    /// The file with TXT records.
    records: PathBuf,
    /// The file with the key that secrets are sealed with; `None` if the database has one beside it.
    key: Option<PathBuf>,
    /// Whether the identity provider is served.
    idp: bool,
}

/// Serves the demo. The identity provider believes everybody, so it is served only where nobody but
/// this machine can reach it.
pub fn run(arguments: &serve::Arguments) -> Result<(), CommandError> {
    let database = arguments.database.database_url().map_err(CommandError::Argument)?;
    let folder = folder(&database);
    let place = Place {
        mails: (!arguments.mail.is_given()).then(|| folder.join("mails")),
        records: folder.join("dns.txt"),
        key: matches!(database, DatabaseUrl::Postgres(_)).then(|| folder.join("key")),
        idp: arguments.address.is_on_this_machine(),
    };
    let add = || place.make(&folder);
    serve::serve(arguments, Opening::Create, add, |store, public_url| {
        let demo = block_on(store.write(Scope::NONE, demo::ensure))??;
        let mut out = std::io::stdout().lock();
        out.write_all(introduction(&demo, public_url, &place).as_bytes())?;
        Ok(out.flush()?)
    })
}

/// Returns the folder of the demo: beside the database, named after it.
fn folder(database: &DatabaseUrl) -> PathBuf {
    let folder = match database {
        DatabaseUrl::Sqlite(path) => {
            let file = Path::new(path);
            let stem = file.file_stem().unwrap_or_default().to_string_lossy();
            file.with_file_name(format!("{stem}-demo"))
        }
        DatabaseUrl::Postgres(_) => FOLDER.into(),
    };
    std::path::absolute(&folder).unwrap_or(folder)
}

impl Place {
    /// Makes the folder and the file.
    fn make(&self, folder: &Path) -> Result<Additions, CommandError> {
        let failed = |path: &Path, error: std::io::Error| {
            CommandError::Refused(format!("the demo's folder: {}: {error}", path.display()))
        };
        std::fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
        let zone = ZoneFile::at(self.records.clone());
        let mail = match &self.mails {
            None => None,
            Some(mails) => {
                let folder = Folder::readable(mails).map_err(|error| failed(mails, error))?;
                Some(Arc::new(folder) as Arc<dyn Transport>)
            }
        };
        Ok(Additions {
            mail,
            zone: Some(zone.map_err(|error| failed(&self.records, error))?),
            idp: self.idp,
            components: true,
            key: match &self.key {
                Some(file) => Some(key_file::in_file(&file.to_string_lossy())?),
                None => None,
            },
        })
    }
}

/// Returns the URLs, tokens, paths and example requests for a first look at the product.
fn introduction(demo: &Demo, public_url: &str, place: &Place) -> String {
    let base = format!("{public_url}/scim/v2/{}", demo.connector_id);
    let mut lines = vec![
        ("Console", console(demo, public_url)),
        ("SCIM base URL", base.clone()),
        (
            "SCIM token",
            demo.scim_token.clone().unwrap_or_else(|| {
                "none: SCIM is disabled; `admin connector enable` enables it".to_owned()
            }),
        ),
        ("Admin API", format!("{public_url}/api/v1")),
        ("Admin token", demo.admin_token.clone()),
    ];
    if let Some(mails) = &place.mails {
        lines.push(("Mail", format!("{} (a file for each mail)", mails.display())));
    }
    lines.push((
        "DNS",
        format!("{} (a line NAME TEXT is a TXT record below .example)", place.records.display()),
    ));
    let (id, secret) = (demo_idp::CLIENT_ID, demo_idp::CLIENT_SECRET);
    lines.push((
        "Identity provider",
        if place.idp {
            format!(
                "{} (OpenID Connect; client id {id}, client secret {secret})",
                demo_idp::issuer(public_url)
            )
        } else {
            "none: it is served on a loopback address only".to_owned()
        },
    ));
    let mut text = format!("\n{} is ready.\n\n", demo::ACCOUNT);
    for (name, value) in lines {
        // Writing to a text does not fail.
        let _ = writeln!(text, "{name:18} {value}");
    }
    text.push_str("\nTry it in another terminal:\n");
    for line in to_paste(demo, &base, public_url) {
        let _ = write!(text, "\n{line}\n");
    }
    text.push('\n');
    text
}

/// Returns the link that opens the console signed in.
fn console(demo: &Demo, public_url: &str) -> String {
    let (owner, domain, page) = (demo::OWNER, demo::DOMAIN, demo::CONSOLE);
    match &demo.sign_in {
        Some(link) => {
            format!("{public_url}/sign-in/{link} (signs {owner} in: once, within 15 minutes)")
        }
        None => {
            format!("{public_url}/sso/start?domain={domain}&return_to={page} (by single sign-on)")
        }
    }
}

/// Returns the five next lines: a user, the list, the check of the connector, an administrator's
/// command, and the address of the documents.
fn to_paste(demo: &Demo, base: &str, public_url: &str) -> Vec<String> {
    let program = program();
    let mut lines = Vec::new();
    if let Some(token) = &demo.scim_token {
        let scim = format!("curl -s -H 'Authorization: Bearer {token}'");
        lines.push(format!(
            "{scim} -H 'Content-Type: application/scim+json' -d '{{\"schemas\":[\"urn:ietf:params:\
             scim:schemas:core:2.0:User\"],\"userName\":\"amelia@kongair.example\",\"name\":\
             {{\"givenName\":\"Amelia\",\"familyName\":\"Pilot\"}},\"emails\":[{{\"value\":\
             \"amelia@kongair.example\",\"primary\":true}}],\"active\":true}}' '{base}/Users'"
        ));
        lines.push(format!("{scim} '{base}/Users?count=10'"));
        lines.push(format!("INSOMNIA_SCIM_TOKEN={token} {program} scim test --url {base}"));
    }
    lines.push(format!(
        "INSOMNIA_SCIM_ADMIN_TOKEN={} {program} admin teams list --url {public_url}",
        demo.admin_token
    ));
    lines.push(format!("{public_url}/api/docs"));
    lines
}

/// Returns the name by which the program was called, for a shell.
fn program() -> String {
    let called = std::env::args_os().next().unwrap_or_default();
    let called = called.to_string_lossy().into_owned();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    if called.is_empty() {
        "insomnia-scim".to_owned()
    } else if called.bytes().all(is_plain) {
        called
    } else {
        format!("'{}'", called.replace('\'', r"'\''"))
    }
}
