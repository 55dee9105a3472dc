//! The path of the public URL, before every path of the server. Whatever renders a link while a
//! request is answered finds it here; refusals become pages where no request is at hand.

use actix_web::web::Data;

use super::browser::path_of;
use super::state::Service;

tokio::task_local! {
    static SERVICE: Data<Service>;
}

/// Answers a request of this server.
pub async fn within<F: Future>(service: Option<Data<Service>>, answer: F) -> F::Output {
    match service {
        Some(service) => SERVICE.scope(service, answer).await,
        None => answer.await,
    }
}

/// Returns the address of a path of the server, for links and forms.
pub fn at(path: &str) -> String {
    let prefix =
        SERVICE.try_with(|service| path_of(&service.public_url).trim_end_matches('/').to_owned());
    format!("{}{path}", prefix.unwrap_or_default())
}
