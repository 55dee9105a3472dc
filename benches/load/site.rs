//! Servers on fresh databases, filled.

use std::sync::Arc;

use crate::Outcome;
use crate::database::Databases;
use crate::fill::{self, Group};
use crate::limits::database::Database;
use crate::options::Options;
use crate::scenario::Side;
use crate::server::{Account, Installation, Server};

/// More than anything here needs.
pub const SEATS: usize = 50_000_000;

/// A server, its accounts, and what it is filled with.
pub struct Site {
    pub installation: Installation,
    pub server: Server,
    /// Beside the account that is measured.
    pub other: Account,
    pub side: Side,
}

/// A place for a server on a new database.
///
/// # Errors
/// When there is none.
pub fn install(databases: &Databases) -> Outcome<Installation> {
    let directory = tempfile::Builder::new().prefix("insomnia-scim-load-").tempdir()?;
    Installation::new(databases.create(directory.path())?, directory)
}

/// Starts a server and fills it with users. So many of them are left out of what is measured among
/// users, for groups: a user in a group shows it, which makes a longer answer, and not a slower
/// server.
///
/// # Errors
/// When anything is refused or missing.
pub async fn filled(databases: &Databases, users: usize, in_groups: usize) -> Outcome<Site> {
    let installation = install(databases)?;
    let Account { endpoint, .. } = installation.bootstrap("load", SEATS)?;
    let other = installation.bootstrap("limit", SEATS)?;
    let server = installation.serve().await?;
    let mut connection = endpoint.connection();
    let before = fill::total(&mut connection).await?;
    let mut all = fill::users(&endpoint, users).await?;
    let total = fill::total(&mut connection).await?;
    if total != before + users as u64 {
        return Err(format!("{total} users after adding {users} to {before}").into());
    }
    let members = all.split_off(users - in_groups);
    let group = fill::group(&endpoint, "Largest", &members).await?;
    let process = server.process();
    let cursor = fill::cursor(&mut connection, total).await?;
    let side = Side {
        endpoint,
        process,
        size: users,
        users: Arc::from(all),
        members: Arc::from(members),
        total,
        cursor,
        group,
    };
    Ok(Site { installation, server, other, side })
}

/// The sides that differ by their group: all on the largest server, whose largest group is there.
///
/// # Errors
/// When anything is refused or missing.
pub async fn groups(sites: &[Site], options: &Options) -> Outcome<Vec<Side>> {
    let side = &sites.last().ok_or("there are no sizes")?.side;
    let with = |group: Group| Side { size: group.size, group, ..side.clone() };
    let mut sides = Vec::new();
    for size in &options.members.0 {
        let group = match *size == side.group.size {
            true => side.group.clone(),
            false => {
                let members = &side.members[..*size];
                fill::group(&side.endpoint, &format!("Group of {size}"), members).await?
            }
        };
        sides.push(with(group));
    }
    Ok(sides)
}

impl Site {
    /// The database beside the server; the latest user created must still be there.
    ///
    /// # Errors
    /// The database's.
    pub fn database(&self) -> Outcome<Database> {
        Database::open(&self.installation.database_url, &self.other.id)
    }

    /// Looks again how many users there are.
    ///
    /// # Errors
    /// When the server does not say.
    pub async fn look(&mut self) -> Outcome<()> {
        let mut connection = self.side.endpoint.connection();
        self.side.total = fill::total(&mut connection).await?;
        self.side.cursor = fill::cursor(&mut connection, self.side.total).await?;
        Ok(())
    }
}
