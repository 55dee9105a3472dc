//! One endpoint as declared.

use actix_web::Route;
use actix_web::http::Method;
use schemars::Schema;

use crate::enterprise::permissions::{Credential, Operation, Power};

/// Who may call an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
    /// Members whose role may do this.
    Member(Operation),
    /// The same, signed in as a person.
    MemberInPerson(Operation),
    /// The same, with all that they may do.
    MemberInFull(Operation),
    /// Whoever is signed in, in whichever account or none.
    Session,
    /// Whoever is signed in and is believed in every account.
    Person,
    /// Whoever runs the server.
    Operator,
    /// Whoever signed the request with the shared secret.
    Signature,
}

impl Access {
    /// The power that it takes: the table of credentials says what is let in.
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

    /// What the member's role must allow.
    pub const fn operation(self) -> Option<Operation> {
        match self {
            Self::Member(operation)
            | Self::MemberInPerson(operation)
            | Self::MemberInFull(operation) => Some(operation),
            _ => None,
        }
    }

    /// The credentials that are let in.
    pub fn admits(self) -> impl Iterator<Item = Credential> {
        self.power().admits()
    }
}

impl From<Operation> for Access {
    fn from(operation: Operation) -> Self {
        Self::Member(operation)
    }
}

/// An answer that is no refusal, as described.
#[derive(Clone, Debug, PartialEq)]
pub struct Described {
    /// Status.
    pub status: u16,
    /// Media type and schema of the body, if there is one.
    pub body: Option<(&'static str, Schema)>,
}

/// An endpoint.
pub struct Endpoint {
    /// Method.
    pub method: Method,
    /// Path below [`super::BASE`], with `{parameters}`.
    pub path: &'static str,
    /// Id of the operation, `thing.verb`; the verb is list, get, create, change or delete, or names
    /// an action.
    pub id: &'static str,
    /// Verbs that earlier releases had; commands are still found by them.
    pub former_verbs: Vec<&'static str>,
    /// One line.
    pub summary: &'static str,
    /// Sentences.
    pub description: Option<&'static str>,
    /// Who may call it.
    pub access: Access,
    /// Schemas of the query's parts: objects, whose members are the parameters.
    pub query: Vec<Schema>,
    /// Media type and schema of the body.
    pub body: Option<(&'static str, Schema)>,
    /// Whether it honours `Idempotency-Key`.
    pub idempotent: bool,
    /// Answers.
    pub answers: Vec<Described>,
    /// Statuses of refusals that do not follow from the rest.
    pub refusals: Vec<u16>,
    /// What serves it.
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
            query: Vec::new(),
            body: None,
            idempotent: false,
            answers: Vec::new(),
            refusals: Vec::new(),
            route: Some(route),
        }
    }

    /// Names of the path's parameters.
    pub fn parameters(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }

    /// The thing that its id names.
    pub fn thing(&self) -> &'static str {
        self.id.split_once('.').map_or(self.id, |(thing, _)| thing)
    }

    /// Statuses of its refusals: those declared, and those that follow from what it takes.
    pub fn refused_with(&self) -> Vec<u16> {
        let mut statuses = self.refusals.clone();
        statuses.extend([400, 500, 503]);
        let admits = |credential: Credential| credential.may(self.access.power());
        if !admits(Credential::Nothing) {
            statuses.push(401);
        }
        // Who is somebody, and may not.
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
