//! Health and metrics, on a listener of their own.

mod health;
mod metrics;

use actix_web::web;

use crate::options::Operations;

/// Everything the operations listener answers.
pub(crate) fn mount(app: &mut web::ServiceConfig, operations: Operations) {
    app.app_data(web::Data::new(operations))
        .service(health::live)
        .service(health::ready)
        .service(health::startup)
        .service(metrics::metrics);
}

#[cfg(test)]
mod tests;
