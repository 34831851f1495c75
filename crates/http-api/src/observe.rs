//! One line in the log and two metrics for every request: its route, never its path or query.

use actix_web::http::Method;
use actix_web::{HttpResponse, web};
use grantor_domain::time::Timestamp;

use crate::frame::Reason;
use crate::options::RequestSpan;
use crate::state::State;
use crate::trace::Trace;

/// A request that has begun.
pub(crate) struct Observation {
    method: &'static str,
    state: Option<web::Data<State>>,
    began: Option<Timestamp>,
    trace: Option<Trace>,
}

/// What is said of a request once it is answered.
struct Answered<'a> {
    route: &'a str,
    status: u16,
    id: &'a str,
    ended: Option<Timestamp>,
    micros: u64,
}

impl Observation {
    /// Notes the beginning.
    pub(crate) fn begin(
        method: &Method,
        state: Option<&web::Data<State>>,
        trace: Option<Trace>,
    ) -> Self {
        Self {
            method: label(method),
            state: state.cloned(),
            began: state.map(now),
            trace,
        }
    }

    /// Writes the line, counts, and tells the sink of spans.
    pub(crate) fn end(self, route: Option<String>, response: &HttpResponse, id: &str, why: Reason) {
        let route = route.unwrap_or_else(|| "unmatched".to_owned());
        let status = response.status().as_u16();
        let ended = self.state.as_ref().map(now);
        let micros = match (self.began, ended) {
            (Some(began), Some(ended)) => ended.as_micros() - began.as_micros(),
            _ => 0,
        };
        let micros = u64::try_from(micros).unwrap_or(0);
        let answered = Answered {
            route: &route,
            status,
            id,
            ended,
            micros,
        };
        self.tell_sink(&answered, &why);
        self.log(&answered, why);
        let (method, seconds) = (self.method, std::time::Duration::from_micros(micros));
        metrics::histogram!("grantor_http_request_seconds", "route" => route.clone(), "method" => method)
            .record(seconds);
        metrics::counter!("grantor_http_requests_total", "route" => route, "method" => method, "status" => status.to_string())
            .increment(1);
    }

    fn log(&self, answered: &Answered<'_>, why: Reason) {
        let Answered {
            route, status, id, ..
        } = *answered;
        let (method, micros) = (self.method, answered.micros);
        let trace = self.trace.as_ref();
        let (trace_id, span_id) = (trace.map(Trace::id_text), trace.map(Trace::span_text));
        let (trace_id, span_id) = (trace_id.as_deref(), span_id.as_deref());
        match why {
            Reason::None => {
                tracing::debug!(
                    request.id = id,
                    trace_id,
                    span_id,
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
                    trace_id,
                    span_id,
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
                    trace_id,
                    span_id,
                    method,
                    route,
                    status,
                    duration_us = micros,
                    fault,
                    "could not answer"
                );
            }
        }
    }

    fn tell_sink(&self, answered: &Answered<'_>, why: &Reason) {
        let sink = self.state.as_ref().and_then(|state| state.spans.as_ref());
        let (Some(sink), Some(trace)) = (sink, &self.trace) else {
            return;
        };
        let (Some(began), Some(ended)) = (self.began, answered.ended) else {
            return;
        };
        (sink.0)(&RequestSpan {
            trace,
            request_id: answered.id,
            method: self.method,
            route: answered.route,
            status: answered.status,
            reason: match why {
                Reason::None => None,
                Reason::Refused(reason) => Some(reason),
                Reason::Broken(_) => Some("fault"),
            },
            began,
            ended,
        });
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
