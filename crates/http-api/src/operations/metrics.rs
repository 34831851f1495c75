//! `/metrics`: Prometheus text.

use actix_web::{HttpResponse, get, web};

use crate::options::Operations;

#[get("/metrics")]
pub(super) async fn metrics(operations: web::Data<Operations>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body((operations.metrics)())
}
