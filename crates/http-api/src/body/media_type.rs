//! `Content-Type`, read strictly.

use actix_web::http::header::{self, HeaderMap};

use crate::error::Failure;

/// A type of body that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MediaType {
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `application/json`, and FHIR's and merge-patch's names for it.
    Json,
    /// `application/json-patch+json` (RFC 6902).
    JsonPatch,
    /// `text/yaml`, `application/yaml`.
    Yaml,
}

impl MediaType {
    fn named(name: &str) -> Option<Self> {
        match name {
            "application/x-www-form-urlencoded" => Some(Self::Form),
            "application/json" | "application/fhir+json" | "application/merge-patch+json" => {
                Some(Self::Json)
            }
            "application/json-patch+json" => Some(Self::JsonPatch),
            "text/yaml" | "application/yaml" | "application/x-yaml" | "text/x-yaml" => {
                Some(Self::Yaml)
            }
            _ => None,
        }
    }
}

/// The type a request says its body has; `None` when it does not say.
///
/// # Errors
/// 415 for an unknown type, two types, a charset other than UTF-8, or a parameter we do not know.
pub(crate) fn media_type(headers: &HeaderMap) -> Result<Option<MediaType>, Failure> {
    let mut values = headers.get_all(header::CONTENT_TYPE);
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(Failure::UnsupportedMediaType("Content-Type is sent twice"));
    }
    let unknown = || Failure::UnsupportedMediaType("This Content-Type is not read here");
    let text = value.to_str().map_err(|_| unknown())?.to_ascii_lowercase();
    let mut parts = text.split(';').map(str::trim);
    let media_type = parts
        .next()
        .and_then(MediaType::named)
        .ok_or_else(unknown)?;
    for parameter in parts.filter(|part| !part.is_empty()) {
        let (name, value) = parameter.split_once('=').ok_or_else(unknown)?;
        match (name.trim(), value.trim().trim_matches('"')) {
            ("charset", "utf-8" | "utf8") | ("fhirversion", "4.0") => {}
            ("charset", _) => {
                return Err(Failure::UnsupportedMediaType(
                    "Only the charset UTF-8 is read",
                ));
            }
            _ => return Err(unknown()),
        }
    }
    Ok(Some(media_type))
}
