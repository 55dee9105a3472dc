//! The whole benchmark of one database: servers on fresh databases, which are gone afterwards
//! however it went.

use std::time::Duration;

use crate::Outcome;
use crate::contest::{self, Figure};
use crate::database::{Databases, Kind};
use crate::growth::{self, Row};
use crate::limits::database::Database;
use crate::limits::fixed::Fixed;
use crate::neighbours::{self, Neighbours};
use crate::options::Options;
use crate::ratio::{self, Ratio};
use crate::restart::{self, Restart};
use crate::scenario::{Compared, Side};
use crate::site::{self, SEATS, Site};
use crate::stage::Stage;
use crate::sync::{self, Sync};
use crate::tenants::{self, TENANTS, Tenant, Tenants};

/// The first number of requests under load; single requests have those before.
const UNDER_LOAD: usize = 1_000_000;
/// Ten tenants are watched in so many rounds, each ten times as long as one under load.
const TENANT_ROUNDS: usize = 3;

/// Everything that was measured on one database.
pub struct Results {
    pub kind: Kind,
    pub growth: Vec<Row>,
    pub contests: Vec<Contest>,
    pub neighbours: Neighbours,
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
        sites.push(site::filled(databases, *users, in_groups).await?);
    }
    let groups = site::groups(&sites, options).await?;
    eprintln!("{kind}: single requests");
    let users: Vec<Side> = sites.iter().map(|site| site.side.clone()).collect();
    let growth = growth::measure(&users, &groups, options.samples, options.bar).await?;
    eprintln!("{kind}: under load");
    for site in &mut sites {
        site.look().await?;
    }
    let mut limits = Limits { fixed: Fixed::start()?, options, next: UNDER_LOAD };
    let mut contests = Vec::new();
    let last = sites.pop().ok_or("there are no sizes")?;
    for site in sites {
        if !options.short {
            let side = &site.side;
            let mut database = site.database()?;
            contests.push(limits.contest(&site, &mut database, side, Compared::Users).await?);
        }
        site.server.stop().await?;
    }
    let mut database = last.database()?;
    contests.push(limits.contest(&last, &mut database, &last.side, Compared::Users).await?);
    let groups_measured = if options.short { &groups[groups.len() - 1..] } else { &groups };
    for group in groups_measured {
        contests.push(limits.contest(&last, &mut database, group, Compared::Members).await?);
    }
    let neighbours = neighbours::run(
        &last.other.endpoint,
        &last.side.endpoint,
        last.side.size,
        last.side.process,
        options.rounds,
        options.within * 2,
    )
    .await?;
    let next = limits.next;
    drop((limits, database));
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
    Ok(Results { kind, growth, contests, neighbours, restart, sync, tenants })
}

/// What is measured beside the servers.
struct Limits<'a> {
    fixed: Fixed,
    options: &'a Options,
    /// Numbers from here on have not been used.
    next: usize,
}

impl Limits<'_> {
    /// Measures everything under load: at the number of users, or of members of a group.
    async fn contest(
        &mut self,
        site: &Site,
        database: &mut Database,
        side: &Side,
        compared: Compared,
    ) -> Outcome<Contest> {
        let title = format!("{} {}", side.size, compared.word());
        eprintln!("  {title}");
        let mut contenders = match compared {
            Compared::Users => contest::USERS.to_vec(),
            Compared::Members => contest::MEMBERS.to_vec(),
        };
        if self.options.short {
            contenders.retain(ratio::needs);
        }
        let mut stage = Stage {
            side,
            fixed: &self.fixed,
            database,
            directory: site.installation.directory(),
            within: self.options.within,
            next: &mut self.next,
        };
        let figures = contest::run(&mut stage, &contenders, self.options.rounds).await?;
        let ratios = ratio::of(&figures);
        Ok(Contest { title, figures, ratios })
    }
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
    let installation = site::install(databases)?;
    let account = installation.bootstrap("load", SEATS)?;
    let server = installation.serve().await?;
    let sync = sync::run(&account.endpoint, tenant).await?;
    server.stop().await?;
    Ok(sync)
}

async fn ten_tenants(databases: &Databases, rate: f64, within: Duration) -> Outcome<Tenants> {
    let installation = site::install(databases)?;
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
