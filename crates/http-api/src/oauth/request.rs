//! A request to an OAuth endpoint: its body, who sends it, and where from.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;
use grantor_domain::origin::Origin;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::body::{self, MediaType, Members, OAUTH_LIMIT};
use crate::error::Failure;
use crate::extract::authorization::Authorization;
use crate::extract::client_credentials::{self, Asker, InBody};
use crate::extract::peer;
use crate::state::State;

const TYPES: &[MediaType] = &[MediaType::Form, MediaType::Json, MediaType::Yaml];

/// A request with a body of type `T`.
#[derive(Debug)]
pub(crate) struct OAuthRequest<T> {
    /// The body. Unknown parameters are ignored, empty ones count as absent.
    pub(crate) body: T,
    /// Who asks.
    pub(crate) asker: Asker,
    /// Where it comes from.
    pub(crate) origin: Origin,
}

impl<T: DeserializeOwned + 'static> FromRequest for OAuthRequest<T> {
    type Error = Failure;
    type Future = LocalBoxFuture<'static, Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let header = header(request);
        let trusted = request.app_data::<web::Data<State>>();
        let origin = trusted.map(|state| peer::origin(request, &state.trusted_proxies));
        let members = body::read(request, payload, TYPES, OAUTH_LIMIT);
        Box::pin(async move {
            let header = header?;
            let mut members = members.await?;
            members.retain(|_, value| !is_empty(value));
            let asker = client_credentials::read(header, client_in(&members)?)?;
            Ok(Self {
                body: typed(members)?,
                asker,
                origin: origin.unwrap_or_default(),
            })
        })
    }
}

/// Nothing is taken from the query here, where only mistakes would put anything.
fn header(request: &HttpRequest) -> Result<Authorization, Failure> {
    if request.query_string().is_empty() {
        Authorization::read(request)
    } else {
        Err(Failure::unreadable(
            "Parameters are taken from the body, never from the query",
        ))
    }
}

/// An empty value counts as absent (RFC 6749 §3.2).
fn is_empty(value: &Value) -> bool {
    value.as_str().is_some_and(str::is_empty)
}

fn client_in(members: &Members) -> Result<InBody, Failure> {
    let named = ["client_id", "client_secret"].map(|name| {
        let value = members.get(name).cloned();
        value.map(|value| (name.to_owned(), value))
    });
    typed(named.into_iter().flatten().collect())
}

fn typed<T: DeserializeOwned>(members: Members) -> Result<T, Failure> {
    serde_path_to_error::deserialize(Value::Object(members)).map_err(|error| {
        let at = error.path().to_string();
        Failure::unreadable_at(at, "is not of the type it must have")
    })
}

/// One string or a list of them.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl OneOrMany {
    /// All of them.
    pub(crate) fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(one) => vec![one],
            Self::Many(many) => many,
        }
    }
}

/// A parameter that must be there.
pub(crate) fn required(name: &'static str, value: Option<String>) -> Result<String, Failure> {
    value.ok_or_else(|| Failure::unreadable_at(name, "is required"))
}
