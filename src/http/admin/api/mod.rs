//! The administrators' API as data. Each endpoint is declared once, by its handler's signature and
//! a summary; the declaration is its route, its place in the OpenAPI document, and its command on
//! the command line.

mod document;
mod endpoint;
mod examples;
mod routes;
mod signature;

use actix_web::dev::Handler;
use actix_web::http::Method;
use actix_web::web;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::http::base::in_order::in_order;
use signature::Described;

pub use endpoint::{Access, Endpoint};
pub use signature::{Answer, Argument, Signature};

/// The prefix of all paths.
pub const BASE: &str = "/api/v1";

/// The declared endpoints, in the order of their declaration.
pub struct Api {
    endpoints: Vec<Endpoint>,
    schemas: SchemaGenerator,
    /// Whether the endpoints are described, too, which takes longer than making their routes.
    described: bool,
}

impl Default for Api {
    /// Creates an API without endpoints.
    fn default() -> Self {
        let mut settings = SchemaSettings::draft2020_12();
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
        Self { endpoints: Vec::new(), schemas: settings.into_generator(), described: true }
    }
}

impl Api {
    /// Creates an API without endpoints, of which only the routes are wanted: each worker of a
    /// server has routes of its own, and describes nothing.
    pub fn of_routes() -> Self {
        Self { described: false, ..Self::default() }
    }

    /// Declares an endpoint. The handler's signature says who may call it, what it takes and what
    /// it answers. The id consists of a thing and a verb, such as `teams.create`: it is the
    /// operation's name in the document and the command on the command line.
    pub fn endpoint<H, A>(
        &mut self,
        method: Method,
        path: &'static str,
        id: &'static str,
        handler: H,
    ) -> Declaration<'_>
    where
        H: Handler<A>,
        H::Output: Answer,
        A: Described,
    {
        let route = in_order(web::method(method.clone()), handler);
        let mut endpoint = Endpoint::new(method, path, id, route);
        if self.described {
            let mut signature = Signature { endpoint: &mut endpoint, schemas: &mut self.schemas };
            A::describe(&mut signature);
            H::Output::describe(&mut signature);
        }
        let position = self.endpoints.len();
        self.endpoints.push(endpoint);
        Declaration { api: self, position }
    }

    /// Returns the endpoints in the order of their declaration.
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// Returns the schemas that the schemas of bodies refer to, by name.
    pub fn definitions(&self) -> serde_json::Map<String, serde_json::Value> {
        self.schemas.definitions().clone()
    }
}

/// Defines a shorthand for each method.
macro_rules! methods {
    ($($name:ident = $method:ident),+) => {
        impl Api {
            $(
                /// Declares an endpoint with the method of this name; see [`Self::endpoint`].
                pub fn $name<H, A>(
                    &mut self,
                    path: &'static str,
                    id: &'static str,
                    handler: H,
                ) -> Declaration<'_>
                where
                    H: Handler<A>,
                    H::Output: Answer,
                    A: Described,
                {
                    self.endpoint(Method::$method, path, id, handler)
                }
            )+
        }
    };
}
methods!(get = GET, post = POST, put = PUT, patch = PATCH, delete = DELETE);

/// A builder for the rest of an endpoint's declaration.
pub struct Declaration<'a> {
    api: &'a mut Api,
    position: usize,
}

impl Declaration<'_> {
    fn with(self, change: impl FnOnce(&mut Endpoint)) -> Self {
        if let Some(endpoint) = self.api.endpoints.get_mut(self.position) {
            change(endpoint);
        }
        self
    }

    /// Sets the summary: what the endpoint does, in one line for people.
    pub fn summary(self, summary: &'static str) -> Self {
        self.with(|endpoint| endpoint.summary = summary)
    }

    /// Sets the description: what else callers need to know, in full sentences.
    pub fn description(self, description: &'static str) -> Self {
        self.with(|endpoint| endpoint.description = Some(description))
    }

    /// Adds a verb of an earlier release, which the command line still accepts.
    pub fn formerly(self, verb: &'static str) -> Self {
        self.with(|endpoint| endpoint.former_verbs.push(verb))
    }

    /// Adds statuses of refusals that do not follow from the declaration.
    pub fn refuses(self, statuses: &'static [u16]) -> Self {
        self.with(|endpoint| endpoint.refusals.extend_from_slice(statuses))
    }
}

/// Returns the schema of a type without references, for places where none are allowed.
fn inline<T: JsonSchema>() -> Schema {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    settings.meta_schema = None;
    settings.into_generator().into_root_schema_for::<T>()
}

pub use document::document;
