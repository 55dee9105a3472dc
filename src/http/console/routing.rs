//! How pages are registered: their handlers' arguments are extracted in order, who visits first.

use actix_web::Resource;
use actix_web::Responder;
use actix_web::dev::Handler;
use actix_web::web;

use crate::http::base::in_order::{Arguments, in_order};

/// A page that is only read.
pub fn shown<H, A>(path: &str, show: H) -> Resource
where
    H: Handler<A>,
    H::Output: Responder + 'static,
    A: Arguments,
{
    web::resource(path).route(in_order(web::get(), show))
}

/// A page with a form, which is sent to the same path.
pub fn form<S, A, F, B>(path: &str, show: S, send: F) -> Resource
where
    S: Handler<A>,
    S::Output: Responder + 'static,
    A: Arguments,
    F: Handler<B>,
    F::Output: Responder + 'static,
    B: Arguments,
{
    web::resource(path).route(in_order(web::get(), show)).route(in_order(web::post(), send))
}

/// A button without a page of its own.
pub fn sent<H, A>(path: &str, send: H) -> Resource
where
    H: Handler<A>,
    H::Output: Responder + 'static,
    A: Arguments,
{
    web::resource(path).route(in_order(web::post(), send))
}
