//! `/ServiceProviderConfig`, `/ResourceTypes`, `/Schemas` (RFC 7644 §4), built from the definitions
//! that the engine uses. They need no authentication (RFC 7643 §5, RFC 7644 §4): they describe the
//! server, and reveal nothing about accounts, not even whether the connector in the URL exists.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use serde_json::Value;

use super::connector;
use super::failure::Failure;
use super::respond;
use crate::http::base::state::Service;
use crate::provisioning::resource_types as types;
use crate::scim::discovery;
use crate::scim::list::ListResponse;
use crate::scim::{Schema, ScimError};

/// Any client, with or without a token.
pub struct Anyone {
    /// The base URL of the connector in the path.
    base_url: String,
}

impl FromRequest for Anyone {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            if request.headers().contains_key(AUTHORIZATION) {
                // Authentication only serves the request log, so a failure is ignored.
                let _ = connector::admit(&request).await;
            }
            let connector = request.match_info().get("connector").unwrap_or_default();
            let service = request.app_data::<web::Data<Service>>();
            let url = service.map_or("", |service| service.public_url.as_str());
            Ok(Self { base_url: format!("{url}/scim/v2/{connector}") })
        })
    }
}

/// `GET /ServiceProviderConfig`.
pub async fn service_provider_config(
    service: web::Data<Service>,
    asker: Anyone,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    refuse_filter(&request)?;
    let base = &asker.base_url;
    let document = discovery::service_provider_config(&service.service_provider_config(), base);
    respond::json(StatusCode::OK, &document)
}

/// `GET /ResourceTypes`.
pub async fn resource_types(asker: Anyone, request: HttpRequest) -> Result<HttpResponse, Failure> {
    refuse_filter(&request)?;
    let base = &asker.base_url;
    list(types().iter().map(|known| discovery::resource_type_document(known, base)).collect())
}

/// `GET /ResourceTypes/{id}`.
pub async fn resource_type(
    asker: Anyone,
    path: web::Path<(String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    refuse_filter(&request)?;
    let base = &asker.base_url;
    let known = types().into_iter().find(|known| known.name.eq_ignore_ascii_case(&path.1));
    match known {
        Some(known) => {
            respond::json(StatusCode::OK, &discovery::resource_type_document(known, base))
        }
        None => {
            Err(ScimError::new(404, "There is no such resource type. There are User and Group.")
                .into())
        }
    }
}

/// `GET /Schemas`.
pub async fn schemas(asker: Anyone, request: HttpRequest) -> Result<HttpResponse, Failure> {
    refuse_filter(&request)?;
    let base = &asker.base_url;
    list(served().map(|schema| document(schema, base)).collect())
}

/// `GET /Schemas/{urn}`.
pub async fn schema(
    asker: Anyone,
    path: web::Path<(String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    refuse_filter(&request)?;
    let base = &asker.base_url;
    match served().find(|schema| schema.id.eq_ignore_ascii_case(&path.1)) {
        Some(schema) => respond::json(StatusCode::OK, &document(schema, base)),
        None => Err(ScimError::new(404, "There is no such schema. /Schemas lists them.").into()),
    }
}

/// Returns every schema that a resource of this server can have.
fn served() -> impl Iterator<Item = &'static Schema> {
    types()
        .into_iter()
        .flat_map(|known| std::iter::once(known.schema).chain(known.extensions.iter().copied()))
}

fn document(schema: &Schema, base: &str) -> Value {
    discovery::schema_document(schema, &format!("{base}/Schemas/{}", schema.id))
}

fn list(items: Vec<Value>) -> Result<HttpResponse, Failure> {
    let page = ListResponse {
        total_results: items.len() as u64,
        start_index: Some(1),
        items,
        next_cursor: None,
    };
    respond::json(StatusCode::OK, &page.into_json())
}

/// Refuses a filter. RFC 7644 §4 forbids filters here, so that a client does not take an unfiltered
/// answer for a filtered one.
fn refuse_filter(request: &HttpRequest) -> Result<(), Failure> {
    if super::search::query_of(request)?.filter.is_some() {
        return Err(ScimError::new(
            403,
            "Discovery endpoints cannot be filtered. Read them whole.",
        )
        .into());
    }
    Ok(())
}
