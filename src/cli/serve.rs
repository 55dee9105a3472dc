//! `serve`: migrates the database, then serves until SIGTERM or SIGINT.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use clap::builder::BoolishValueParser;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::signal::unix::{SignalKind, signal};

use super::error::CommandError;
use super::keys;
use super::runtime::block_on;
use crate::administration::sealing;
use crate::background::requests::Requests;
use crate::background::{self, Work};
use crate::config::{
    AddressSettings, BillingSettings, DatabaseSettings, DnsSettings, LimitSettings, MailSettings,
    NetworkSettings, SecretSettings, TlsSettings, TransportSettings,
};
use crate::enterprise::Clock;
use crate::enterprise::secret::{Keyring, SecretKey};
use crate::http::demo_idp::DemoIdp;
use crate::http::tls::Tls;
use crate::http::{self, Connections, Service, Site};
use crate::outside::dns::{Dns, ZoneFile};
use crate::outside::mail::Transport;
use crate::store::{self, Cost, DatabaseUrl, Opening, Store};

#[derive(Args, Clone, Debug)]
pub struct Arguments {
    #[command(flatten)]
    pub database: DatabaseSettings,
    #[command(flatten)]
    pub address: AddressSettings,
    #[command(flatten)]
    pub tls: TlsSettings,
    #[command(flatten)]
    pub dns: DnsSettings,
    #[command(flatten)]
    pub limits: LimitSettings,
    #[command(flatten)]
    pub mail: MailSettings,
    #[command(flatten)]
    pub network: NetworkSettings,
    #[command(flatten)]
    pub secrets: SecretSettings,
    #[command(flatten)]
    pub billing: BillingSettings,
    #[command(flatten)]
    pub transport: TransportSettings,
}

/// The arguments of `serve`.
#[derive(Args, Clone, Debug)]
pub struct ServeArguments {
    #[command(flatten)]
    pub common: Arguments,
    /// Create the database if it does not exist
    #[arg(long, env = "INSOMNIA_SCIM_CREATE", value_parser = BoolishValueParser::new())]
    create: bool,
}

pub fn run(arguments: &ServeArguments) -> Result<(), CommandError> {
    let opening = if arguments.create { Opening::Create } else { Opening::Existing };
    serve(&arguments.common, opening, || Ok(Additions::default()), |_, _| Ok(()))
}

/// What a command adds to what the settings say.
#[derive(Default)]
pub struct Additions {
    /// How mail is sent, if the settings do not say it.
    pub mail: Option<Arc<dyn Transport>>,
    /// TXT records for names that DNS never has.
    pub zone: Option<ZoneFile>,
    /// Whether the demo's identity provider is served, and may be connected to.
    pub idp: bool,
    /// Whether the page with the console's components is served.
    pub components: bool,
    /// The key that secrets are sealed with, if neither the settings nor the database bring one.
    pub key: Option<SecretKey>,
}

/// Logs an error if there are stored secrets that the server's keys cannot open.
fn warn_of_what_is_closed(store: &Store, keys: &Arc<Keyring>) -> Result<(), CommandError> {
    let keys = Arc::clone(keys);
    let looked = store.read(Cost::SERVER, move |conn| sealing::closed(conn, &keys));
    match block_on(looked)? {
        Ok((0, 0)) => {}
        Ok((mails, secrets)) => log::error!(
            "{mails} waiting mail(s) and {secrets} client secret(s) were sealed with another key \
             than this server has. Start it with INSOMNIA_SCIM_SECRET_KEY=THIS,OTHER; the mails wait \
             for three days"
        ),
        // The server works without this check.
        Err(error) => log::warn!("could not check for secrets sealed with another key: {error}"),
    }
    Ok(())
}

/// Extra time for the shutdown, after the time that requests in flight get.
const STOPPING: Duration = Duration::from_secs(5);

/// Checks the settings, calls `add`, opens the store, calls `prepare` with the store and the public
/// URL, then starts to serve.
pub fn serve(
    arguments: &Arguments,
    opening: Opening,
    add: impl FnOnce() -> Result<Additions, CommandError>,
    prepare: impl FnOnce(&Store, &str) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    let address = arguments.address.listen;
    let scheme = if arguments.tls.files().is_some() { "https" } else { "http" };
    let named = arguments.address.public_url(scheme, address);
    arguments.transport.check(&named).map_err(CommandError::Argument)?;
    let mail = arguments.mail.transport().map_err(CommandError::Argument)?;
    let database = arguments.database.database_url().map_err(CommandError::Argument)?;
    // Find all mistakes in the settings before anything is created.
    arguments.secrets.keys.keyring().map_err(CommandError::Argument)?;
    let listen = |error| CommandError::Listen { address, error };
    drop(TcpListener::bind(address).map_err(listen)?);
    let tls = arguments.tls.files().map(Tls::start).transpose()?;
    store::require(&database, opening)?;
    let Additions { mail: other_mail, zone, idp, components, key } = add()?;
    let mail = mail.or(other_mail);
    say_what_is_used(&database, mail.is_some());
    let mut claim = store::claim(&database)?;
    let store = Store::open(&database, opening, arguments.limits.sizes(), Clock::system())?;
    claim.note()?;
    let keys = seal(&store, keys::keyring(&arguments.secrets.keys, &database)?, key)?;
    // Listen only now, so that clients do not wait for the migration of the database.
    let listener = TcpListener::bind(address).map_err(listen)?;
    let listening = listener.local_addr().map_err(listen)?;
    let public_url = arguments.address.public_url(scheme, listening);
    prepare(&store, &public_url)?;
    let dns = Dns { zone, ..arguments.dns.dns() };
    let work = Work {
        store: store.clone(),
        public_url: public_url.clone(),
        mail,
        dns: Arc::new(dns.clone()),
        requests: Requests::default(),
    };
    let networks = arguments.network.idp_networks().and_own(idp.then_some(listening));
    let service = Service::new(store.clone(), public_url, arguments.limits.server_limits())
        .with_secrets(arguments.secrets.secrets().map_err(CommandError::Argument)?)
        .with_billing(arguments.billing.contacts())
        .with_secret_key(keys)
        .with_dns(dns)
        .with_idp_networks(networks)
        .with_proxies(arguments.network.trusted_proxies())
        .with_requests(work.requests.clone());
    let site = Site::from(service)
        .with_demo_idp(idp.then(DemoIdp::new).transpose()?)
        .with_components(components);
    open_files(arguments.limits.max_connections);
    let background = background::start(&work)?;
    drop(work);
    let connections = Connections { tls, ..arguments.limits.connections() };
    let workers = arguments.limits.workers.map(usize::from);
    let serving = until_told_to_stop(site, listener, workers, connections);
    actix_web::rt::System::new().block_on(serving)?;
    background.stop();
    store.close();
    log::info!("stopped");
    Ok(())
}

/// Logs where the database is, and whether mail is sent.
fn say_what_is_used(database: &DatabaseUrl, sends_mail: bool) {
    log::info!("database: {}", database.shown());
    if !sends_mail {
        log::warn!("mail is not sent, it waits in the database: {}", background::NO_MAIL);
    }
}

/// Gives the store the keys that it seals secrets with, and warns about what they cannot do.
fn seal(
    store: &Store,
    keys: Option<Arc<Keyring>>,
    other: Option<SecretKey>,
) -> Result<Option<Arc<Keyring>>, CommandError> {
    let keys = keys.or_else(|| other.map(|key| Arc::new(Keyring::from(key))));
    match &keys {
        Some(keys) => {
            store.seal_with(Arc::clone(keys));
            warn_of_what_is_closed(store, keys)?;
        }
        None => log::warn!(
            "waiting mails are stored with their links in plain text, and client secrets cannot be \
             stored: set INSOMNIA_SCIM_SECRET_KEY"
        ),
    }
    Ok(keys)
}

/// Serves until SIGTERM or SIGINT, then answers the requests in flight. Without a number of workers
/// there is one for each core.
async fn until_told_to_stop(
    site: Site,
    listener: TcpListener,
    workers: Option<usize>,
    connections: Connections,
) -> Result<(), CommandError> {
    let workers =
        workers.unwrap_or_else(|| std::thread::available_parallelism().map_or(2, usize::from));
    let listening = listener.local_addr()?;
    let shutdown = connections.shutdown;
    let server = http::serve(site, listener, workers, connections)
        .map_err(|error| CommandError::Listen { address: listening, error })?;
    // Before it is said that the server listens: a signal that nobody waits for ends the process at
    // once, without the answers to requests in flight.
    let (mut terminate, mut interrupt) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    log::info!("listening on {listening}");
    let handle = server.handle();
    actix_web::rt::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        log::info!("stopping: requests in flight are answered first");
        end_in_time(shutdown + STOPPING);
        handle.stop(true).await;
    });
    Ok(server.await?)
}

/// Number of files that the server opens besides client connections: logs, the database, its own
/// sockets.
const OWN_FILES: u64 = 256;

/// Raises the limit of open files to the maximum: every connection is an open file.
fn open_files(connections: u32) {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let current = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    };
    let needed = u64::from(connections) + OWN_FILES;
    if let Some(current) = current.filter(|current| *current < needed) {
        log::warn!(
            "the process may have {current} files open, fewer than --max-connections needs \
             ({needed}): raise that limit (ulimit -n), or lower --max-connections"
        );
    }
}

/// Ends the process after this time, even if the shutdown hangs. By then, no client can receive a
/// response any more.
fn end_in_time(time: Duration) {
    let end = move || {
        std::thread::sleep(time);
        log::error!("shutting down took longer than {} s; the process ends now", time.as_secs());
        std::process::exit(1);
    };
    if let Err(error) = std::thread::Builder::new().name("end".to_owned()).spawn(end) {
        log::error!("the time limit for shutting down cannot be enforced: {error}");
    }
}
