//! Settings for sending mail.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::outside::mail::{Folder, Sender, Smtp, SmtpUrl, Transport};

/// Default sender of mail that is written to a folder.
const DEVELOPMENT_SENDER: &str = "no-reply@localhost";

/// How mail is sent. Without these settings, mail stays queued in the database.
#[derive(Args, Clone, Debug, Default)]
pub struct MailSettings {
    /// The mail server: smtps://USER:PASSWORD@HOST:PORT, or smtp:// for STARTTLS
    /// [default: none, mail waits]
    #[arg(long, env = "INSOMNIA_SCIM_SMTP_URL", hide_env_values = true)]
    smtp_url: Option<String>,

    /// File with certificate authorities (PEM) that are trusted for the mail server in addition to
    /// the system's
    #[arg(long, env = "INSOMNIA_SCIM_SMTP_CA", requires = "smtp_url")]
    smtp_ca: Option<PathBuf>,

    /// The sender of mail: ADDRESS, or NAME <ADDRESS> [default: required with --smtp-url]
    #[arg(long, env = "INSOMNIA_SCIM_MAIL_FROM")]
    mail_from: Option<String>,

    /// For development: write each mail to a file in this folder instead of sending it
    #[arg(long, env = "INSOMNIA_SCIM_MAIL_FOLDER", conflicts_with = "smtp_url")]
    mail_folder: Option<PathBuf>,
}

impl MailSettings {
    /// Returns `true` if the settings say how mail is sent.
    pub fn is_given(&self) -> bool {
        self.smtp_url.is_some() || self.mail_folder.is_some()
    }

    /// Returns the configured transport, if any.
    ///
    /// # Errors
    /// Fails with the name of the setting and the allowed values.
    pub fn transport(&self) -> Result<Option<Arc<dyn Transport>>, String> {
        let from = |text: &str| {
            Sender::parse(text)
                .map_err(|error| format!("--mail-from (INSOMNIA_SCIM_MAIL_FROM): {error}"))
        };
        if let Some(url) = &self.smtp_url {
            let url = SmtpUrl::parse(url)
                .map_err(|error| format!("--smtp-url (INSOMNIA_SCIM_SMTP_URL): {error}"))?;
            let sender = self.mail_from.as_deref().ok_or_else(|| {
                "--mail-from (INSOMNIA_SCIM_MAIL_FROM): it is required with --smtp-url".to_owned()
            })?;
            let smtp = Smtp::new(url, from(sender)?, self.authorities()?.as_deref())
                .map_err(|error| format!("--smtp-ca (INSOMNIA_SCIM_SMTP_CA): {error}"))?;
            return Ok(Some(Arc::new(smtp)));
        }
        let Some(folder) = &self.mail_folder else { return Ok(None) };
        let sender = from(self.mail_from.as_deref().unwrap_or(DEVELOPMENT_SENDER))?;
        let folder = Folder::new(folder, sender)
            .map_err(|error| format!("--mail-folder (INSOMNIA_SCIM_MAIL_FOLDER): {error}"))?;
        Ok(Some(Arc::new(folder)))
    }

    fn authorities(&self) -> Result<Option<Vec<u8>>, String> {
        let Some(path) = &self.smtp_ca else { return Ok(None) };
        std::fs::read(path)
            .map(Some)
            .map_err(|error| format!("--smtp-ca (INSOMNIA_SCIM_SMTP_CA): {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(settings: &MailSettings) -> String {
        settings.transport().err().unwrap_or_else(|| panic!("{settings:?}"))
    }

    #[test]
    fn without_settings_there_is_no_way_to_send() {
        assert!(MailSettings::default().transport().unwrap().is_none());
    }

    #[test]
    fn what_is_wrong_is_named_by_its_setting() {
        let server = |url: &str, from: Option<&str>| MailSettings {
            smtp_url: Some(url.to_owned()),
            mail_from: from.map(str::to_owned),
            ..MailSettings::default()
        };
        let good = "smtps://mail.kong.example";
        assert!(server(good, Some("no-reply@kong.example")).transport().unwrap().is_some());
        assert!(error(&server(good, None)).contains("INSOMNIA_SCIM_MAIL_FROM"));
        assert!(error(&server(good, Some("nobody"))).contains("INSOMNIA_SCIM_MAIL_FROM"));
        assert!(error(&server("mail", Some("a@kong.example"))).contains("INSOMNIA_SCIM_SMTP_URL"));
        let mut missing = server(good, Some("a@kong.example"));
        missing.smtp_ca = Some("/does/not/exist".into());
        assert!(error(&missing).contains("INSOMNIA_SCIM_SMTP_CA"));
    }
}
