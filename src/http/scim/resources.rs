//! `/Users` and `/Groups`: one resource at a time.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, IF_MATCH, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, web};

use super::body::Body;
use super::connector::Connector;
use super::failure::Failure;
use super::respond;
use super::search::query_of;
use crate::http::Service;
use crate::http::in_order::InOrder;
use crate::provisioning::{self, Kind, Precondition};
use crate::scim::patch::PatchRequest;
use crate::scim::projection::Projection;
use crate::scim::{ScimError, reader};
use crate::store::Cost;

/// The endpoint's kind; the route lets no other name through.
fn kind(endpoint: &str) -> Result<Kind, Failure> {
    Kind::of_endpoint(endpoint).ok_or_else(|| ScimError::new(404, "no such endpoint").into())
}

fn projection(request: &HttpRequest, kind: Kind) -> Result<Projection, Failure> {
    let query = query_of(request)?;
    let resource_type = kind.resource_type();
    Ok(Projection::new(&query.attributes, &query.excluded_attributes, resource_type))
}

fn header<'a>(request: &'a HttpRequest, name: &HeaderName) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

fn precondition(request: &HttpRequest) -> Precondition {
    header(request, &IF_MATCH).map(Precondition::parse).unwrap_or_default()
}

/// POST: creates.
pub async fn create(
    service: web::Data<Service>,
    InOrder(connector, Body(body)): InOrder<Connector, Body>,
    endpoint: web::Path<(String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let kind = kind(&endpoint.1)?;
    let projection = projection(&request, kind)?;
    let resource = reader::read(body, kind.resource_type())?;
    let directory = connector.directory.clone();
    let answer = provisioning::write(&service.store, &connector.directory, move |transaction| {
        kind.create(transaction, &directory, resource.clone(), &projection)
    })
    .await?;
    respond::resource(StatusCode::CREATED, answer)
}

/// GET: reads; 304 for a version that the client already has.
pub async fn get(
    service: web::Data<Service>,
    connector: Connector,
    path: web::Path<(String, String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let (_, endpoint, id) = path.into_inner();
    let kind = kind(&endpoint)?;
    let projection = projection(&request, kind)?;
    // A group may have any number of members; a user is a few look-ups.
    let cost = if kind == Kind::User { Cost::Point } else { Cost::Long };
    let directory = connector.directory;
    let answer =
        service.store.read(cost, move |conn| kind.get(conn, &directory, &id, &projection)).await?;
    let known = header(&request, &IF_NONE_MATCH)
        .is_some_and(|tags| Precondition::parse(tags).names_tag(&answer.version));
    if known {
        let unchanged = provisioning::Answer { resource: None, ..answer };
        let mut response = respond::resource(StatusCode::OK, unchanged)?;
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(response);
    }
    respond::resource(StatusCode::OK, answer)
}

/// PUT: replaces.
pub async fn replace(
    service: web::Data<Service>,
    InOrder(connector, Body(body)): InOrder<Connector, Body>,
    path: web::Path<(String, String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let (_, endpoint, id) = path.into_inner();
    let kind = kind(&endpoint)?;
    let projection = projection(&request, kind)?;
    let precondition = precondition(&request);
    let resource = reader::read(body, kind.resource_type())?;
    let directory = connector.directory.clone();
    let answer = provisioning::write(&service.store, &connector.directory, move |transaction| {
        let resource = resource.clone();
        kind.replace(transaction, &directory, &id, resource, &precondition, &projection)
    })
    .await?;
    respond::resource(StatusCode::OK, answer)
}

/// PATCH: changes.
pub async fn patch(
    service: web::Data<Service>,
    InOrder(connector, Body(body)): InOrder<Connector, Body>,
    path: web::Path<(String, String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let (_, endpoint, id) = path.into_inner();
    let kind = kind(&endpoint)?;
    let projection = projection(&request, kind)?;
    let precondition = precondition(&request);
    let changes = PatchRequest::parse(body, kind.resource_type())?;
    let directory = connector.directory.clone();
    let answer = provisioning::write(&service.store, &connector.directory, move |transaction| {
        kind.patch(transaction, &directory, &id, &changes, &precondition, &projection)
    })
    .await?;
    respond::resource(StatusCode::OK, answer)
}

/// DELETE: removes.
pub async fn delete(
    service: web::Data<Service>,
    connector: Connector,
    path: web::Path<(String, String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let (_, endpoint, id) = path.into_inner();
    let kind = kind(&endpoint)?;
    let precondition = precondition(&request);
    let directory = connector.directory.clone();
    provisioning::write(&service.store, &connector.directory, move |transaction| {
        kind.delete(transaction, &directory, &id, &precondition)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
