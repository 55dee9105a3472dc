//! `migrate`: migrates the database to the schema of this version.

use clap::Args;

use super::error::CommandError;
use crate::administration::name_conflicts::way_out;
use crate::config::DatabaseSettings;
use crate::store::Store;

#[derive(Args, Clone, Debug)]
pub struct Arguments {
    #[command(flatten)]
    pub database: DatabaseSettings,
}

pub fn run(arguments: &Arguments) -> Result<(), CommandError> {
    let url = arguments.database.database_url().map_err(CommandError::Argument)?;
    log::info!("database: {}", url.shown());
    let ran = Store::migrate(&url)?;
    match ran.len() {
        0 => log::info!("the database is up to date"),
        count => log::info!("ran {count} migration(s): {}", ran.join(", ")),
    }
    for conflict in Store::name_conflicts(&url)? {
        log::warn!(
            "two of kind {} have one name: {} \"{}\" and {} \"{}\". {}",
            conflict.kind,
            conflict.other_id,
            conflict.other_name,
            conflict.subject_id,
            conflict.subject_name,
            way_out(&conflict)
        );
    }
    Ok(())
}
