use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::App;
use actix_web::test::{TestRequest, call_service, init_service};

use super::mount;
use crate::options::Operations;

async fn status(operations: Operations, path: &str) -> u16 {
    let app = App::new().configure(|app| mount(app, operations));
    let app = init_service(app).await;
    let reply = call_service(&app, TestRequest::get().uri(path).to_request()).await;
    reply.status().as_u16()
}

#[actix_web::test]
async fn liveness_depends_on_nothing() {
    let operations = Operations {
        ready: Arc::new(|| panic!("liveness must not ask")),
        started: Arc::new(AtomicBool::new(false)),
        metrics: Arc::new(String::new),
    };
    assert_eq!(status(operations.clone(), "/health/live").await, 200);
    assert_eq!(status(operations.clone(), "/health/startup").await, 503);
    operations.started.store(true, Ordering::Release);
    assert_eq!(status(operations.clone(), "/health/startup").await, 200);
    assert_eq!(status(operations, "/health/ready").await, 503);
}
