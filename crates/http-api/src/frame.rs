//! What is done around every request: limits on headers, failures into answers, headers, one line
//! in the log.

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpRequest, HttpResponse, web};

use crate::body::decode;
use crate::cors::{CrossOrigin, cross_origin};
use crate::error::{Failure, failure_of, respond, translate};
use crate::headers::{complete, request_id};
use crate::observe::Observation;
use crate::state::State;
use crate::survive::{self, Remains};
use crate::trace::Trace;

/// Most bytes of names and values of headers.
const HEADER_LIMIT: usize = 16 * 1024;

/// Wraps every route.
pub(crate) async fn frame(
    mut request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let state = request.app_data::<web::Data<State>>().cloned();
    let trace = trace_of(&request, state.as_ref());
    let observation = Observation::begin(request.method(), state.as_ref(), trace);
    let id = name_request(&request, state.as_ref());
    request.extensions_mut().insert(RequestId(id.clone()));
    if request.method() == Method::HEAD {
        // HEAD is GET without the content (RFC 9110 §9.3.2), which the connection leaves out.
        request.head_mut().method = Method::GET;
    }
    let mut cross_origin = cross_origin(request.request(), state.as_ref()).await;
    let early = unacceptable(&request).map(HttpResponse::from_error);
    let early = early.or_else(|| cross_origin.as_mut().and_then(CrossOrigin::preflight));
    let remains = Remains::of(&request);
    let answer = if let Some(early) = early {
        Ok(ServiceResponse::new(request.into_parts().0, early))
    } else {
        let limits = state.as_ref().map(|state| state.limits);
        let limit = limits.unwrap_or_default().request;
        survive::call(next, request, limit).await?
    };
    let finish = |response: &mut HttpResponse| {
        if let Some(cross_origin) = cross_origin {
            cross_origin.complete(response.headers_mut());
        }
        complete(response.headers_mut(), &id);
        if let Some(trace) = &trace {
            trace.answer(response.headers_mut());
        }
    };
    match answer {
        Ok(answer) => {
            let (request, response) = answer.into_parts();
            let reason = Reason::of(&response);
            let mut response = settle(&request, response);
            finish(&mut response);
            observation.end(request.match_pattern(), &response, &id, reason);
            Ok(ServiceResponse::new(request, response))
        }
        Err(lost) => {
            let mut response = remains.answer(&lost, state.as_ref(), &id);
            finish(&mut response);
            let reason = Reason::why(&lost.failure());
            observation.end(remains.route(), &response, &id, reason);
            Err(survive::without_request(response))
        }
    }
}

/// The trace its caller names; without one, a trace begins only where somebody wants to know.
fn trace_of(request: &ServiceRequest, state: Option<&web::Data<State>>) -> Option<Trace> {
    let state = state?;
    let randomness = state.server.ports().randomness.as_ref();
    let begun = || state.spans.as_ref().and_then(|_| Trace::begun(randomness));
    Trace::continued(request.headers(), randomness).or_else(begun)
}

/// The request's id in the log.
struct RequestId(String);

/// What a request is called in the log.
pub(crate) fn named_in(request: &HttpRequest) -> Option<String> {
    let extensions = request.extensions();
    extensions.get::<RequestId>().map(|id| id.0.clone())
}

/// Why an answer is not a good one, for the log.
pub(crate) enum Reason {
    /// It is.
    None,
    /// The request, or a rule.
    Refused(&'static str),
    /// Something outside, or we ourselves.
    Broken(String),
}

impl Reason {
    fn of(response: &HttpResponse) -> Self {
        let failure = response.error().and_then(failure_of);
        failure.map_or(Self::None, Self::why)
    }

    fn why(failure: &Failure) -> Self {
        match failure.cause() {
            Failure::Refused(reason) => Self::Refused(reason.name()),
            Failure::Fault(fault) => Self::Broken(fault.to_string()),
            Failure::Panicked => Self::Broken("a workflow panicked".to_owned()),
            _ => Self::Refused("unacceptable_request"),
        }
    }
}

/// Gives a failure its bytes.
fn settle(request: &HttpRequest, response: HttpResponse) -> HttpResponse {
    let Some(error) = response.error() else {
        return response;
    };
    match failure_of(error) {
        Some(failure) => respond(failure, request),
        None => respond(&translate(response.status()), request),
    }
}

/// What is wrong with a request before anybody has looked at what it wants.
fn unacceptable(request: &ServiceRequest) -> Option<Failure> {
    if headers_are_too_large(request) {
        Some(Failure::HeadersTooLarge)
    } else if decode(request.uri().path().as_bytes()).is_none() {
        // Actix would leave what it cannot decode as it is, and `%zz` would name a client.
        Some(Failure::unreadable("The path is not percent-encoded UTF-8"))
    } else {
        None
    }
}

fn headers_are_too_large(request: &ServiceRequest) -> bool {
    let sizes = request.headers().iter();
    let size: usize = sizes
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    size > HEADER_LIMIT
}

fn name_request(request: &ServiceRequest, state: Option<&web::Data<State>>) -> String {
    let sane = request_id(request.headers()).map(str::to_owned);
    sane.or_else(|| state?.server.new_resource_id().ok())
        .unwrap_or_else(|| "unnamed".to_owned())
}
