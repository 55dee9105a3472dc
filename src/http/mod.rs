//! HTTP, by actix-web: routes, extractors, status codes, headers. No rule of the protocol or of the
//! domain lives here.

pub mod admin;
mod admissions;
mod csv;
mod health;
mod in_order;
mod invitation_page;
mod metrics;
mod oauth;
mod request_log;
pub mod scim;
mod secrets;
mod signing_in;
mod sso;
mod state;
mod streaming;

use std::time::Duration;

use actix_web::middleware::{NormalizePath, from_fn};
use actix_web::web::{self, ServiceConfig};
use actix_web::{App, HttpServer};

pub use secrets::Secrets;
pub use state::{ServerLimits, Service};

/// Registers every route.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/healthz").route(web::get().to(health::alive)))
        .service(web::resource("/readyz").route(web::get().to(health::ready)))
        .service(web::resource("/metrics").route(web::get().to(metrics::text)))
        .configure(scim::routes)
        .configure(sso::routes)
        .configure(oauth::routes)
        .configure(admin::routes)
        .configure(invitation_page::routes)
        .default_service(web::to(admin::not_found));
}

/// How clients' connections are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connections {
    /// How long an idle one is kept open.
    pub keep_alive: Duration,
    /// How long requests get that are still running at a stop.
    pub shutdown: Duration,
}

impl Default for Connections {
    fn default() -> Self {
        Self { keep_alive: Duration::from_secs(75), shutdown: Duration::from_secs(30) }
    }
}

/// Starts the server on an open listener. The handle stops it gracefully: requests in flight are
/// answered first.
///
/// # Errors
/// Where the listener cannot be used.
pub fn serve(
    service: Service,
    listener: std::net::TcpListener,
    workers: usize,
    connections: Connections,
) -> std::io::Result<actix_web::dev::Server> {
    let service = web::Data::new(service);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(service.clone())
            .app_data(web::PayloadConfig::new(service.limits.max_body))
            .configure(routes)
            .wrap(NormalizePath::trim())
            .wrap(from_fn(request_log::log))
    })
    .workers(workers)
    // The last piece of a long answer does not wait until the client has acknowledged the others.
    .tcp_nodelay(true)
    .disable_signals()
    .keep_alive(connections.keep_alive)
    .shutdown_timeout(connections.shutdown.as_secs())
    .listen(listener)?;
    Ok(server.run())
}
