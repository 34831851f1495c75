//! The audit trail: finding events, and reading each.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use grantor_domain::event::EventKind;
use serde::Deserialize as _;
use serde_json::Value;

use crate::console::form::Form;
use crate::console::page::{Frame, Section, with_status};
use crate::console::show::{Found, Search, Wrong};
use crate::console::visitor::{Rights, Visitor};
use crate::error::Failure;

use super::{Event, json};

/// What the form asks for that the API calls the same.
const PARAMETERS: [&str; 5] = ["agent", "entity", "type", "outcome", "_page"];

/// Everything in the query of the page but which of its pages.
const FIELDS: [&str; 6] = ["from", "until", "agent", "entity", "type", "outcome"];

/// How many events a page shows: as many as it has room for with all that is known of each.
const COUNT: &str = "25";

/// How an event ended, as the API says it and in words.
const OUTCOMES: [(&str, &str); 3] = [("0", "done"), ("4", "refused"), ("8", "trail broken")];

#[derive(Template)]
#[template(path = "console/audit/search.html")]
struct AuditPage {
    frame: Frame,
    /// The form as it was filled in.
    search: Search,
    /// What is wrong with it.
    wrong: Wrong,
    kinds: Vec<Group>,
    outcomes: [(&'static str, &'static str); 3],
    found: Found<Row>,
    /// Which pages the visitor may go on to.
    links: Rights,
}

/// Events about the same.
struct Group {
    name: &'static str,
    kinds: Vec<&'static str>,
}

/// An event, and all of it.
struct Row {
    event: Event,
    json: String,
}

/// `GET /console/audit`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let form = Form::of_query(&request)?;
    let shown = Search::of(&form, &FIELDS);
    let wanted = Search::of(&form, &PARAMETERS).with("_count", COUNT);
    let wanted = wanted.within("date", &shown);
    let target = wanted.target("/AuditEvent");
    let (found, wrong) = match visitor.api.search(target).await? {
        Ok(bundle) => (
            Found::read(&bundle, &visitor.link("/console/audit"), &shown),
            Wrong::default(),
        ),
        Err(wrong) => (Found::nothing(), wrong.told_at("from", "date")),
    };
    with_status(wrong.status(), &audit_page(&visitor, shown, found, wrong))
}

fn audit_page(visitor: &Visitor, search: Search, found: Found<Value>, wrong: Wrong) -> AuditPage {
    AuditPage {
        frame: visitor.frame(Section::Audit),
        links: visitor.rights,
        search,
        wrong,
        kinds: groups(),
        outcomes: OUTCOMES,
        found: Found {
            items: found.items.iter().filter_map(row).collect(),
            total: found.total,
            previous: found.previous,
            next: found.next,
        },
    }
}

fn row(value: &Value) -> Option<Row> {
    Some(Row {
        event: Event::deserialize(value).ok()?,
        json: json(value),
    })
}

/// Every kind of event, by what it is about.
fn groups() -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for kind in EventKind::ALL.map(EventKind::name) {
        let name = kind.split_once('.').map_or(kind, |(about, _)| about);
        match groups.iter_mut().find(|group| group.name == name) {
            Some(group) => group.kinds.push(kind),
            None => groups.push(Group {
                name,
                kinds: vec![kind],
            }),
        }
    }
    groups
}
