//! Which status and which code a failure has: the only such table.

use std::borrow::Cow;

use actix_web::http::StatusCode;
use grantor_domain::reason::ErrorCode;
use grantor_domain::{Fault, Reason};

use super::Failure;

/// How an endpoint speaks of failures. Never mixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// RFC 6749 §5.2.
    OAuth,
    /// FHIR R4 `OperationOutcome`.
    Resource,
    /// A page for people.
    Page,
}

impl Family {
    /// The family of a path. What is no OAuth endpoint is treated as a resource, known or not.
    pub(crate) fn of(path: &str) -> Self {
        if path == "/console" || path.starts_with("/console/") || path == "/auth/login" {
            return Self::Page;
        }
        let oauth = path == "/token"
            || ["/auth/", "/access/", "/.well-known/"]
                .iter()
                .any(|prefix| path.starts_with(prefix));
        if oauth { Self::OAuth } else { Self::Resource }
    }
}

/// The status of a refusal.
pub(crate) fn reason_status(reason: Reason, family: Family) -> StatusCode {
    match (reason.code(), family) {
        (ErrorCode::InvalidClient | ErrorCode::InvalidToken, _) => StatusCode::UNAUTHORIZED,
        (ErrorCode::AccessDenied, _)
        | (ErrorCode::UnauthorizedClient, Family::Resource | Family::Page) => StatusCode::FORBIDDEN,
        (ErrorCode::SlowDown, _) => StatusCode::TOO_MANY_REQUESTS,
        (
            ErrorCode::InvalidRequest
            | ErrorCode::InvalidGrant
            | ErrorCode::UnauthorizedClient
            | ErrorCode::UnsupportedGrantType
            | ErrorCode::InvalidScope
            | ErrorCode::InvalidTarget,
            _,
        ) => StatusCode::BAD_REQUEST,
    }
}

impl Failure {
    /// The status.
    pub(crate) fn status(&self, family: Family) -> StatusCode {
        match self {
            Self::Unreadable(_) | Self::UnfitPassword(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::HeadersTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::UnsupportedMediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Refused(reason) => reason_status(*reason, family),
            Self::Fault(Fault::Corrupt(_)) | Self::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Fault(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Gone => StatusCode::GONE,
            Self::MethodNotAllowed(_) | Self::ReadOnly => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::ConditionFailed => StatusCode::PRECONDITION_FAILED,
            Self::Unprocessable(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::InEntry(_, failure) => failure.status(family),
            Self::Relayed(relayed) => relayed.status,
        }
    }

    /// `error` of RFC 6749 §5.2.
    pub(super) const fn error_code(&self) -> &'static str {
        match self {
            Self::Refused(reason) => reason.code().as_str(),
            Self::Fault(Fault::Corrupt(_)) | Self::Panicked => "server_error",
            Self::Fault(_) => "temporarily_unavailable",
            _ => "invalid_request",
        }
    }

    /// `issue.code` of FHIR R4's `IssueType`.
    pub(super) fn issue_type(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "structure",
            Self::TooLarge(_) | Self::HeadersTooLarge => "too-long",
            Self::UnsupportedMediaType(_) | Self::MethodNotAllowed(_) | Self::ReadOnly => {
                "not-supported"
            }
            Self::TooSlow => "timeout",
            Self::Refused(reason) => match reason_status(*reason, Family::Resource) {
                StatusCode::UNAUTHORIZED => "login",
                StatusCode::FORBIDDEN => "forbidden",
                StatusCode::TOO_MANY_REQUESTS => "throttled",
                _ => "invalid",
            },
            Self::Fault(Fault::Corrupt(_)) | Self::Panicked => "exception",
            Self::Fault(_) => "transient",
            Self::NotFound => "not-found",
            Self::Gone => "deleted",
            Self::Conflict(_) | Self::ConditionFailed => "conflict",
            Self::Unprocessable(_) | Self::UnfitPassword(_) => "invalid",
            Self::InEntry(_, failure) => failure.issue_type(),
            Self::Relayed(_) => "processing",
        }
    }

    /// What people are told. Never anything that was sent, unless it was checked to be harmless.
    pub(crate) fn description(&self) -> Cow<'static, str> {
        match self {
            Self::Unreadable(problem) => match &problem.at {
                Some(at) => format!("{at}: {}", problem.says).into(),
                None => problem.says.clone(),
            },
            Self::TooLarge(limit) => format!("The body is larger than {limit} bytes").into(),
            Self::HeadersTooLarge => "The headers are too large".into(),
            Self::UnsupportedMediaType(says) | Self::Conflict(says) => (*says).into(),
            Self::TooSlow => "The body did not arrive in time".into(),
            Self::Refused(reason) => reason.description().into(),
            Self::Fault(Fault::Corrupt(_)) | Self::Panicked => {
                "The server met an unexpected condition".into()
            }
            Self::Fault(_) => "The server cannot answer now, try again".into(),
            Self::NotFound => "There is nothing here".into(),
            Self::Gone => "The resource was removed".into(),
            Self::MethodNotAllowed(_) => "This method is not supported here".into(),
            Self::ConditionFailed => "The resource is not in the state the request requires".into(),
            Self::Unprocessable(_) => "The resource breaks rules".into(),
            Self::UnfitPassword(problems) => problems.join(" ").into(),
            Self::ReadOnly => "This directory cannot be written".into(),
            Self::InEntry(_, failure) => failure.description(),
            Self::Relayed(relayed) => relayed.says.clone().into(),
        }
    }

    /// Seconds until it is worth trying again.
    pub(crate) const fn retry_after(&self) -> Option<u32> {
        match self {
            Self::Refused(Reason::Throttled { retry_after, .. }) => Some(retry_after.as_seconds()),
            Self::Fault(Fault::Corrupt(_)) => None,
            Self::Fault(_) => Some(1),
            Self::Relayed(relayed) => relayed.retry_after,
            _ => None,
        }
    }

    /// How to authenticate (RFC 9110 §11.6.1), on every 401 and on nothing else.
    pub(super) fn challenge(&self) -> Option<&'static str> {
        let Self::Refused(reason) = self else {
            return None;
        };
        match (reason.code(), reason) {
            (ErrorCode::InvalidClient, _) => Some(r#"Basic realm="grantor", charset="UTF-8""#),
            (_, Reason::MissingCredentials) => Some(r#"Bearer realm="grantor""#),
            (ErrorCode::InvalidToken, _) => {
                Some(r#"Bearer realm="grantor", error="invalid_token""#)
            }
            _ => None,
        }
    }
}
