//! `migrate`: brings the database to the schema that this version needs.

use clap::Args;

use super::CommandError;
use crate::config::DatabaseSettings;
use crate::store::Store;

#[derive(Args, Clone, Debug)]
pub struct Arguments {
    #[command(flatten)]
    database: DatabaseSettings,
}

pub fn run(arguments: &Arguments) -> Result<(), CommandError> {
    let ran = Store::migrate(&arguments.database.database_url().map_err(CommandError::Argument)?)?;
    match ran.len() {
        0 => log::info!("the database is up to date"),
        count => log::info!("ran {count} migration(s): {}", ran.join(", ")),
    }
    Ok(())
}
