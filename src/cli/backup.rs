//! `backup` and `restore`: copies of an SQLite database.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;

use super::error::CommandError;
use crate::config::DatabaseSettings;
use crate::store::backup::{self, Summary};

#[derive(Args, Clone, Debug)]
pub struct BackupArguments {
    #[command(flatten)]
    pub database: DatabaseSettings,
    /// The new file
    file: PathBuf,
    /// Overwrite the file if it exists
    #[arg(long)]
    force: bool,
}

#[derive(Args, Clone, Debug)]
pub struct RestoreArguments {
    #[command(flatten)]
    pub database: DatabaseSettings,
    /// A file that `backup` made
    file: PathBuf,
}

/// Runs `backup`.
pub fn back_up(arguments: &BackupArguments) -> Result<(), CommandError> {
    let url = arguments.database.database_url().map_err(CommandError::Argument)?;
    let since = Instant::now();
    log::info!("copying and checking; servers can keep running");
    let summary = backup::backup(&url, &arguments.file, arguments.force)?;
    let (file, seconds) = (arguments.file.display(), since.elapsed().as_secs_f64());
    log::info!("{file} has {} (copied and checked in {seconds:.1} s)", text(summary));
    Ok(())
}

/// Runs `restore`.
pub fn restore(arguments: &RestoreArguments) -> Result<(), CommandError> {
    let url = arguments.database.database_url().map_err(CommandError::Argument)?;
    let restored = backup::restore(&url, &arguments.file)?;
    log::info!("restored {}", text(restored.summary));
    if let Some(aside) = restored.aside {
        log::info!("the previous database is now {}", aside.display());
    }
    if restored.has_to_be_migrated {
        log::info!("it is from an older release: `insomnia-scim serve` or `migrate` migrates it");
    }
    log::info!("now start a full sync in the identity provider, to catch up on later changes");
    Ok(())
}

fn text(summary: Summary) -> String {
    let Summary { bytes, accounts, members } = summary;
    format!("{accounts} account(s) with {members} member(s) in {bytes} bytes")
}
