//! `/app/…`: the web console. Pages are rendered here and do everything that a click does without
//! scripts; `pages/console.js` improves them.
//!
//! A page is a handler whose first argument is a [`Visit`]: it lets in whoever may do the page's
//! operation, as the administrators' API does, and knows what surrounds the page. The handler runs
//! the same use cases as the endpoints, and shows the same views ([`crate::views`]). A refusal that
//! no form shows becomes a page of its own in [`states`].

mod frame;
mod menu;
mod notice;
mod states;
mod teams;
mod visit;

use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};

use crate::http::base::in_order::in_order;
use crate::http::base::problem::not_found;

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config.service(
        web::scope("/app")
            .wrap(from_fn(states::as_pages))
            .configure(teams::routes)
            .default_service(web::to(not_found)),
    );
}

/// A page that is read, and what is sent to it.
fn page<S, A, F, B>(path: &str, show: S, send: F) -> actix_web::Resource
where
    S: actix_web::dev::Handler<A>,
    S::Output: actix_web::Responder + 'static,
    A: crate::http::base::in_order::Arguments,
    F: actix_web::dev::Handler<B>,
    F::Output: actix_web::Responder + 'static,
    B: crate::http::base::in_order::Arguments,
{
    web::resource(path).route(in_order(web::get(), show)).route(in_order(web::post(), send))
}
