//! Asking the API from within: the same routes, limits, policies, events and log, without a socket.

use std::net::SocketAddr;
use std::rc::Rc;

use actix_http::{BoxedPayloadStream, Request};
use actix_service::boxed::{RcService, rc_service};
use actix_service::{IntoServiceFactory as _, ServiceFactory as _};
use actix_web::body::{BoxBody, to_bytes};
use actix_web::dev::{AppConfig, Payload, Service as _, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode, Uri};
use actix_web::middleware::from_fn;
use actix_web::web::Bytes;
use actix_web::{App, HttpMessage as _, HttpRequest, web};
use futures_util::stream;
use grantor_domain::secret::TokenValue;
use serde_json::Value;
use tokio::sync::OnceCell;

use crate::error::{Failure, Relayed};
use crate::extract::authorization::Held;
use crate::frame::{frame, named_in};
use crate::headers::REQUEST_ID;
use crate::routes::{self, Doors};
use crate::state::State;

use super::member;
use super::show::Wrong;

type Routes = RcService<Request, ServiceResponse<BoxBody>, actix_web::Error>;

/// The API of an event loop, made when a page first asks it.
#[derive(Clone)]
pub(super) struct InProcess {
    doors: Doors,
    routes: Rc<OnceCell<Routes>>,
}

impl InProcess {
    pub(super) fn new(doors: Doors) -> Self {
        Self {
            doors,
            routes: Rc::default(),
        }
    }

    async fn routes(&self, state: &web::Data<State>) -> Result<&Routes, Failure> {
        let (state, doors) = (state.clone(), self.doors);
        let make = async || {
            let app = App::new()
                .app_data(state)
                .configure(|app| routes::mount_api(app, doors))
                .wrap(from_fn(frame));
            let made = app.into_factory().new_service(AppConfig::default()).await;
            made.map(rc_service).map_err(|()| Failure::Panicked)
        };
        self.routes.get_or_try_init(make).await
    }
}

/// Who a request to the API is made for.
#[derive(Clone)]
pub(crate) enum Credential {
    /// Whoever is signed in.
    Visitor,
    /// Whoever the request's own headers say.
    InHeaders,
}

/// A request to the API.
#[derive(Clone)]
pub(crate) struct Ask {
    pub(crate) method: Method,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) credential: Credential,
    pub(crate) headers: Vec<(HeaderName, String)>,
    pub(crate) body: String,
}

impl Ask {
    /// A request of the visitor's, without a body.
    pub(crate) fn new(method: Method, target: impl Into<String>) -> Self {
        Self {
            method,
            target: target.into(),
            credential: Credential::Visitor,
            headers: Vec::new(),
            body: String::new(),
        }
    }

    /// With another header.
    pub(crate) fn with(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// With a body of JSON.
    pub(crate) fn json(mut self, body: &Value) -> Self {
        self.body = body.to_string();
        self.with(header::CONTENT_TYPE, "application/json")
    }
}

/// What the API answered.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answered {
    /// The body, as JSON; null when it is none.
    pub(crate) fn value(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// A header's text; empty when it has none.
    pub(crate) fn header(&self, name: &HeaderName) -> &str {
        let value = self.headers.get(name);
        value.and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    /// What is wrong, of an `OperationOutcome` or an OAuth error: where and what.
    pub(crate) fn problems(&self) -> Vec<(String, String)> {
        let value = self.value();
        let text = |value: &Value, path: &str| {
            let text = member::text(value, path);
            text.unwrap_or_default().to_owned()
        };
        let Some(issues) = member::at(&value, "issue").and_then(Value::as_array) else {
            return vec![(String::new(), text(&value, "error_description"))];
        };
        let place = |issue: &Value| {
            let first = issue.pointer("/expression/0").and_then(Value::as_str);
            first.unwrap_or_default().to_owned()
        };
        let issues = issues.iter();
        issues
            .map(|issue| (place(issue), text(issue, "diagnostics")))
            .collect()
    }

    /// Passes good answers.
    ///
    /// # Errors
    /// What the API said, to be shown on a page.
    pub(crate) fn accepted(self) -> Result<Self, Failure> {
        if self.status.is_success() {
            return Ok(self);
        }
        let said = self.problems().into_iter().map(|(_, says)| says);
        Err(Failure::Relayed(Relayed {
            status: self.status,
            says: said.collect::<Vec<_>>().join(" "),
            retry_after: self.header(&header::RETRY_AFTER).parse().ok(),
        }))
    }
}

/// The API, as the request for a page asks it.
#[derive(Clone)]
pub(crate) struct Api {
    within: InProcess,
    state: web::Data<State>,
    peer: Option<SocketAddr>,
    passed_on: Vec<(HeaderName, HeaderValue)>,
    token: TokenValue,
}

/// What tells where a request comes from is passed on.
const PASSED_ON: [&str; 3] = ["user-agent", "x-forwarded-for", "traceparent"];

impl Api {
    /// The API for whoever holds `token`. `None` where no console is mounted.
    pub(super) fn of(request: &HttpRequest, token: TokenValue) -> Option<Self> {
        let named = named_in(request).and_then(|id| HeaderValue::from_str(&id).ok());
        let headers = request.headers();
        let passed = PASSED_ON.into_iter().flat_map(|name| {
            let values = headers.get_all(name);
            values.map(move |value| (HeaderName::from_static(name), value.clone()))
        });
        Some(Self {
            within: request.app_data::<InProcess>()?.clone(),
            state: request.app_data::<web::Data<State>>()?.clone(),
            peer: request.peer_addr(),
            passed_on: passed.chain(named.map(|id| (REQUEST_ID, id))).collect(),
            token,
        })
    }

    /// Asks.
    ///
    /// # Errors
    /// When the request cannot be made. What the API refuses is an answer.
    pub(crate) async fn ask(&self, ask: Ask) -> Result<Answered, Failure> {
        let unmakeable = || Failure::unreadable("This request cannot be made");
        let target: Uri = ask.target.parse().map_err(|_| unmakeable())?;
        let body = Bytes::from(ask.body);
        let length = body.len();
        let payload: BoxedPayloadStream = Box::pin(stream::iter([Ok(body)]));
        let mut request = Request::with_payload(Payload::Stream { payload });
        let head = request.head_mut();
        head.method = ask.method;
        head.uri = target;
        head.peer_addr = self.peer;
        for (name, value) in &self.passed_on {
            head.headers.append(name.clone(), value.clone());
        }
        if length > 0 {
            head.headers.insert(header::CONTENT_LENGTH, length.into());
        }
        for (name, value) in ask.headers {
            let value = HeaderValue::from_str(&value).map_err(|_| unmakeable())?;
            head.headers.append(name, value);
        }
        if matches!(ask.credential, Credential::Visitor) {
            request.extensions_mut().insert(Held(self.token.clone()));
        }
        let routes = self.within.routes(&self.state).await?;
        let response = routes.call(request).await;
        let response = response.map_err(|_| Failure::Panicked)?.into_parts().1;
        Ok(Answered {
            status: response.status(),
            headers: response.headers().clone(),
            body: to_bytes(response.into_body())
                .await
                .map_err(|_| Failure::Panicked)?,
        })
    }

    /// What a search finds, or what the API says of it when it cannot be read.
    ///
    /// # Errors
    /// What else the API refused it with.
    pub(crate) async fn search(
        &self,
        target: impl Into<String>,
    ) -> Result<Result<Value, Wrong>, Failure> {
        let answered = self.ask(Ask::new(Method::GET, target)).await?;
        if answered.status == StatusCode::BAD_REQUEST {
            return Ok(Err(Wrong::new(answered.problems())));
        }
        Ok(Ok(answered.accepted()?.value()))
    }

    /// What there is to read at a path of the API.
    ///
    /// # Errors
    /// What the API refused it with.
    pub(crate) async fn get(&self, target: impl Into<String>) -> Result<Value, Failure> {
        let answered = self.ask(Ask::new(Method::GET, target)).await?;
        Ok(answered.accepted()?.value())
    }
}
