//! The answer to a search: a FHIR `searchset` Bundle.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa::openapi::Ref;
use utoipa::openapi::schema::{AdditionalProperties, AnyOf, ObjectBuilder, Schema};

use crate::resources::session::SessionBody;

use super::query::Query;

/// Members that are shown whatever `_elements` names.
const ALWAYS: [&str; 3] = ["resourceType", "id", "meta"];

/// A page of sessions.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"resourceType": "Bundle", "type": "searchset", "total": 0, "link": [{"relation": "self", "url": "https://auth.example/Session?_page=1"}], "entry": []}))]
pub(super) struct Bundle {
    /// Always `Bundle`.
    #[serde(rename = "resourceType")]
    #[schema(example = "Bundle")]
    resource_type: &'static str,
    /// Always `searchset`.
    #[serde(rename = "type")]
    #[schema(example = "searchset")]
    kind: &'static str,
    /// How many match in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
    /// Other pages: `first`, `self`, `previous`, `next`, `last`.
    link: Vec<Link>,
    /// The sessions of this page.
    entry: Vec<Entry>,
}

/// A link to a page.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Link {
    /// Which page.
    #[schema(example = "self")]
    relation: &'static str,
    /// Where.
    url: String,
}

/// A match.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Entry {
    /// Where it can be read.
    #[serde(rename = "fullUrl")]
    full_url: String,
    /// The Session, or the members of it that were asked for.
    #[schema(schema_with = session_or_part)]
    resource: Map<String, Value>,
    /// Why it is here.
    search: Search,
}

/// A Session, or what `_elements` leaves of one.
fn session_or_part() -> Schema {
    let part = ALWAYS
        .iter()
        .fold(ObjectBuilder::new(), |part, name| part.required(*name));
    let either = AnyOf::builder()
        .description(Some(
            "The Session, or the members of it that were asked for.",
        ))
        .item(Ref::from_schema_name("Session"))
        .item(part.additional_properties(Some(AdditionalProperties::FreeForm(true))))
        .build();
    Schema::AnyOf(either)
}

/// Why an entry is here.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Search {
    /// Always `match`.
    #[schema(example = "match")]
    mode: &'static str,
}

impl Bundle {
    /// The page that `query` asked for; `base` is where sessions are.
    pub(super) fn new(
        base: &str,
        query: &Query,
        matches: Vec<SessionBody>,
        total: Option<u64>,
        more: bool,
    ) -> Self {
        let entry = |session: SessionBody| Entry {
            full_url: format!("{base}/{}", session.id),
            resource: shown(&session, query.elements.as_deref()),
            search: Search { mode: "match" },
        };
        Self {
            resource_type: "Bundle",
            kind: "searchset",
            total,
            link: links(base, query, total, more),
            entry: matches.into_iter().map(entry).collect(),
        }
    }
}

fn shown(session: &SessionBody, elements: Option<&[String]>) -> Map<String, Value> {
    let Ok(Value::Object(mut members)) = serde_json::to_value(session) else {
        return Map::new();
    };
    if let Some(elements) = elements {
        members.retain(|name, _| {
            ALWAYS.contains(&name.as_str()) || elements.iter().any(|element| element == name)
        });
    }
    members
}

fn links(base: &str, query: &Query, total: Option<u64>, more: bool) -> Vec<Link> {
    let link = |relation, page: u64| Link {
        relation,
        url: url(base, query, page),
    };
    let mut links = vec![link("first", 1), link("self", query.page)];
    if query.page > 1 {
        links.push(link("previous", query.page - 1));
    }
    if more && query.search.count > 0 {
        links.push(link("next", query.page + 1));
    }
    if let Some(total) = total {
        let pages = total.div_ceil(u64::from(query.search.count.max(1)));
        let last = if query.search.count == 0 {
            1
        } else {
            pages.max(1)
        };
        links.push(link("last", last));
    }
    links
}

fn url(base: &str, query: &Query, page: u64) -> String {
    let parameters = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(&query.sent)
        .append_pair("_page", &page.to_string())
        .finish();
    format!("{base}?{parameters}")
}
