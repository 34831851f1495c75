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

use super::answer::{Answer, Place, failed_entry};
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

/// Reads a Bundle: whether it is a transaction, and each of its entries.
fn entries(
    members: Members,
    place: &Place,
) -> Result<(bool, impl Iterator<Item = Result<Entry, Failure>>), Failure> {
    let body: BundleBody = typed(members)?;
    let is_transaction = body.is_transaction()?;
    if body.entry.len() > MOST_ENTRIES {
        let says = format!("has at most {MOST_ENTRIES} entries");
        return Err(Failure::invalid("entry", says));
    }
    let entries = body.entry.into_iter().enumerate();
    let entries = entries.map(move |(at, members)| {
        Entry::read(members, place).map_err(|failure| at_entry(at, failure))
    });
    Ok((is_transaction, entries))
}

/// Whether a Bundle can be read, its entries included.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn can_be_read(members: Members, place: &Place) -> bool {
    entries(members, place).is_ok_and(|(_, mut entries)| entries.all(|entry| entry.is_ok()))
}

impl Ask<'_> {
    fn bundle(self, members: Members) -> Result<Answer, Failure> {
        let (is_transaction, entries) = entries(members, self.place)?;
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
    match failure {
        Failure::Fault(_) | Failure::Panicked => failure,
        of_entry => Failure::InEntry(place, Box::new(of_entry)),
    }
}
