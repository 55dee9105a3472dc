//! A client that costs little: HTTP/1.1 over connections that stay open, all on the thread that
//! measures. Where client and server share two cores, what the client takes the server has not.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::Outcome;
use crate::request::Request;

const REQUEST_WITHIN: Duration = Duration::from_secs(300);

/// The interface of one account, by its address. Cheap to clone.
#[derive(Clone)]
pub struct Endpoint(Arc<Place>);

struct Place {
    address: SocketAddr,
    host: HeaderValue,
    /// Before every path.
    base: String,
    authorization: HeaderValue,
}

/// A request as it goes to the wire, made before the clock runs.
pub type Prepared = hyper::Request<Full<Bytes>>;

/// Status and body of an answer.
pub struct Answer {
    pub status: u16,
    pub bytes: Bytes,
}

impl Answer {
    /// The body as JSON; null where there is none.
    ///
    /// # Errors
    /// When it is not JSON.
    pub fn json(&self) -> Outcome<Value> {
        if self.bytes.is_empty() {
            return Ok(Value::Null);
        }
        Ok(serde_json::from_slice(&self.bytes)?)
    }
}

impl Endpoint {
    /// The interface at this base URL, which names an IP address and a port.
    ///
    /// # Errors
    /// When it does not, or when the token cannot be sent.
    pub fn new(base_url: &str, token: &str) -> Outcome<Self> {
        let rest = base_url.strip_prefix("http://").ok_or("the base URL is not http")?;
        let (host, base) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        Ok(Self(Arc::new(Place {
            address: host.parse()?,
            host: HeaderValue::from_str(host)?,
            base: base.trim_end_matches('/').to_owned(),
            authorization: HeaderValue::from_str(&format!("Bearer {token}"))?,
        })))
    }

    /// The request as it goes to the wire.
    ///
    /// # Errors
    /// When the path is none.
    pub fn prepare(&self, request: &Request) -> Outcome<Prepared> {
        let Place { host, base, authorization, .. } = &*self.0;
        let mut builder = hyper::Request::builder()
            .method(request.method)
            .uri(format!("{base}{}", request.path))
            .header(HOST, host)
            .header(AUTHORIZATION, authorization)
            .header(ACCEPT, "application/scim+json");
        let body = match &request.body {
            Some(body) => {
                builder = builder.header(CONTENT_TYPE, "application/scim+json");
                Bytes::from(serde_json::to_vec(body)?)
            }
            None => Bytes::new(),
        };
        Ok(builder.body(Full::new(body))?)
    }

    /// A connection, which is opened when it is first used.
    pub fn connection(&self) -> Connection {
        Connection { endpoint: self.clone(), sender: None }
    }
}

/// One connection: one request after the other. Opened again when the server has closed it.
pub struct Connection {
    endpoint: Endpoint,
    sender: Option<SendRequest<Full<Bytes>>>,
}

impl Connection {
    /// Sends a request; returns the answer when its last byte is here.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn send(&mut self, request: Prepared) -> Outcome<Answer> {
        tokio::time::timeout(REQUEST_WITHIN, self.exchange(request))
            .await
            .map_err(|_| "a request was not answered in time")?
    }

    /// Opens the connection, so that the first request need not.
    ///
    /// # Errors
    /// When nobody listens.
    pub async fn open(&mut self) -> Outcome<()> {
        self.sender = Some(connect(self.endpoint.0.address).await?);
        Ok(())
    }

    /// Hangs up; the same connection, not yet opened.
    pub fn again(self) -> Self {
        self.endpoint.connection()
    }

    async fn exchange(&mut self, mut request: Prepared) -> Outcome<Answer> {
        loop {
            let idle = match &mut self.sender {
                Some(sender) => sender.ready().await.is_ok(),
                None => false,
            };
            if !idle {
                self.open().await?;
            }
            let Some(sender) = &mut self.sender else { continue };
            match sender.try_send_request(request).await {
                Ok(response) => {
                    let status = response.status().as_u16();
                    let bytes = response.into_body().collect().await?.to_bytes();
                    return Ok(Answer { status, bytes });
                }
                // Closed while it was idle: nothing of the request has left.
                Err(mut error) => match error.take_message() {
                    Some(unsent) => {
                        request = unsent;
                        self.sender = None;
                    }
                    None => return Err(error.into_error().into()),
                },
            }
        }
    }

    /// Sends a request; returns the answer and the time from sending to its last byte.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn call(&mut self, request: &Request) -> Outcome<(Answer, Duration)> {
        let prepared = self.endpoint.prepare(request)?;
        let started = Instant::now();
        let answer = self.send(prepared).await?;
        Ok((answer, started.elapsed()))
    }

    /// Sends a request whose time does not matter.
    ///
    /// # Errors
    /// For any status but a success.
    pub async fn succeed(&mut self, request: &Request) -> Outcome<Value> {
        let (answer, _) = self.call(request).await?;
        if (200..300).contains(&answer.status) {
            return answer.json();
        }
        let (Request { method, path, .. }, status) = (request, answer.status);
        let body = String::from_utf8_lossy(&answer.bytes);
        Err(format!("{method} {path}: {status} {}", body.chars().take(500).collect::<String>())
            .into())
    }
}

async fn connect(address: SocketAddr) -> Outcome<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(async move {
        // What goes wrong here, the sender says.
        let _ = connection.await;
    });
    Ok(sender)
}
