//! Cleaning up: what the sandbox made goes, and nothing else.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::console::api::Api;
use crate::console::page::Section;
use crate::console::page::see_other;
use crate::console::visitor::Posted;
use crate::error::Failure;
use crate::state::Server;

use super::grant::{Grant, Step};
use super::notes::{Notes, Walk};
use super::requests::{removal, revocation};

/// `POST /console/sandbox/{grant}/clean-up`.
pub(in crate::console) async fn clean_up(
    posted: Posted,
    server: Server,
    request: HttpRequest,
    grant: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    let visitor = posted.visitor;
    visitor.must_be_shown(Section::Sandbox)?;
    let grant = Grant::parse(&grant).ok_or(Failure::NotFound)?;
    let mut notes = Notes::read(&server, &request).await?;
    close_sessions(notes.walk(grant), &visitor.api).await?;
    remove_resources(notes.walk(grant), &visitor.api).await?;
    notes.forget(grant);
    notes.keep(&server, &request).await?;
    let page = format!("{}?done=cleared", grant.page(Step::Client));
    Ok(see_other(&visitor.link(&page)))
}

/// A token that is dead already, or of a client that is gone, has nothing left to close.
async fn close_sessions(walk: &Walk, api: &Api) -> Result<(), Failure> {
    for tokens in walk.tokens.iter().chain(&walk.left) {
        let token = tokens.refresh.as_ref().unwrap_or(&tokens.access);
        let answered = api.ask(revocation(&tokens.holder, token).ask()?).await?;
        if answered.status.is_server_error() {
            answered.accepted()?;
        }
    }
    Ok(())
}

async fn remove_resources(walk: &Walk, api: &Api) -> Result<(), Failure> {
    for target in &walk.made {
        let answered = api.ask(removal(target).ask()?).await?;
        if !matches!(answered.status, StatusCode::NOT_FOUND | StatusCode::GONE) {
            answered.accepted()?;
        }
    }
    Ok(())
}
