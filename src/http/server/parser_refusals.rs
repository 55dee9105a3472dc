//! Bodies for the refusals of the HTTP parser: requests that are too malformed to reach a handler,
//! such as those with unencoded quotes or spaces in the URL. actix-web answers them with a bare
//! status line, below all middleware, so the answer is replaced here, on its way out: an error in
//! the form of the protocol, a request id, and an entry in the logs.
//!
//! Every answer of a handler has a request id ([`super::request_log`]). An answer without one at
//! the start of a write is therefore the parser's, and the last of its connection. Incoming bytes
//! are not changed. The beginning of each request is kept, to know which endpoint it was for.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_http::Protocol;
use actix_web::web::Data;
use serde_json::json;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use uuid::Uuid;

use crate::background::requests::Request;
use crate::enterprise::masking;
use crate::http::base::answer_headers;
use crate::http::base::sound::{Flaw, LONGEST_TARGET, too_long};
use crate::http::base::state::Service;
use crate::scim::MEDIA_TYPE;
use crate::scim::ScimError;

/// The number of bytes that are kept of each request.
const REMEMBERED: usize = 512;

/// The maximum length of a bare answer: status line, length and date.
const LONGEST_BARE: usize = 256;

/// A connection whose bare refusals get a body.
pub struct Connection<T> {
    io: T,
    service: Data<Service>,
    /// Whether the connection speaks HTTP/1.1. The parser of HTTP/2 answers only with its own
    /// frames.
    is_text: bool,
    asked: Asked,
    /// The unsent rest of a replaced answer.
    unsent: Vec<u8>,
}

/// What is known of the latest request.
#[derive(Debug, Default)]
struct Asked {
    /// The first bytes of the request.
    start: Vec<u8>,
    /// The length of the request line, as far as it has arrived.
    line: usize,
    /// Whether the request line has arrived completely.
    whole: bool,
}

impl<T> Connection<T> {
    pub fn new(io: T, protocol: Protocol, service: Data<Service>) -> Self {
        let is_text = protocol != Protocol::Http2;
        Self { io, service, is_text, asked: Asked::default(), unsent: Vec::new() }
    }
}

impl Asked {
    /// Records received bytes.
    fn note(&mut self, bytes: &[u8]) {
        if begins_request(bytes) {
            self.start.clear();
            self.start.extend_from_slice(bytes.get(..REMEMBERED).unwrap_or(bytes));
            (self.line, self.whole) = (0, false);
        }
        if !self.whole {
            let end = bytes.iter().position(|byte| *byte == b'\n');
            self.whole = end.is_some();
            self.line += end.unwrap_or(bytes.len());
        }
    }

    /// Returns method, path and query, as far as they can be parsed.
    fn target(&self) -> (&str, &str, &str) {
        let start = std::str::from_utf8(&self.start).unwrap_or_else(|error| {
            let valid = self.start.get(..error.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(valid).unwrap_or_default()
        });
        let line = start.lines().next().unwrap_or_default();
        let (method, rest) = line.split_once(' ').unwrap_or_default();
        let target = rest.rsplit_once(" HTTP/").map_or(rest, |(target, _)| target);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        (method, path, query)
    }

    /// Returns the likely reason for the parser's refusal, and the status for it.
    fn flaw(&self, status: u16) -> Flaw {
        if self.line > LONGEST_TARGET {
            return too_long(self.line);
        }
        let (_, path, query) = self.target();
        let unfit = |c: char| !c.is_ascii_graphic() || matches!(c, '"' | '<' | '>');
        let unfit_path = |c: char| unfit(c) || matches!(c, '{' | '}' | '`' | '^');
        let found =
            path.chars().find(|c| unfit_path(*c)).or_else(|| query.chars().find(|c| unfit(*c)));
        let detail = match (status, found) {
            (400, Some(found)) => {
                let mut code = [0; 4];
                let code = found.encode_utf8(&mut code).bytes().map(|byte| format!("%{byte:02X}"));
                let code: String = code.collect();
                format!(
                    "The URL has a character that has to be percent-encoded: {found:?} is {code}. \
                     Encode the path and each value of the query."
                )
            }
            (431, _) => "The request's headers are too long.".to_owned(),
            (408, _) => "The request did not arrive completely in time.".to_owned(),
            _ => "The request is not well-formed HTTP/1.1.".to_owned(),
        };
        Flaw { status, detail }
    }
}

/// Returns `true` if these bytes can begin a request: a method, a space and a path.
fn begins_request(bytes: &[u8]) -> bool {
    if !bytes.first().is_some_and(u8::is_ascii_uppercase) {
        return false;
    }
    let method = bytes.iter().take(8).take_while(|byte| byte.is_ascii_uppercase()).count();
    bytes.get(method..method + 2) == Some(b" /")
}

/// A refusal of the parser.
#[derive(Debug, PartialEq)]
struct Bare<'a> {
    status: u16,
    /// The `Date` header, which the answer must keep (RFC 9110 §6.6.1).
    date: &'a str,
}

/// Finds the parser's refusal at the end of written bytes and returns where it begins. It is a head
/// of only these lines, without a request id or content. An answer of a handler cannot end like
/// this: its head has the id, and its content is not such lines.
fn bare(bytes: &[u8]) -> Option<(usize, Bare<'_>)> {
    if !bytes.ends_with(b"\r\n\r\n") {
        return None;
    }
    let from = bytes.len().saturating_sub(LONGEST_BARE);
    let tail = bytes.get(from..)?;
    let start = tail.windows(7).rposition(|window| window == b"HTTP/1.")?;
    let mut lines = std::str::from_utf8(tail.get(start..)?).ok()?.trim_end().split("\r\n");
    let (_, status) = lines.next()?.split_once(' ')?;
    let (code, said) = status.split_once(' ')?;
    let status: u16 = code.parse().ok().filter(|status| *status >= 400)?;
    let (mut date, mut is_empty) = ("", false);
    for line in lines {
        match line.to_ascii_lowercase().split_once(": ")? {
            ("content-length", "0") => is_empty = true,
            ("date", _) => date = line,
            ("connection", _) => {}
            _ => return None,
        }
    }
    (is_empty && !date.is_empty() && said == reason(status))
        .then_some((from + start, Bare { status, date }))
}

impl<T> Connection<T> {
    /// Builds the answer that replaces a bare one, and logs it.
    fn answer(&self, bare: &Bare<'_>) -> Vec<u8> {
        let Flaw { status, detail } = self.asked.flaw(bare.status);
        let (method, path, query) = self.asked.target();
        let id = Uuid::now_v7().simple().to_string();
        let scim = path.strip_prefix("/scim/v2/");
        let (media_type, body) = match scim {
            Some(_) => (MEDIA_TYPE, ScimError::new(status, detail.as_str()).to_json()),
            None => (
                "application/problem+json",
                json!({
                    "type": "urn:insomnia:problem:bad-request",
                    "title": reason(status),
                    "status": status,
                    "detail": detail,
                }),
            ),
        };
        let body = body.to_string();
        log::info!(
            target: "insomnia_scim::request",
            "method={} route=unknown status={status} duration_us=0 request_id={id}",
            if method.is_empty() { "unknown" } else { method },
        );
        // An invalid method gets no metric of its own.
        self.service.metrics.count("unknown", "unknown", status, Duration::ZERO);
        if let Some((connector, rest)) = scim.map(|scim| scim.split_once('/').unwrap_or((scim, "")))
            && masking::is_our_id(connector)
            && self.service.strangers.spend(&connector).is_ok()
        {
            self.service.requests.push(Request {
                connector: connector.to_owned(),
                at: self.service.store.clock().now(),
                method: method.to_owned(),
                path: format!("/{rest}"),
                query: match query {
                    "" => Vec::new(),
                    query => vec![("unreadable".to_owned(), query.to_owned())],
                },
                status,
                detail: Some(detail),
                request_id: Some(id.clone()),
                response_bytes: body.len(),
                response_body: Some(body.clone().into_bytes()),
                ..Request::default()
            });
        }
        let always: String = answer_headers::ALWAYS
            .iter()
            .map(|(name, value)| format!("{name}: {}\r\n", value.to_str().unwrap_or_default()))
            .collect();
        format!(
            "HTTP/1.1 {status} {}\r\ncontent-type: {media_type}\r\ncontent-length: {}\r\n\
             x-request-id: {id}\r\n{always}connection: close\r\n{}\r\n\r\n{body}",
            reason(status),
            body.len(),
            bare.date,
        )
        .into_bytes()
    }
}

fn reason(status: u16) -> &'static str {
    let status = actix_web::http::StatusCode::from_u16(status).ok();
    status.and_then(|status| status.canonical_reason()).unwrap_or("Error")
}

impl<T: AsyncRead + Unpin> AsyncRead for Connection<T> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        ready!(Pin::new(&mut this.io).poll_read(context, buffer))?;
        if this.is_text {
            this.asked.note(buffer.filled().get(before..).unwrap_or_default());
        }
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> Connection<T> {
    /// Sends the unsent rest of a replaced answer.
    fn poll_unsent(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.unsent.is_empty() {
            match ready!(Pin::new(&mut self.io).poll_write(context, &self.unsent))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                sent => _ = self.unsent.drain(..sent),
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Connection<T> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        ready!(this.poll_unsent(context))?;
        match bare(bytes).filter(|_| this.is_text) {
            // The answer to an earlier request goes first.
            Some((start, _)) if start > 0 => {
                let before = bytes.get(..start).unwrap_or(bytes);
                Pin::new(&mut this.io).poll_write(context, before)
            }
            Some((_, bare)) => {
                this.unsent = this.answer(&bare);
                // What cannot be sent now is sent before the connection is flushed or closed.
                if let Poll::Ready(Err(error)) = this.poll_unsent(context) {
                    return Poll::Ready(Err(error));
                }
                Poll::Ready(Ok(bytes.len()))
            }
            None => Pin::new(&mut this.io).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_unsent(context))?;
        Pin::new(&mut this.io).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_unsent(context))?;
        Pin::new(&mut this.io).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pieces: &[&str]) -> Asked {
        let mut asked = Asked::default();
        pieces.iter().for_each(|piece| asked.note(piece.as_bytes()));
        asked
    }

    #[test]
    fn only_what_the_parser_answers_is_bare() {
        let answer = "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\ndate: x\r\n\r\n";
        let status = |answer: &str| bare(answer.as_bytes()).map(|(_, bare)| bare.status);
        let expected = Bare { status: 400, date: "date: x" };
        assert_eq!(bare(answer.as_bytes()), Some((0, expected)));
        let before = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
        let both = format!("{before}{answer}");
        assert_eq!(bare(both.as_bytes()).map(|(start, _)| start), Some(before.len()));
        assert_eq!(status(&answer.replace("date", "connection: close\r\ndate")), Some(400));
        for other in [
            answer.replace("date", "x-request-id: 1\r\ndate"),
            answer.replace("400 Bad Request", "200 OK"),
            answer.replace("400 Bad Request", "400 Something"),
            answer.replace("length: 0", "length: 5"),
            answer.replace("\r\ndate: x", ""),
            format!("{answer}x"),
            answer.replace("date: x", &"x".repeat(300)),
            answer.replace("date: x", "date: x\r\n0"),
            before.replace("{}", ""),
            "HTTP/1.1 204 No Content\r\nx-request-id: 1\r\ndate: x\r\n\r\n".to_owned(),
            String::new(),
        ] {
            assert_eq!(status(&other), None, "{other}");
        }
    }

    #[test]
    fn the_request_that_came_last_is_known() {
        let one = asked(&["GET /scim/v2/c/Users?filter=a eq \"b\" HTTP/1.1\r\nhost: x\r\n\r\n"]);
        assert_eq!(one.target(), ("GET", "/scim/v2/c/Users", "filter=a eq \"b\""));
        assert!(one.flaw(400).detail.contains("' ' is %20"), "{:?}", one.flaw(400));
        let quotes = asked(&["POST /a HTTP/1.1\r\n\r\n{\"x\": 1}", "GET /b?c=\"d\" HTTP/1.1\r\n"]);
        assert_eq!(quotes.target(), ("GET", "/b", "c=\"d\""));
        assert!(quotes.flaw(400).detail.contains("is %22"), "{:?}", quotes.flaw(400));
        let split = asked(&["GET /", &"x".repeat(9000), "x HTTP/1.1\r\n", "host: x\r\n"]);
        assert_eq!(split.flaw(431).status, 414);
        assert_eq!(asked(&["GET /a HTTP/1.1\r\n"]).flaw(431).status, 431);
        for nothing in [&["\x16\x03\x01"][..], &["get / HTTP/1.1\r\n"], &["GET"], &[""]] {
            assert_eq!(asked(nothing).target(), ("", "", ""), "{nothing:?}");
            assert_eq!(asked(nothing).flaw(400).status, 400);
        }
    }
}
