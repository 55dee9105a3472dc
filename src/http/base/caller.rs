//! The place of a request's client.

use std::net::IpAddr;

use actix_web::{HttpRequest, web};

use super::place::Place;
use super::state::Service;

/// Returns the place that this request comes from, by the headers of trusted proxies if any.
pub fn place(request: &HttpRequest) -> Place {
    let peer = request.peer_addr().map_or(IpAddr::from([0, 0, 0, 0]), |address| address.ip());
    let service = request.app_data::<web::Data<Service>>();
    Place::of_ip(match service {
        Some(service) => service.proxies.client(peer, request.headers()),
        None => peer,
    })
}
