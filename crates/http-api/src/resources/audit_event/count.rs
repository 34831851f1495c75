//! `$count`: how often what happened, hour by hour.

use actix_web::{HttpRequest, get};
use grantor_domain::audit::{CountQuery, EventCounts};
use grantor_domain::resources::ResourceKind;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Failure;
use crate::extract::caller::Shown;
use crate::openapi::ResourceErrors;
use crate::resources::answer::Answer;
use crate::resources::handlers::{ResourceReply, answer};
use crate::resources::hours;
use crate::resources::instant::instant;
use crate::resources::interaction::Ask;
use crate::resources::members_of;
use crate::resources::search::{Sent, list};
use crate::state::Server;

use super::wire::kind;

/// How often what happened, hour by hour.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEventCount, example = json!({"start": "2026-01-01T10:00:00Z", "end": "2026-01-01T13:00:00Z", "series": [{"type": "login.failed", "total": 4, "counts": [3, 0, 1]}, {"type": "login.ok", "total": 9, "counts": [2, 7, 0]}]}))]
pub(crate) struct CountBody {
    /// When the first hour begins.
    start: String,
    /// When the last hour ends. It may still be running.
    end: String,
    /// One for each type that was asked for; else one for each that happened. By name.
    series: Vec<SeriesBody>,
}

/// How often events of a type happened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEventSeries)]
pub(crate) struct SeriesBody {
    /// The name of the event.
    #[serde(rename = "type")]
    #[schema(example = "login.ok")]
    kind: String,
    /// How often in all of these hours.
    #[schema(example = 9)]
    total: u64,
    /// How often in each hour, from the first to the last.
    #[schema(example = json!([2, 7, 0]))]
    counts: Vec<u64>,
}

impl CountBody {
    fn new(counted: EventCounts) -> Self {
        let series = counted.series.into_iter().map(|series| SeriesBody {
            kind: series.kind,
            total: series.counts.iter().sum(),
            counts: series.counts,
        });
        Self {
            start: instant(counted.first.start()),
            end: instant(counted.past.start()),
            series: series.collect(),
        }
    }
}

/// Counts audit events by the hour. It is as quick with millions of events as with few.
#[utoipa::path(
    tag = "AuditEvent",
    operation_id = "count_audit_events",
    params(
        ("type" = Option<String>, Query, description = "Names of events, separated by commas: `login.ok,login.failed`; all that happened, without it"),
        ("hours" = Option<u16>, Query, description = "How many hours, at most 744. Default 24"),
        ("last" = Option<String>, Query, description = "A date or an instant in the last of these hours. Default now"),
    ),
    responses((status = 200, description = "The counts", content((CountBody = "application/json"), (CountBody = "text/yaml"))), ResourceErrors),
    security(("bearer" = []), ("basic" = [])),
)]
#[get("/AuditEvent/$count")]
pub(crate) async fn count_audit_events(
    server: Server,
    shown: Shown,
    request: HttpRequest,
) -> ResourceReply {
    let sent = Sent::of(&request, "");
    answer(server, shown, &request, false, move |ask| {
        ask.count_events(sent)
    })
    .await
}

impl Ask<'_> {
    /// How often what a caller asks for happened. What is wrong with a query is told only to those
    /// who may search.
    fn count_events(self, sent: Result<Sent, Failure>) -> Result<Answer, Failure> {
        let query = sent.and_then(|sent| read(&sent));
        let query = self.judged_search(ResourceKind::AuditEvent, query)?;
        let counted = self.server.count_events(self.caller, &query)?;
        Ok(Answer::ok(members_of(&CountBody::new(counted))))
    }
}

fn read(sent: &Sent) -> Result<CountQuery, Failure> {
    let mut kinds = Vec::new();
    let hours = hours::read(sent, |name, value| {
        let is_known = name == "type";
        if is_known {
            kinds = list("type", value, kind)?;
        }
        Ok(is_known)
    })?;
    Ok(CountQuery { kinds, hours })
}
