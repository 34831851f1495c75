//! The list of sessions.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use grantor_domain::sessions::SessionType;

use crate::console::form::Form;
use crate::console::page::{Frame, Section, with_status};
use crate::console::show::{Found, Search, Wrong, counted};
use crate::console::visitor::Visitor;
use crate::error::Failure;

use super::Session;

/// What the form asks for that the API calls the same.
const PARAMETERS: [&str; 5] = ["user", "client", "type", "active", "_page"];

/// Everything in the query of the page but which of its pages.
const FIELDS: [&str; 6] = ["user", "client", "type", "active", "from", "until"];

/// How many sessions a page shows.
const COUNT: &str = "50";

#[derive(Template)]
#[template(path = "console/sessions/search.html")]
struct SessionsPage {
    frame: Frame,
    /// The form as it was filled in.
    search: Search,
    /// What is wrong with it.
    wrong: Wrong,
    /// How sessions are opened.
    kinds: [&'static str; 3],
    found: Found<Session>,
    /// How many sessions live.
    live: String,
    /// The session the browser itself holds.
    own: String,
}

/// `GET /console/sessions`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let form = Form::of_query(&request)?;
    let shown = Search::of(&form, &FIELDS);
    let wanted = Search::of(&form, &PARAMETERS).within("start", &shown);
    let target = latest_first(wanted);
    let (found, wrong) = match visitor.api.search(target).await? {
        Ok(bundle) => {
            let found = Found::read(&bundle, &visitor.link("/console/sessions"), &shown);
            (found, Wrong::default())
        }
        Err(wrong) => (Found::nothing(), wrong.told_at("from", "start")),
    };
    let living = visitor.api.get("/Session?active=true&_count=0").await?;
    with_status(
        wrong.status(),
        &SessionsPage {
            frame: visitor.frame(Section::Sessions),
            search: shown,
            wrong,
            kinds: SessionType::ALL.map(SessionType::as_str),
            found,
            live: counted(&living),
            own: visitor.session,
        },
    )
}

/// A page of a user's own sessions, on the page at `path`.
pub(in crate::console) async fn own(
    visitor: &Visitor,
    search: &Search,
    path: &str,
) -> Result<Found<Session>, Failure> {
    let wanted = search.clone().with("user", &*visitor.user);
    let bundle = visitor.api.get(latest_first(wanted)).await?;
    Ok(Found::read(&bundle, &visitor.link(path), search))
}

fn latest_first(search: Search) -> String {
    let search = search.with("_sort", "-_id").with("_count", COUNT);
    search.target("/Session")
}
