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
    sender: Sender,
}

impl Folder {
    /// Creates the folder if it does not exist.
    pub fn new(path: &Path, sender: Sender) -> std::io::Result<Self> {
        std::fs::create_dir_all(path)?;
        Ok(Self { path: path.to_owned(), sender })
    }
}

impl Transport for Folder {
    fn send<'a>(&'a self, mail: &'a Mail) -> Sending<'a> {
        Box::pin(async move {
            let message = self.sender.write(mail)?.formatted();
            // Sorting by name sorts by time. Sending a mail again overwrites its file.
            let name = format!("{:015}-{}", mail.date.0, mail.message_id);
            let path = self.path.clone();
            tokio::task::spawn_blocking(move || write(&path, &name, &message))
                .await
                .unwrap_or_else(|_| Err(std::io::Error::other("writing was interrupted")))
                .map_err(|error| Failure::Unreachable(format!("the mail folder: {error}")))
        })
    }
}

/// Writes to a temporary name first, so that readers of the folder never see incomplete mails.
fn write(folder: &Path, name: &str, message: &[u8]) -> std::io::Result<()> {
    let unfinished = folder.join(format!(".{name}.part"));
    // Only the user may read them: mails contain links that sign people in.
    let mut file: File =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    file.write_all(message)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, folder.join(format!("{name}.eml")))
}
