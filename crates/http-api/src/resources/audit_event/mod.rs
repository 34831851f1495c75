//! `AuditEvent`: what happened, for those whom a policy lets see it. Nobody writes one over HTTP.

mod count;
mod criteria;
mod wire;

use actix_web::{HttpRequest, get, post, web};
use grantor_domain::audit::{EventQuery, RecordedEvent};
use grantor_domain::resources::ResourceKind;

use crate::error::Failure;
use crate::extract::caller::Shown;
use crate::openapi::{ResourceErrors, WriteErrors};
use crate::state::Server;

use super::answer::Answer;
use super::body::SearchForm;
use super::handlers::{ResourceReply, answer};
use super::interaction::Ask;
use super::search::{self, Bundle, Query, Sent};

pub(crate) use count::count_audit_events;
pub(crate) use criteria::EventCriteria;
use wire::AuditEventBody;
pub use wire::audit_event_json;

/// Searches audit events, newest first.
#[utoipa::path(
    tag = "AuditEvent",
    operation_id = "search_audit_events",
    params(
        ("_id" = Option<String>, Query, description = "Ids, separated by commas"),
        ("date" = Option<String>, Query, description = "When it was recorded: a date or an instant, with `eq`, `gt`, `lt`, `ge` or `le` before it. `_lastUpdated` is the same"),
        ("agent" = Option<String>, Query, description = "Who did it, or the client or user it came through: `User/id`, `Client/id`, or an id of any type, separated by commas"),
        ("entity" = Option<String>, Query, description = "What it concerns: `Type/id`, or an id of any type, separated by commas"),
        ("type" = Option<String>, Query, description = "Names of events, separated by commas: `login.failed`"),
        ("outcome" = Option<String>, Query, description = "`0` done, `4` refused, `8` something is wrong with the server"),
        ("_count" = Option<u32>, Query, description = "Events per page, at most 1000; 0 for the total only. Default 100"),
        ("_page" = Option<String>, Query, description = "Which page, from 1; further pages by the links"),
        ("_sort" = Option<String>, Query, description = "`date` for the oldest first, `-date` for the newest (default): the order they were written in. `_id` is the same"),
        ("_elements" = Option<String>, Query, description = "Members to show, separated by commas; with `-` before each, members to leave out"),
        ("_total" = Option<String>, Query, description = "`accurate`, `none`, or `estimate` (default): counted when there are few"),
        ("Prefer" = Option<String>, Header, description = "`handling=lenient` ignores unknown parameters"),
    ),
    responses((status = 200, description = "A searchset", content((Bundle = "application/json"), (Bundle = "text/yaml"))), ResourceErrors),
    security(("bearer" = []), ("basic" = [])),
)]
#[get("/AuditEvent")]
pub(crate) async fn search_audit_events(
    server: Server,
    shown: Shown,
    request: HttpRequest,
) -> ResourceReply {
    let sent = Sent::of(&request, "");
    answer(server, shown, &request, false, move |ask| {
        ask.search_events(sent)
    })
    .await
}

/// Searches audit events, with the parameters in a form.
#[utoipa::path(
    tag = "AuditEvent",
    operation_id = "search_audit_events_by_form",
    request_body(content((Object = "application/x-www-form-urlencoded"))),
    responses((status = 200, description = "A searchset", content((Bundle = "application/json"), (Bundle = "text/yaml"))), WriteErrors),
    security(("bearer" = []), ("basic" = [])),
)]
#[post("/AuditEvent/_search")]
pub(crate) async fn search_audit_events_by_form(
    server: Server,
    shown: Shown,
    form: SearchForm,
    request: HttpRequest,
) -> ResourceReply {
    answer(server, shown, &request, false, move |ask| {
        ask.search_events(form.0)
    })
    .await
}

/// Reads an audit event.
#[utoipa::path(
    tag = "AuditEvent",
    operation_id = "read_audit_event",
    params(("id" = String, Path, description = "`AuditEvent.id`")),
    responses(
        (status = 200, description = "The AuditEvent", content((AuditEventBody = "application/json"), (AuditEventBody = "text/yaml"))),
        ResourceErrors,
    ),
    security(("bearer" = []), ("basic" = [])),
)]
#[get("/AuditEvent/{id}")]
pub(crate) async fn read_audit_event(
    server: Server,
    shown: Shown,
    id: web::Path<String>,
    request: HttpRequest,
) -> ResourceReply {
    answer(server, shown, &request, false, move |ask| {
        ask.read_event(&id)
    })
    .await
}

impl Ask<'_> {
    /// One event.
    pub(crate) fn read_event(self, id: &str) -> Result<Answer, Failure> {
        let found = self.server.read_event(self.caller, id)?;
        let event = found.ok_or(Failure::NotFound)?;
        let body = AuditEventBody::new(&event, self.place.dialect);
        Ok(Answer::ok(body.members()))
    }

    /// The events a caller asks for. What is wrong with a search is told only to those who may search.
    pub(crate) fn search_events(self, sent: Result<Sent, Failure>) -> Result<Answer, Failure> {
        let kind = ResourceKind::AuditEvent;
        let read = sent.and_then(|sent| {
            let query = Query::<EventCriteria>::read(&sent, sent.is_lenient)?;
            let pages = self.pages.of(kind.as_str(), &query)?;
            Ok((query, pages))
        });
        let (query, pages) = self.judged_search(kind, read)?;
        let wanted = EventQuery {
            window: pages.window(),
            ..query.criteria.0
        };
        let page = self.server.search_events(self.caller, &wanted)?;
        let dialect = self.place.dialect;
        let entry = |event: &RecordedEvent| {
            let path = format!("{}/{}", kind.as_str(), event.id);
            (path, AuditEventBody::new(event, dialect).members())
        };
        Ok(Answer::ok(search::bundle(
            &page,
            &pages,
            self.place,
            RecordedEvent::position,
            entry,
        )))
    }
}
