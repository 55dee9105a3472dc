//! The server: all routes, the middleware around them, and the listener.

mod bodies;
mod health;
mod parser_refusals;
mod request_log;

use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{HttpService, Protocol};
use actix_service::{IntoServiceFactory, ServiceFactoryExt, map_config};
use actix_web::App;
use actix_web::dev::{AppConfig, Server, fn_service};
use actix_web::middleware::{NormalizePath, from_fn};
use actix_web::rt::net::TcpStream;
use actix_web::web::{self, ServiceConfig};

use crate::http::base::problem::not_found;
use crate::http::base::state::Service;
use crate::http::base::{answer_headers, head_method, sound};
use crate::http::demo_idp::DemoIdp;
use crate::http::tls::{Stream, Tls};
use crate::http::{admin, console, demo_idp, invitation_page, oauth, pages, scim, sso};
use parser_refusals::Connection;

/// Registers every route.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/healthz").route(web::get().to(health::alive)))
        .service(web::resource("/readyz").route(web::get().to(health::ready)))
        .service(web::resource("/metrics").route(web::get().to(health::metrics)))
        .configure(scim::routes)
        .configure(sso::routes)
        .configure(oauth::routes)
        .configure(admin::routes)
        .configure(invitation_page::routes)
        .configure(console::routes)
        .configure(console::operators)
        .configure(pages::routes)
        .default_service(web::to(not_found));
}

/// The timeout for the head of a request.
const HEAD: Duration = Duration::from_secs(10);

/// The settings of client connections.
#[derive(Clone)]
pub struct Connections {
    /// The TLS configuration; `None` if a proxy in front terminates TLS.
    pub tls: Option<Tls>,
    /// How long an idle connection is kept open.
    pub keep_alive: Duration,
    /// How long running requests may take after a stop.
    pub shutdown: Duration,
}

impl Default for Connections {
    fn default() -> Self {
        Self { tls: None, keep_alive: Duration::from_secs(75), shutdown: Duration::from_secs(30) }
    }
}

/// What is served.
pub struct Site {
    service: web::Data<Service>,
    demo_idp: Option<web::Data<DemoIdp>>,
    components: bool,
}

impl Site {
    /// Serves the demo's identity provider, too, if there is one.
    #[must_use]
    pub fn with_demo_idp(self, idp: Option<DemoIdp>) -> Self {
        Self { demo_idp: idp.map(web::Data::new), ..self }
    }

    /// Serves the page with the console's components, too, if `components`.
    #[must_use]
    pub fn with_components(self, components: bool) -> Self {
        Self { components, ..self }
    }
}

impl From<Service> for Site {
    fn from(service: Service) -> Self {
        Self { service: web::Data::new(service), demo_idp: None, components: false }
    }
}

/// Starts the server on an open listener. The handle stops it gracefully: requests in flight are
/// answered first.
///
/// The server is assembled as `actix_web::HttpServer` does it, which offers no way to put anything
/// between the connection and the parser: see [`parser_refusals`].
///
/// # Errors
/// Fails if the listener cannot be used.
pub fn serve(
    site: impl Into<Site>,
    listener: std::net::TcpListener,
    workers: usize,
    connections: Connections,
) -> std::io::Result<Server> {
    let Site { service, demo_idp: idp, components } = site.into();
    let at_once = service.limits.connections;
    let address = listener.local_addr()?;
    let builder = Server::build()
        .workers(workers)
        .max_concurrent_connections(at_once.div_ceil(workers.max(1)))
        .disable_signals()
        // How long requests in flight may take after a stop.
        .shutdown_timeout(connections.shutdown.as_secs());
    let stop = builder.graceful_shutdown_signal();
    let builder = builder.listen("http", listener, move || {
        let (service, stop, tls) = (service.clone(), stop.clone(), connections.tls.clone());
        let idp = idp.clone();
        let app = App::new()
            .app_data(service.clone())
            // `bodies` limits the length of bodies for every extractor, so actix-web must not.
            .app_data(web::PayloadConfig::new(usize::MAX))
            .app_data(web::FormConfig::default().limit(usize::MAX))
            .configure(|config| {
                if let Some(idp) = idp {
                    demo_idp::routes(config, idp);
                }
                if components {
                    console::components(config);
                }
            })
            .configure(routes)
            .wrap(NormalizePath::trim())
            .wrap(from_fn(bodies::bound))
            .wrap(from_fn(head_method::answer))
            .wrap(from_fn(sound::check))
            .wrap(from_fn(answer_headers::add))
            .wrap(from_fn(request_log::log));
        let app = app.into_factory().map_err(|error: actix_web::Error| error.error_response());
        let http = HttpService::build()
            .keep_alive(connections.keep_alive)
            .graceful_shutdown_signal(move || {
                let stop = stop.clone();
                async move { stop.notified().await }
            })
            .client_request_timeout(HEAD)
            .client_disconnect_timeout(Duration::from_secs(1))
            .h1_allow_half_closed(true)
            .local_addr(address)
            .finish(map_config(app, |()| AppConfig::default()));
        let connect = move |io: TcpStream| {
            let (service, tls) = (service.clone(), tls.clone());
            async move {
                // Without this, the last segment of a long answer waits until the client has
                // acknowledged the others (Nagle's algorithm).
                let _ = io.set_nodelay(true);
                let peer = io.peer_addr().ok();
                let (io, protocol) = match tls {
                    None => (Stream::Plain(io), Protocol::Http1),
                    Some(tls) => tls.accept(io).await.map_err(DispatchError::Io)?,
                };
                Ok((Connection::new(io, protocol, service), protocol, peer))
            }
        };
        fn_service(connect).and_then(http)
    })?;
    Ok(builder.run())
}
