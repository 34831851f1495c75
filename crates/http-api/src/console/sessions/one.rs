//! One session.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::console::audit::Event;
use crate::console::page::{Frame, Section, page};
use crate::console::show::{Found, Search, encoded};
use crate::console::visitor::{Rights, Visitor};
use crate::error::Failure;

use super::Session;

#[derive(Template)]
#[template(path = "console/sessions/one.html")]
struct SessionPage {
    frame: Frame,
    session: Session,
    /// What happened to it, for those who may see that.
    trail: Option<Vec<Event>>,
    /// Which pages the visitor may go on to.
    links: Rights,
    /// Whether it is the one the browser itself holds.
    is_own: bool,
}

/// `GET /console/sessions/{id}`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    id: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    let path = format!("/Session/{}", encoded(&id));
    let read = visitor.api.get(path).await?;
    let session: Session = serde_json::from_value(read).map_err(|_| Failure::Panicked)?;
    let trail = if visitor.rights.audit {
        let entity = encoded(&format!("Session/{}", session.id));
        let target = format!("/AuditEvent?entity={entity}&_count=50");
        let bundle = visitor.api.get(target).await?;
        Some(Found::read(&bundle, "", &Search::default()).items)
    } else {
        None
    };
    let section = if visitor.rights.sessions {
        Section::Sessions
    } else {
        Section::Account
    };
    page(&SessionPage {
        frame: visitor.frame(section),
        links: visitor.rights,
        is_own: visitor.session == session.id,
        session,
        trail,
    })
}
