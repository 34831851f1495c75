//! `POST /` with a Bundle: `batch`, whose entries stand each for itself, and `transaction`, which is
//! done whole or not at all (FHIR R4 §3.1.0.11).

mod entry;
mod single;
mod transaction;

use actix_web::{HttpRequest, routes};
use serde_json::Value;

use crate::body::Members;
use crate::error::{Failure, outcome};
use crate::extract::caller::Shown;
use crate::openapi::WriteErrors;
use crate::state::Server;

use super::answer::{Answer, failed_entry};
use super::body::{ResourceBody, typed};
use super::handlers::{ResourceReply, answer};
use super::interaction::Ask;
use super::search::Bundle;
use entry::{BundleBody, Entry};

/// Does several things: each for itself (`batch`) or all or none (`transaction`).
#[utoipa::path(
    post,
    path = "/",
    tag = "Bundle",
    operation_id = "apply_bundle",
    request_body(content((BundleBody = "application/json"), (BundleBody = "text/yaml"))),
    responses(
        (status = 200, description = "What became of each entry, in their order", content((Bundle = "application/json"), (Bundle = "text/yaml"))),
        WriteErrors,
    ),
    security(("bearer" = []), ("basic" = [])),
)]
#[routes]
#[post("/")]
#[post("")]
pub(crate) async fn apply_bundle(
    server: Server,
    shown: Shown,
    body: ResourceBody,
    request: HttpRequest,
) -> ResourceReply {
    answer(server, shown, &request, true, move |ask| {
        ask.bundle(body.members()?)
    })
    .await
}

/// Most entries of a Bundle: each is a request, and all of them keep one thread.
const MOST_ENTRIES: usize = 1000;

impl Ask<'_> {
    fn bundle(self, members: Members) -> Result<Answer, Failure> {
        let body: BundleBody = typed(members)?;
        let is_transaction = body.is_transaction()?;
        if body.entry.len() > MOST_ENTRIES {
            let says = format!("has at most {MOST_ENTRIES} entries");
            return Err(Failure::invalid("entry", says));
        }
        let entries = body.entry.into_iter().enumerate().map(|(place, members)| {
            Entry::read(members, self.place).map_err(|failure| at_entry(place, failure))
        });
        let (kind, entries) = if is_transaction {
            let entries: Result<Vec<Entry>, Failure> = entries.collect();
            ("transaction-response", self.transaction(entries?)?)
        } else {
            let answers = entries.map(|entry| match entry.and_then(|entry| self.single(entry)) {
                Ok(answer) => answer.entry(self.place),
                Err(failure) => failed(&failure),
            });
            ("batch-response", answers.collect())
        };
        let mut bundle = Members::new();
        bundle.insert("resourceType".to_owned(), "Bundle".into());
        bundle.insert("type".to_owned(), kind.into());
        let entries = entries.into_iter().map(Value::Object);
        bundle.insert("entry".to_owned(), entries.collect());
        Ok(Answer::ok(bundle))
    }
}

/// The answer of an entry that failed by itself.
fn failed(failure: &Failure) -> Members {
    let (status, outcome) = outcome(failure);
    failed_entry(status, &outcome)
}

/// What is wrong with an entry, said of the Bundle.
fn at_entry(place: usize, failure: Failure) -> Failure {
    let failure = failure.seen_from_outside(|at| {
        Some(match at {
            Some(at) => format!("entry[{place}].{at}"),
            None => format!("entry[{place}]"),
        })
    });
    match failure {
        Failure::Unreadable(_)
        | Failure::Unprocessable(_)
        | Failure::Fault(_)
        | Failure::Panicked => failure,
        other => Failure::InEntry(place, Box::new(other)),
    }
}
