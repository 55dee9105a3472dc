//! Counts of what was served, as Prometheus text.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use prometheus::{Encoder, HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry, TextEncoder};

use super::Service;

/// The server's counters.
pub struct Metrics {
    registry: Registry,
    requests: Option<IntCounterVec>,
    durations: Option<HistogramVec>,
}

impl Metrics {
    /// Registers the counters.
    pub fn new() -> Self {
        let registry = Registry::new();
        let requests = IntCounterVec::new(
            Opts::new("insomnia_scim_http_requests_total", "Requests answered"),
            &["method", "route", "status"],
        );
        let durations = HistogramVec::new(
            HistogramOpts::new("insomnia_scim_http_request_seconds", "Time to answer")
                .buckets(vec![0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1.0, 5.0]),
            &["method", "route"],
        );
        let register = |collector: Box<dyn prometheus::core::Collector>| {
            if let Err(error) = registry.register(collector) {
                log::error!("a metric cannot be registered: {error}");
            }
        };
        if let Ok(requests) = &requests {
            register(Box::new(requests.clone()));
        }
        if let Ok(durations) = &durations {
            register(Box::new(durations.clone()));
        }
        Self { registry, requests: requests.ok(), durations: durations.ok() }
    }

    /// Counts an answered request.
    pub fn count(&self, method: &str, route: &str, status: u16, duration: Duration) {
        if let Some(requests) = &self.requests {
            requests.with_label_values(&[method, route, &status.to_string()]).inc();
        }
        if let Some(durations) = &self.durations {
            durations.with_label_values(&[method, route]).observe(duration.as_secs_f64());
        }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

/// `GET /metrics`.
pub async fn text(service: web::Data<Service>) -> HttpResponse {
    let mut body = Vec::new();
    match TextEncoder::new().encode(&service.metrics.registry.gather(), &mut body) {
        Ok(()) => HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(body),
        Err(error) => {
            log::error!("metrics: {error}");
            HttpResponse::InternalServerError().finish()
        }
    }
}
