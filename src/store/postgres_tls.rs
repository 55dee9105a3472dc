//! TLS to PostgreSQL: what a connection that fails for lack of it is answered with, and where the
//! system's certificate authorities are.

use std::path::Path;

use url::Url;

/// Whether libpq is compiled with TLS.
const COMPILED_IN: bool = cfg!(feature = "postgres-tls");

/// What libpq without TLS says of a URL that asks for TLS.
const ASKED: &str = "when SSL support is not compiled in";

/// What servers say, in lower case, that refuse a connection because it is not encrypted: PostgreSQL
/// 14 and newer, older ones, poolers, and services of the cloud.
const DEMANDED: [&str; 6] = [
    "no encryption",
    "ssl off",
    "ssl required",
    "ssl connection is required",
    "ssl connection required",
    "connection is insecure",
];

/// Said by a server that has refused the encrypted connection, too.
const REFUSED_ANYWAY: [&str; 2] = ["ssl encryption", "ssl on"];

/// Where TLS is to be had.
const BUILDS: &str = "this build of insomnia-scim has no TLS to PostgreSQL. The Debian package and \
    the container image have it; from source, `cargo build --release --features postgres-tls` \
    builds it. See docs/install.md.";

/// Where systems keep the certificates of the authorities that they trust: Debian, Fedora, SUSE,
/// Alpine and macOS.
const AUTHORITIES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// The value of `sslrootcert` that stands for the system's authorities.
const SYSTEM: &str = "sslrootcert=system";

/// Returns the URL with the file of the system's authorities in place of `sslrootcert=system`. The
/// OpenSSL that is compiled in looks for them where it would be installed itself, unless `SSL_CERT_FILE`
/// or `SSL_CERT_DIR` say where they are.
pub fn with_authorities(url: String) -> String {
    let is_told =
        ["SSL_CERT_FILE", "SSL_CERT_DIR"].iter().any(|name| std::env::var_os(name).is_some());
    let file = AUTHORITIES.into_iter().find(|file| Path::new(file).is_file());
    match file {
        Some(file) if COMPILED_IN && !is_told => substituted(url, file),
        _ => url,
    }
}

fn substituted(url: String, file: &str) -> String {
    let Some((start, query)) = url.split_once('?') else { return url };
    if !query.split('&').any(|pair| pair == SYSTEM) {
        return url;
    }
    let mode = Url::parse(&url).ok().and_then(|url| {
        url.query_pairs().find(|(name, _)| name == "sslmode").map(|(_, mode)| mode.into_owned())
    });
    let verify = match mode.as_deref() {
        None => "&sslmode=verify-full",
        Some("verify-full") => "",
        // libpq refuses a weaker mode with the system's authorities, and says so.
        Some(_) => return url,
    };
    let pairs = query.split('&').map(|pair| match pair {
        SYSTEM => format!("sslrootcert={file}"),
        other => other.to_owned(),
    });
    format!("{start}?{}{verify}", pairs.collect::<Vec<_>>().join("&"))
}

/// Returns the error with what to do about it, if the reason is a lack of TLS.
pub fn explained(error: &str) -> String {
    advised(error, COMPILED_IN)
}

fn advised(error: &str, has_tls: bool) -> String {
    if error.contains(ASKED) {
        return format!("the database URL asks for TLS, and {BUILDS} ({})", error.trim_end());
    }
    let lower = error.to_lowercase();
    let says = |texts: &[&str]| texts.iter().any(|text| lower.contains(text));
    if !says(&DEMANDED) || says(&REFUSED_ANYWAY) {
        return error.to_owned();
    }
    let error = error.trim_end();
    if has_tls {
        format!(
            "the server refuses connections that are not encrypted, and the database URL switches \
             TLS off: put `sslmode=verify-full`, or at least `sslmode=require`, in place of its \
             `sslmode` ({error})"
        )
    } else {
        format!("the server refuses connections that are not encrypted, and {BUILDS} ({error})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = "connection to server at \"db.example\" (192.0.2.1), port 5432 failed: FATAL:  \
        no pg_hba.conf entry for host \"192.0.2.9\", user \"scim\", database \"scim\", no encryption\n";

    #[test]
    fn a_build_without_tls_says_which_one_has_it() {
        let asked = "sslmode value \"require\" invalid when SSL support is not compiled in\n";
        for error in [
            asked,
            PLAIN,
            "FATAL:  no pg_hba.conf entry for host \"::1\", user \"u\", database \"d\", SSL off",
            "FATAL:  SSL required",
            "FATAL:  SSL connection is required. Please specify SSL options and retry.",
            "ERROR:  connection is insecure (try using `sslmode=require`)",
        ] {
            let said = advised(error, false);
            assert!(said.contains("--features postgres-tls"), "{said}");
            assert!(said.contains(error.trim_end()), "{said}");
        }
    }

    #[test]
    fn a_build_with_tls_says_what_is_wrong_with_the_url() {
        let said = advised(PLAIN, true);
        assert!(said.contains("sslmode=verify-full"), "{said}");
        assert!(!said.contains("--features"), "{said}");
    }

    #[test]
    fn the_systems_authorities_are_those_of_the_system_and_always_verify() {
        let with = |query: &str| substituted(format!("postgres://u@db/n?{query}"), "/etc/ca.crt");
        for (query, expected) in [
            ("sslrootcert=system", "sslrootcert=/etc/ca.crt&sslmode=verify-full"),
            (
                "a=b&sslrootcert=system&sslmode=verify-full",
                "a=b&sslrootcert=/etc/ca.crt&sslmode=verify-full",
            ),
            ("sslrootcert=system&sslmode=require", "sslrootcert=system&sslmode=require"),
            ("sslrootcert=/own.crt", "sslrootcert=/own.crt"),
        ] {
            assert_eq!(with(query), format!("postgres://u@db/n?{expected}"));
        }
        assert_eq!(substituted("postgres://u@db/n".to_owned(), "/x"), "postgres://u@db/n");
    }

    #[test]
    fn other_failures_stay_as_they_are() {
        let unknown = PLAIN.replace("no encryption", "SSL encryption") + PLAIN;
        for error in [
            &unknown,
            "FATAL:  password authentication failed for user \"scim\"",
            "SSL connection has been closed unexpectedly",
            "SSL error: certificate verify failed",
        ] {
            assert_eq!(advised(error, true), error);
            assert_eq!(advised(error, false), error);
        }
    }
}
