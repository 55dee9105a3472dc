//! Metrics of requests and of background work in Prometheus text format.

use std::time::Duration;

use actix_web::http::Method;
use prometheus::core::Collector;
use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    Registry, TextEncoder,
};

use crate::store::outbox::Backlog;
use crate::store::{Cost, Store, StoreResult, jobs, outbox};

/// The metrics of the server.
pub struct Metrics {
    registry: Registry,
    requests: Option<IntCounterVec>,
    durations: Option<HistogramVec>,
    background: Option<BackgroundMetrics>,
    dropped: Option<IntCounter>,
}

/// Gauges that are read from the database at each scrape, so that every node reports the same.
struct BackgroundMetrics {
    mail_waiting: IntGauge,
    mail_oldest: IntGauge,
    mail_given_up: IntGauge,
    job_success: IntGaugeVec,
}

impl BackgroundMetrics {
    fn new(registry: &Registry) -> prometheus::Result<Self> {
        let metrics = Self {
            mail_waiting: IntGauge::new("insomnia_scim_mail_waiting", "Mails not sent yet")?,
            mail_oldest: IntGauge::new(
                "insomnia_scim_mail_oldest_seconds",
                "Age of the oldest mail not sent yet",
            )?,
            mail_given_up: IntGauge::new(
                "insomnia_scim_mail_given_up",
                "Mails that could not be sent, of the last 90 days",
            )?,
            job_success: IntGaugeVec::new(
                Opts::new(
                    "insomnia_scim_job_last_success_timestamp_seconds",
                    "When a job was last done, by any node",
                ),
                &["job"],
            )?,
        };
        let collectors: [Box<dyn Collector>; 4] = [
            Box::new(metrics.mail_waiting.clone()),
            Box::new(metrics.mail_oldest.clone()),
            Box::new(metrics.mail_given_up.clone()),
            Box::new(metrics.job_success.clone()),
        ];
        for collector in collectors {
            registry.register(collector)?;
        }
        Ok(metrics)
    }

    async fn update(&self, store: &Store) -> StoreResult<()> {
        let (Backlog { waiting, oldest, given_up }, jobs) = store
            .read(Cost::SERVER, |conn| StoreResult::Ok((outbox::backlog(conn)?, jobs::all(conn)?)))
            .await?;
        self.mail_waiting.set(waiting);
        let now = store.clock().now();
        self.mail_oldest.set(oldest.map_or(0, |oldest| now.millis_since(oldest).max(0) / 1000));
        self.mail_given_up.set(given_up);
        for job in jobs {
            if let Some(at) = job.succeeded_at {
                self.job_success.with_label_values(&[&job.name]).set(at.0 / 1000);
            }
        }
        Ok(())
    }
}

impl Metrics {
    /// Registers the metrics.
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
        let register = |collector: Box<dyn Collector>| {
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
        let background = BackgroundMetrics::new(&registry)
            .inspect_err(|error| log::error!("a metric cannot be registered: {error}"))
            .ok();
        let dropped = IntCounter::new(
            "insomnia_scim_request_log_dropped_total",
            "Requests that could not be kept in the request log",
        );
        if let Ok(dropped) = &dropped {
            register(Box::new(dropped.clone()));
        }
        Self {
            registry,
            requests: requests.ok(),
            durations: durations.ok(),
            background,
            dropped: dropped.ok(),
        }
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

impl Metrics {
    /// Returns all metrics in Prometheus text format: those of mail and jobs as the database has
    /// them now, and the number of requests that the request log has dropped.
    ///
    /// # Errors
    /// Fails if the metrics cannot be encoded.
    pub async fn text(&self, store: &Store, dropped: u64) -> prometheus::Result<Vec<u8>> {
        if let Some(background) = &self.background
            && let Err(error) = background.update(store).await
        {
            log::warn!("metrics of mail and jobs are outdated, they cannot be read: {error}");
        }
        if let Some(counter) = &self.dropped {
            counter.inc_by(dropped.saturating_sub(counter.get()));
        }
        let mut body = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut body)?;
        Ok(body)
    }
}

/// Returns the method as a label. Unknown methods share one, because a client could invent methods
/// and each would become a time series.
pub fn label(method: &Method) -> &'static str {
    const KNOWN: [&str; 9] =
        ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_that_nobody_knows_are_one_label() {
        let of = |text: &str| label(&Method::from_bytes(text.as_bytes()).unwrap());
        assert_eq!((of("GET"), of("DELETE"), of("TRACE")), ("GET", "DELETE", "TRACE"));
        assert_eq!((of("get"), of("BREW"), of("X-1")), ("other", "other", "other"));
    }
}
