//! Headers of answers, and of conditional requests.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;

use crate::reply::Reply;

/// The request's name in logs, its own or ours.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longest request id that is taken over.
const REQUEST_ID_LIMIT: usize = 64;

/// A request id that can safely stand in a log and a header.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(REQUEST_ID)?.to_str().ok()?;
    let sane = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
    ((1..=REQUEST_ID_LIMIT).contains(&text.len()) && text.bytes().all(sane)).then_some(text)
}

/// Adds what every answer has. What does not say that it may be kept must not be: it carries or
/// judges a credential.
pub(crate) fn complete(headers: &mut HeaderMap, request_id: &str) {
    let fixed = |text| HeaderValue::from_static(text);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, fixed("nosniff"));
    headers.insert(header::REFERRER_POLICY, fixed("no-referrer"));
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, fixed("no-store"));
        headers.insert(header::PRAGMA, fixed("no-cache"));
    }
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, value);
    }
}

/// A public document that may be kept for five minutes and read from any origin; 304 for a caller
/// who has it.
pub(crate) fn cacheable<T: Serialize>(request: &HttpRequest, body: T) -> Reply<T> {
    let tag = entity_tag(&body);
    let reply = Reply::ok(body)
        .with(header::CACHE_CONTROL, "public, max-age=300")
        .with(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
        .with(header::VARY, "Accept")
        .with(header::ETAG, tag.clone());
    if has_current(request.headers(), &tag) {
        reply.not_modified()
    } else {
        reply
    }
}

/// A weak tag: the same for the same content, in every format.
fn entity_tag(body: &impl Serialize) -> String {
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(body)
        .unwrap_or_default()
        .hash(&mut hasher);
    format!("W/\"{:016x}\"", hasher.finish())
}

/// Whether `If-None-Match` names `tag` (RFC 9110 §13.1.2, weak comparison).
pub(crate) fn has_current(headers: &HeaderMap, tag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .filter_map(|value| value.to_str().ok())
        .any(|tags| names_tag(tags, tag))
}

/// Whether a list of tags names `tag`.
pub(crate) fn names_tag(tags: &str, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let current = opaque(tag);
    tags.split(',')
        .any(|known| known.trim() == "*" || opaque(known) == current)
}
