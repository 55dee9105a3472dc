//! `bootstrap`: creates an account that is ready for provisioning, as a shortcut for the operator.

use std::io::Write;

use clap::Args;
use serde_json::json;

use super::error::CommandError;
use super::runtime::block_on;
use crate::administration::accounts::{self, NewAccount};
use crate::config::{AddressSettings, DatabaseSettings};
use crate::enterprise::Clock;
use crate::store::{Opening, Scope, Sizes, Store};

#[derive(Args, Clone, Debug)]
pub struct Arguments {
    #[command(flatten)]
    pub database: DatabaseSettings,
    #[command(flatten)]
    address: AddressSettings,
    /// Name of the account; must not exist yet
    #[arg(long)]
    account: String,
    /// E-mail address of the owner
    #[arg(long)]
    owner: String,
    /// Name of the owner, "GIVEN FAMILY" [default: made from the address]
    #[arg(long, value_parser = parse_name)]
    owner_name: Option<OwnerName>,
    /// A domain to add as verified; can be given several times
    #[arg(long = "domain", required = true)]
    domains: Vec<String>,
    /// Number of licence seats; the owner takes one
    #[arg(long, value_parser = clap::value_parser!(i64).range(1..=100_000_000))]
    seats: i64,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Debug)]
struct OwnerName {
    given: String,
    family: String,
}

fn parse_name(text: &str) -> Result<OwnerName, String> {
    match text.trim().split_once(char::is_whitespace) {
        Some((given, family)) if !family.trim().is_empty() => {
            Ok(OwnerName { given: given.to_owned(), family: family.trim().to_owned() })
        }
        _ => Err("it must be a given name and a family name, such as \"Olive Owner\"".to_owned()),
    }
}

pub fn run(arguments: &Arguments) -> Result<(), CommandError> {
    let store = Store::open(
        &arguments.database.database_url().map_err(CommandError::Argument)?,
        Opening::Create,
        Sizes::ONE,
        Clock::system(),
    )?;
    let new = NewAccount {
        name: arguments.account.clone(),
        owner: arguments.owner.clone(),
        owner_name: arguments.owner_name.clone().map(|name| (name.given, name.family)),
        domains: arguments.domains.clone(),
        seats: arguments.seats,
    };
    let made = block_on(
        store.write(Scope::NONE, move |transaction| accounts::bootstrap(transaction, &new)),
    )??;
    store.close();
    let public_url = arguments.address.public_url("http", arguments.address.listen);
    let scim_base_url = format!("{public_url}/scim/v2/{}", made.connector_id);
    let mut out = std::io::stdout().lock();
    if arguments.json {
        let object = json!({
            "account_id": made.account_id,
            "account": arguments.account,
            "owner_id": made.owner_id,
            "connector_id": made.connector_id,
            "scim_base_url": scim_base_url,
            "scim_token": made.scim_token,
            "admin_base_url": format!("{public_url}/api/v1"),
            "admin_token": made.admin_token,
        });
        writeln!(out, "{object}")?;
    } else {
        writeln!(
            out,
            "Account       {} ({})\nSCIM base URL {scim_base_url}\nSCIM token    {}\n\
             Admin API     {public_url}/api/v1\nAdmin token   {}\n\n\
             The tokens are shown once; only their hashes are stored.",
            arguments.account, made.account_id, made.scim_token, made.admin_token
        )?;
    }
    Ok(())
}
