//! A request as a span, with nothing in it that a client chose but where it stands in a trace.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use grantor_domain::time::Timestamp;
use grantor_http_api::{RequestSpan, Trace};
use opentelemetry::trace::{
    SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState,
};
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};

/// The span of a request, when its trace is recorded.
pub(super) fn span(request: &RequestSpan<'_>, percent: u8) -> Option<SpanData> {
    let trace = request.trace;
    if !is_recorded(trace, percent) {
        return None;
    }
    let (method, route) = (request.method, request.route);
    let mut attributes = vec![
        KeyValue::new("http.request.method", method),
        KeyValue::new("http.route", route.to_owned()),
        KeyValue::new("http.response.status_code", i64::from(request.status)),
        KeyValue::new("grantor.request_id", request.request_id.to_owned()),
    ];
    attributes.extend(
        request
            .reason
            .map(|reason| KeyValue::new("error.type", reason)),
    );
    let status = if request.status < 500 {
        Status::Unset
    } else {
        Status::error("")
    };
    Some(SpanData {
        span_context: SpanContext::new(
            TraceId::from_bytes(trace.id),
            SpanId::from_bytes(trace.span),
            TraceFlags::SAMPLED,
            false,
            TraceState::NONE,
        ),
        parent_span_id: trace.parent.map_or(SpanId::INVALID, SpanId::from_bytes),
        parent_span_is_remote: trace.parent.is_some(),
        span_kind: SpanKind::Server,
        name: format!("{method} {route}").into(),
        start_time: instant(request.began),
        end_time: instant(request.ended),
        attributes,
        dropped_attributes_count: 0,
        events: SpanEvents::default(),
        links: SpanLinks::default(),
        status,
        instrumentation_scope: InstrumentationScope::builder("grantor").build(),
    })
}

/// A caller's trace as it says; one that begins here by its id, which is random.
fn is_recorded(trace: &Trace, percent: u8) -> bool {
    if trace.parent.is_some() {
        return trace.sampled;
    }
    let [.., high, low] = trace.id;
    u16::from_be_bytes([high, low]) % 100 < u16::from(percent)
}

fn instant(at: Timestamp) -> SystemTime {
    UNIX_EPOCH + Duration::from_micros(u64::try_from(at.as_micros()).unwrap_or(0))
}
