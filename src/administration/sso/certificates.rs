//! Warnings about expiring SAML certificates (docs/domain.md §6). This server accepts expired ones,
//! but other services do not, so identity providers replace them in time, and then the new one has
//! to be entered here.

use super::Result;
use super::saml::identity_provider;
use crate::enterprise::letter::Letter;
use crate::enterprise::sso::{Protocol, certificate_warning_due};
use crate::enterprise::{AccountPk, Timestamp};
use crate::outside::saml::{Certificate, IdentityProvider};
use crate::store::sso_connections::{self as stored, Connection};
use crate::store::{
    Conn, StoreResult, Transaction, certificate_warnings, enterprises, owners, sso_health,
};

/// The maximum number of connections read for an account; it has no more, because it has no more
/// domains.
const MOST: i64 = 1000;

/// Returns accounts with an active connection, after row `after`.
pub fn accounts(conn: &mut Conn, after: i64, limit: i64) -> StoreResult<Vec<AccountPk>> {
    certificate_warnings::accounts(conn, after, limit)
}

/// Returns the identity provider of a connection by which people sign in by SAML at this time. Stored
/// certificates were accepted once; if today's rules reject them, it is `None`, and the error at sign-in
/// says what is wrong.
fn in_use(connection: &Connection, now: Timestamp) -> Result<Option<IdentityProvider>> {
    let settings = connection.settings()?.filter(|_| connection.binds(now));
    let settings = settings.filter(|settings| settings.protocol() == Protocol::Saml);
    Ok(settings.and_then(|settings| identity_provider(&settings).ok()))
}

/// Returns when the last of a provider's certificates expires.
fn last_end(provider: &IdentityProvider) -> Option<Timestamp> {
    provider.certificates.iter().map(Certificate::not_after).max()
}

/// Warns owners and co-owners of this account about expiring certificates, once at each step.
/// Idempotent.
pub fn warn(transaction: &mut Transaction<'_>, enterprise: AccountPk) -> Result<()> {
    let now = transaction.now();
    for connection in stored::of_enterprise(transaction, enterprise, 0, MOST)? {
        let Some(provider) = in_use(&connection, now)? else { continue };
        for certificate in &provider.certificates {
            let (pk, fingerprint) = (connection.row.pk, certificate.fingerprint());
            let given = certificate_warnings::given(transaction, pk, &fingerprint)?;
            let Some(days) = certificate_warning_due(certificate.not_after(), given, now) else {
                continue;
            };
            certificate_warnings::note(transaction, pk, &fingerprint, days)?;
            let account = enterprises::get(transaction, enterprise)?.name;
            let has_next = provider
                .certificates
                .iter()
                .any(|other| certificate_warning_due(other.not_after(), None, now).is_none());
            let letter = letter(&account, &connection, certificate, days, has_next);
            owners::tell_administrators(transaction, enterprise, &letter)?;
        }
    }
    Ok(())
}

/// A connection that has no certificate which is good for long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The domain whose users sign in by the connection.
    pub domain: String,
    /// When the last of its certificates expires, or has expired.
    pub at: Timestamp,
}

/// The maximum number of connections of which [`ending`] reads the certificates.
const MOST_LOOKED_AT: i64 = 20;

/// Returns the connection in use whose certificates expire first, if they do soon. One that has
/// another certificate for longer is not returned. Looks only at connections that were warned about.
pub fn ending(conn: &mut Conn, enterprise: AccountPk, now: Timestamp) -> Result<Option<Ending>> {
    let mut found: Option<Ending> = None;
    for pk in sso_health::warned_about(conn, enterprise, MOST_LOOKED_AT)? {
        let Some(connection) = stored::by_pk(conn, enterprise, pk)? else { continue };
        let last = in_use(&connection, now)?.and_then(|provider| last_end(&provider));
        let is_due = |at: &Timestamp| certificate_warning_due(*at, None, now).is_some();
        if let Some(at) = last.filter(is_due)
            && found.as_ref().is_none_or(|first| at < first.at)
        {
            found = Some(Ending { domain: connection.domain, at });
        }
    }
    Ok(found)
}

/// The certificates of a connection in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validity {
    /// The public id of the connection.
    pub connection: String,
    /// The domain whose users sign in by it.
    pub domain: String,
    /// When the last of its certificates expires, or has expired.
    pub at: Timestamp,
}

/// The maximum number of connections of which [`validities`] reads the certificates.
const MOST_READ: i64 = 100;

/// Returns until when the account's SAML connections in use have a valid certificate, the one that ends
/// first at the top.
pub fn validities(conn: &mut Conn, enterprise: AccountPk, now: Timestamp) -> Result<Vec<Validity>> {
    let mut found = Vec::new();
    for connection in stored::of_enterprise(conn, enterprise, 0, MOST_READ)? {
        let last = in_use(&connection, now)?.and_then(|provider| last_end(&provider));
        found.extend(last.map(|at| Validity {
            connection: connection.row.id,
            domain: connection.domain,
            at,
        }));
    }
    found.sort_by_key(|one| one.at);
    Ok(found)
}

fn letter(
    account: &str,
    connection: &Connection,
    certificate: &Certificate,
    days: i64,
    has_next: bool,
) -> Letter {
    let (domain, end) = (&connection.domain, certificate.not_after().to_rfc3339());
    let (title, ends) = match days {
        0 => (format!("has ended on {}", &end[..10]), "ended"),
        _ => (format!("ends on {}", &end[..10]), "ends"),
    };
    let advice = if has_next {
        "Another certificate of the connection is good for longer. Remove this one once your \
             identity provider does not sign with it any more."
    } else {
        "Ask your identity provider for the next certificate and enter it beside this one, before \
             it signs with the new one: otherwise nobody can sign in from then on."
    };
    Letter::new(format!("{account}: a certificate of single sign-on for {domain} {title}"))
        .paragraph(format!(
            "A certificate with which your identity provider signs for {domain} {ends} at {end}: \
             {}, SHA-256 {}.",
            certificate.subject(),
            certificate.fingerprint()
        ))
        .paragraph(advice)
        .page("SSO", "/app/enterprise/sso/list")
}
