//! Requests as spans of traces.

use std::sync::{Arc, Mutex};

use actix_web::test::TestRequest;
use grantor_testkit::World;

use super::Site;
use crate::options::{SpanSink, TimeLimits};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";

fn traced(path: &str, traceparent: &str) -> TestRequest {
    TestRequest::get()
        .uri(path)
        .insert_header(("traceparent", traceparent))
}

#[actix_web::test]
async fn a_caller_is_told_which_span_of_its_trace_the_request_became() {
    let site = Site::new();
    let mut spans = Vec::new();
    for flags in ["00", "01"] {
        let answer = site
            .send(traced("/x", &format!("00-{TRACE}-{PARENT}-{flags}")))
            .await;
        let told = answer.header("traceresponse").to_owned();
        let parts: Vec<&str> = told.split('-').collect();
        assert_eq!(
            (parts[0], parts[1], parts[3]),
            ("00", TRACE, flags),
            "{told}"
        );
        assert_eq!(parts[2].len(), 16);
        assert_ne!(parts[2], PARENT);
        spans.push(parts[2].to_owned());
    }
    assert_ne!(spans[0], spans[1]);
}

#[actix_web::test]
async fn a_malformed_trace_is_none_and_the_request_is_answered_all_the_same() {
    let site = Site::new();
    for wrong in [
        "nonsense",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
    ] {
        let answer = site.send(traced("/.well-known/jwks.json", wrong)).await;
        assert_eq!(answer.status, 200, "{wrong}");
        assert!(!answer.headers.contains_key("traceresponse"), "{wrong}");
    }
    let twice = traced("/x", &format!("00-{TRACE}-{PARENT}-01"))
        .append_header(("traceparent", format!("00-{TRACE}-{PARENT}-01")));
    let answer = site.send(twice).await;
    assert!(!answer.headers.contains_key("traceresponse"));
}

#[actix_web::test]
async fn the_sink_is_told_of_every_request_by_its_route() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&told);
    let spans = SpanSink(Arc::new(move |span| {
        let trace = span.trace;
        sink.lock().unwrap().push((
            *trace,
            span.method,
            span.route.to_owned(),
            span.status,
            span.reason,
        ));
    }));
    let site = Site::limited(World::default(), TimeLimits::default(), Some(spans));
    site.send(traced("/Client/a?x=y", &format!("00-{TRACE}-{PARENT}-01")))
        .await;
    site.send(TestRequest::get().uri("/Client/b")).await;
    let told = told.lock().unwrap().clone();
    for (_, method, route, status, reason) in &told {
        let seen = (*method, route.as_str(), *status, *reason);
        assert_eq!(
            seen,
            ("GET", "/Client/{id}", 401, Some("missing_credentials"))
        );
    }
    let (continued, begun) = (told[0].0, told[1].0);
    assert!(continued.to_string().contains(TRACE));
    assert!(continued.parent.is_some());
    assert_eq!(begun.parent, None, "a trace begins here");
    assert_ne!(begun.id, continued.id);
}
