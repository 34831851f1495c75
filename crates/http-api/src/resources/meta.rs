//! `meta` and entity tags.

use std::time::{Duration, UNIX_EPOCH};

use actix_web::http::header;
use grantor_domain::revision::Stamp;
use grantor_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
