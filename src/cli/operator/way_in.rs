//! `operator sso-off` and `operator recovery-link`: restore access for owners when single sign-on
//! fails.

use std::io::Write;

use clap::Args;

use super::open;
use crate::administration::sso::switching;
use crate::administration::{AdministrationError, recovery};
use crate::cli::error::CommandError;
use crate::cli::keys;
use crate::cli::runtime::block_on;
use crate::config::{DatabaseSettings, KeySettings, parse_public_url};
use crate::enterprise::AccountPk;
use crate::enterprise::audit::Origin;
use crate::enterprise::domain_name::DomainName;
use crate::store::{Cost, Store, WriteContext, plans, sso_connections};

#[derive(Args, Clone, Debug)]
pub struct SsoOffArguments {
    #[command(flatten)]
    pub database: DatabaseSettings,
    /// Id of the account (ent_…)
    #[arg(long)]
    account: String,
    /// The domain whose users are to sign in by mail again
    #[arg(long)]
    domain: String,
}

#[derive(Args, Clone, Debug)]
pub struct RecoveryLinkArguments {
    #[command(flatten)]
    pub database: DatabaseSettings,
    #[command(flatten)]
    keys: KeySettings,
    /// The URL at which people reach the server; the link begins with it
    #[arg(long, env = "INSOMNIA_SCIM_PUBLIC_URL", value_parser = parse_public_url)]
    public_url: String,
    /// Id of the account (ent_…)
    #[arg(long)]
    account: String,
    /// Address of an active owner; the link goes to the address that they have proved
    #[arg(long)]
    owner: String,
}

/// Switches a connection off. All owners are told by mail.
pub fn sso_off(arguments: &SsoOffArguments) -> Result<(), CommandError> {
    let store = open(&arguments.database)?;
    let account = account(&store, &arguments.account)?;
    let domain = DomainName::parse(&arguments.domain)
        .map_err(|error| CommandError::Argument(format!("--domain: {error}.")))?
        .as_str()
        .to_owned();
    let name = domain.clone();
    let was_on = block_on(store.write(context(account), move |transaction| {
        let connection = sso_connections::of_domain(transaction, &name)?
            .filter(|connection| connection.row.enterprise_pk == account)
            .ok_or_else(|| AdministrationError::NotFound {
                kind: "A connection for",
                id: name.clone(),
            })?;
        switching::switch_off(transaction, account, &connection.row.id)?;
        Ok::<_, AdministrationError>(connection.row.is_on)
    }))??;
    store.close();
    let mut out = std::io::stdout().lock();
    if was_on {
        writeln!(out, "Single sign-on for {domain} is off: its users sign in by mail.")?;
    } else {
        writeln!(out, "Single sign-on for {domain} was off already.")?;
    }
    Ok(())
}

/// Puts a mail with the link into the outbox. The link is not printed, so that the person who runs
/// this command cannot use it.
pub fn recovery_link(arguments: &RecoveryLinkArguments) -> Result<(), CommandError> {
    let database = arguments.database.database_url().map_err(CommandError::Argument)?;
    let store = open(&arguments.database)?;
    if let Some(keys) = keys::keyring(&arguments.keys, &database)? {
        store.seal_with(keys);
    }
    let account = account(&store, &arguments.account)?;
    let owner = arguments.owner.clone();
    let url = arguments.public_url.clone();
    let sent_to = block_on(store.write(context(account), move |transaction| {
        recovery::send(transaction, account, &owner, &url)
    }))??;
    store.close();
    writeln!(
        std::io::stdout().lock(),
        "A link to sign in past single sign-on goes to {sent_to}. It works once, for an hour. The \
         server sends it with its other mail."
    )?;
    Ok(())
}

fn account(store: &Store, id: &str) -> Result<AccountPk, CommandError> {
    let wanted = id.to_owned();
    let read = move |conn: &mut _| Ok::<_, AdministrationError>(plans::by_id(conn, &wanted)?);
    let found = block_on(store.read(Cost::Point, read))??;
    found.map(|account| account.pk).ok_or_else(|| {
        CommandError::Refused(format!(
            "There is no account \"{id}\". List them with: insomnia-scim operator accounts."
        ))
    })
}

fn context(account: AccountPk) -> WriteContext {
    WriteContext::new(account, Origin::operator().into())
}
