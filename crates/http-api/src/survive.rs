//! Answers that come whatever a handler does: when it panics, and when it takes too long.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::{Error, InternalError};
use actix_web::middleware::Next;
use actix_web::{HttpResponse, web};
use futures_util::FutureExt as _;
use grantor_domain::Fault;

use crate::error::{Failure, respond_without_request};
use crate::routes;
use crate::state::State;

/// Why a request has no answer of its handler's. The handler has taken the request with it.
pub(crate) enum Lost {
    /// It panicked.
    Panicked,
    /// It took longer than a request may.
    Late,
}

impl Lost {
    /// As a failure.
    pub(crate) fn failure(&self) -> Failure {
        match self {
            Self::Panicked => Failure::Panicked,
            Self::Late => Fault::Unavailable("the request took too long".to_owned()).into(),
        }
    }
}

/// Calls the handler. A panic ends the request, and neither the connection nor the event loop.
pub(crate) async fn call(
    next: Next<BoxBody>,
    request: ServiceRequest,
    limit: Duration,
) -> Result<Result<ServiceResponse<BoxBody>, Lost>, Error> {
    let handled = AssertUnwindSafe(async move { next.call(request).await }).catch_unwind();
    Ok(match tokio::time::timeout(limit, handled).await {
        Ok(Ok(answer)) => Ok(answer?),
        Ok(Err(_)) => Err(Lost::Panicked),
        Err(_) => Err(Lost::Late),
    })
}

/// What is left of a request when its handler has lost it.
pub(crate) struct Remains {
    path: String,
}

impl Remains {
    /// Kept before the handler is called.
    pub(crate) fn of(request: &ServiceRequest) -> Self {
        Self {
            path: request.path().to_owned(),
        }
    }

    /// The pattern of the path.
    pub(crate) fn route(&self) -> Option<String> {
        routes::pattern_of(&self.path)
    }

    /// The answer, in JSON or as a page.
    pub(crate) fn answer(
        &self,
        lost: &Lost,
        state: Option<&web::Data<State>>,
        id: &str,
    ) -> HttpResponse {
        respond_without_request(&lost.failure(), &self.path, state, id)
    }
}

/// An answer without its request, for the connection.
pub(crate) fn without_request(response: HttpResponse) -> Error {
    InternalError::from_response("the handler has lost its request", response).into()
}
