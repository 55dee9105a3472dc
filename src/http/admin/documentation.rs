//! The API's own documentation: for programs at `/api/v1/openapi.json`, for people at `/api/docs`.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};
use serde_json::{Map, Value, json};

use super::api::Api;
use crate::http::base::state::Service;
use crate::http::pages::documentation;

/// The OpenAPI document, without the server's own URL. It is generated when it is first asked for.
pub struct Description(LazyLock<Value>);

impl Description {
    /// Describes these endpoints.
    pub const fn of(generate: fn() -> Value) -> Self {
        Self(LazyLock::new(generate))
    }

    /// Returns the document for a server with this public URL.
    pub fn at(&self, public_url: &str) -> Value {
        let mut document = self.0.clone();
        document["servers"] = json!([{"url": public_url}]);
        document
    }
}

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/openapi.json", "openapi.get", read).formerly("read").summary("This document");
}

async fn read(
    description: Data<&'static Description>,
    service: Data<Service>,
) -> Json<Map<String, Value>> {
    match description.at(&service.public_url) {
        Value::Object(document) => Json(document),
        _ => Json(Map::new()),
    }
}

/// `GET /api/docs`: the document as an HTML page.
pub async fn page(description: Data<&'static Description>, service: Data<Service>) -> HttpResponse {
    documentation(&description.at(&service.public_url)).respond()
}
