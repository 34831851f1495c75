//! `$count`: how many sessions lived, hour by hour.

use actix_web::{HttpRequest, get};
use grantor_domain::resources::ResourceKind;
use grantor_domain::sessions::SessionCounts;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Failure;
use crate::extract::caller::Shown;
use crate::openapi::ResourceErrors;
use crate::state::Server;

use super::answer::Answer;
use super::body::members_of;
use super::handlers::{ResourceReply, answer};
use super::hours;
use super::instant::instant;
use super::interaction::Ask;
use super::search::Sent;

/// How many sessions lived, hour by hour.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SessionCount, example = json!({"start": "2026-01-01T10:00:00Z", "end": "2026-01-01T13:00:00Z", "live": [null, 12, 14]}))]
pub(crate) struct CountBody {
    /// When the first hour begins.
    start: String,
    /// When the last hour ends. It may still be running.
    end: String,
    /// Sessions that lived a little after each hour began, from the first hour to the last; null where
    /// nobody counted.
    live: Vec<Option<u64>>,
}

impl CountBody {
    fn new(counted: SessionCounts) -> Self {
        Self {
            start: instant(counted.first.start()),
            end: instant(counted.past.start()),
            live: counted.live,
        }
    }
}

/// Counts live sessions by the hour. Each hour is counted once, a little after it began.
#[utoipa::path(
    tag = "Session",
    operation_id = "count_sessions",
    params(
        ("hours" = Option<u16>, Query, description = "How many hours, at most 744. Default 24"),
        ("last" = Option<String>, Query, description = "A date or an instant in the last of these hours. Default now"),
    ),
    responses((status = 200, description = "The counts", content((CountBody = "application/json"), (CountBody = "text/yaml"))), ResourceErrors),
    security(("bearer" = []), ("basic" = [])),
)]
#[get("/Session/$count")]
pub(crate) async fn count_sessions(
    server: Server,
    shown: Shown,
    request: HttpRequest,
) -> ResourceReply {
    let sent = Sent::of(&request, "");
    answer(server, shown, &request, false, move |ask| {
        ask.count_sessions(sent)
    })
    .await
}

impl Ask<'_> {
    /// How many sessions lived. What is wrong with a query is told only to those who may search.
    fn count_sessions(self, sent: Result<Sent, Failure>) -> Result<Answer, Failure> {
        let hours = sent.and_then(|sent| hours::read(&sent, |_, _| Ok(false)));
        let hours = self.judged_search(ResourceKind::Session, hours)?;
        let counted = self.server.count_sessions(self.caller, hours)?;
        Ok(Answer::ok(members_of(&CountBody::new(counted))))
    }
}
