//! The administrators' API as data: each endpoint is declared once, and the declaration is its
//! route, its place in the OpenAPI document, and its command on the command line.

mod document;
mod endpoint;
mod routes;

use actix_web::dev::Handler;
use actix_web::http::Method;
use actix_web::{FromRequest, Responder, web};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};

pub use endpoint::{Access, Answer, Endpoint};

/// Where all paths begin.
pub const BASE: &str = "/api/v1";

/// The endpoints as declared, in the order of their declaration.
pub struct Api {
    endpoints: Vec<Endpoint>,
    schemas: SchemaGenerator,
}

impl Default for Api {
    /// No endpoints yet.
    fn default() -> Self {
        let mut settings = SchemaSettings::draft2020_12();
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
        Self { endpoints: Vec::new(), schemas: settings.into_generator() }
    }
}

impl Api {
    /// Declares an endpoint. Its id is the thing and a verb, such as `teams.create`: the name of
    /// the operation in the document and of the command on the command line.
    pub fn endpoint<H, A>(
        &mut self,
        method: Method,
        path: &'static str,
        id: &'static str,
        handler: H,
    ) -> Declaration<'_>
    where
        H: Handler<A>,
        A: FromRequest + 'static,
        H::Output: Responder + 'static,
    {
        let route = web::method(method.clone()).to(handler);
        let position = self.endpoints.len();
        self.endpoints.push(Endpoint::new(method, path, id, route));
        Declaration { api: self, position }
    }

    /// The endpoints.
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// The schemas that those of bodies refer to, by name.
    pub fn definitions(&self) -> serde_json::Map<String, serde_json::Value> {
        self.schemas.definitions().clone()
    }

    fn schema_of<T: JsonSchema>(&mut self) -> Schema {
        self.schemas.subschema_for::<T>()
    }
}

/// A short name for each method.
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
                    A: FromRequest + 'static,
                    H::Output: Responder + 'static,
                {
                    self.endpoint(Method::$method, path, id, handler)
                }
            )+
        }
    };
}
methods!(get = GET, post = POST, put = PUT, patch = PATCH, delete = DELETE);

/// An endpoint while it is declared.
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

    /// What it does, in one line for people.
    pub fn summary(self, summary: &'static str) -> Self {
        self.with(|endpoint| endpoint.summary = summary)
    }

    /// More of what there is to know, in sentences.
    pub fn description(self, description: &'static str) -> Self {
        self.with(|endpoint| endpoint.description = Some(description))
    }

    /// Who may call it. Without this it is open to everybody.
    pub fn needs(self, access: impl Into<Access>) -> Self {
        let access = access.into();
        self.with(|endpoint| endpoint.access = access)
    }

    /// What its query takes.
    pub fn query<T: JsonSchema>(self) -> Self {
        let schema = inline::<T>();
        self.with(|endpoint| endpoint.query.push(schema))
    }

    /// What its body is, as JSON.
    pub fn body<T: JsonSchema>(self) -> Self {
        let schema = self.api.schema_of::<T>();
        self.with(|endpoint| endpoint.body = Some(("application/json", schema)))
    }

    /// What its body is, as another media type, not further described.
    pub fn body_of(self, media_type: &'static str) -> Self {
        self.with(|endpoint| endpoint.body = Some((media_type, text())))
    }

    /// It is a creating call that honours `Idempotency-Key`.
    pub fn idempotent(self) -> Self {
        self.with(|endpoint| endpoint.idempotent = true)
    }

    /// It answers with this status and JSON.
    pub fn answers<T: JsonSchema>(self, status: u16) -> Self {
        let schema = self.api.schema_of::<T>();
        self.with(|endpoint| {
            endpoint.answers.push(Answer { status, body: Some(("application/json", schema)) });
        })
    }

    /// It answers with this status and no body.
    pub fn answers_nothing(self, status: u16) -> Self {
        self.with(|endpoint| endpoint.answers.push(Answer { status, body: None }))
    }

    /// It answers with this status and a text of this media type.
    pub fn answers_text(self, status: u16, media_type: &'static str) -> Self {
        self.with(|endpoint| {
            endpoint.answers.push(Answer { status, body: Some((media_type, text())) });
        })
    }

    /// It can refuse with these statuses, beside those that follow from its declaration.
    pub fn refuses(self, statuses: &'static [u16]) -> Self {
        self.with(|endpoint| endpoint.refusals.extend_from_slice(statuses))
    }
}

fn text() -> Schema {
    schemars::json_schema!({"type": "string"})
}

/// The schema of a type without references, for where none may be.
fn inline<T: JsonSchema>() -> Schema {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    settings.meta_schema = None;
    settings.into_generator().into_root_schema_for::<T>()
}

pub use document::document;
