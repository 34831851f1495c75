//! A resource on its way in.

use std::convert::Infallible;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::body::{self, MediaType, Members, RESOURCE_LIMIT};
use crate::error::{Failure, Problem};

const TYPES: &[MediaType] = &[MediaType::Json, MediaType::Yaml];

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
