//! HTTP, by actix-web: routes, extractors, status codes, headers. No rule of the protocol or of the
//! domain lives here.

pub mod admin;
mod admissions;
mod bodies;
mod csv;
mod health;
mod in_order;
mod invitation_page;
mod metrics;
mod oauth;
mod place;
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

pub use bodies::Patience;
pub use place::TrustedProxies;
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

/// How long the head of a request may take.
const HEAD: Duration = Duration::from_secs(10);

/// Starts the server on an open listener. The handle stops it gracefully: requests in flight are
/// answered first.
///
/// # Errors
/// Where the listener cannot be used.
pub fn serve(
    service: Service,
    listener: std::net::TcpListener,
    workers: usize,
) -> std::io::Result<actix_web::dev::Server> {
    let service = web::Data::new(service);
    let connections = service.limits.connections;
    let server = HttpServer::new(move || {
        App::new()
            .app_data(service.clone())
            // How long a body may be is decided by `bodies`, for every way to read one.
            .app_data(web::PayloadConfig::new(usize::MAX))
            .app_data(web::FormConfig::default().limit(usize::MAX))
            .configure(routes)
            .wrap(NormalizePath::trim())
            .wrap(from_fn(bodies::bound))
            .wrap(from_fn(request_log::log))
    })
    .workers(workers)
    .max_connections(connections.div_ceil(workers.max(1)))
    // A head that does not come to its end holds a connection no longer than this.
    .client_request_timeout(HEAD)
    // The last piece of a long answer does not wait until the client has acknowledged the others.
    .tcp_nodelay(true)
    .disable_signals()
    // Requests that are still running at a stop get this long.
    .shutdown_timeout(30)
    .listen(listener)?;
    Ok(server.run())
}
