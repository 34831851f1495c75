//! Bundles, as tests send and read them.

use serde_json::{Value, json};

use super::http::Answer;
use super::server::World;

/// An entry of a Bundle.
pub(crate) fn entry(method: &str, url: &str, resource: &Value) -> Value {
    let mut entry = json!({ "request": { "method": method, "url": url } });
    if !resource.is_null() {
        entry["resource"] = resource.clone();
    }
    entry
}

pub(crate) fn put(url: &str, resource: &Value) -> Value {
    entry("PUT", url, resource)
}

pub(crate) fn get(url: &str) -> Value {
    entry("GET", url, &Value::Null)
}

pub(crate) fn transaction(entries: &[Value]) -> Value {
    json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries })
}

pub(crate) fn batch(entries: &[Value]) -> Value {
    json!({ "resourceType": "Bundle", "type": "batch", "entry": entries })
}

/// The entries of a Bundle.
pub(crate) fn entries(bundle: &Value) -> &[Value] {
    let entries = bundle["entry"].as_array();
    entries.unwrap_or_else(|| panic!("no Bundle: {bundle}"))
}

/// The ids of the resources of a Bundle.
pub(crate) fn ids(bundle: &Value) -> Vec<String> {
    let ids = entries(bundle).iter().map(|entry| &entry["resource"]["id"]);
    ids.map(|id| id.as_str().unwrap().to_owned()).collect()
}

/// Where a page of a Bundle leads, below the issuer.
pub(crate) fn link(bundle: &Value, relation: &str) -> Option<String> {
    let links = bundle["link"].as_array().unwrap();
    let link = links.iter().find(|link| link["relation"] == relation)?;
    let url = link["url"].as_str().unwrap();
    let path = url.strip_prefix(super::settings::ISSUER);
    Some(
        path.unwrap_or_else(|| panic!("{url} is not ours"))
            .to_owned(),
    )
}

impl Answer {
    /// The places that an `OperationOutcome` with this status names.
    #[track_caller]
    pub(crate) fn outcome(&self, status: u16) -> Vec<String> {
        assert_eq!(self.status, status, "{}", self.text());
        let outcome = self.json();
        assert_eq!(outcome["resourceType"], "OperationOutcome", "{outcome}");
        let issues = outcome["issue"].as_array().unwrap();
        assert!(!issues.is_empty(), "{outcome}");
        let places = issues
            .iter()
            .filter_map(|issue| issue["expression"].as_array());
        let places = places
            .flatten()
            .map(|place| place.as_str().unwrap().to_owned());
        places.collect()
    }
}

impl World {
    /// Writes several resources at once.
    #[track_caller]
    pub(crate) fn write(&self, entries: &[Value]) {
        self.admin().post("/", &transaction(entries)).expect(200);
    }

    /// The latest change of each type, how many there were, and how many sessions were closed.
    #[track_caller]
    pub(crate) fn kept(&self) -> Value {
        let reads = [
            "Client/_history",
            "User/_history",
            "Role/_history",
            "AccessPolicy/_history",
            "Session?active=false&_count=0",
        ];
        let answer = self.admin().post("/", &batch(&reads.map(get)));
        answer.expect(200).json()["entry"].clone()
    }
}
