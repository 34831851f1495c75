//! One line in the log and two metrics for every request: its route, never its path or query.

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse, web};
use grantor_domain::time::Timestamp;

use crate::frame::Reason;
use crate::state::State;

/// A request that has begun.
pub(crate) struct Observation {
    method: &'static str,
    state: Option<web::Data<State>>,
    began: Option<Timestamp>,
}

impl Observation {
    /// Notes the beginning.
    pub(crate) fn begin(request: &ServiceRequest, state: Option<&web::Data<State>>) -> Self {
        Self {
            method: label(request.method()),
            state: state.cloned(),
            began: state.map(now),
        }
    }

    /// Writes the line and counts.
    pub(crate) fn end(
        self,
        request: &HttpRequest,
        response: &HttpResponse,
        id: &str,
        reason: Reason,
    ) {
        let method = self.method;
        let route = request
            .match_pattern()
            .unwrap_or_else(|| "unmatched".to_owned());
        let status = response.status().as_u16();
        let ended = self.state.as_ref().map(now);
        let micros = match (self.began, ended) {
            (Some(began), Some(ended)) => ended.as_micros() - began.as_micros(),
            _ => 0,
        };
        let micros = u64::try_from(micros).unwrap_or(0);
        match reason {
            Reason::None => {
                tracing::debug!(
                    request.id = id,
                    method,
                    route,
                    status,
                    duration_us = micros,
                    "answered"
                );
            }
            Reason::Refused(reason) => {
                tracing::info!(
                    request.id = id,
                    method,
                    route,
                    status,
                    duration_us = micros,
                    reason,
                    "refused"
                );
            }
            Reason::Broken(fault) => {
                tracing::error!(
                    request.id = id,
                    method,
                    route,
                    status,
                    duration_us = micros,
                    fault,
                    "could not answer"
                );
            }
        }
        let seconds = std::time::Duration::from_micros(micros);
        metrics::histogram!("grantor_http_request_seconds", "route" => route.clone(), "method" => method)
            .record(seconds);
        metrics::counter!("grantor_http_requests_total", "route" => route, "method" => method, "status" => status.to_string())
            .increment(1);
    }
}

fn now(state: &web::Data<State>) -> Timestamp {
    state.server.ports().clock.now()
}

/// Methods from a closed set, so that nobody can make metrics grow.
fn label(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
