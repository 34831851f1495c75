//! `GET /Session`: searching sessions (FHIR R4 search).

mod bundle;
mod query;

use actix_web::{HttpRequest, get};

use crate::error::Failure;
use crate::extract::caller::Shown;
use crate::openapi::ResourceErrors;
use crate::reply::Reply;
use crate::state::Server;

use bundle::Bundle;
use query::Query;

use super::reference::Dialect;
use super::session::SessionBody;

/// Searches sessions: all, for administrators; its own, for a user.
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
        ("_page" = Option<u32>, Query, description = "Which page, from 1"),
        ("_sort" = Option<String>, Query, description = "`_id`, `start`, `exp`, `_lastUpdated`, separated by commas; `-` before one reverses it"),
        ("_elements" = Option<String>, Query, description = "Members to show, separated by commas"),
        ("_total" = Option<String>, Query, description = "`accurate` (default) or `none`"),
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
) -> Result<Reply<Bundle>, Failure> {
    let query = Query::read(&request);
    let search = server.run(move |server| -> Result<_, Failure> {
        let caller = shown.identify(server)?;
        let query = query?;
        let page = server.search_sessions(&caller, query.search.clone())?;
        Ok((query, page))
    });
    let (query, page) = search.await?;
    let dialect = Dialect::of(request.path());
    let matches = page.items.iter();
    let matches =
        matches.map(|found| SessionBody::new(found, server.server.is_active(found), dialect));
    let base = format!("{}{}/Session", server.issuer(), dialect.prefix());
    Ok(Reply::ok(Bundle::new(
        &base,
        &query,
        matches.collect(),
        page.total,
        page.more,
    )))
}
