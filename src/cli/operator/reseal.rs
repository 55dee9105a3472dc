//! `operator reseal`: completes the change of the secret key.

use std::sync::Arc;

use clap::Args;

use super::{context, open};
use crate::administration::sealing::{self, Progress};
use crate::cli::error::CommandError;
use crate::cli::keys;
use crate::cli::runtime::block_on;
use crate::config::{DatabaseSettings, KeySettings};
use crate::enterprise::secret::Keyring;
use crate::store::{Store, StoreResult, Transaction, key_file};

#[derive(Args, Clone, Debug)]
pub struct ResealArguments {
    #[command(flatten)]
    pub database: DatabaseSettings,
    #[command(flatten)]
    keys: KeySettings,
}

/// Seals with the new key what the old one has sealed, and reports whether the old key is still
/// needed.
pub fn run(arguments: &ResealArguments) -> Result<(), CommandError> {
    let url = arguments.database.database_url().map_err(CommandError::Argument)?;
    let store = open(&arguments.database)?;
    let keys = keys::keyring(&arguments.keys, &url)?;
    let ((new, old), keys) = arguments.keys.change().zip(keys).ok_or_else(|| {
        CommandError::Argument(
            "--secret-key (INSOMNIA_SCIM_SECRET_KEY): give the new key and the old one, with a comma \
             between"
                .to_owned(),
        )
    })?;
    let mails = all(&store, &keys, sealing::mails)?;
    let connections = all(&store, &keys, sealing::connections)?;
    log::info!("sealed again: {} mail(s), {} client secret(s)", mails.again, connections.again);
    if connections.lost > 0 || mails.lost > 0 {
        return Err(CommandError::Refused(format!(
            "neither key opens {} mail(s) and {} client secret(s), which stay as they are. Check both \
             keys, and repeat the command. Where the key is lost the mails are given up after three \
             days, and the client secrets have to be entered again",
            mails.lost, connections.lost
        )));
    }
    if key_file::replace(&url, old, new)? {
        log::info!("the file next to the database now has the new key");
    }
    log::info!("the old key can be removed as soon as no server has it as its first key");
    Ok(())
}

fn all(
    store: &Store,
    keys: &Arc<Keyring>,
    step: fn(&mut Transaction<'_>, &Keyring, i64) -> StoreResult<Progress>,
) -> Result<Progress, CommandError> {
    let (mut total, mut after) = (Progress::default(), 0);
    loop {
        let keys = Arc::clone(keys);
        let progress =
            block_on(store.write(context(), move |transaction| step(transaction, &keys, after)))??;
        total.again += progress.again;
        total.lost += progress.lost;
        match progress.after {
            Some(last) => after = last,
            None => return Ok(total),
        }
    }
}
