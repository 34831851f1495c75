//! Reading request bodies: as their `Content-Type` says, within limits, and as nothing else.

mod form;
mod media_type;
mod strict;

pub(crate) use form::{decode, pairs};
pub(crate) use media_type::{MediaType, media_type};
pub(crate) use strict::{JSON_DEPTH, parse_json, parse_yaml, parse_yaml_file};

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::http::header;
use futures_util::StreamExt as _;
use futures_util::future::LocalBoxFuture;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::error::{Failure, Problem};
use crate::state::Server;

/// Largest body of an OAuth endpoint, in bytes.
pub(crate) const OAUTH_LIMIT: usize = 64 * 1024;
/// Largest body that carries a resource, in bytes.
pub(crate) const RESOURCE_LIMIT: usize = 1024 * 1024;

/// The members of a body, whatever it was written in.
pub(crate) type Members = Map<String, Value>;

/// A body on its way.
pub(crate) type Arriving = LocalBoxFuture<'static, Result<Members, Failure>>;

/// A value on its way.
pub(crate) type ArrivingValue = LocalBoxFuture<'static, Result<Value, Failure>>;

/// Reads a body of at most `limit` bytes whose type is one of `types`, and which is an object.
pub(crate) fn read(
    request: &HttpRequest,
    payload: &mut Payload,
    types: &'static [MediaType],
    limit: usize,
) -> Arriving {
    let value = read_value(request, payload, types, limit);
    Box::pin(async move { object(value.await?) })
}

/// Reads a body of at most `limit` bytes whose type is one of `types`.
pub(crate) fn read_value(
    request: &HttpRequest,
    payload: &mut Payload,
    types: &'static [MediaType],
    limit: usize,
) -> ArrivingValue {
    let bytes = read_bytes(request, payload, types, limit);
    Box::pin(async move {
        let (bytes, media_type) = bytes.await?;
        value(&bytes, media_type)
    })
}

/// Reads a body of at most `limit` bytes whose type is one of `types`, as text.
pub(crate) fn read_text(
    request: &HttpRequest,
    payload: &mut Payload,
    types: &'static [MediaType],
    limit: usize,
) -> LocalBoxFuture<'static, Result<String, Failure>> {
    let bytes = read_bytes(request, payload, types, limit);
    Box::pin(async move {
        let (bytes, _) = bytes.await?;
        String::from_utf8(bytes.to_vec())
            .map_err(|_| Failure::unreadable("The form is not percent-encoded UTF-8"))
    })
}

type Bytes = (Zeroizing<Vec<u8>>, MediaType);

fn read_bytes(
    request: &HttpRequest,
    payload: &mut Payload,
    types: &'static [MediaType],
    limit: usize,
) -> LocalBoxFuture<'static, Result<Bytes, Failure>> {
    let media_type = expected_type(request, types);
    let announced = announced_length(request);
    let limits = request.app_data::<Server>().map(|server| server.limits);
    let patience = limits.unwrap_or_default().body;
    let payload = payload.take();
    Box::pin(async move {
        let media_type = media_type?;
        if announced.is_some_and(|length| length > limit) {
            return Err(Failure::TooLarge(limit));
        }
        let bytes = tokio::time::timeout(patience, collect(payload, limit))
            .await
            .map_err(|_| Failure::TooSlow)??;
        Ok((bytes, media_type))
    })
}

fn expected_type(request: &HttpRequest, types: &'static [MediaType]) -> Result<MediaType, Failure> {
    if request.headers().contains_key(header::CONTENT_ENCODING) {
        return Err(Failure::UnsupportedMediaType(
            "Content-Encoding is not supported",
        ));
    }
    match media_type(request.headers())? {
        Some(media_type) if types.contains(&media_type) => Ok(media_type),
        _ => Err(Failure::UnsupportedMediaType(
            "This Content-Type is not read here",
        )),
    }
}

fn announced_length(request: &HttpRequest) -> Option<usize> {
    let value = request.headers().get(header::CONTENT_LENGTH)?;
    value.to_str().ok()?.parse().ok()
}

async fn collect(mut payload: Payload, limit: usize) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut bytes = Zeroizing::new(Vec::new());
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Failure::unreadable("The body is cut off"))?;
        if bytes.len() + chunk.len() > limit {
            return Err(Failure::TooLarge(limit));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn value(bytes: &[u8], media_type: MediaType) -> Result<Value, Failure> {
    let value = match media_type {
        MediaType::Form => return form::members(bytes).map(Value::Object),
        MediaType::Json | MediaType::JsonPatch => parse_json(bytes),
        MediaType::Yaml => parse_yaml(bytes),
    };
    value.map_err(|says| Failure::Unreadable(Problem::new(says)))
}

/// What a form says.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn form_members(bytes: &[u8]) -> Option<Members> {
    form::members(bytes).ok()
}

/// The members of an object.
///
/// # Errors
/// 400 for anything else.
pub(crate) fn object(value: Value) -> Result<Members, Failure> {
    match value {
        Value::Object(members) => Ok(members),
        _ => Err(Failure::unreadable("The body must be an object")),
    }
}
