//! Queries by GET and by `POST …/.search` (RFC 7644 §3.4.2, §3.4.3; RFC 9865).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::body::Body;
use super::connector::Connector;
use super::failure::Failure;
use super::respond;
use crate::http::base::state::Service;
use crate::provisioning::{Resources, resource_types, resources_of, search};
use crate::scim::query::Query;
use crate::scim::{ResourceType, ScimError};

/// Parses the query of a URL. `+` is a space; a dangling `&` or `?` is ignored.
pub fn query_of(request: &HttpRequest) -> Result<Query, Failure> {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(request.query_string())
        .map_err(|error| ScimError::invalid_value(format!("The query string: {error}.")))?;
    Ok(Query::from_pairs(pairs.into_inner().into_iter())?)
}

/// GET on the endpoint of a resource type.
pub async fn query(
    service: web::Data<Service>,
    connector: Connector,
    endpoint: web::Path<(String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    answer(&service, connector, types_of(&endpoint.1), query_of(&request)?).await
}

/// GET on the root of the connector.
pub async fn root_query(
    service: web::Data<Service>,
    connector: Connector,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    answer(&service, connector, resource_types().to_vec(), query_of(&request)?).await
}

/// POST on the `/.search` of a resource type.
pub async fn search(
    connector: Connector,
    Body(body): Body,
    service: web::Data<Service>,
    endpoint: web::Path<(String, String)>,
) -> Result<HttpResponse, Failure> {
    answer(&service, connector, types_of(&endpoint.1), Query::from_search_request(body)?).await
}

/// POST on the `/.search` of the connector.
pub async fn root_search(
    connector: Connector,
    Body(body): Body,
    service: web::Data<Service>,
) -> Result<HttpResponse, Failure> {
    answer(&service, connector, resource_types().to_vec(), Query::from_search_request(body)?).await
}

/// Returns the resource type of an endpoint; the route matches no other names.
fn types_of(endpoint: &str) -> Vec<&'static ResourceType> {
    resources_of(endpoint).map(Resources::resource_type).into_iter().collect()
}

async fn answer(
    service: &Service,
    connector: Connector,
    types: Vec<&'static ResourceType>,
    query: Query,
) -> Result<HttpResponse, Failure> {
    let (store, limits) = (&service.store, service.limits.search);
    let page = search::search(store, &connector.directory, types, query, limits).await?;
    respond::content(StatusCode::OK, page)
}
