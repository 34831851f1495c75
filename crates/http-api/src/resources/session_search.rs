//! `GET /Session`: searching sessions (FHIR R4 search).

use actix_web::{HttpRequest, get, post};
use grantor_domain::id::{ClientId, SessionId, UserId};
use grantor_domain::sessions::{
    DateField, SearchRequest, SessionSort, SessionType, SortKey, TimeRange,
};

use crate::error::Failure;
use crate::extract::caller::Shown;
use crate::openapi::{ResourceErrors, WriteErrors};
use crate::state::Server;

use super::answer::Answer;
use super::body::SearchForm;
use super::handlers::{ResourceReply, answer};
use super::interaction::Ask;
use super::search::{self, Bundle, Criteria, Query, Sent, bad, list, local, range};
use super::session::SessionBody;

/// Searches sessions: all, where a policy permits it; its own, for a user.
#[utoipa::path(
    tag = "Session",
    operation_id = "search_sessions",
    params(
        ("_id" = Option<String>, Query, description = "Ids, separated by commas"),
        ("user" = Option<String>, Query, description = "Users: ids or `User/id`, separated by commas. `.user.id` is the same"),
        ("client" = Option<String>, Query, description = "Clients: ids or `Client/id`, separated by commas. `.client.id` is the same"),
        ("type" = Option<String>, Query, description = "`password`, `client_credentials`"),
        ("active" = Option<bool>, Query, description = "Whether a token of the session can still be used"),
        ("start" = Option<String>, Query, description = "When it was opened: a date or an instant, with `eq`, `gt`, `lt`, `ge` or `le` before it. `.start` is the same"),
        ("exp" = Option<String>, Query, description = "When its access token ends: as `start`, or seconds since the epoch"),
        ("_lastUpdated" = Option<String>, Query, description = "When it was last changed: as `start`"),
        ("_count" = Option<u32>, Query, description = "Sessions per page, at most 1000; 0 for the total only. Default 100"),
        ("_page" = Option<String>, Query, description = "Which page, from 1; further pages by the links"),
        ("_sort" = Option<String>, Query, description = "`_id`, `start`, `exp`, `_lastUpdated`, separated by commas; `-` before one reverses it"),
        ("_elements" = Option<String>, Query, description = "Members to show, separated by commas; with `-` before each, members to leave out"),
        ("_total" = Option<String>, Query, description = "`accurate`, `none`, or `estimate` (default): counted when there are few"),
        ("Prefer" = Option<String>, Header, description = "`handling=lenient` ignores unknown parameters"),
    ),
    responses((status = 200, description = "A searchset", content((Bundle = "application/json"), (Bundle = "text/yaml"))), ResourceErrors),
    security(("bearer" = []), ("basic" = [])),
)]
#[get("/Session")]
pub(crate) async fn search_sessions(
    server: Server,
    shown: Shown,
    request: HttpRequest,
) -> ResourceReply {
    let sent = Sent::of(&request, "");
    answer(server, shown, &request, false, move |ask| {
        ask.search_sessions(sent)
    })
    .await
}

/// Searches sessions, with the parameters in a form.
#[utoipa::path(
    tag = "Session",
    operation_id = "search_sessions_by_form",
    request_body(content((Object = "application/x-www-form-urlencoded"))),
    responses((status = 200, description = "A searchset", content((Bundle = "application/json"), (Bundle = "text/yaml"))), WriteErrors),
    security(("bearer" = []), ("basic" = [])),
)]
#[post("/Session/_search")]
pub(crate) async fn search_sessions_by_form(
    server: Server,
    shown: Shown,
    form: SearchForm,
    request: HttpRequest,
) -> ResourceReply {
    answer(server, shown, &request, false, move |ask| {
        ask.search_sessions(form.0)
    })
    .await
}

impl Ask<'_> {
    /// The sessions a caller asks for and may see.
    pub(crate) fn search_sessions(self, sent: Result<Sent, Failure>) -> Result<Answer, Failure> {
        let sent = sent?;
        let query = Query::<SessionCriteria>::read(&sent, sent.is_lenient)?;
        let pages = self.pages.of("Session", &query)?;
        let request = SearchRequest {
            window: pages.window(),
            ..query.criteria.0
        };
        let sort = request.sort.clone();
        let page = self.server.search_sessions(self.caller, request)?;
        let dialect = self.place.dialect;
        Ok(Answer::ok(search::bundle(
            &page,
            &pages,
            self.place,
            |found| found.session.position(&sort),
            |found| {
                let active = self.server.is_active(found);
                let body = SessionBody::new(found, active, dialect);
                (format!("Session/{}", found.session.id), body.members())
            },
        )))
    }
}

/// What sessions can be searched by.
#[derive(Clone, Debug, Default)]
pub(crate) struct SessionCriteria(SearchRequest);

impl Criteria for SessionCriteria {
    fn known(name: &str) -> Option<&'static str> {
        Some(match name {
            "_id" | ".id" => "_id",
            "user" | ".user.id" => "user",
            "client" | ".client.id" => "client",
            "type" | ".type" => "type",
            "active" | ".active" => "active",
            "start" | ".start" => "start",
            "exp" | ".exp" => "exp",
            "_lastUpdated" | ".meta.lastUpdated" => "_lastUpdated",
            _ => return None,
        })
    }

    fn may_repeat(name: &str) -> bool {
        matches!(name, "start" | "exp" | "_lastUpdated")
    }

    fn take(
        &mut self,
        name: &'static str,
        modifier: Option<&str>,
        value: &str,
    ) -> Result<(), Failure> {
        if modifier.is_some() {
            return Err(bad(name, "takes no modifier"));
        }
        let search = &mut self.0;
        match name {
            "_id" => search.ids = list(name, value, |text| SessionId::parse(text).ok())?,
            "user" => {
                search.users = list(name, value, |text| UserId::parse(local(text, "User/")).ok())?;
            }
            "client" => {
                search.clients = list(name, value, |text| {
                    ClientId::parse(local(text, "Client/")).ok()
                })?;
            }
            "type" => search.kinds = list(name, value, SessionType::parse)?,
            "active" => {
                let active = value.parse();
                search.active = Some(active.map_err(|_| bad(name, "must be true or false"))?);
            }
            name => {
                let field = match name {
                    "start" => DateField::Start,
                    "exp" => DateField::Exp,
                    _ => DateField::LastUpdated,
                };
                let (from, until) = range(name, value)?;
                search.ranges.push(TimeRange { field, from, until });
            }
        }
        Ok(())
    }

    fn sort(&mut self, value: &str) -> Result<(), Failure> {
        self.0.sort = list("_sort", value, sort)?;
        Ok(())
    }

    /// A session's position knows one date.
    fn has_positions(&self) -> bool {
        let is_date = |sort: &&SessionSort| matches!(sort.key, SortKey::Date(_));
        self.0.sort.iter().filter(is_date).count() <= 1
    }
}

fn sort(text: &str) -> Option<SessionSort> {
    let name = text.strip_prefix('-').unwrap_or(text);
    let key = match SessionCriteria::known(name)? {
        "_id" => SortKey::Id,
        "start" => SortKey::Date(DateField::Start),
        "exp" => SortKey::Date(DateField::Exp),
        "_lastUpdated" => SortKey::Date(DateField::LastUpdated),
        _ => return None,
    };
    Some(SessionSort {
        key,
        descending: name.len() < text.len(),
    })
}
