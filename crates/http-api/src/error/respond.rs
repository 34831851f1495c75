//! A failure as bytes.

use actix_web::error::Error as ActixError;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::console;
use crate::reply::Reply;
use crate::resources::OperationOutcome;
use crate::state::State;

use super::{Failure, Family, Problem};

/// An error of an OAuth endpoint (RFC 6749 §5.2).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Error)]
pub(crate) struct ErrorReply {
    /// The error code.
    #[schema(example = "invalid_grant")]
    pub(crate) error: &'static str,
    /// What people are told.
    #[schema(example = "Wrong username or password")]
    pub(crate) error_description: String,
    /// What would have to change, one by one, where it can be told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, example = json!(["The password must have at least 8 characters."]))]
    pub(crate) problems: Vec<String>,
}

/// The failure behind an answer that actix made of an error, its own errors included.
pub(crate) fn failure_of(error: &ActixError) -> Option<&Failure> {
    error.as_error::<Failure>()
}

/// The answer to a request that failed.
pub(crate) fn respond(failure: &Failure, request: &HttpRequest) -> HttpResponse {
    let family = Family::of(request.path());
    let mut response = match family {
        Family::OAuth => Reply::new(failure.status(family), oauth_body(failure)).answer(request),
        Family::Resource => {
            Reply::new(failure.status(family), resource_body(failure)).answer(request)
        }
        Family::Page => console::failed(failure, request),
    };
    let mut add = |name, value: &str| {
        if let Ok(value) = header::HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    };
    if let Some(challenge) = failure.challenge() {
        add(header::WWW_AUTHENTICATE, challenge);
    }
    if let Some(seconds) = failure.retry_after() {
        add(header::RETRY_AFTER, &seconds.to_string());
    }
    if let Failure::MethodNotAllowed(methods) = failure {
        add(header::ALLOW, methods);
    }
    response
}

/// The answer to a request that its handler has lost: in JSON, or a page.
pub(crate) fn respond_without_request(
    failure: &Failure,
    path: &str,
    state: Option<&web::Data<State>>,
    id: &str,
) -> HttpResponse {
    let family = Family::of(path);
    let mut answer = HttpResponse::build(failure.status(family));
    if let Some(seconds) = failure.retry_after() {
        answer.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    match (family, state) {
        (Family::OAuth, _) => answer.json(oauth_body(failure)),
        (Family::Page, Some(state)) => console::lost(failure, state, id),
        _ => answer.json(resource_body(failure)),
    }
}

/// What an error of actix itself is called here.
pub(crate) fn translate(status: StatusCode) -> Failure {
    match status {
        StatusCode::NOT_FOUND => Failure::NotFound,
        status if status.is_client_error() => Failure::unreadable("The request cannot be read"),
        _ => Failure::Panicked,
    }
}

fn oauth_body(failure: &Failure) -> ErrorReply {
    ErrorReply {
        error: failure.error_code(),
        error_description: grammatical(&failure.description()),
        problems: match failure {
            Failure::UnfitPassword(problems) => problems.clone(),
            Failure::Unprocessable(problems) => problems.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        },
    }
}

/// The status of a failure that is told within a Bundle, and what is said of it.
pub(crate) fn outcome(failure: &Failure) -> (StatusCode, serde_json::Value) {
    let said = serde_json::to_value(resource_body(failure)).unwrap_or_default();
    (failure.status(Family::Resource), said)
}

fn resource_body(failure: &Failure) -> OperationOutcome {
    OperationOutcome::new(failure.issue_type(), issues(failure))
}

/// What is wrong, and where.
fn issues(failure: &Failure) -> Vec<(Option<String>, String)> {
    let issue = |problem: &Problem| (problem.at.clone(), grammatical(&problem.says));
    match failure {
        Failure::Unprocessable(problems) => problems.iter().map(issue).collect(),
        Failure::Unreadable(problem) => vec![issue(problem)],
        Failure::InEntry(place, failure) => {
            let of_entry = issues(failure).into_iter().map(|(at, says)| {
                let member = at.map_or_else(String::new, |at| format!(".{at}"));
                (Some(format!("entry[{place}]{member}")), says)
            });
            of_entry.collect()
        }
        other => vec![(None, grammatical(&other.description()))],
    }
}

/// `error_description` is made of %x20-21 / %x23-5B / %x5D-7E (RFC 6749 §5.2).
fn grammatical(text: &str) -> String {
    let fit = |c| {
        if matches!(c, ' '..='!' | '#'..='[' | ']'..='~') {
            c
        } else {
            '?'
        }
    };
    text.chars().map(fit).collect()
}
