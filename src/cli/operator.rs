//! `operator`: tasks of the server's operator, directly on the database.

mod reseal;
mod way_in;

use std::io::Write;

use clap::{Args, Subcommand};
use serde_json::json;

use self::reseal::ResealArguments;
use self::way_in::{RecoveryLinkArguments, SsoOffArguments};
use super::error::CommandError;
use super::runtime::block_on;
use crate::administration::AdministrationError;
use crate::administration::plans::codes::{self, Issue};
use crate::config::DatabaseSettings;
use crate::enterprise::Clock;
use crate::enterprise::audit::Origin;
use crate::store::{Cost, Opening, Scope, Sizes, Store, WriteContext, plans};

#[derive(Clone, Debug, Subcommand)]
pub enum OperatorCommand {
    /// Issue an activation code, which is printed once; earlier ones of the customer are superseded
    IssueCode(IssueArguments),
    /// List the activation codes
    Codes(ListArguments),
    /// Revoke an activation code that was not used
    RevokeCode(RevokeArguments),
    /// List the accounts, with plan and seats
    Accounts(ListArguments),
    /// Seal mails and client secrets again while a new secret key replaces the old one
    Reseal(ResealArguments),
    /// Switch single sign-on off for a domain; every owner is told by mail
    SsoOff(SsoOffArguments),
    /// Mail an owner a link to sign in past single sign-on, once, within an hour
    RecoveryLink(RecoveryLinkArguments),
}

#[derive(Args, Clone, Debug)]
pub struct IssueArguments {
    #[command(flatten)]
    database: DatabaseSettings,
    /// The customer's name; not needed with --account
    #[arg(long, required_unless_present = "account")]
    customer: Option<String>,
    /// Id of the account (ent_…) that the code is for, if there is one
    #[arg(long)]
    account: Option<String>,
    /// Number of licence seats
    #[arg(long)]
    seats: i64,
    /// The term, in days from the activation
    #[arg(long)]
    days: i64,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Args, Clone, Debug)]
pub struct ListArguments {
    #[command(flatten)]
    database: DatabaseSettings,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

#[derive(Args, Clone, Debug)]
pub struct RevokeArguments {
    #[command(flatten)]
    database: DatabaseSettings,
    /// Id of the code (code_…)
    id: String,
}

impl OperatorCommand {
    /// Returns the database that the command works on.
    pub fn database(&self) -> &DatabaseSettings {
        match self {
            Self::IssueCode(arguments) => &arguments.database,
            Self::Codes(arguments) | Self::Accounts(arguments) => &arguments.database,
            Self::RevokeCode(arguments) => &arguments.database,
            Self::Reseal(arguments) => &arguments.database,
            Self::SsoOff(arguments) => &arguments.database,
            Self::RecoveryLink(arguments) => &arguments.database,
        }
    }
}

pub fn run(command: &OperatorCommand) -> Result<(), CommandError> {
    match command {
        OperatorCommand::IssueCode(arguments) => issue(arguments),
        OperatorCommand::Codes(arguments) => list_codes(arguments),
        OperatorCommand::RevokeCode(arguments) => {
            let id = arguments.id.clone();
            let store = open(&arguments.database)?;
            block_on(store.write(context(), move |transaction| codes::revoke(transaction, &id)))??;
            Ok(())
        }
        OperatorCommand::Accounts(arguments) => list_accounts(arguments),
        OperatorCommand::Reseal(arguments) => reseal::run(arguments),
        OperatorCommand::SsoOff(arguments) => way_in::sso_off(arguments),
        OperatorCommand::RecoveryLink(arguments) => way_in::recovery_link(arguments),
    }
}

fn open(settings: &DatabaseSettings) -> Result<Store, CommandError> {
    open_as(settings, Opening::Existing)
}

fn open_as(settings: &DatabaseSettings, opening: Opening) -> Result<Store, CommandError> {
    let url = settings.database_url().map_err(CommandError::Argument)?;
    Ok(Store::open(&url, opening, Sizes::ONE, Clock::system())?)
}

fn context() -> WriteContext {
    WriteContext::new(Scope::NONE, Origin::operator().into())
}

fn issue(arguments: &IssueArguments) -> Result<(), CommandError> {
    // Issuing a code for the first account may be the operator's very first command.
    let store = open_as(&arguments.database, Opening::Create)?;
    let issue = Issue {
        customer: arguments.customer.clone(),
        account: arguments.account.clone(),
        seats: arguments.seats,
        days: arguments.days,
    };
    let issued =
        block_on(store.write(context(), move |transaction| codes::issue(transaction, &issue)))??;
    let mut out = std::io::stdout().lock();
    if arguments.json {
        let object = json!({
            "id": issued.row.id,
            "code": issued.code,
            "customer": issued.row.customer,
            "seats": issued.row.seats,
            "days": issued.row.days,
        });
        writeln!(out, "{object}")?;
    } else {
        writeln!(
            out,
            "Code      {}\nCustomer  {}\nSeats     {}\nDays      {}\nId        {}\n\n\
             The code is shown once; only its hash is stored. It works once.",
            issued.code, issued.row.customer, issued.row.seats, issued.row.days, issued.row.id
        )?;
    }
    Ok(())
}

/// Number of rows to read at once.
const PAGE: i64 = 500;

fn list_codes(arguments: &ListArguments) -> Result<(), CommandError> {
    let store = open(&arguments.database)?;
    let mut out = std::io::stdout().lock();
    let mut after = 0;
    loop {
        let read = move |conn: &mut _| codes::list(conn, after, PAGE);
        let page = block_on(store.read(Cost::SERVER, read))??;
        for row in page.items {
            let issued_at = row.issued_at.to_rfc3339();
            if arguments.json {
                let object = json!({"id": row.id, "customer": row.customer, "seats": row.seats,
                    "days": row.days, "state": row.state, "issued_at": issued_at});
                writeln!(out, "{object}")?;
            } else {
                writeln!(
                    out,
                    "{}  {:10}  {:>6} seats  {:>5} days  {issued_at}  {}",
                    row.id, row.state, row.seats, row.days, row.customer
                )?;
            }
        }
        match page.next {
            Some(last) => after = last,
            None => return Ok(()),
        }
    }
}

fn list_accounts(arguments: &ListArguments) -> Result<(), CommandError> {
    let store = open(&arguments.database)?;
    let mut out = std::io::stdout().lock();
    let mut after = 0;
    loop {
        let read = move |conn: &mut _| Ok::<_, AdministrationError>(plans::all(conn, after, PAGE)?);
        let rows = block_on(store.read(Cost::SERVER, read))??;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.pk.0;
        for row in rows {
            let ends_at = row.plan_ends_at.map(|at| at.to_rfc3339());
            let (active, used) = (row.is_active(store.clock().now()), row.used());
            if arguments.json {
                let object = json!({"id": row.id, "name": row.name, "plan": row.plan,
                    "active": active, "seats": row.seats_total, "seats_used": used,
                    "ends_at": ends_at});
                writeln!(out, "{object}")?;
            } else {
                writeln!(
                    out,
                    "{}  {:10}  {:8}  {used:>6} of {:>6} seats  {}  {}",
                    row.id,
                    row.plan,
                    if active { "active" } else { "inactive" },
                    row.seats_total,
                    ends_at.as_deref().unwrap_or("without an end"),
                    row.name
                )?;
            }
        }
    }
}
