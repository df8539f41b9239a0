//! For those who run Kyodo: alive, ready, figures. On every host, without a city.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::House;

/// Begins to record metrics for the whole process; to be called once, in `main`.
///
/// # Panics
/// When called twice.
#[must_use]
pub fn record_metrics() -> PrometheusHandle {
    PrometheusBuilder::new().install_recorder().expect("metrics are recorded once per process")
}

/// `/healthz`: the process answers.
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// `/readyz`: every city's database answers.
pub(crate) async fn readyz(State(house): State<Arc<House>>) -> Response {
    for city in house.cities.iter() {
        if let Err(error) = city.state().await {
            tracing::warn!(city = city.slug, %error, "a city is not ready");
            return (StatusCode::SERVICE_UNAVAILABLE, format!("{}: not ready\n", city.slug)).into_response();
        }
    }
    "ready\n".into_response()
}

/// `/metrics`, in Prometheus text format.
pub(crate) async fn figures(State(house): State<Arc<House>>) -> Response {
    match &house.metrics {
        Some(metrics) => ([(CONTENT_TYPE, "text/plain; version=0.0.4")], metrics.render()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
