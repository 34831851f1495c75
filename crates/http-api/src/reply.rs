//! An answer: a status, a value written as the request wants it, and a few headers.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Serialize;

use crate::negotiate::{Format, format_of, is_pretty};

/// A value to answer with.
#[derive(Debug)]
pub(crate) struct Reply<T> {
    status: StatusCode,
    body: Option<T>,
    headers: Vec<(HeaderName, String)>,
}

impl<T: Serialize> Reply<T> {
    /// An answer with a status.
    pub(crate) const fn new(status: StatusCode, body: T) -> Self {
        Self {
            status,
            body: Some(body),
            headers: Vec::new(),
        }
    }

    /// 200.
    pub(crate) const fn ok(body: T) -> Self {
        Self::new(StatusCode::OK, body)
    }

    /// An answer without a body.
    pub(crate) const fn empty(status: StatusCode) -> Self {
        Self {
            status,
            body: None,
            headers: Vec::new(),
        }
    }

    /// The same answer as 304 and without its body, for a caller who has it.
    pub(crate) fn not_modified(mut self) -> Self {
        self.status = StatusCode::NOT_MODIFIED;
        self.body = None;
        self
    }

    /// The same answer with another header. A value that is no header value is left out.
    pub(crate) fn with(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Writes it.
    pub(crate) fn answer(self, request: &HttpRequest) -> HttpResponse {
        let format = format_of(request);
        let mut response = HttpResponse::new(self.status);
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        let Some(body) = self.body else {
            return response;
        };
        let Some(text) = write(&body, format, is_pretty(request)) else {
            return HttpResponse::InternalServerError().finish();
        };
        let kind = HeaderValue::from_static(format.content_type());
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response.set_body(BoxBody::new(text))
    }
}

impl<T: Serialize> Responder for Reply<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        self.answer(request)
    }
}

fn write(body: &impl Serialize, format: Format, pretty: bool) -> Option<String> {
    match format {
        Format::Yaml => serde_saphyr::to_string(body).ok(),
        Format::Json | Format::FhirJson if pretty => serde_json::to_string_pretty(body).ok(),
        Format::Json | Format::FhirJson => serde_json::to_string(body).ok(),
    }
}
