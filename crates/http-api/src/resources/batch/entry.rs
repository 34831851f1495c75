//! An entry of a Bundle: what is to be done, and to what.

use grantor_domain::resources::ResourceKind;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::body::{Members, decode};
use crate::error::Failure;
use crate::resources::answer::Place;
use crate::resources::conditions::Conditions;
use crate::resources::typed;

/// Several things to do. Entries of a `batch` stand each for itself; a `transaction` is done whole
/// or not at all.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BundleRequest, example = json!({"resourceType": "Bundle", "type": "transaction", "entry": [{"request": {"method": "PUT", "url": "Client/myapp"}, "resource": {"resourceType": "Client", "grant_types": ["password"]}}]}))]
pub(super) struct BundleBody {
    /// Always `Bundle`.
    #[serde(rename = "resourceType")]
    #[schema(required = true, example = "Bundle")]
    resource_type: Option<String>,
    /// `batch` or `transaction`.
    #[serde(rename = "type")]
    #[schema(required = true, example = "transaction")]
    kind: Option<String>,
    /// What to do.
    #[serde(default)]
    #[schema(value_type = Vec<EntryBody>, max_items = 1000)]
    pub(super) entry: Vec<Members>,
    /// Of no interest.
    #[schema(value_type = Option<String>)]
    #[expect(dead_code, reason = "bundles have ids; nothing depends on them")]
    id: Option<Value>,
    /// Of no interest.
    #[schema(value_type = Option<Object>)]
    #[expect(dead_code, reason = "bundles have metadata; nothing depends on it")]
    meta: Option<Value>,
}

impl BundleBody {
    pub(super) fn is_transaction(&self) -> Result<bool, Failure> {
        if self.resource_type.as_deref() != Some("Bundle") {
            return Err(Failure::invalid("resourceType", "must be Bundle"));
        }
        match self.kind.as_deref() {
            Some("transaction") => Ok(true),
            Some("batch") => Ok(false),
            _ => Err(Failure::invalid("type", "must be batch or transaction")),
        }
    }
}

/// One thing to do.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BundleRequestEntry)]
pub(super) struct EntryBody {
    /// What other entries of a transaction may refer to it by (`urn:uuid:…`).
    #[serde(rename = "fullUrl")]
    full_url: Option<String>,
    /// What to write: a resource, or a JSON Merge Patch.
    #[schema(value_type = Option<Object>)]
    resource: Option<Members>,
    /// What to do with it.
    #[schema(required = true)]
    request: Option<RequestBody>,
}

/// What an entry asks for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = BundleRequestEntryRequest)]
struct RequestBody {
    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    #[schema(example = "PUT")]
    method: String,
    /// Below the mount: `Client/myapp`, `User?userName=amy`.
    #[schema(example = "Client/myapp")]
    url: String,
    /// The `ETag` it must be at.
    if_match: Option<String>,
    /// `*`: create only; of a read, the `ETag` the caller has.
    if_none_match: Option<String>,
    /// A search that must find nothing.
    if_none_exist: Option<String>,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

/// What an entry is about, below its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// The type.
    All,
    /// One resource.
    One(String),
    /// The versions of all.
    HistoryOfAll,
    /// The versions of one.
    History(String),
    /// One version of one.
    Version(String, String),
}

/// An entry, understood.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) method: Method,
    pub(super) kind: ResourceKind,
    pub(super) target: Target,
    pub(super) query: String,
    pub(super) resource: Option<Members>,
    pub(super) full_url: Option<String>,
    pub(super) conditions: Conditions,
}

impl Entry {
    /// Reads an entry.
    ///
    /// # Errors
    /// 400 or 422 naming the member.
    pub(super) fn read(members: Members, place: &Place) -> Result<Self, Failure> {
        let body: EntryBody = typed(members)?;
        let request = body
            .request
            .ok_or_else(|| Failure::invalid("request", "is required"))?;
        let method = match request.method.as_str() {
            "GET" => Method::Get,
            "POST" => Method::Post,
            "PUT" => Method::Put,
            "PATCH" => Method::Patch,
            "DELETE" => Method::Delete,
            _ => {
                return Err(Failure::invalid(
                    "request.method",
                    "must be GET, POST, PUT, PATCH or DELETE",
                ));
            }
        };
        let (kind, target, query) = address(&request.url, place)
            .ok_or_else(|| Failure::invalid("request.url", "does not lead to a resource"))?;
        if body.resource.is_none() && matches!(method, Method::Post | Method::Put | Method::Patch) {
            return Err(Failure::invalid("resource", "is required"));
        }
        Ok(Self {
            method,
            kind,
            target,
            query,
            resource: body.resource,
            full_url: body.full_url,
            conditions: Conditions::of_entry(
                request.if_match,
                request.if_none_match,
                request.if_none_exist,
            ),
        })
    }
}

/// The parts of an address below the mount, which may also be written out whole.
fn address(url: &str, place: &Place) -> Option<(ResourceKind, Target, String)> {
    let url = url.strip_prefix(place.base.as_str()).unwrap_or(url);
    let url = url.strip_prefix('/').unwrap_or(url);
    let url = url.strip_prefix("fhir/").unwrap_or(url);
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let parts: Option<Vec<String>> = path.split('/').map(segment).collect();
    let mut parts = parts?.into_iter();
    let kind = ResourceKind::parse(&parts.next()?)?;
    let target = match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (None, ..) => Target::All,
        (Some(history), None, ..) if history == "_history" => Target::HistoryOfAll,
        (Some(id), None, ..) => Target::One(id),
        (Some(id), Some(history), None, _) if history == "_history" => Target::History(id),
        (Some(id), Some(history), Some(version), None) if history == "_history" => {
            Target::Version(id, version)
        }
        _ => return None,
    };
    Some((kind, target, query.to_owned()))
}

/// In a path `+` is a plus.
fn segment(part: &str) -> Option<String> {
    decode(part.replace('+', "%2B").as_bytes())
}
