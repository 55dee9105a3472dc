//! Mail by SMTP (RFC 5321), with TLS (RFC 3207, RFC 8314).

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::DEFAULT_MECHANISMS;
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};

use super::message::Sender;
use super::smtp_url::{Protection, SmtpUrl};
use super::{Failure, Mail, Sending, Transport};

/// Time limit for connecting.
const CONNECT: Duration = Duration::from_secs(20);
/// Time limit for a server to confirm that an idle connection still works.
const ALIVE: Duration = Duration::from_secs(5);
/// Maximum number of idle connections.
const KEPT: usize = 4;
/// Replies that reject us as a client, whatever the mail is (RFC 4954).
const NOT_WELCOME: [u16; 5] = [421, 530, 534, 535, 538];

/// A mail server.
pub struct Smtp {
    url: SmtpUrl,
    tls: Option<TlsParameters>,
    sender: Sender,
    hello: ClientId,
    idle: Mutex<Vec<AsyncSmtpConnection>>,
}

impl Smtp {
    /// Prepares the transport; it connects when the first mail is sent. The certificate authorities
    /// in `authorities` (PEM) are trusted in addition to the system's.
    ///
    /// # Errors
    /// Fails if `authorities` cannot be parsed.
    pub fn new(url: SmtpUrl, sender: Sender, authorities: Option<&[u8]>) -> Result<Self, String> {
        let tls = match url.protection {
            Protection::Plain => None,
            _ => Some(tls(&url.host, authorities)?),
        };
        let hello = ClientId::Domain(sender.address().domain().to_owned());
        Ok(Self { url, tls, sender, hello, idle: Mutex::default() })
    }

    async fn deliver(&self, mail: &Mail) -> Result<(), Failure> {
        let message = self.sender.write(mail)?;
        let mut connection = match self.kept().await {
            Some(connection) => connection,
            None => self.connect().await.map_err(|error| {
                Failure::Unreachable(format!("the mail server cannot be used: {error}"))
            })?,
        };
        let sent = transfer(&mut connection, message.envelope(), &message.formatted()).await;
        // After a rejected mail the connection is reusable only if the server resets the transaction.
        let clean = sent.is_ok() || answers(connection.command(Rset)).await;
        if clean {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            if idle.len() < KEPT {
                idle.push(connection);
            }
        }
        sent
    }

    /// Takes an idle connection that still works, if there is one.
    async fn kept(&self) -> Option<AsyncSmtpConnection> {
        loop {
            let next = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut connection = next?;
            let works = tokio::time::timeout(ALIVE, connection.test_connected()).await;
            if works.unwrap_or(false) {
                return Some(connection);
            }
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let server = (self.url.host.as_str(), self.url.port);
        let (from_start, later) = match self.url.protection {
            Protection::Tls => (self.tls.clone(), None),
            _ => (None, self.tls.clone()),
        };
        let mut connection = AsyncSmtpConnection::connect_tokio1(
            server,
            Some(CONNECT),
            &self.hello,
            from_start,
            None,
        )
        .await?;
        if let Some(tls) = later
            && (self.url.protection == Protection::StartTls || connection.can_starttls())
        {
            connection.starttls(tls, &self.hello).await?;
        }
        if let Some(credentials) = &self.url.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }
}

impl Transport for Smtp {
    fn send<'a>(&'a self, mail: &'a Mail) -> Sending<'a> {
        Box::pin(self.deliver(mail))
    }
}

fn tls(host: &str, authorities: Option<&[u8]>) -> Result<TlsParameters, String> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(pem) = authorities {
        let authorities = Certificate::from_pem(pem).map_err(|error| error.to_string())?;
        builder = builder.add_root_certificate(authorities);
    }
    builder.build().map_err(|error| error.to_string())
}

/// Returns `true` if the command succeeds within [`ALIVE`].
async fn answers<T, E>(command: impl Future<Output = Result<T, E>>) -> bool {
    tokio::time::timeout(ALIVE, command).await.is_ok_and(|answer| answer.is_ok())
}

/// Sends one mail over a connection. A reply about the sender concerns the server as a whole; a
/// reply about the recipient or the content concerns only this mail.
async fn transfer(
    connection: &mut AsyncSmtpConnection,
    envelope: &Envelope,
    message: &[u8],
) -> Result<(), Failure> {
    let mut parameters = Vec::new();
    if envelope.to().iter().any(|address| !address.user().is_ascii()) {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            let text = "the mail server takes only addresses of ASCII letters (no SMTPUTF8)";
            return Err(Failure::Permanent(text.to_owned()));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    connection
        .command(MailFrom::new(envelope.from().cloned(), parameters))
        .await
        .map_err(|error| Failure::Unreachable(format!("the sender is refused: {error}")))?;
    for recipient in envelope.to() {
        connection.command(Rcpt::new(recipient.clone(), Vec::new())).await.map_err(of_this_mail)?;
    }
    connection.command(Data).await.map_err(of_this_mail)?;
    connection.message(message).await.map_err(of_this_mail)?;
    Ok(())
}

fn of_this_mail(error: Error) -> Failure {
    let status = error.status().map(u16::from);
    if status.is_some_and(|status| NOT_WELCOME.contains(&status)) {
        Failure::Unreachable(error.to_string())
    } else if error.is_permanent() {
        Failure::Permanent(error.to_string())
    } else {
        Failure::Temporary(error.to_string())
    }
}
