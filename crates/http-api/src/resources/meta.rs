//! `meta`, entity tags, and the conditions that speak of them.

use std::time::{Duration, UNIX_EPOCH};

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderName};
use grantor_domain::revision::{Condition, Stamp, Version};
use grantor_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Failure;

use super::instant::instant;

/// What the server keeps about a resource. It is never written by others.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Meta {
    /// Raised by every change.
    #[schema(example = "1")]
    pub(crate) version_id: String,
    /// When it was last changed.
    #[schema(example = "2026-01-01T00:00:00Z")]
    pub(crate) last_updated: String,
    /// When it was first written.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026-01-01T00:00:00Z")]
    pub(crate) created_at: Option<String>,
}

impl From<Stamp> for Meta {
    fn from(stamp: Stamp) -> Self {
        Self {
            version_id: stamp.version.get().to_string(),
            last_updated: instant(stamp.updated),
            created_at: Some(instant(stamp.created)),
        }
    }
}

/// `ETag` of a version.
pub(crate) fn entity_tag(version: i64) -> String {
    format!("W/\"{version}\"")
}

/// `Last-Modified`.
pub(crate) fn http_date(at: Timestamp) -> String {
    let seconds = u64::try_from(at.as_seconds()).unwrap_or(0);
    header::HttpDate::from(UNIX_EPOCH + Duration::from_secs(seconds)).to_string()
}

/// The condition a request sets for a change (RFC 9110 §13.1).
///
/// # Errors
/// 400 for conditions that are not supported: several tags, both headers, `If-None-Exist`.
pub(crate) fn condition(request: &HttpRequest) -> Result<Condition, Failure> {
    let unsupported = || Failure::unreadable("This condition is not supported");
    if request.headers().contains_key("if-none-exist") {
        return Err(unsupported());
    }
    let if_match = single(request, &header::IF_MATCH)?;
    let if_none_match = single(request, &header::IF_NONE_MATCH)?;
    match (if_match, if_none_match) {
        (None, None) => Ok(Condition::Any),
        (None, Some("*")) => Ok(Condition::Absent),
        (Some("*"), None) => Ok(Condition::Present),
        (Some(tag), None) => Ok(Condition::Version(version(tag).ok_or_else(unsupported)?)),
        _ => Err(unsupported()),
    }
}

fn single<'a>(request: &'a HttpRequest, name: &HeaderName) -> Result<Option<&'a str>, Failure> {
    let mut values = request.headers().get_all(name);
    let (first, second) = (values.next(), values.next());
    let unreadable = || Failure::unreadable("A condition cannot be read");
    match (first, second) {
        (_, Some(_)) => Err(unreadable()),
        (value, None) => value
            .map(|value| value.to_str().map(str::trim))
            .transpose()
            .map_err(|_| unreadable()),
    }
}

/// The version of a tag. A tag that is not one of ours is a version that never was.
fn version(tag: &str) -> Option<Version> {
    let opaque = tag.strip_prefix("W/").unwrap_or(tag);
    let text = opaque.strip_prefix('"')?.strip_suffix('"')?;
    if text.contains('"') {
        return None;
    }
    Some(Version::from_row(text.parse().unwrap_or(0)))
}
