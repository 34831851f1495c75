//! Bundles from files: resources that are to be there when the server starts.

use grantor_domain::bundle::{BundleEntry, Entry as Wanted};
use grantor_domain::resources::ResourceKind;
use grantor_domain::revision::Condition;
use serde::Deserialize;
use serde_json::Value;

use crate::body::{Members, parse_json, parse_yaml_file};
use crate::error::{Failure, Problem};
use crate::resources::{Wire, typed};

/// What a file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON.
    Json,
    /// YAML.
    Yaml,
}

/// A bundle that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// The file is not what its format demands.
    #[error("{0}")]
    Unreadable(String),
    /// An entry is wrong.
    #[error("entry {entry}: {problem}")]
    Entry {
        /// Which, counted from 1.
        entry: usize,
        /// What is wrong, with the member it is about.
        problem: String,
    },
}

/// An entry of a FHIR Bundle.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    resource: Members,
    request: Option<Request>,
}

/// How an entry is to be written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Request {
    method: Option<String>,
    url: Option<String>,
    if_none_match: Option<String>,
}

/// Reads a FHIR Bundle (`batch`, `transaction` or `collection`), or a list of Clients, Users, Roles and `AccessPolicy`s.
/// A resource is created or replaced; with `request.ifNoneMatch: "*"` or `request.method: POST`
/// one that is there is left alone.
///
/// # Errors
/// [`BundleError`], naming the entry and the member.
pub fn parse(bytes: &[u8], format: Format) -> Result<Vec<BundleEntry>, BundleError> {
    let value = match format {
        Format::Json => parse_json(bytes),
        Format::Yaml => parse_yaml_file(bytes),
    };
    let value = value.map_err(|says| BundleError::Unreadable(says.to_owned()))?;
    let entries = entries(value).map_err(|says| BundleError::Unreadable(says.to_owned()))?;
    entries
        .into_iter()
        .enumerate()
        .map(|(at, value)| {
            entry(value).map_err(|failure| BundleError::Entry {
                entry: at + 1,
                problem: in_words(&failure),
            })
        })
        .collect()
}

fn entries(value: Value) -> Result<Vec<Value>, &'static str> {
    let mut bundle = match value {
        Value::Array(resources) => return Ok(resources),
        Value::Object(bundle) => bundle,
        _ => return Err("neither a Bundle nor a list of resources"),
    };
    let is = |name: &str, values: &[&str]| {
        let value = bundle.get(name).and_then(Value::as_str);
        value.is_some_and(|value| values.contains(&value))
    };
    if !is("resourceType", &["Bundle"]) {
        return Err("neither a Bundle nor a list of resources");
    }
    if !is("type", &["batch", "transaction", "collection"]) {
        return Err("the type of the Bundle must be batch, transaction or collection");
    }
    match bundle.remove("entry") {
        Some(Value::Array(entries)) => Ok(entries),
        None => Ok(Vec::new()),
        Some(_) => Err("entry must be a list"),
    }
}

fn entry(value: Value) -> Result<BundleEntry, Failure> {
    let Value::Object(members) = value else {
        return Err(Failure::unreadable("must be an object"));
    };
    let (resource, request) = if members.contains_key("resource") {
        let entry: Entry = typed(members)?;
        (entry.resource, entry.request)
    } else {
        (members, None)
    };
    let condition = condition(request.as_ref())?;
    let id = id(&resource, request.as_ref())?;
    let kind = resource.get("resourceType").and_then(Value::as_str);
    match kind.and_then(ResourceKind::parse) {
        Some(ResourceKind::Client) => kept(resource, &id, condition).map(BundleEntry::Client),
        Some(ResourceKind::User) => kept(resource, &id, condition).map(BundleEntry::User),
        Some(ResourceKind::Role) => kept(resource, &id, condition).map(BundleEntry::Role),
        Some(ResourceKind::AccessPolicy) => kept(resource, &id, condition).map(BundleEntry::Policy),
        _ => Err(Failure::invalid(
            "resourceType",
            "must be Client, User, Role or AccessPolicy",
        )),
    }
}

fn kept<R: Wire>(
    resource: Members,
    id: &str,
    condition: Condition,
) -> Result<Box<Wanted<R>>, Failure> {
    let (_, draft) = R::read(resource, Some(id))?;
    Ok(Box::new(Wanted {
        id: R::parse_id(id).map_err(|invalid| Failure::invalid("id", invalid.rule))?,
        draft: Some(draft),
        condition,
    }))
}

fn condition(request: Option<&Request>) -> Result<Condition, Failure> {
    let Some(request) = request else {
        return Ok(Condition::Any);
    };
    let absent = match request.if_none_match.as_deref() {
        None => false,
        Some("*") => true,
        Some(_) => return Err(Failure::invalid("request.ifNoneMatch", "must be *")),
    };
    match request.method.as_deref() {
        None | Some("PUT") if !absent => Ok(Condition::Any),
        None | Some("PUT" | "POST") => Ok(Condition::Absent),
        Some(_) => Err(Failure::invalid("request.method", "must be PUT or POST")),
    }
}

/// A resource in a file has its id written down, so that reading the file again finds it.
fn id(resource: &Members, request: Option<&Request>) -> Result<String, Failure> {
    let own = resource.get("id").and_then(Value::as_str);
    let url = request.and_then(|request| request.url.as_deref());
    let in_url = url.and_then(|url| url.rsplit_once('/')).map(|(_, id)| id);
    own.or(in_url)
        .map(str::to_owned)
        .ok_or_else(|| Failure::invalid("id", "is required"))
}

fn in_words(failure: &Failure) -> String {
    let one = |problem: &Problem| match &problem.at {
        Some(at) => format!("{at} {}", problem.says),
        None => problem.says.to_string(),
    };
    match failure {
        Failure::Unprocessable(problems) => problems.iter().map(one).collect::<Vec<_>>().join("; "),
        Failure::Unreadable(problem) => one(problem),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
