//! A server that answers every request with the same 600 bytes of JSON: this program, started again
//! with a hidden argument.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use actix_web::{App, HttpResponse, HttpServer, web};
use serde_json::json;

use crate::Outcome;
use crate::client::{Answer, Endpoint};
use crate::load::{self, Load, Run};
use crate::request::Request;

/// What makes this program that server.
pub const ARGUMENT: &str = "--answer-fixed-json";
const LENGTH: usize = 600;

/// The server, running in a process of its own.
pub struct Fixed {
    process: Child,
    endpoint: Endpoint,
}

impl Fixed {
    /// Starts the server.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start() -> Outcome<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .arg(ARGUMENT)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut base_url = String::new();
        let output = process.stdout.take().ok_or("the server has no output")?;
        BufReader::new(output).read_line(&mut base_url)?;
        let endpoint = Endpoint::new(base_url.trim(), "none")?;
        Ok(Self { process, endpoint })
    }

    /// How many requests it answers.
    ///
    /// # Errors
    /// When it does not answer what it should.
    pub async fn load(&self, connections: usize, within: Duration) -> Outcome<Load> {
        let requests = [self.endpoint.prepare(&Request::get("/"))?];
        let run = Run {
            endpoint: &self.endpoint,
            process: self.process.id(),
            connections,
            within,
            requests: &requests,
            again: true,
        };
        let right = |_, answer: &Answer| match (answer.status, answer.bytes.len()) {
            (200, LENGTH) => Ok(()),
            (status, length) => Err(format!("fixed JSON: {status} with {length} bytes").into()),
        };
        load::drive(run, &right).await
    }
}

impl Drop for Fixed {
    fn drop(&mut self) {
        // Both fail only when the process has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Serves until standard input is closed, with as many workers as the product takes by itself.
///
/// # Errors
/// When it cannot listen.
pub fn serve() -> Outcome<()> {
    let text =
        |filling: usize| json!({"userName": "user@load.example", "note": "x".repeat(filling)});
    let body: &'static str = text(LENGTH - text(0).to_string().len()).to_string().leak();
    let answer =
        move || async move { HttpResponse::Ok().content_type("application/scim+json").body(body) };
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::spawn(|| {
        // Whatever ends the reading, the one who asked for this server is gone.
        let _ = std::io::stdin().read(&mut [0]);
        std::process::exit(0);
    });
    actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(move || App::new().default_service(web::to(answer)))
            .workers(workers)
            .bind(("127.0.0.1", 0))?;
        let address = server.addrs().first().copied().ok_or("there is no address")?;
        writeln!(std::io::stdout(), "http://{address}")?;
        server.run().await?;
        Ok(())
    })
}
