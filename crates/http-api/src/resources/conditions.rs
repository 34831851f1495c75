//! The conditions a request sets (RFC 9110 §13.1; FHIR R4 §3.1.0.5).

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderName};
use grantor_domain::revision::{Condition, Stamp, Version};

use crate::error::Failure;
use crate::headers::names_tag;

use super::meta::entity_tag;

/// What a request demands of the version it meets.
#[derive(Clone, Debug, Default)]
pub(crate) struct Conditions {
    if_match: Option<String>,
    if_none_match: Option<String>,
    if_modified_since: Option<i64>,
    /// `If-None-Exist`: a search that must find nothing.
    pub(crate) if_none_exist: Option<String>,
    repeated: bool,
}

impl Conditions {
    /// Those of a request.
    pub(crate) fn of(request: &HttpRequest) -> Self {
        let mut repeated = false;
        let mut single = |name: &HeaderName| {
            let mut values = request.headers().get_all(name);
            let first = values.next()?;
            repeated |= values.next().is_some();
            let text = first.to_str().ok();
            repeated |= text.is_none();
            text.map(|text| text.trim().to_owned())
        };
        let since = single(&header::IF_MODIFIED_SINCE);
        Self {
            if_match: single(&header::IF_MATCH),
            if_none_match: single(&header::IF_NONE_MATCH),
            if_modified_since: since.and_then(|date| seconds(&date)),
            if_none_exist: single(&HeaderName::from_static("if-none-exist")),
            repeated,
        }
    }

    /// Those of an entry of a Bundle.
    pub(crate) const fn of_entry(
        if_match: Option<String>,
        if_none_match: Option<String>,
        if_none_exist: Option<String>,
    ) -> Self {
        Self {
            if_match,
            if_none_match,
            if_modified_since: None,
            if_none_exist,
            repeated: false,
        }
    }

    /// The condition of a change.
    ///
    /// # Errors
    /// 400 for conditions that are not supported: several tags, both headers.
    pub(crate) fn write(&self) -> Result<Condition, Failure> {
        let unsupported = || Failure::unreadable("This condition is not supported");
        if self.repeated {
            return Err(Failure::unreadable("A condition cannot be read"));
        }
        match (self.if_match.as_deref(), self.if_none_match.as_deref()) {
            (None, None) => Ok(Condition::Any),
            (None, Some("*")) => Ok(Condition::Absent),
            (Some("*"), None) => Ok(Condition::Present),
            (Some(tag), None) => Ok(Condition::Version(version(tag).ok_or_else(unsupported)?)),
            _ => Err(unsupported()),
        }
    }

    /// Whether a reader has what it would be given. `If-None-Match` decides alone where it is sent.
    pub(crate) fn has_current(&self, stamp: Stamp) -> bool {
        match &self.if_none_match {
            Some(tags) => names_tag(tags, &entity_tag(stamp.version.get())),
            None => self
                .if_modified_since
                .is_some_and(|since| stamp.updated.as_seconds() <= since),
        }
    }
}

fn seconds(date: &str) -> Option<i64> {
    let date: header::HttpDate = date.parse().ok()?;
    let time = std::time::SystemTime::from(date);
    let since = time.duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_secs()).ok()
}

/// The version of a tag. A tag that is not one of ours is a version that never was; a bare number
/// is Aidbox's spelling.
fn version(tag: &str) -> Option<Version> {
    if !tag.is_empty() && tag.bytes().all(|b| b.is_ascii_digit()) {
        return tag.parse().ok().map(Version::from_row);
    }
    let opaque = tag.strip_prefix("W/").unwrap_or(tag);
    let text = opaque.strip_prefix('"')?.strip_suffix('"')?;
    if text.contains('"') {
        return None;
    }
    Some(Version::from_row(text.parse().unwrap_or(0)))
}
