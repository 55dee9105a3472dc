//! A mail server on loopback that does what the test tells it to.

mod session;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use insomnia_scim::outside::mail::{Sender, Smtp, SmtpUrl, Transport};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use session::Session;

/// What happens to one mail instead of its being taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// This answer to `RCPT`.
    Recipient(u16),
    /// This answer to the content.
    Content(u16),
    /// The content is taken, and the connection ends without an answer.
    GoneAfterContent,
    /// The content is taken, and no answer ever comes.
    SilentAfterContent,
    /// The content is taken, and the answer comes after [`SmtpServer::release`].
    HeldAfterContent,
    /// This answer to `MAIL`.
    Sender(u16),
}

/// A mail as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    pub from: String,
    pub to: String,
    pub content: String,
    pub encrypted: bool,
    /// Who logged in, as `PLAIN` writes it.
    pub login: Option<String>,
}

impl Received {
    /// The value of a header.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let start = format!("{name}: ");
        let line = self.content.lines().find(|line| line.starts_with(&start));
        &line.unwrap_or_else(|| panic!("no {name} in {}", self.content))[start.len()..]
    }
}

/// How connections are protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    Plain,
    StartTls,
    Tls,
}

#[derive(Default)]
struct State {
    received: Vec<Received>,
    faults: VecDeque<Fault>,
    bad_recipients: Vec<(String, u16)>,
    down: bool,
    connections: usize,
}

/// The server. It stops with the value.
pub struct SmtpServer {
    pub port: u16,
    /// The certificate, as PEM, where there is TLS.
    pub certificate: String,
    state: Arc<Mutex<State>>,
    held: Arc<Notify>,
    hang_up: Arc<Notify>,
    contents: UnboundedReceiver<()>,
    task: JoinHandle<()>,
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl SmtpServer {
    pub async fn start(security: Security) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (certificate, acceptor) = tls();
        let state = Arc::new(Mutex::new(State::default()));
        let (arrived, contents) = unbounded_channel();
        let (shared, held) = (state.clone(), Arc::new(Notify::new()));
        let hang_up = Arc::new(Notify::new());
        let (release, end_all) = (held.clone(), hang_up.clone());
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                if shared.lock().unwrap().down {
                    continue;
                }
                shared.lock().unwrap().connections += 1;
                let (state, acceptor) = (shared.clone(), acceptor.clone());
                let (arrived, held) = (arrived.clone(), release.clone());
                let over = end_all.clone();
                tokio::spawn(async move {
                    let session = Session { state, arrived, held, encrypted: false, login: None };
                    let hung_up = over.notified();
                    // A client that goes away in the middle is what some tests are about.
                    tokio::select! {
                        _ = session.begin(stream, security, acceptor) => {}
                        () = hung_up => {}
                    }
                });
            }
        });
        Self { port, certificate, state, held, hang_up, contents, task }
    }

    /// A way to send to it, without protection.
    pub fn transport(&self) -> Arc<dyn Transport> {
        transport(&self.url(), None)
    }

    /// Its URL without protection.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}?starttls=off", self.port)
    }

    /// What was taken, oldest first.
    pub fn received(&self) -> Vec<Received> {
        self.state.lock().unwrap().received.clone()
    }

    /// The next mail that comes this far meets this.
    pub fn fail_next(&self, fault: Fault) {
        self.state.lock().unwrap().faults.push_back(fault);
    }

    /// Mail to this address is always answered so.
    pub fn refuse(&self, recipient: &str, code: u16) {
        self.state.lock().unwrap().bad_recipients.push((recipient.to_owned(), code));
    }

    /// Whether connections are ended before a word is said.
    pub fn set_down(&self, down: bool) {
        self.state.lock().unwrap().down = down;
    }

    /// Lets the answer that is held go.
    pub fn release(&self) {
        self.held.notify_one();
    }

    /// Ends all connections.
    pub async fn hang_up(&self) {
        self.hang_up.notify_waiters();
        // They end when this task lets theirs run.
        tokio::task::yield_now().await;
    }

    /// Connections so far.
    pub fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }

    /// Waits until the content of one more mail has come, whatever becomes of it.
    pub async fn content(&mut self) {
        let patience = std::time::Duration::from_secs(60);
        tokio::time::timeout(patience, self.contents.recv()).await.unwrap().unwrap();
    }
}

/// A way to send to the mail server at this URL.
pub fn transport(url: &str, authorities: Option<&str>) -> Arc<dyn Transport> {
    let sender = Sender::parse("Insomnia <no-reply@insomnia.example>").unwrap();
    let url = SmtpUrl::parse(url).unwrap();
    Arc::new(Smtp::new(url, sender, authorities.map(str::as_bytes)).unwrap())
}

/// A certificate of its own for 127.0.0.1.
fn tls() -> (String, TlsAcceptor) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    (made.cert.pem(), TlsAcceptor::from(Arc::new(config)))
}
