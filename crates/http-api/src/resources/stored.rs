//! What reading, writing and removing a resource answers (FHIR R4 §3.1.0), the same for every type.

use actix_web::HttpRequest;
use actix_web::http::header;
use grantor_domain::revision::Stamp;
use grantor_domain::violation::{PutOutcome, RemoveOutcome};
use serde::Serialize;

use crate::error::{Failure, Problem};
use crate::headers::has_current;
use crate::reply::Reply;
use crate::state::Server;

use super::meta::{entity_tag, http_date};
use super::reference::{Dialect, in_path};

/// A resource with what its answers say beside it.
#[derive(Debug)]
pub(crate) struct Stored<T> {
    /// `resourceType`.
    pub(crate) kind: &'static str,
    /// Its id.
    pub(crate) id: String,
    /// Its version and times.
    pub(crate) stamp: Stamp,
    /// It, as it is shown.
    pub(crate) body: T,
}

impl<T: Serialize> Stored<T> {
    /// 200, or 304 for a caller who has this version.
    pub(crate) fn read(self, request: &HttpRequest) -> Reply<T> {
        let tag = entity_tag(self.stamp.version.get());
        let reply = stamped(self.stamp, Reply::ok(self.body));
        if has_current(request.headers(), &tag) {
            reply.not_modified()
        } else {
            reply
        }
    }

    fn created(self, server: &Server, request: &HttpRequest) -> Reply<T> {
        let (issuer, prefix) = (server.issuer(), Dialect::of(request.path()).prefix());
        let (id, version) = (in_path(&self.id), self.stamp.version.get());
        let location = format!("{issuer}{prefix}/{}/{id}/_history/{version}", self.kind);
        stamped(self.stamp, Reply::created(self.body)).with(header::LOCATION, location)
    }
}

fn stamped<T: Serialize>(stamp: Stamp, reply: Reply<T>) -> Reply<T> {
    reply
        .with(header::ETAG, entity_tag(stamp.version.get()))
        .with(header::LAST_MODIFIED, http_date(stamp.updated))
}

/// What `POST` answers: an id that is taken is a conflict.
pub(crate) fn created<T: Serialize>(
    outcome: PutOutcome<Stored<T>>,
    server: &Server,
    request: &HttpRequest,
) -> Result<Reply<T>, Failure> {
    match outcome {
        PutOutcome::ConditionFailed => Err(Failure::Conflict("A resource with this id exists")),
        outcome => written(outcome, server, request),
    }
}

/// What `PUT` answers.
pub(crate) fn written<T: Serialize>(
    outcome: PutOutcome<Stored<T>>,
    server: &Server,
    request: &HttpRequest,
) -> Result<Reply<T>, Failure> {
    match outcome {
        PutOutcome::Created(stored) => Ok(stored.created(server, request)),
        PutOutcome::Updated(stored) => Ok(stamped(stored.stamp, Reply::ok(stored.body))),
        PutOutcome::ConditionFailed => Err(Failure::ConditionFailed),
        PutOutcome::NameTaken => Err(Failure::Conflict("Another User has one of these names")),
        PutOutcome::Invalid(violations) => Err(Failure::Unprocessable(
            violations.into_iter().map(Problem::from).collect(),
        )),
        PutOutcome::ReadOnly => Err(Failure::ReadOnly),
    }
}

/// What `DELETE` answers: the resource as it was, or nothing when there was none.
pub(crate) fn removed<T: Serialize>(outcome: RemoveOutcome<T>) -> Result<Reply<T>, Failure> {
    match outcome {
        RemoveOutcome::Removed(body) => Ok(Reply::ok(body)),
        RemoveOutcome::Absent => Ok(Reply::no_content()),
        RemoveOutcome::ConditionFailed => Err(Failure::ConditionFailed),
        RemoveOutcome::ReadOnly => Err(Failure::ReadOnly),
    }
}
