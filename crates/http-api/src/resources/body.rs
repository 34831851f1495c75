//! A resource on its way in; and as members, on its way out.

use std::convert::Infallible;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::body::{self, MediaType, Members, RESOURCE_LIMIT};
use crate::error::{Failure, Problem};

use super::patch::Patch;
use super::search::Sent;

const TYPES: &[MediaType] = &[MediaType::Json, MediaType::Yaml];
const PATCH_TYPES: &[MediaType] = &[MediaType::Json, MediaType::JsonPatch, MediaType::Yaml];
const FORM: &[MediaType] = &[MediaType::Form];

/// The members of a resource, or why they cannot be read. Extracting it never fails: whether the
/// caller may write at all is judged first.
#[derive(Debug)]
pub(crate) struct ResourceBody(Result<Members, Failure>);

impl ResourceBody {
    /// The members.
    pub(crate) fn members(self) -> Result<Members, Failure> {
        self.0
    }
}

impl FromRequest for ResourceBody {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, actix_web::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let members = body::read(request, payload, TYPES, RESOURCE_LIMIT);
        Box::pin(async move {
            let read: Result<_, Infallible> = Ok(Self(members.await));
            read.map_err(|never| match never {})
        })
    }
}

/// A patch, or why it cannot be read. Like [`ResourceBody`] it never fails.
#[derive(Debug)]
pub(crate) struct PatchBody(pub(crate) Result<Patch, Failure>);

impl FromRequest for PatchBody {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, actix_web::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let value = body::read_value(request, payload, PATCH_TYPES, RESOURCE_LIMIT);
        Box::pin(async move {
            let read: Result<_, Infallible> = Ok(Self(value.await.and_then(Patch::read)));
            read.map_err(|never| match never {})
        })
    }
}

/// The parameters of a `POST …/_search`: those of the query and of the form.
#[derive(Debug)]
pub(crate) struct SearchForm(pub(crate) Result<Sent, Failure>);

impl FromRequest for SearchForm {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, actix_web::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let has_body = request.headers().contains_key(header::CONTENT_TYPE);
        let text = has_body.then(|| body::read_text(request, payload, FORM, RESOURCE_LIMIT));
        let request = request.clone();
        Box::pin(async move {
            let form = match text {
                Some(text) => text.await,
                None => Ok(String::new()),
            };
            let sent = form.and_then(|form| Sent::of(&request, &form));
            let read: Result<_, Infallible> = Ok(Self(sent));
            read.map_err(|never| match never {})
        })
    }
}

/// A type of ours as its members.
pub(crate) fn members_of(body: &impl Serialize) -> Members {
    match serde_json::to_value(body) {
        Ok(Value::Object(members)) => members,
        _ => Members::new(),
    }
}

/// Members as a type of ours.
///
/// # Errors
/// 422 for a member that does not exist, 400 for one of the wrong type; both name it.
pub(crate) fn typed<T: DeserializeOwned>(members: Members) -> Result<T, Failure> {
    serde_path_to_error::deserialize(Value::Object(members)).map_err(|error| {
        let path = error.path().to_string();
        let says = error.inner().to_string();
        // serde's own words; what was sent is only ever quoted after them.
        let Some(rest) = says.strip_prefix("unknown field `") else {
            let at = Some(path).filter(|path| is_harmless(path));
            let says = "is not of the type it must have".into();
            return Failure::Unreadable(Problem { at, says });
        };
        let name = rest.split('`').next().unwrap_or_default();
        let at = if path.ends_with(name) {
            path
        } else {
            format!("{path}.{name}")
        };
        let at = at
            .trim_start_matches("..")
            .trim_start_matches('.')
            .to_owned();
        let at = Some(at).filter(|at| is_harmless(at));
        let says = "is not a member of this resource".into();
        Failure::Unprocessable(vec![Problem { at, says }])
    })
}

/// Whether a path of members can be shown: names of the kind that resources have.
fn is_harmless(path: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-[]$".contains(&b);
    (1..=128).contains(&path.len()) && path.bytes().all(plain)
}
