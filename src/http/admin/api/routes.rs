//! The endpoints as routes of actix-web. A path with other methods than the request's is refused
//! with 405.

use actix_web::web::{self, ServiceConfig};

use super::Api;
use crate::http::base::problem;

impl Api {
    /// Registers all endpoints, relative to the scope of the configuration.
    pub fn register(self, config: &mut ServiceConfig) {
        let mut endpoints = self.endpoints;
        while let Some(first) = endpoints.first() {
            let path = first.path;
            let (here, elsewhere): (Vec<_>, Vec<_>) =
                endpoints.into_iter().partition(|endpoint| endpoint.path == path);
            endpoints = elsewhere;
            let methods: Vec<&str> = here.iter().map(|endpoint| endpoint.method.as_str()).collect();
            let methods = methods.join(", ");
            let resource = here
                .into_iter()
                .filter_map(|endpoint| endpoint.route)
                .fold(web::resource(path), |resource, route| resource.route(route));
            config.service(
                resource.default_service(web::to(move || problem::wrong_method(methods.clone()))),
            );
        }
    }
}
