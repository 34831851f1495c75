//! Endpoint tests: bytes in, bytes out, over the in-memory adapters.

mod access;
mod account;
mod cors;
mod counts;
mod documents;
mod faults;
mod framing;
mod hostile;
mod keys;
mod listening;
mod oauth;
mod operations;
mod resources;
mod sessions;
mod survival;
mod token;
mod traces;

use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServiceResponse;
use actix_web::http::Method;
use actix_web::http::header::HeaderMap;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, web};
use grantor_domain::secret::{ClientSecret, Password};
use grantor_testkit::World;
use serde_json::Value;

use crate::blocking::Lanes;
use crate::frame::frame;
use crate::options::{LaneOptions, SpanSink, TimeLimits};
use crate::resources::PageKey;
use crate::routes::{self, Doors};
use crate::state::State;

pub(crate) const LANES: LaneOptions = LaneOptions {
    fast_threads: 1,
    fast_queue: 8,
    login_threads: 1,
    login_queue: 8,
    max_wait: Duration::from_secs(5),
};

const DOORS: Doors = Doors {
    token_alias: true,
    console: true,
};

/// `root:rootsecret`.
const ROOT: &str = "Basic cm9vdDpyb290c2VjcmV0";
/// `myapp:verysecret`.
const MYAPP: &str = "Basic bXlhcHA6dmVyeXNlY3JldA==";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const JSON: &str = "application/json";
const YAML: &str = "text/yaml";

/// The seeds' world, with an administrator, behind HTTP.
pub(crate) struct Site {
    pub(crate) world: World,
    state: web::Data<State>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {:?}", self.body))
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap_or_default().to_owned()
    }
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::over(World::default())
    }

    pub(crate) fn over(world: World) -> Self {
        let secret = ClientSecret::new("rootsecret".to_owned());
        let password = Password::new("adminpassword".to_owned());
        world
            .server
            .bootstrap(Some(secret), Some(password))
            .unwrap();
        Self::fresh(world)
    }

    /// Without an administrator.
    pub(crate) fn fresh(world: World) -> Self {
        Self::limited(world, TimeLimits::default(), None)
    }

    /// With limits and a sink for spans of the test's own.
    fn limited(world: World, limits: TimeLimits, spans: Option<SpanSink>) -> Self {
        let state = web::Data::new(State {
            server: Arc::new(world.server.clone()),
            lanes: Lanes::start(LANES).unwrap(),
            trusted_proxies: Vec::new(),
            pages: PageKey::new([7; 32]),
            limits,
            spans,
        });
        Self { world, state }
    }

    pub(crate) async fn send(&self, request: TestRequest) -> Answer {
        let reply = self.exchange(request).await;
        Answer {
            status: reply.status().as_u16(),
            headers: reply.headers().clone(),
            body: String::from_utf8(read_body(reply).await.to_vec()).unwrap(),
        }
    }

    /// The answer with its bytes as they are.
    pub(crate) async fn exchange(&self, request: TestRequest) -> ServiceResponse {
        let state = self.state.clone();
        let app = App::new()
            .app_data(state)
            .configure(|app| routes::mount(app, DOORS))
            .wrap(from_fn(frame));
        let app = init_service(app).await;
        call_service(&app, request.to_request()).await
    }

    /// A request as the administrating client.
    pub(crate) async fn as_root(
        &self,
        method: Method,
        path: &str,
        kind: &str,
        body: &str,
    ) -> Answer {
        let request = TestRequest::with_uri(path)
            .method(method)
            .insert_header(("authorization", ROOT))
            .insert_header(("content-type", kind))
            .set_payload(body.to_owned());
        self.send(request).await
    }

    /// A bare request with a bearer token.
    pub(crate) async fn as_bearer(&self, method: Method, path: &str, token: &str) -> Answer {
        let request = TestRequest::with_uri(path)
            .method(method)
            .insert_header(("authorization", format!("Bearer {token}")));
        self.send(request).await
    }

    /// A body posted without any header but its type.
    pub(crate) async fn post(&self, path: &str, kind: &str, body: &str) -> Answer {
        let request = TestRequest::post()
            .uri(path)
            .insert_header(("content-type", kind))
            .set_payload(body.to_owned());
        self.send(request).await
    }

    /// A token request of the seeds, with more parameters.
    pub(crate) async fn log_in(&self) -> Answer {
        let body = "grant_type=password&client_id=myapp&client_secret=verysecret&username=user&password=password";
        let answer = self.post("/auth/token", FORM, body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer
    }
}
