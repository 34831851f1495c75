//! In which format an answer is written.

use actix_web::HttpRequest;
use actix_web::http::header::{self, Header as _, HeaderMap};

use crate::body::{self, MediaType};

/// A format of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// `application/json`.
    Json,
    /// `application/fhir+json`: the same bytes under FHIR's name.
    FhirJson,
    /// `text/yaml`.
    Yaml,
}

impl Format {
    /// `Content-Type`.
    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=UTF-8",
            Self::FhirJson => "application/fhir+json; charset=UTF-8",
            Self::Yaml => "text/yaml; charset=UTF-8",
        }
    }

    fn named(name: &str) -> Option<Self> {
        match name {
            "json" | "application/json" => Some(Self::Json),
            "application/fhir+json" => Some(Self::FhirJson),
            "yaml" | "text/yaml" | "application/yaml" => Some(Self::Yaml),
            _ => None,
        }
    }
}

/// How an answer to `request` is written: `_format`, else `Accept`, else as the request was.
pub(crate) fn format_of(request: &HttpRequest) -> Format {
    let asked = query_value(request, "_format").and_then(|name| Format::named(&name));
    asked
        .or_else(|| preferred(request.headers()))
        .unwrap_or_else(|| match body::media_type(request.headers()) {
            Ok(Some(MediaType::Yaml)) => Format::Yaml,
            _ => Format::Json,
        })
}

/// Whether the answer is to be indented.
pub(crate) fn is_pretty(request: &HttpRequest) -> bool {
    query_value(request, "_pretty").is_some_and(|value| value == "true")
}

/// Whether a request takes an answer that is packed with gzip.
pub(crate) fn takes_gzip(request: &HttpRequest) -> bool {
    let codings = [header::Encoding::gzip(), header::Encoding::identity()];
    header::AcceptEncoding::parse(request)
        .is_ok_and(|accepted| accepted.negotiate(codings.iter()) == Some(header::Encoding::gzip()))
}

fn query_value(request: &HttpRequest, name: &str) -> Option<String> {
    let query = request.query_string().as_bytes();
    form_urlencoded::parse(query)
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// The format `Accept` names with the highest weight (RFC 9110 §12.5.1). Wildcards name none.
fn preferred(headers: &HeaderMap) -> Option<Format> {
    let mut best: Option<(u16, Format)> = None;
    let ranges = headers
        .get_all(header::ACCEPT)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    for range in ranges {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let Some(format) = Format::named(&name).filter(|_| name.contains('/')) else {
            continue;
        };
        let weight = parts
            .find_map(|part| part.strip_prefix("q="))
            .map_or(1000, thousandths);
        if weight > best.map_or(0, |(weight, _)| weight) {
            best = Some((weight, format));
        }
    }
    best.map(|(_, format)| format)
}

/// A weight of RFC 9110 §12.4.2 in thousandths; nonsense weighs nothing.
fn thousandths(weight: &str) -> u16 {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    let whole: u16 = whole.parse().unwrap_or(0);
    let fraction: u16 = digits.parse().unwrap_or(0);
    whole
        .saturating_mul(1000)
        .saturating_add(fraction)
        .min(1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn format(accept: &str, content_type: &str, uri: &str) -> Format {
        let request = TestRequest::with_uri(uri)
            .insert_header(("accept", accept))
            .insert_header(("content-type", content_type));
        format_of(&request.to_http_request())
    }

    #[test]
    fn the_answer_is_what_accept_weighs_most() {
        let json = "application/json";
        assert_eq!(format("text/yaml", json, "/"), Format::Yaml);
        assert_eq!(
            format("text/yaml;q=0.5, application/json", json, "/"),
            Format::Json
        );
        assert_eq!(
            format("application/json;q=0, text/yaml;q=0.1", json, "/"),
            Format::Yaml
        );
        assert_eq!(format("text/html, */*;q=0.8", json, "/"), Format::Json);
        assert_eq!(format("application/fhir+json", json, "/"), Format::FhirJson);
    }

    #[test]
    fn yaml_is_answered_with_yaml_unless_asked_otherwise() {
        assert_eq!(format("*/*", "text/yaml", "/"), Format::Yaml);
        assert_eq!(format("application/json", "text/yaml", "/"), Format::Json);
        assert_eq!(format("*/*", "text/yaml", "/?_format=json"), Format::Json);
    }
}
