//! The whole benchmark of one database: servers on fresh databases, which are gone afterwards
//! however it went.

use std::sync::Arc;
use std::time::Duration;

use crate::Outcome;
use crate::contest::{self, Figure};
use crate::database::{Databases, Kind};
use crate::fill::{self, Group};
use crate::growth::{self, Row};
use crate::limits::database::Database;
use crate::limits::fixed::Fixed;
use crate::options::Options;
use crate::ratio::{self, Ratio};
use crate::restart::{self, Restart};
use crate::scenario::Side;
use crate::server::{Account, Installation, Server};
use crate::stage::Stage;
use crate::sync::{self, Sync};
use crate::tenants::{self, TENANTS, Tenant, Tenants};

/// More than anything here needs.
const SEATS: usize = 50_000_000;
/// The first number of requests under load; single requests have those before.
const UNDER_LOAD: usize = 1_000_000;
/// Ten tenants are watched in so many rounds, each ten times as long as one under load.
const TENANT_ROUNDS: usize = 3;

/// Everything that was measured on one database.
pub struct Results {
    pub kind: Kind,
    pub growth: Vec<Row>,
    pub contests: Vec<Contest>,
    pub restart: Option<Restart>,
    pub sync: Option<Sync>,
    pub tenants: Option<Tenants>,
}

/// What was measured under load on one side.
pub struct Contest {
    pub title: String,
    pub figures: Vec<Figure>,
    pub ratios: Vec<Ratio>,
}

/// A server, its accounts, and what it is filled with.
struct Site {
    installation: Installation,
    server: Server,
    /// Beside the one that is measured.
    other: Account,
    side: Side,
}

/// Measures one database.
///
/// # Errors
/// When an answer is wrong, or something does not start.
pub async fn measure(kind: Kind, options: &Options) -> Outcome<Results> {
    let databases = Databases::open(kind)?;
    let results = measure_on(&databases, kind, options).await;
    databases.remove()?;
    results
}

async fn measure_on(databases: &Databases, kind: Kind, options: &Options) -> Outcome<Results> {
    let mut sites = Vec::new();
    for users in &options.users.0 {
        eprintln!("{kind}: filling");
        let in_groups =
            if *users == options.users.largest() { options.members.largest() } else { 0 };
        sites.push(fill(databases, *users, in_groups).await?);
    }
    let groups = groups(&sites, options).await?;
    eprintln!("{kind}: single requests");
    let users: Vec<Side> = sites.iter().map(|site| site.side.clone()).collect();
    let growth = growth::measure(&users, &groups, options.samples, options.bar).await?;
    eprintln!("{kind}: under load");
    let (mut contests, mut next) = (Vec::new(), UNDER_LOAD);
    let fixed = Fixed::start()?;
    for site in &mut sites {
        site.look().await?;
    }
    let last = sites.pop().ok_or("there are no sizes")?;
    for site in sites {
        if !options.short {
            let mut database = site.database()?;
            contests
                .push(contest(&site, &site.side, &fixed, &mut database, options, &mut next).await?);
        }
        site.server.stop().await?;
    }
    let mut database = last.database()?;
    contests.push(contest(&last, &last.side, &fixed, &mut database, options, &mut next).await?);
    let measured = if options.short { &groups[groups.len() - 1..] } else { &groups };
    for group in measured {
        contests.push(contest(&last, group, &fixed, &mut database, options, &mut next).await?);
    }
    drop((fixed, database));
    let restart = match groups.last() {
        Some(group) if !options.short => Some(start_again(last, group, next).await?),
        _ => {
            last.server.stop().await?;
            None
        }
    };
    let sync = match options.sync {
        Some(tenant) => Some(initial_sync(databases, tenant).await?),
        None => None,
    };
    let tenants = match options.rate {
        Some(rate) => Some(ten_tenants(databases, rate, options.within * 10).await?),
        None => None,
    };
    Ok(Results { kind, growth, contests, restart, sync, tenants })
}

fn install(databases: &Databases) -> Outcome<Installation> {
    let directory = tempfile::Builder::new().prefix("insomnia-scim-load-").tempdir()?;
    Installation::new(databases.create(directory.path())?, directory)
}

/// Starts a server and fills it with users. So many of them are left out of what is measured among
/// users, for groups: a user in a group shows it, which makes a longer answer, and not a slower
/// server.
async fn fill(databases: &Databases, users: usize, in_groups: usize) -> Outcome<Site> {
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
async fn groups(sites: &[Site], options: &Options) -> Outcome<Vec<Side>> {
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
    fn database(&self) -> Outcome<Database> {
        Database::open(&self.installation.database_url, &self.other.id)
    }

    /// Looks again how many users there are.
    async fn look(&mut self) -> Outcome<()> {
        let mut connection = self.side.endpoint.connection();
        self.side.total = fill::total(&mut connection).await?;
        self.side.cursor = fill::cursor(&mut connection, self.side.total).await?;
        Ok(())
    }
}

/// Measures everything under load: on the side of the users' size, or of a group's.
async fn contest(
    site: &Site,
    side: &Side,
    fixed: &Fixed,
    database: &mut Database,
    options: &Options,
    next: &mut usize,
) -> Outcome<Contest> {
    let among_users = side.group.size != side.size;
    let what = if among_users { "users" } else { "members" };
    let contenders = match (among_users, options.short) {
        (true, false) => contest::USERS.to_vec(),
        (true, true) => contest::needed(),
        (false, _) => contest::MEMBERS.to_vec(),
    };
    let mut stage = Stage {
        side,
        what,
        fixed,
        database,
        directory: site.installation.directory(),
        within: options.within,
        next,
    };
    let figures = contest::run(&mut stage, &contenders, options.rounds).await?;
    let ratios = ratio::of(&figures);
    Ok(Contest { title: format!("{} {what}", side.size), figures, ratios })
}

async fn start_again(site: Site, group: &Side, next: usize) -> Outcome<Restart> {
    eprintln!("  starting again");
    let Site { installation, server, side, .. } = site;
    server.stop().await?;
    let server = installation.serve().await?;
    let side = Side { process: server.process(), group: group.group.clone(), ..side };
    let restart = restart::watch(&server, &side, next).await?;
    server.stop().await?;
    Ok(restart)
}

async fn initial_sync(databases: &Databases, tenant: crate::options::Tenant) -> Outcome<Sync> {
    eprintln!("  initial sync");
    let installation = install(databases)?;
    let account = installation.bootstrap("load", SEATS)?;
    let server = installation.serve().await?;
    let sync = sync::run(&account.endpoint, tenant).await?;
    server.stop().await?;
    Ok(sync)
}

async fn ten_tenants(databases: &Databases, rate: f64, within: Duration) -> Outcome<Tenants> {
    let installation = install(databases)?;
    let mut all = Vec::new();
    for number in 0..TENANTS {
        let account = installation.bootstrap(&format!("tenant{number}"), SEATS)?;
        all.push(Tenant { endpoint: account.endpoint, users: 0 });
    }
    let server = installation.serve().await?;
    let tenants = tenants::run(&mut all, rate, TENANT_ROUNDS, within).await?;
    server.stop().await?;
    Ok(tenants)
}
