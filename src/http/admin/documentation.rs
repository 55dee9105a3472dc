//! The API's own description: for programs at `/api/v1/openapi.json`, for people at `/api/docs`.

use actix_web::{HttpResponse, web};
use serde_json::{Map, Value, json};

use super::api::{self, Api};
use crate::http::base::state::Service;
use crate::http::pages::documentation;

/// The document, but for the server's own address.
pub struct Description(Value);

impl Description {
    /// Of these endpoints.
    pub fn of(api: Api) -> Self {
        Self(api::document(api))
    }

    /// For a server with this public URL.
    pub fn at(&self, public_url: &str) -> Value {
        let mut document = self.0.clone();
        document["servers"] = json!([{"url": public_url}]);
        document
    }
}

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/openapi.json", "openapi.read", read)
        .summary("This document")
        .answers::<Map<String, Value>>(200);
}

/// `GET /api/v1/openapi.json`.
async fn read(
    description: web::Data<Description>,
    service: web::Data<Service>,
) -> web::Json<Value> {
    web::Json(description.at(&service.public_url))
}

/// `GET /api/docs`: the document as a page.
pub async fn page(
    description: web::Data<Description>,
    service: web::Data<Service>,
) -> HttpResponse {
    documentation(&description.at(&service.public_url)).respond()
}
