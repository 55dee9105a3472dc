//! TLS for servers without a proxy in front. Certificate and key are files, which are read again
//! when they change.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock, Weak};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use actix_http::Protocol;
use actix_web::rt::net::TcpStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::server::TlsStream;

/// The timeout of a handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// The interval between two checks whether the files have changed.
const ROUND: Duration = Duration::from_secs(1);
/// The ALPN name of HTTP/2 (RFC 9113 §3.2).
const H2: &[u8] = b"h2";

/// The reason why TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read, or does not hold what it should.
    #[error("{}: {what}", file.display())]
    File {
        /// The file's path.
        file: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The private key does not belong to the certificate.
    #[error("the key in {} does not belong to the certificate in {}: {what}", key.display(), certificate.display())]
    Apart {
        /// The path of the certificate.
        certificate: PathBuf,
        /// The path of the key.
        key: PathBuf,
        /// The error of the TLS library.
        what: String,
    },
    /// The TLS library has refused the configuration.
    #[error("TLS: {0}")]
    Library(#[from] tokio_rustls::rustls::Error),
    /// The operating system has returned an error.
    #[error("TLS: {0}")]
    System(#[from] io::Error),
}

/// The paths of certificate and key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// The certificate and its chain of intermediate certificates, in PEM.
    pub certificate: PathBuf,
    /// The private key of the certificate, in PEM.
    pub key: PathBuf,
}

impl Files {
    fn load(&self, provider: &CryptoProvider) -> Result<CertifiedKey, TlsError> {
        let failed = |file: &Path, what: String| TlsError::File { file: file.to_owned(), what };
        let chain: Vec<_> = CertificateDer::pem_file_iter(&self.certificate)
            .and_then(Iterator::collect)
            .map_err(|error| failed(&self.certificate, format!("no certificate: {error}")))?;
        if chain.is_empty() {
            return Err(failed(&self.certificate, "it has no certificate in PEM".to_owned()));
        }
        let key = PrivateKeyDer::from_pem_file(&self.key)
            .map_err(|error| failed(&self.key, format!("it has no private key in PEM: {error}")))?;
        CertifiedKey::from_der(chain, key, provider).map_err(|error| TlsError::Apart {
            certificate: self.certificate.clone(),
            key: self.key.clone(),
            what: error.to_string(),
        })
    }

    /// Returns modification time and length of both files, which change with the files.
    fn stamp(&self) -> [Option<(SystemTime, u64)>; 2] {
        [&self.certificate, &self.key].map(|file| {
            let file = fs::metadata(file).ok()?;
            Some((file.modified().ok()?, file.len()))
        })
    }
}

/// The certificate in use.
#[derive(Debug)]
struct CurrentCertificate(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for CurrentCertificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        // A poisoned lock is harmless: no holder can leave the certificate half changed.
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// The TLS configuration of one server. Clones share the same certificate.
#[derive(Clone)]
pub struct Tls(TlsAcceptor);

impl Tls {
    /// Loads these files for TLS 1.2 and 1.3, and loads them again whenever they change.
    ///
    /// # Errors
    /// Fails if a file cannot be used; [`TlsError`] names it and what is wrong.
    pub fn start(files: Files) -> Result<Self, TlsError> {
        let provider = Arc::new(ring::default_provider());
        let stamp = files.stamp();
        let shown = Arc::new(CurrentCertificate(RwLock::new(Arc::new(files.load(&provider)?))));
        let mut config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&shown) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![H2.to_vec(), b"http/1.1".to_vec()];
        let weak = Arc::downgrade(&shown);
        std::thread::Builder::new()
            .name("certificates".to_owned())
            .spawn(move || follow(&files, stamp, &weak, &provider))?;
        Ok(Self(TlsAcceptor::from(Arc::new(config))))
    }

    /// Runs the handshake and returns the encrypted connection and the negotiated protocol.
    ///
    /// # Errors
    /// Fails if the client does not complete the handshake in time.
    pub async fn accept(&self, io: TcpStream) -> io::Result<(Stream, Protocol)> {
        let handshake = tokio::time::timeout(HANDSHAKE, self.0.accept(io));
        let stream = handshake.await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        let protocol = match stream.get_ref().1.alpn_protocol() {
            Some(H2) => Protocol::Http2,
            _ => Protocol::Http1,
        };
        Ok((Stream::Tls(Box::new(stream)), protocol))
    }
}

/// Reloads the files whenever they have changed, as long as the server lives. Files that cannot be
/// used change nothing: perhaps only one of the two has been written yet.
fn follow(
    files: &Files,
    mut stamp: [Option<(SystemTime, u64)>; 2],
    shown: &Weak<CurrentCertificate>,
    provider: &CryptoProvider,
) {
    loop {
        std::thread::sleep(ROUND);
        let Some(shown) = shown.upgrade() else { return };
        let now = files.stamp();
        if now == stamp {
            continue;
        }
        stamp = now;
        match files.load(provider) {
            Ok(loaded) => {
                *shown.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(loaded);
                log::info!("the certificate was read again: {}", files.certificate.display());
            }
            Err(error) => log::error!("the certificate from before stays in use: {error}"),
        }
    }
}

/// A client connection, with or without TLS.
pub enum Stream {
    /// An unencrypted connection.
    Plain(TcpStream),
    /// A TLS connection.
    Tls(Box<TlsStream<TcpStream>>),
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(io) => Pin::new(io).poll_read(context, buffer),
            Self::Tls(io) => Pin::new(io).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(io) => Pin::new(io).poll_write(context, bytes),
            Self::Tls(io) => Pin::new(io).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(io) => Pin::new(io).poll_flush(context),
            Self::Tls(io) => Pin::new(io).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(io) => Pin::new(io).poll_shutdown(context),
            Self::Tls(io) => Pin::new(io).poll_shutdown(context),
        }
    }
}
