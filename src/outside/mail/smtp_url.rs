//! The URL of a mail server, including how to connect to it.

use lettre::transport::smtp::authentication::Credentials;
use percent_encoding::percent_decode_str;
use url::Url;

/// The expected form. Error texts never repeat the URL that was given, because it may contain a
/// password.
const FORM: &str = "it must be smtps://USER:PASSWORD@HOST:PORT for TLS from the start, or \
                    smtp://USER:PASSWORD@HOST:PORT for STARTTLS, without USER:PASSWORD@ if none are \
                    needed";

/// How a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// TLS from the start.
    Tls,
    /// STARTTLS; without it nothing is sent.
    StartTls,
    /// STARTTLS if the server offers it.
    StartTlsIfOffered,
    /// No encryption.
    Plain,
}

/// A parsed URL of a mail server.
#[derive(Clone)]
pub struct SmtpUrl {
    /// Host name or IP address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// How the connection is encrypted.
    pub protection: Protection,
    /// User and password, if the server needs them.
    pub credentials: Option<Credentials>,
}

impl SmtpUrl {
    /// Parses `smtps://…`, or `smtp://…` with `?starttls=required` (the default), `if-offered` or
    /// `off`. The default port is 465 or 587.
    ///
    /// # Errors
    /// Fails with what is wrong, without repeating the URL.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|_| FORM.to_owned())?;
        let protection = protection_of(&url)?;
        let host = url.host_str().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        if host.is_empty() || !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(FORM.to_owned());
        }
        let decoded = |text: &str| {
            let text = percent_decode_str(text).decode_utf8().ok()?.into_owned();
            (!text.is_empty() && !text.chars().any(char::is_control)).then_some(text)
        };
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            (user, password) => {
                let pair = decoded(user).zip(password.and_then(decoded));
                let (user, password) = pair.ok_or_else(|| FORM.to_owned())?;
                Some(Credentials::new(user, password))
            }
        };
        if credentials.is_some()
            && matches!(protection, Protection::Plain | Protection::StartTlsIfOffered)
        {
            return Err("it has a password, which is only sent over TLS: leave starttls out or \
                        set it to required"
                .to_owned());
        }
        let usual = if protection == Protection::Tls { 465 } else { 587 };
        Ok(Self { host, port: url.port().unwrap_or(usual), protection, credentials })
    }
}

fn protection_of(url: &Url) -> Result<Protection, String> {
    let mut protection = match url.scheme() {
        "smtps" => Protection::Tls,
        "smtp" => Protection::StartTls,
        _ => return Err(FORM.to_owned()),
    };
    for (name, value) in url.query_pairs() {
        protection = match (url.scheme(), &*name, &*value) {
            ("smtp", "starttls", "required") => Protection::StartTls,
            ("smtp", "starttls", "if-offered") => Protection::StartTlsIfOffered,
            ("smtp", "starttls", "off") => Protection::Plain,
            _ => {
                return Err("after the ? there may be starttls=required, starttls=if-offered or \
                            starttls=off, with smtp:// only"
                    .to_owned());
            }
        };
    }
    Ok(protection)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_and_its_parameter_say_how_the_connection_is_protected() {
        for (url, protection, port) in [
            ("smtps://mail.kong.example", Protection::Tls, 465),
            ("smtp://mail.kong.example", Protection::StartTls, 587),
            ("smtp://mail.kong.example:25/?starttls=required", Protection::StartTls, 25),
            ("smtp://mail.kong.example?starttls=if-offered", Protection::StartTlsIfOffered, 587),
            ("smtp://mail.kong.example?starttls=off", Protection::Plain, 587),
        ] {
            let parsed = SmtpUrl::parse(url).unwrap();
            assert_eq!((parsed.protection, parsed.port), (protection, port), "{url}");
            assert_eq!(parsed.host, "mail.kong.example");
            assert!(parsed.credentials.is_none());
        }
        assert_eq!(SmtpUrl::parse("smtp://[::1]:25").unwrap().host, "::1");
    }

    #[test]
    fn user_and_password_are_percent_decoded() {
        let parsed = SmtpUrl::parse("smtps://me%40kong.example:p%3A%2F+%C3%A9@mail.kong.example");
        let expected = Credentials::new("me@kong.example".to_owned(), "p:/+é".to_owned());
        assert_eq!(parsed.unwrap().credentials, Some(expected));
    }

    #[test]
    fn what_is_wrong_is_said_without_the_password() {
        for url in [
            "mail.kong.example",
            "http://u:hunter2@mail.kong.example",
            "smtp://",
            "smtp://u:hunter2@mail.kong.example/path",
            "smtp://u:hunter2@mail.kong.example?tls=no",
            "smtps://u:hunter2@mail.kong.example?starttls=off",
            "smtp://u:hunter2@mail.kong.example?starttls=off",
            "smtp://u:hunter2@mail.kong.example?starttls=if-offered",
            "smtp://u@mail.kong.example",
            "smtp://u:hunter2%0d%0a@mail.kong.example",
            "smtp://u:hunter2@mail.kong.example:99999",
        ] {
            let error = SmtpUrl::parse(url).err().unwrap_or_else(|| panic!("{url}"));
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
