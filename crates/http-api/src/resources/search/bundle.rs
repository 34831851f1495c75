//! A page as a FHIR Bundle: `searchset` or `history`.

use grantor_domain::ports::Page;
use grantor_domain::resources::{Lifecycle, ResourceKind, Revision};
use grantor_domain::window::{Position, Start};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa::openapi::Ref;
use utoipa::openapi::schema::{AdditionalProperties, AnyOf, ObjectBuilder, Schema};

use crate::body::Members;
use crate::resources::answer::Place;
use crate::resources::meta::entity_tag;
use crate::resources::wire::{Wire, revision};

use super::Pages;

/// Members that are shown whatever `_elements` names.
const ALWAYS: [&str; 3] = ["resourceType", "id", "meta"];

/// A page of resources (`searchset`) or of their versions (`history`), or the answer to a batch or
/// transaction.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"resourceType": "Bundle", "type": "searchset", "total": 0, "link": [{"relation": "self", "url": "https://auth.example/Session"}], "entry": []}))]
pub(crate) struct Bundle {
    /// Always `Bundle`.
    #[serde(rename = "resourceType")]
    #[schema(example = "Bundle")]
    resource_type: String,
    /// `searchset`, `history`, `batch-response` or `transaction-response`.
    #[serde(rename = "type")]
    #[schema(example = "searchset")]
    kind: String,
    /// How many match in all, where that was counted.
    total: Option<u64>,
    /// Other pages: `first`, `self`, `previous`, `next`, `last`.
    link: Option<Vec<Link>>,
    /// The resources of this page.
    entry: Vec<Entry>,
}

/// A link to a page.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Link {
    /// Which page.
    #[schema(example = "self")]
    relation: String,
    /// Where.
    url: String,
}

/// One resource of a Bundle.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Entry {
    /// Where it can be read.
    #[serde(rename = "fullUrl")]
    full_url: Option<String>,
    /// It, or the members of it that were asked for.
    #[schema(schema_with = resource_or_part)]
    resource: Option<Members>,
    /// Why it is here, in a `searchset`.
    search: Option<Search>,
    /// How a version came to be, in a `history`.
    request: Option<Request>,
    /// What became of an entry, in a `history` and in the answer to a batch or transaction.
    response: Option<Response>,
}

/// Any resource, or what `_elements` leaves of one.
fn resource_or_part() -> Schema {
    let part = ObjectBuilder::new()
        .required("resourceType")
        .additional_properties(Some(AdditionalProperties::FreeForm(true)));
    let mut either = AnyOf::builder().description(Some(
        "The resource, or the members of it that were asked for.",
    ));
    let of_bundles = |kind: &ResourceKind| *kind != ResourceKind::SigningKey;
    for kind in ResourceKind::ALL.into_iter().filter(of_bundles) {
        either = either.item(Ref::from_schema_name(kind.as_str()));
    }
    Schema::AnyOf(either.item(part).build())
}

/// Why an entry is here.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Search {
    /// Always `match`.
    #[schema(example = "match")]
    mode: String,
}

/// How a version came to be.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Request {
    /// `POST`, `PUT` or `DELETE`.
    #[schema(example = "PUT")]
    method: String,
    /// What it was sent to.
    #[schema(example = "Client/myapp")]
    url: String,
}

/// What became of an entry.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Response {
    /// The status code, and words.
    #[schema(example = "200 OK")]
    status: String,
    /// Where it can be read.
    location: Option<String>,
    /// Its version.
    etag: Option<String>,
    /// When it was changed.
    #[serde(rename = "lastModified")]
    last_modified: Option<String>,
    /// What was wrong, in the answer to a batch.
    #[schema(value_type = Option<Object>)]
    outcome: Option<Value>,
}

/// A page of a search.
pub(crate) fn bundle<T>(
    page: &Page<T>,
    pages: &Pages,
    place: &Place,
    position: impl Fn(&T) -> Position,
    entry: impl Fn(&T) -> (String, Members),
) -> Members {
    let entries = page.items.iter().map(|item| {
        let (path, mut resource) = entry(item);
        if let Some(elements) = &pages.elements {
            only(&mut resource, elements);
        }
        json!({
            "fullUrl": format!("{}/{path}", place.base),
            "resource": resource,
            "search": { "mode": "match" },
        })
    });
    assemble(
        "searchset",
        entries.collect(),
        page,
        pages,
        (place, position),
    )
}

/// A page of a history.
pub(crate) fn history_bundle<R: Wire>(
    page: &Page<Revision<R>>,
    pages: &Pages,
    place: &Place,
) -> Members {
    let entries = page.items.iter().map(|version| {
        let path = R::path(&version.id);
        let (method, status) = match version.lifecycle {
            Lifecycle::Created => ("POST", "201 Created"),
            Lifecycle::Changed => ("PUT", "200 OK"),
            Lifecycle::Removed => ("DELETE", "204 No Content"),
        };
        let mut entry = Members::new();
        entry.insert("fullUrl".into(), format!("{}/{path}", place.base).into());
        if let Some(mut resource) = revision(version, place.dialect) {
            if let Some(elements) = &pages.elements {
                only(&mut resource, elements);
            }
            entry.insert("resource".into(), Value::Object(resource));
        }
        entry.insert("request".into(), json!({ "method": method, "url": path }));
        let updated = crate::resources::instant::instant(version.stamp.updated);
        let etag = entity_tag(version.stamp.version.get());
        entry.insert(
            "response".into(),
            json!({ "status": status, "etag": etag, "lastModified": updated }),
        );
        Value::Object(entry)
    });
    assemble(
        "history",
        entries.collect(),
        page,
        pages,
        (place, Revision::position),
    )
}

/// `_elements`: those named, or with `-` before them all but those named.
fn only(resource: &mut Members, elements: &[String]) {
    let excluded = |name: &str| elements.iter().any(|e| e.strip_prefix('-') == Some(name));
    let leaves_out = elements.iter().all(|element| element.starts_with('-'));
    resource.retain(|name, _| {
        ALWAYS.contains(&name.as_str())
            || if leaves_out {
                !excluded(name)
            } else {
                elements.iter().any(|element| element == name)
            }
    });
}

fn assemble<T>(
    kind: &str,
    entries: Vec<Value>,
    page: &Page<T>,
    pages: &Pages,
    (place, position): (&Place, impl Fn(&T) -> Position),
) -> Members {
    let mut bundle = Members::new();
    bundle.insert("resourceType".into(), "Bundle".into());
    bundle.insert("type".into(), kind.into());
    if let Some(total) = page.total {
        bundle.insert("total".into(), total.into());
    }
    let links = links(page, pages, position);
    let links = links.into_iter().map(|(relation, cursor)| {
        let url = url(place, pages, cursor.as_deref());
        json!({ "relation": relation, "url": url })
    });
    bundle.insert("link".into(), links.collect());
    bundle.insert("entry".into(), Value::Array(entries));
    bundle
}

/// The links of a page: which, and the `_page` it has.
fn links<T>(
    page: &Page<T>,
    pages: &Pages,
    position: impl Fn(&T) -> Position,
) -> Vec<(&'static str, Option<String>)> {
    let mut links = vec![("first", None), ("self", pages.page.clone())];
    if pages.count() == 0 {
        return links;
    }
    let start = pages.begins();
    let (before, after) = if start.is_backwards() {
        (page.more, *start != Start::Last)
    } else {
        (*start != Start::First, page.more)
    };
    let mut link = |relation, is_there: bool, start: Option<Start>| {
        if let Some(start) = start.filter(|_| is_there) {
            links.push((relation, pages.cursor(&start)));
        }
    };
    if !pages.has_positions {
        let skipped = match start {
            Start::Skip(skipped) => *skipped,
            _ => 0,
        };
        let back = skipped.saturating_sub(pages.count());
        let back = if back == 0 {
            Start::First
        } else {
            Start::Skip(back)
        };
        link("previous", before, Some(back));
        link(
            "next",
            after,
            skipped.checked_add(pages.count()).map(Start::Skip),
        );
        return links;
    }
    let previous = match page.items.first() {
        Some(first) => Start::Before(position(first)),
        None => Start::Last,
    };
    link("previous", before, Some(previous));
    let next = page.items.last().map(|last| Start::After(position(last)));
    link("next", after, next);
    link("last", true, Some(Start::Last));
    links
}

fn url(place: &Place, pages: &Pages, cursor: Option<&str>) -> String {
    let mut parameters = form_urlencoded::Serializer::new(String::new());
    parameters.extend_pairs(&pages.sent);
    if let Some(cursor) = cursor {
        parameters.append_pair("_page", cursor);
    }
    let parameters = parameters.finish();
    let path = format!("{}/{}", place.base, pages.path);
    if parameters.is_empty() {
        path
    } else {
        format!("{path}?{parameters}")
    }
}
