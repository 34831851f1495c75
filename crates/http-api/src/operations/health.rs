//! `/health/live`, `/health/ready`, `/health/startup`: what orchestrators ask.

use std::sync::atomic::Ordering;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, get, web};
use serde_json::json;

use crate::options::Operations;

/// The process answers. It touches nothing, so that a store that is away restarts nobody.
#[get("/health/live")]
pub(super) async fn live() -> HttpResponse {
    answer(Ok(()))
}

/// Requests can be served.
#[get("/health/ready")]
pub(super) async fn ready(operations: web::Data<Operations>) -> HttpResponse {
    let asked = web::block(move || (operations.ready)()).await;
    answer(asked.unwrap_or(Err("probe_failed")))
}

/// The start is complete.
#[get("/health/startup")]
pub(super) async fn startup(operations: web::Data<Operations>) -> HttpResponse {
    let started = operations.started.load(Ordering::Acquire);
    answer(if started { Ok(()) } else { Err("starting") })
}

fn answer(health: Result<(), &'static str>) -> HttpResponse {
    let (status, body) = match health {
        Ok(()) => (StatusCode::OK, json!({ "status": "ok" })),
        Err(reason) => (
            StatusCode::SERVICE_UNAVAILABLE,
            json!({ "status": "unavailable", "reason": reason }),
        ),
    };
    HttpResponse::build(status)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(body)
}
