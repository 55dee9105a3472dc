//! The declaration of an endpoint.

use actix_web::Route;
use actix_web::http::Method;
use schemars::Schema;

use crate::enterprise::permissions::{Credential, Effect, Operation, Power};

/// Who may call an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone, without authentication.
    Public,
    /// Members whose role allows this operation.
    Member(Operation),
    /// Members whose role allows this operation, with a session.
    MemberInPerson(Operation),
    /// Members whose role allows this operation, with a credential that is not restricted by
    /// scopes.
    MemberInFull(Operation),
    /// Anyone with a session, in any account or none.
    Session,
    /// Anyone with a session that is not confined to one account.
    Person,
    /// The operator of the server.
    Operator,
    /// A caller who has signed the request with the shared secret.
    Signature,
}

impl Access {
    /// Returns the power that the endpoint requires, which decides the accepted credentials.
    pub const fn power(self) -> Power {
        match self {
            Self::Public => Power::Public,
            Self::Member(_) => Power::Administer,
            Self::MemberInPerson(_) => Power::AdministerInPerson,
            Self::MemberInFull(_) => Power::AdministerInFull,
            Self::Session => Power::Session,
            Self::Person => Power::Person,
            Self::Operator => Power::Operate,
            Self::Signature => Power::Bill,
        }
    }

    /// Returns the operation that the member's role must allow.
    pub const fn operation(self) -> Option<Operation> {
        match self {
            Self::Member(operation)
            | Self::MemberInPerson(operation)
            | Self::MemberInFull(operation) => Some(operation),
            _ => None,
        }
    }

    /// Returns the accepted credentials.
    pub fn admits(self) -> impl Iterator<Item = Credential> {
        self.power().admits()
    }
}

impl From<Operation> for Access {
    fn from(operation: Operation) -> Self {
        Self::Member(operation)
    }
}

/// A successful answer, as described.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribedAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The media type and schema of the body, if it has one.
    pub body: Option<(&'static str, Schema)>,
}

/// An endpoint of the API.
pub struct Endpoint {
    /// The HTTP method.
    pub method: Method,
    /// The path below [`super::BASE`], with `{parameters}`.
    pub path: &'static str,
    /// The id of the operation, `thing.verb`; the verb is list, get, create, change or delete, or
    /// names an action.
    pub id: &'static str,
    /// The verbs of earlier releases, which the command line still accepts.
    pub former_verbs: Vec<&'static str>,
    /// The summary: one line.
    pub summary: &'static str,
    /// The description: full sentences.
    pub description: Option<&'static str>,
    /// Who may call the endpoint.
    pub access: Access,
    /// What the endpoint does to the account.
    pub effect: Effect,
    /// Whether a session needs a second proof: of who the person is, a short while ago.
    pub fresh: bool,
    /// The schemas of the query: objects, whose members are the parameters.
    pub query: Vec<Schema>,
    /// The media type and schema of the request body.
    pub body: Option<(&'static str, Schema)>,
    /// Whether the endpoint accepts `Idempotency-Key`.
    pub idempotent: bool,
    /// The successful answers.
    pub answers: Vec<DescribedAnswer>,
    /// The statuses of refusals that do not follow from the rest of the declaration.
    pub refusals: Vec<u16>,
    /// The route to the handler.
    pub(super) route: Option<Route>,
}

impl Endpoint {
    pub(super) fn new(method: Method, path: &'static str, id: &'static str, route: Route) -> Self {
        Self {
            method,
            path,
            id,
            former_verbs: Vec::new(),
            summary: "",
            description: None,
            access: Access::Public,
            effect: Effect::Changes,
            fresh: false,
            query: Vec::new(),
            body: None,
            idempotent: false,
            answers: Vec::new(),
            refusals: Vec::new(),
            route: Some(route),
        }
    }

    /// Returns the names of the path's parameters.
    pub fn parameters(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }

    /// Returns the part of the id before the dot.
    pub fn thing(&self) -> &'static str {
        self.id.split_once('.').map_or(self.id, |(thing, _)| thing)
    }

    /// Returns the statuses of all refusals: those declared, and those that follow from the
    /// declaration.
    pub fn refused_with(&self) -> Vec<u16> {
        let mut statuses = self.refusals.clone();
        statuses.extend([400, 500, 503]);
        let admits = |credential: Credential| credential.may(self.access.power());
        if !admits(Credential::Nothing) {
            statuses.push(401);
        }
        // The caller may be authenticated and still lack the permission.
        if admits(Credential::MailSession) && self.access != Access::Public {
            statuses.push(403);
        }
        if self.parameters().next().is_some() {
            statuses.push(404);
        }
        if self.body.is_some() {
            statuses.extend([413, 415, 422]);
        }
        if self.method != Method::GET {
            statuses.push(429);
        }
        if self.idempotent {
            statuses.extend([409, 422]);
        }
        statuses.sort_unstable();
        statuses.dedup();
        statuses
    }
}
