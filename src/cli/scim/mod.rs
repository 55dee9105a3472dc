//! `scim`: commands that act as a SCIM client.

mod test;

use clap::Subcommand;

use crate::cli::error::CommandError;

#[derive(Clone, Debug, Subcommand)]
pub enum ScimCommand {
    /// Check a SCIM connector from outside, as Okta and Entra would use it
    Test(test::Arguments),
}

pub fn run(command: &ScimCommand) -> Result<(), CommandError> {
    match command {
        ScimCommand::Test(arguments) => test::run(arguments),
    }
}
