//! The stylesheet: embedded in the binary, under a name that contains its hash, so that browsers
//! can cache it forever.

use std::sync::LazyLock;

use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("style.css");

/// The path of the stylesheet.
pub static PATH: LazyLock<String> = LazyLock::new(|| {
    let hash: String =
        Sha256::digest(STYLE).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("/assets/style-{hash}.css")
});

/// Registers the stylesheet.
pub fn routes(config: &mut ServiceConfig) {
    config.service(web::resource(PATH.as_str()).route(web::get().to(style)));
}

async fn style() -> impl Responder {
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .insert_header((CACHE_CONTROL, FOR_EVER))
        .body(STYLE)
}

/// The content of a path never changes, because the path changes with the content.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
