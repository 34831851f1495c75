//! The versions of a resource, and what each changed.

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::Value;

use crate::console::api::Ask;
use crate::console::edit::{Difference, differences};
use crate::console::form::Form;
use crate::console::member;
use crate::console::page::{Frame, page};
use crate::console::show::{Found, Instant, Search};
use crate::console::visitor::Visitor;
use crate::error::Failure;

use super::described::{Described, described, updated, version};

/// How many versions a page shows.
const COUNT: &str = "20";

#[derive(Template)]
#[template(path = "console/resources/history.html")]
struct HistoryPage {
    frame: Frame,
    kind: &'static Described,
    id: String,
    versions: Vec<Version>,
    /// Where older ones are.
    found: Found<Value>,
}

/// A version.
struct Version {
    number: String,
    at: Option<Instant>,
    /// `created`, `changed` or `removed`.
    what: &'static str,
    /// What it changed, beside the version before it.
    changed: Vec<Difference>,
}

/// `GET /console/{type}/{id}/history`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    path: web::Path<(String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let (kind, id) = path.into_inner();
    let kind = described(&kind)?;
    let search = Search::of(&Form::of_query(&request)?, &["_page"]);
    let target = search.with("_count", COUNT);
    let target = target.target(&format!("{}/_history", kind.target(&id)));
    let bundle = visitor.api.get(target).await?;
    let here = visitor.link(&format!("{}/history", kind.page(&id)));
    let entries = bundle.get("entry").and_then(Value::as_array);
    let entries = entries.map_or(&[][..], Vec::as_slice);
    let oldest = match entries.last() {
        Some(entry) => before(&visitor, &kind.target(&id), entry).await?,
        None => None,
    };
    let resources = entries.iter().map(|entry| entry.get("resource"));
    let befores = resources.skip(1).chain([oldest.as_ref()]);
    let versions = entries
        .iter()
        .zip(befores)
        .map(|(entry, before)| Version::of(entry, before));
    page(&HistoryPage {
        frame: visitor.frame(kind.section),
        kind,
        id,
        versions: versions.collect(),
        found: Found::read(&bundle, &here, &Search::default()),
    })
}

/// What was there before the oldest version of a page.
async fn before(visitor: &Visitor, target: &str, entry: &Value) -> Result<Option<Value>, Failure> {
    let number: u64 = entry
        .get("resource")
        .map_or("", version)
        .parse()
        .unwrap_or(0);
    if number < 2 {
        return Ok(None);
    }
    let ask = Ask::new(Method::GET, format!("{target}/_history/{}", number - 1));
    let answered = visitor.api.ask(ask).await?;
    Ok(answered.status.is_success().then(|| answered.value()))
}

impl Version {
    fn of(entry: &Value, before: Option<&Value>) -> Self {
        let resource = entry.get("resource");
        let what = match member::text(entry, "request.method") {
            Some("POST") => "created",
            Some("DELETE") => "removed",
            _ => "changed",
        };
        let changed = match (before, resource) {
            (Some(before), Some(now)) => differences(&[before, now]),
            _ => Vec::new(),
        };
        let tag = member::text(entry, "response.etag").unwrap_or_default();
        let digits = tag.chars().filter(char::is_ascii_digit);
        let modified = member::text(entry, "response.lastModified");
        Self {
            number: resource.map_or_else(|| digits.collect(), |now| version(now).to_owned()),
            at: resource
                .and_then(updated)
                .or(modified.map(|at| Instant(at.to_owned()))),
            what,
            changed,
        }
    }
}
