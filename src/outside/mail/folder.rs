//! Mail into a folder, for development: one file each, as it would go over the wire.

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
    /// Makes the folder if it is not there.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn new(path: &Path, sender: Sender) -> std::io::Result<Self> {
        std::fs::create_dir_all(path)?;
        Ok(Self { path: path.to_owned(), sender })
    }
}

impl Transport for Folder {
    fn send<'a>(&'a self, mail: &'a Mail) -> Sending<'a> {
        Box::pin(async move {
            let message = self.sender.write(mail)?.formatted();
            // Sorted by name they are sorted by time; the same mail has the same name again.
            let name = format!("{:015}-{}", mail.date.0, mail.message_id);
            let path = self.path.clone();
            tokio::task::spawn_blocking(move || write(&path, &name, &message))
                .await
                .unwrap_or_else(|_| Err(std::io::Error::other("writing was broken off")))
                .map_err(|error| Failure::Unreachable(format!("the mail folder: {error}")))
        })
    }
}

/// Writes the file under another name first: whoever reads the folder finds whole mails only.
fn write(folder: &Path, name: &str, message: &[u8]) -> std::io::Result<()> {
    let unfinished = folder.join(format!(".{name}.part"));
    // Mails hold links that let people in.
    let mut file: File =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    file.write_all(message)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, folder.join(format!("{name}.eml")))
}
