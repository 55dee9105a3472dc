//! The stylesheet and the script: embedded in the binary, under names that contain their hashes, so
//! that browsers can cache them for ever.

use std::sync::LazyLock;

use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use sha2::{Digest, Sha256};

/// A file of the pages.
pub struct Asset {
    /// The path, which changes with the content.
    pub path: String,
    media_type: &'static str,
    content: &'static str,
}

impl Asset {
    fn new(name: &str, media_type: &'static str, content: &'static str) -> Self {
        let hash: String =
            Sha256::digest(content).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "txt"));
        Self { path: format!("/assets/{stem}-{hash}.{ending}"), media_type, content }
    }
}

/// The stylesheet of all pages.
pub static STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("style.css", "text/css; charset=utf-8", include_str!("style.css")));

/// The script that improves the console's pages, which work without it.
pub static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("console.js", "text/javascript; charset=utf-8", include_str!("console.js"))
});

/// The sign of the product in the browser's tabs.
pub static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("icon.svg", "image/svg+xml", include_str!("icon.svg")));

/// Registers the files.
pub fn routes(config: &mut ServiceConfig) {
    for asset in [&*STYLE, &*SCRIPT, &*ICON] {
        config.service(
            web::resource(asset.path.as_str())
                .route(web::get().to(move || async move { send(asset) })),
        );
    }
}

fn send(asset: &'static Asset) -> impl Responder {
    HttpResponse::Ok()
        .content_type(asset.media_type)
        .insert_header((CACHE_CONTROL, FOR_EVER))
        .body(asset.content)
}

/// The content of a path never changes, because the path changes with the content.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
