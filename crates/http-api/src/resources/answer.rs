//! What an interaction with a resource answers (FHIR R4 §3.1.0), by itself or within a Bundle.

use actix_web::http::StatusCode;
use actix_web::http::header;
use grantor_domain::resources::WrittenResource;
use grantor_domain::revision::Stamp;
use serde_json::{Value, json};

use crate::body::Members;
use crate::reply::Reply;

use super::instant::instant;
use super::meta::{entity_tag, http_date};
use super::reference::Dialect;
use super::wire::Wire;

/// Where resources are, as a request addressed them.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The issuer and the mount.
    pub(crate) base: String,
    /// How the mount speaks.
    pub(crate) dialect: Dialect,
}

/// An answer, before it has bytes.
#[derive(Debug)]
pub(crate) struct Answer {
    status: StatusCode,
    stamp: Option<Stamp>,
    location: Option<String>,
    body: Option<Members>,
}

impl Answer {
    /// 200 with something that has no version.
    pub(crate) const fn ok(body: Members) -> Self {
        Self {
            status: StatusCode::OK,
            stamp: None,
            location: None,
            body: Some(body),
        }
    }

    /// 200 with a resource.
    pub(crate) fn resource(body: Members, stamp: Stamp) -> Self {
        Self {
            stamp: Some(stamp),
            ..Self::ok(body)
        }
    }

    /// 200 with a resource as it was written.
    pub(crate) fn written<R: Wire>(written: &WrittenResource<R>, dialect: Dialect) -> Self {
        let mut body = written.resource.shown(dialect);
        if let Some(secret) = &written.generated_secret {
            body.insert("secret".to_owned(), secret.expose().into());
        }
        Self::resource(body, written.resource.stamp())
    }

    /// 201 with a resource as it was written, and where this version of it is found.
    pub(crate) fn created<R: Wire>(written: &WrittenResource<R>, dialect: Dialect) -> Self {
        let path = R::path(written.resource.id());
        let version = written.resource.stamp().version.get();
        Self {
            status: StatusCode::CREATED,
            location: Some(format!("{path}/_history/{version}")),
            ..Self::written(written, dialect)
        }
    }

    /// 204: nothing to say.
    pub(crate) const fn nothing() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            stamp: None,
            location: None,
            body: None,
        }
    }

    /// 304: the caller has this version.
    pub(crate) const fn not_modified(stamp: Stamp) -> Self {
        Self {
            status: StatusCode::NOT_MODIFIED,
            stamp: Some(stamp),
            location: None,
            body: None,
        }
    }

    /// The id of the resource in it.
    pub(crate) fn id(&self) -> Option<&str> {
        self.body.as_ref()?.get("id")?.as_str()
    }

    /// As an answer of its own.
    pub(crate) fn reply(self, place: &Place) -> Reply<Members> {
        let mut reply = match self.body {
            Some(body) => Reply::new(self.status, body),
            None => Reply::empty(self.status),
        };
        if let Some(stamp) = self.stamp {
            reply = reply
                .with(header::ETAG, entity_tag(stamp.version.get()))
                .with(header::LAST_MODIFIED, http_date(stamp.updated));
        }
        match self.location {
            Some(path) => reply.with(header::LOCATION, format!("{}/{path}", place.base)),
            None => reply,
        }
    }

    /// As the entry of a Bundle.
    pub(crate) fn entry(self, place: &Place) -> Members {
        let mut response = Members::new();
        response.insert("status".to_owned(), status(self.status).into());
        if let Some(path) = &self.location {
            let location = format!("{}/{path}", place.base);
            response.insert("location".to_owned(), location.into());
        }
        if let Some(stamp) = self.stamp {
            let tag = entity_tag(stamp.version.get());
            response.insert("etag".to_owned(), tag.into());
            response.insert("lastModified".to_owned(), instant(stamp.updated).into());
        }
        let mut entry = Members::new();
        if let Some(body) = self.body {
            entry.insert("resource".to_owned(), Value::Object(body));
        }
        entry.insert("response".to_owned(), Value::Object(response));
        entry
    }
}

/// A status as Bundles write it: code and words.
pub(crate) fn status(status: StatusCode) -> String {
    let words = status.canonical_reason().unwrap_or_default();
    format!("{} {words}", status.as_u16()).trim_end().to_owned()
}

/// A failed entry of a batch.
pub(crate) fn failed_entry(code: StatusCode, outcome: &Value) -> Members {
    let mut entry = Members::new();
    entry.insert(
        "response".to_owned(),
        json!({ "status": status(code), "outcome": outcome }),
    );
    entry
}
