//! One conversation with a client, as the mail server leads it.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedSender;
use tokio_rustls::TlsAcceptor;

use super::{Fault, Received, Security, State};

pub struct Session {
    pub state: Arc<Mutex<State>>,
    pub arrived: UnboundedSender<()>,
    pub held: Arc<Notify>,
    pub encrypted: bool,
    pub login: Option<String>,
}

/// How a part of a conversation ended.
enum End {
    Over,
    StartTls,
}

impl Session {
    pub async fn begin(
        mut self,
        stream: TcpStream,
        security: Security,
        acceptor: TlsAcceptor,
    ) -> std::io::Result<()> {
        if security == Security::Tls {
            self.encrypted = true;
            let stream = acceptor.accept(stream).await?;
            return self.talk(&mut BufReader::new(stream), true, false).await.map(drop);
        }
        let mut stream = BufReader::new(stream);
        let offer = security == Security::StartTls;
        if let End::StartTls = self.talk(&mut stream, true, offer).await? {
            self.encrypted = true;
            let stream = acceptor.accept(stream.into_inner()).await?;
            self.talk(&mut BufReader::new(stream), false, false).await?;
        }
        Ok(())
    }

    async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        stream: &mut BufReader<S>,
        greet: bool,
        offer_tls: bool,
    ) -> std::io::Result<End> {
        if greet {
            say(stream, "220 mail.test").await?;
        }
        let (mut from, mut to) = (String::new(), String::new());
        loop {
            let line = read_line(stream).await?;
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match verb.to_ascii_uppercase().as_str() {
                "" => return Ok(End::Over),
                "EHLO" => {
                    let tls = if offer_tls { "250-STARTTLS\r\n" } else { "" };
                    let text = format!("250-mail.test\r\n{tls}250-8BITMIME\r\n250 AUTH PLAIN");
                    say(stream, &text).await?;
                }
                "STARTTLS" if offer_tls => {
                    say(stream, "220 go on").await?;
                    return Ok(End::StartTls);
                }
                "AUTH" => {
                    self.login = Some(rest.trim_start_matches("PLAIN ").to_owned());
                    say(stream, "235 welcome").await?;
                }
                "MAIL" => {
                    from = between(rest);
                    let code = self.fault(|fault| match fault {
                        Fault::Sender(code) => Some(code),
                        _ => None,
                    });
                    say(stream, &format!("{} sender", code.unwrap_or(250))).await?;
                }
                "RCPT" => {
                    to = between(rest);
                    let code = self.answer_to_recipient(&to);
                    say(stream, &format!("{code} recipient")).await?;
                }
                "DATA" => {
                    say(stream, "354 go on").await?;
                    let content = read_content(stream).await?;
                    let received = Received {
                        from: from.clone(),
                        to: to.clone(),
                        content,
                        encrypted: self.encrypted,
                        login: self.login.clone(),
                    };
                    if !self.take(stream, received).await? {
                        return Ok(End::Over);
                    }
                }
                "QUIT" => {
                    say(stream, "221 bye").await?;
                    return Ok(End::Over);
                }
                "NOOP" | "RSET" => say(stream, "250 ok").await?,
                _ => say(stream, "500 what?").await?,
            }
        }
    }

    /// The next fault, if it is of this kind.
    fn fault<T>(&self, kind: impl Fn(Fault) -> Option<T>) -> Option<T> {
        let mut state = self.state.lock().unwrap();
        let found = state.faults.front().copied().and_then(kind)?;
        state.faults.pop_front();
        Some(found)
    }

    fn answer_to_recipient(&self, to: &str) -> u16 {
        let state = self.state.lock().unwrap();
        let bad = state.bad_recipients.iter().find(|(bad, _)| bad == to).map(|(_, code)| *code);
        drop(state);
        let once = || {
            self.fault(|fault| match fault {
                Fault::Recipient(code) => Some(code),
                _ => None,
            })
        };
        bad.or_else(once).unwrap_or(250)
    }

    /// Whether the conversation goes on.
    async fn take<S: AsyncWrite + Unpin>(
        &self,
        stream: &mut S,
        received: Received,
    ) -> std::io::Result<bool> {
        let fault = self.fault(Some);
        if !matches!(fault, Some(Fault::Content(_))) {
            self.state.lock().unwrap().received.push(received);
        }
        let _ = self.arrived.send(());
        match fault {
            Some(Fault::Content(code)) => say(stream, &format!("{code} content")).await?,
            Some(Fault::GoneAfterContent) => return Ok(false),
            Some(Fault::HeldAfterContent) => {
                self.held.notified().await;
                say(stream, "250 taken").await?;
            }
            Some(Fault::SilentAfterContent) => std::future::pending().await,
            _ => say(stream, "250 taken").await?,
        }
        Ok(true)
    }
}

async fn say<S: AsyncWrite + Unpin>(stream: &mut S, text: &str) -> std::io::Result<()> {
    stream.write_all(format!("{text}\r\n").as_bytes()).await?;
    stream.flush().await
}

async fn read_line<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> std::io::Result<String> {
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    Ok(line.trim_end().to_owned())
}

async fn read_content<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> std::io::Result<String> {
    let mut content = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == ".\r\n" {
            return Ok(content);
        }
        content.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

/// What stands in angle brackets.
fn between(text: &str) -> String {
    let inner = text.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map(|(inner, _)| inner.to_owned()).unwrap_or_default()
}
