//! `/Users` and `/Groups`: one resource at a time.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, IF_MATCH, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, web};

use super::body::Body;
use super::connector::Connector;
use super::failure::Failure;
use super::respond;
use super::search::query_of;
use crate::http::base::state::Service;
use crate::provisioning::{
    self, Answer, Body as AnswerBody, Call, Content, Precondition, ProvisioningError, Resources,
    Versions, resources_of,
};
use crate::scim::patch::PatchRequest;
use crate::scim::projection::Projection;
use crate::scim::{ScimError, reader};
use crate::store::{Conn, Cost, Transaction};

/// The connector, the endpoint and the id of a resource.
type ResourcePath = web::Path<(String, String, String)>;

/// A request to the resources of one type.
#[derive(Clone)]
struct Target {
    resources: &'static dyn Resources,
    call: Call,
    /// The id in the path; empty for the endpoint itself.
    id: String,
}

impl Target {
    fn new(
        connector: Connector,
        endpoint: &str,
        id: &str,
        request: &HttpRequest,
    ) -> Result<Self, Failure> {
        let resources = known(endpoint)?;
        let query = query_of(request)?;
        let projection = Projection::requested(
            &query.attributes,
            &query.excluded_attributes,
            resources.resource_type(),
        )?;
        let directory = connector.directory;
        let call = Call { directory, precondition: precondition(request), projection };
        Ok(Self { resources, call, id: id.to_owned() })
    }

    fn get(&self, conn: &mut Conn, id: &str) -> Result<Answer, ProvisioningError> {
        self.resources.get(conn, &self.call, id)
    }

    /// Changes a resource in a transaction and answers with its new state.
    async fn write(
        self,
        service: &Service,
        status: StatusCode,
        work: impl Fn(&mut Transaction<'_>, &Self) -> Result<Answer, ProvisioningError> + Send + 'static,
    ) -> Result<HttpResponse, Failure> {
        let this = self.clone();
        let answer =
            provisioning::write(&service.store, &self.call.directory, move |transaction| {
                work(transaction, &this)
            })
            .await?;
        let bare = Answer { resource: None, ..answer.clone() };
        match self.content(service, answer).await {
            Ok((answer, content)) => respond::resource(status, &answer, content),
            // Another client has deleted the resource since, so there is nothing left to show.
            Err(ProvisioningError::NotFound { .. }) => respond::resource(status, &bare, None),
            Err(error) => Err(error.into()),
        }
    }

    /// Returns the content of an answer. A long resource was not read in the transaction: it is
    /// read here, in its current state, and streamed while it is read.
    async fn content(
        self,
        service: &Service,
        mut answer: Answer,
    ) -> Result<(Answer, Option<Content>), ProvisioningError> {
        let content = match answer.resource.take() {
            None => None,
            Some(AnswerBody::Parts(_)) => {
                let (id, cost) = (answer.id.clone(), Cost::Page(self.call.directory.enterprise));
                let sent = provisioning::send(&service.store, cost, move |conn| {
                    let mut answer = self.get(conn, &id)?;
                    let body = answer.resource.take();
                    Ok((answer, body.ok_or_else(|| ScimError::new(500, "no resource"))?))
                });
                let (now, content) = sent.await?;
                answer = now;
                Some(content)
            }
            Some(whole) => Some(Content::try_from(whole)?),
        };
        Ok((answer, content))
    }
}

/// Returns the resources of an endpoint; the route matches no other names.
fn known(endpoint: &str) -> Result<&'static dyn Resources, Failure> {
    resources_of(endpoint).ok_or_else(|| ScimError::new(404, "no such endpoint").into())
}

/// Returns a list header with all its lines joined (RFC 9110 §5.3). A value that is not UTF-8
/// matches no version, but must not count as a missing header: that would drop the precondition.
fn header(request: &HttpRequest, name: &HeaderName) -> Option<String> {
    let lines: Vec<_> = request
        .headers()
        .get_all(name)
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}

fn precondition(request: &HttpRequest) -> Precondition {
    let (wanted, unwanted) = (header(request, &IF_MATCH), header(request, &IF_NONE_MATCH));
    Precondition::new(wanted.as_deref(), unwanted.as_deref())
}

/// POST: creates a resource.
pub async fn create(
    connector: Connector,
    Body(body): Body,
    service: web::Data<Service>,
    path: web::Path<(String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let target = Target::new(connector, &path.1, "", &request)?;
    let resource = reader::read(body, target.resources.resource_type())?;
    let create = move |transaction: &mut Transaction<'_>, target: &Target| {
        target.resources.create(transaction, &target.call, &resource)
    };
    target.write(&service, StatusCode::CREATED, create).await
}

/// GET: returns a resource, or 304 if the client already has this version.
pub async fn get(
    service: web::Data<Service>,
    connector: Connector,
    path: ResourcePath,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let target = Target::new(connector, &path.1, &path.2, &request)?;
    let this = target.clone();
    let answer = service.store.read(Cost::Point, move |conn| this.get(conn, &this.id)).await?;
    let known = header(&request, &IF_NONE_MATCH)
        .is_some_and(|tags| Versions::parse(&tags).names(&answer.version));
    if known {
        return respond::resource(StatusCode::NOT_MODIFIED, &answer, None);
    }
    let (answer, content) = target.content(&service, answer).await?;
    respond::resource(StatusCode::OK, &answer, content)
}

/// PUT: replaces a resource.
pub async fn replace(
    connector: Connector,
    Body(body): Body,
    service: web::Data<Service>,
    path: ResourcePath,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let target = Target::new(connector, &path.1, &path.2, &request)?;
    let resource = reader::read(body, target.resources.resource_type())?;
    let replace = move |transaction: &mut Transaction<'_>, target: &Target| {
        target.resources.replace(transaction, &target.call, &target.id, &resource)
    };
    target.write(&service, StatusCode::OK, replace).await
}

/// PATCH: changes a resource.
pub async fn patch(
    connector: Connector,
    Body(body): Body,
    service: web::Data<Service>,
    path: ResourcePath,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let target = Target::new(connector, &path.1, &path.2, &request)?;
    let changes = PatchRequest::parse(body, target.resources.resource_type())?;
    let patch = move |transaction: &mut Transaction<'_>, target: &Target| {
        target.resources.patch(transaction, &target.call, &target.id, &changes)
    };
    target.write(&service, StatusCode::OK, patch).await
}

/// DELETE: deletes a resource.
pub async fn delete(
    service: web::Data<Service>,
    connector: Connector,
    path: ResourcePath,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let resources = known(&path.1)?;
    // The answer has no body, so the query's attributes do not matter.
    let projection = Projection::new(&[], &[], resources.resource_type());
    let precondition = precondition(&request);
    let call = Call { directory: connector.directory.clone(), precondition, projection };
    provisioning::write(&service.store, &connector.directory, move |transaction| {
        resources.delete(transaction, &call, &path.2)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
