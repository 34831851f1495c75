//! Answers that pages of other origins may read (the Fetch standard's CORS protocol).
//!
//! Only what an application in a browser needs, only for origins that an active client lists
//! (`allowed_origins`), and never with the browser's own credentials: no cookie is of any use here.
//! Whether the origin is listed is looked up before the request is, so that an answer that exists
//! can be read.

use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::error::Failure;
use crate::state::State;

/// How long a browser may keep what a preflight said, in seconds.
const MAX_AGE: &str = "600";
/// What a page may send.
const ALLOW_HEADERS: &str = "accept, authorization, content-type, x-request-id";
/// What a page may read beside the content.
const EXPOSE_HEADERS: &str = "retry-after, www-authenticate, x-request-id";

/// The endpoints for browsers, and their methods.
const ENDPOINTS: [(&str, &[Method]); 6] = [
    ("/auth/token", &[Method::POST]),
    ("/token", &[Method::POST]),
    ("/auth/revoke", &[Method::POST]),
    ("/auth/userinfo", &[Method::GET, Method::POST]),
    ("/Session", &[Method::DELETE]),
    ("/fhir/Session", &[Method::DELETE]),
];

/// What a request from a page asks of an endpoint for browsers.
pub(crate) struct CrossOrigin {
    origin: String,
    is_preflight: bool,
    methods: &'static [Method],
    /// Whether an active client lists the origin.
    is_allowed: Result<bool, Failure>,
}

/// Looks at a request. `None`: it comes from no page, or asks for something else.
pub(crate) async fn cross_origin(
    request: &HttpRequest,
    state: Option<&web::Data<State>>,
) -> Option<CrossOrigin> {
    let origin = text(request.headers(), &header::ORIGIN)?.to_owned();
    let path = request.path();
    let (_, methods) = ENDPOINTS.iter().find(|(known, _)| *known == path)?;
    let is_preflight = request.method() == Method::OPTIONS;
    let method = if is_preflight {
        let asked = text(request.headers(), &header::ACCESS_CONTROL_REQUEST_METHOD)?;
        Method::from_bytes(asked.as_bytes()).ok()?
    } else {
        request.method().clone()
    };
    if !methods.contains(&method) {
        return None;
    }
    let asked = origin.clone();
    let is_allowed = state?
        .run(move |server| server.is_allowed_origin(&asked))
        .await;
    Some(CrossOrigin {
        origin,
        is_preflight,
        methods,
        is_allowed,
    })
}

impl CrossOrigin {
    /// The answer to a preflight. An origin that nobody lists gets none: its `OPTIONS` is a method
    /// like any other that is not there.
    pub(crate) fn preflight(&mut self) -> Option<HttpResponse> {
        if !self.is_preflight {
            return None;
        }
        match std::mem::replace(&mut self.is_allowed, Ok(false)) {
            Ok(true) => {
                self.is_allowed = Ok(true);
                Some(
                    HttpResponse::NoContent()
                        .insert_header((
                            header::ACCESS_CONTROL_ALLOW_METHODS,
                            self.allowed_methods(),
                        ))
                        .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOW_HEADERS))
                        .insert_header((header::ACCESS_CONTROL_MAX_AGE, MAX_AGE))
                        .finish(),
                )
            }
            Ok(false) => None,
            Err(failure) => Some(HttpResponse::from_error(failure)),
        }
    }

    /// Adds what lets the page read the answer, good or bad.
    pub(crate) fn complete(&self, headers: &mut HeaderMap) {
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
        if !matches!(self.is_allowed, Ok(true)) {
            return;
        }
        if let Ok(origin) = HeaderValue::from_str(&self.origin) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            if !self.is_preflight {
                let exposed = HeaderValue::from_static(EXPOSE_HEADERS);
                headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
            }
        }
    }

    fn allowed_methods(&self) -> String {
        let names: Vec<&str> = self.methods.iter().map(Method::as_str).collect();
        names.join(", ")
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
