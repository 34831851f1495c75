//! `/console`: where everybody begins. What happened lately, and what needs somebody.

mod plot;
mod warnings;

use actix_web::HttpResponse;
use askama::Template;

use crate::error::Failure;
use crate::state::Server;

use super::page::{Frame, Section, page, see_other};
use super::show::counted;
use super::visitor::{Rights, Visitor};

use plot::{Counts, Plot, Subject};
use warnings::Warning;

/// The events that are plotted, and what they are plotted as.
const EVENTS: [(Subject, &[&str]); 4] = [
    (
        Subject::events("logins", "Logins", "Logins with a password"),
        &["login.ok"],
    ),
    (
        Subject::events(
            "refused",
            "Refusals",
            "Refused logins, token requests and calls",
        ),
        &[
            "login.failed",
            "login.throttled",
            "token.refused",
            "token.reuse_detected",
            "authz.denied",
        ],
    ),
    (
        Subject::events("refreshes", "Refreshes", "Tokens refreshed"),
        &["token.refreshed"],
    ),
    (
        Subject::events(
            "opened",
            "Sessions opened",
            "Sessions opened, by users and by clients",
        ),
        &["session.created"],
    ),
];

#[derive(Template)]
#[template(path = "console/home.html")]
struct HomePage {
    frame: Frame,
    warnings: Vec<Warning>,
    stats: Vec<Stat>,
    plots: Vec<Plot>,
}

/// How many there are of something, and where to see them.
struct Stat {
    name: &'static str,
    path: &'static str,
    count: String,
}

/// `GET /console`.
pub(super) async fn show(server: Server, visitor: Visitor) -> Result<HttpResponse, Failure> {
    if visitor.rights == Rights::default() {
        return Ok(see_other(&visitor.link("/console/account")));
    }
    let counts = counts(&visitor).await?;
    let events = counts.iter().flat_map(|counts| {
        let plot = |(subject, kinds)| Plot::new(&subject, &counts.of(kinds));
        EVENTS.map(plot)
    });
    let plots = live(&visitor).await?.into_iter().chain(events);
    page(&HomePage {
        frame: visitor.frame(Section::Home),
        warnings: warnings::all(&server, &visitor, counts.as_ref()).await?,
        stats: stats(&visitor).await?,
        plots: plots.collect(),
    })
}

/// What happened in the last day, for those who may see it.
async fn counts(visitor: &Visitor) -> Result<Option<Counts>, Failure> {
    if !visitor.rights.audit {
        return Ok(None);
    }
    let counted = visitor.api.get("/AuditEvent/$count?hours=24").await?;
    Ok(Counts::read(&counted))
}

/// How many sessions lived in the last day, for those who may see it.
async fn live(visitor: &Visitor) -> Result<Option<Plot>, Failure> {
    if !visitor.rights.sessions {
        return Ok(None);
    }
    let counted = visitor.api.get("/Session/$count?hours=24").await?;
    let subject = Subject::level("live", "Live sessions", "Live sessions");
    Ok(plot::levels(&counted).map(|hours| Plot::new(&subject, &hours)))
}

async fn stats(visitor: &Visitor) -> Result<Vec<Stat>, Failure> {
    let rights = visitor.rights;
    let wanted = [
        (
            rights.sessions,
            "Live sessions",
            "/console/sessions?active=true",
            "/Session?active=true&_count=0",
        ),
        (rights.users, "Users", "/console/users", "/User?_count=0"),
        (
            rights.clients,
            "Clients",
            "/console/clients",
            "/Client?_count=0",
        ),
        (
            rights.policies,
            "Policies",
            "/console/policies",
            "/AccessPolicy?_count=0",
        ),
    ];
    let mut stats = Vec::new();
    for (is_seen, name, path, target) in wanted {
        if is_seen {
            let count = counted(&visitor.api.get(target).await?);
            stats.push(Stat { name, path, count });
        }
    }
    Ok(stats)
}
