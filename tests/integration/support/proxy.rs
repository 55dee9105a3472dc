//! A TCP proxy between a server and its database, which the test lets go silent, break or refuse.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use insomnia_scim::store::DatabaseUrl;
use url::Url;

use super::Database;

/// What happens to a connection that is made now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newcomers {
    /// It goes through.
    Pass,
    /// It is accepted, and nothing comes back.
    Swallowed,
    /// The server lets it in, and then nothing comes back.
    LetIn,
    /// It is closed at once.
    Refused,
}

struct State {
    newcomers: Newcomers,
    links: Vec<Link>,
}

/// One connection, and whether what comes is swallowed.
struct Link {
    silent: Arc<AtomicBool>,
    ends: [TcpStream; 2],
}

/// A proxy. It closes everything with the value.
pub struct Proxy {
    state: Arc<Mutex<State>>,
    stopped: Arc<AtomicBool>,
    address: SocketAddr,
    url: String,
}

impl Proxy {
    /// In front of the server of this PostgreSQL database.
    pub fn in_front_of(database: &Database) -> Self {
        let DatabaseUrl::Postgres(url) = &database.url else { panic!("only PostgreSQL is far") };
        let mut url = Url::parse(url).unwrap();
        let host = (url.host_str().unwrap().to_owned(), url.port().unwrap_or(5432));
        let target = host.to_socket_addrs().unwrap().next().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(address.port())).unwrap();
        let state = Arc::new(Mutex::new(State { newcomers: Newcomers::Pass, links: Vec::new() }));
        let stopped = Arc::new(AtomicBool::new(false));
        let (shared, end) = (Arc::clone(&state), Arc::clone(&stopped));
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if end.load(Ordering::SeqCst) {
                    return;
                }
                let newcomers = shared.lock().unwrap().newcomers;
                if newcomers == Newcomers::Refused {
                    continue;
                }
                let Ok(server) = TcpStream::connect(target) else { continue };
                let silent = Arc::new(AtomicBool::new(newcomers == Newcomers::Swallowed));
                let ends = [client.try_clone().unwrap(), server.try_clone().unwrap()];
                shared.lock().unwrap().links.push(Link { silent: Arc::clone(&silent), ends });
                let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                let mute = Arc::clone(&silent);
                std::thread::spawn(move || pump(from, to, &mute, None));
                let last = (newcomers == Newcomers::LetIn).then_some(READY_FOR_QUERY);
                std::thread::spawn(move || pump(server, client, &silent, last));
            }
        });
        Self { state, stopped, address, url: url.to_string() }
    }

    /// The database's URL through the proxy.
    pub fn url(&self) -> &str {
        &self.url
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// From now on the connections that there are swallow what comes.
    pub fn silence(&self) {
        for link in &self.state().links {
            link.silent.store(true, Ordering::SeqCst);
        }
    }

    /// Breaks all connections.
    pub fn cut(&self) {
        for link in self.state().links.drain(..) {
            for end in link.ends {
                // It may be closed already.
                let _ = end.shutdown(Shutdown::Both);
            }
        }
    }

    /// What happens to those who connect.
    pub fn newcomers(&self, newcomers: Newcomers) {
        self.state().newcomers = newcomers;
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        self.cut();
        // Wakes the listener.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
    }
}

/// The message by which PostgreSQL says that it has let somebody in.
const READY_FOR_QUERY: &[u8] = b"Z\0\0\0\x05I";

/// Passes on what comes, until the link is silent; it is after the `last` message.
fn pump(mut from: TcpStream, mut to: TcpStream, silent: &AtomicBool, last: Option<&[u8]>) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut bytes) {
        if !silent.load(Ordering::SeqCst) && to.write_all(&bytes[..length]).is_err() {
            break;
        }
        if last.is_some_and(|last| bytes[..length].ends_with(last)) {
            silent.store(true, Ordering::SeqCst);
        }
    }
    // A silent connection does not tell the other side that it has ended.
    if !silent.load(Ordering::SeqCst) {
        let _ = to.shutdown(Shutdown::Both);
    }
}
