//! Single sign-on: connections to identity providers, step by step.

mod connection;
mod identities;
mod list;
mod settings;
mod switching;
mod verification;

pub use identities::waiting;

use actix_web::web::{Path, ServiceConfig};

use super::visit::Visit;
use crate::administration::sso::connections;
use crate::http::base::problem::Problem;
use crate::views::sso_connections::SsoConnection;

/// The path of the list.
const PATH: &str = "/app/enterprise/sso/list";
/// The list, above other pages.
const SSO: (&str, &str) = ("SSO", PATH);

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .configure(list::routes)
        .configure(settings::routes)
        .configure(verification::routes)
        .configure(switching::routes)
        .configure(identities::routes)
        .configure(connection::routes);
}

/// Returns the path of a connection's page, or of one below it.
fn path(id: &str, rest: &str) -> String {
    format!("/app/enterprise/sso/{id}{rest}")
}

/// Reads a connection as the API shows it.
async fn read<P>(visit: &Visit<P>, id: &Path<String>) -> Result<SsoConnection, Problem> {
    let (id, now) = (id.to_string(), visit.admin.now());
    let url = visit.admin.service.public_url.clone();
    let read = visit.admin.read(move |conn, account| connections::get(conn, account, &id));
    Ok(SsoConnection::of(read.await?, &url, now)?)
}
