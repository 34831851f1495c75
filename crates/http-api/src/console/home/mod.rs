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

use plot::{Counts, Plot};
use warnings::Warning;

/// What is plotted: its name, in words for those who do not see it, and the events that are counted.
const PLOTS: [(&str, &str, &str, &[&str]); 4] = [
    ("logins", "Logins", "Logins with a password", &["login.ok"]),
    (
        "refused",
        "Refusals",
        "Refused logins, token requests and calls",
        &[
            "login.failed",
            "login.throttled",
            "token.refused",
            "token.reuse_detected",
            "authz.denied",
        ],
    ),
    (
        "refreshes",
        "Refreshes",
        "Tokens refreshed",
        &["token.refreshed"],
    ),
    (
        "opened",
        "Sessions opened",
        "Sessions opened, by users and by clients",
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
    let plots = counts.iter().flat_map(|counts| {
        let plot = |(id, name, says, kinds)| Plot::new(id, name, says, &counts.of(kinds));
        PLOTS.map(plot)
    });
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
