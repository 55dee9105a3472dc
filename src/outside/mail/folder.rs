//! A mail transport for development: writes each mail to a file, exactly as SMTP would send it.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::message::Sender;
use super::{Failure, Mail, Sending, Transport};

/// A folder for mail.
pub struct Folder {
    path: PathBuf,
    form: Form,
}

/// The form in which mails are written.
enum Form {
    /// As SMTP would send them, from this sender.
    Message(Sender),
    /// As text that people read: recipient, subject and text.
    Text,
}

impl Folder {
    /// Creates the folder if it does not exist. Mails are written as SMTP would send them.
    pub fn new(path: &Path, sender: Sender) -> std::io::Result<Self> {
        Self::with(path, Form::Message(sender))
    }

    /// Creates the folder if it does not exist. Mails are written as plain text, in which no line is
    /// broken, so that their links can be copied.
    pub fn readable(path: &Path) -> std::io::Result<Self> {
        Self::with(path, Form::Text)
    }

    fn with(path: &Path, form: Form) -> std::io::Result<Self> {
        std::fs::create_dir_all(path)?;
        Ok(Self { path: path.to_owned(), form })
    }
}

impl Transport for Folder {
    fn send<'a>(&'a self, mail: &'a Mail) -> Sending<'a> {
        Box::pin(async move {
            let (message, end) = match &self.form {
                Form::Message(sender) => (sender.write(mail)?.formatted(), "eml"),
                Form::Text => (as_text(mail).into_bytes(), "txt"),
            };
            // Sorting by name sorts by time. Sending a mail again overwrites its file.
            let name = format!("{:015}-{}", mail.date.0, mail.message_id);
            let path = self.path.clone();
            tokio::task::spawn_blocking(move || write(&path, &name, end, &message))
                .await
                .unwrap_or_else(|_| Err(std::io::Error::other("writing was interrupted")))
                .map_err(|error| Failure::Unreachable(format!("the mail folder: {error}")))
        })
    }
}

fn as_text(mail: &Mail) -> String {
    let Mail { recipient, subject, text, .. } = mail;
    format!("To: {recipient}\nDate: {}\nSubject: {subject}\n\n{text}", mail.date.to_rfc3339())
}

/// Writes to a temporary name first, so that readers of the folder never see incomplete mails.
fn write(folder: &Path, name: &str, end: &str, message: &[u8]) -> std::io::Result<()> {
    let unfinished = folder.join(format!(".{name}.part"));
    // Only the user may read them: mails contain links that sign people in.
    let mut file: File =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    file.write_all(message)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, folder.join(format!("{name}.{end}")))
}
