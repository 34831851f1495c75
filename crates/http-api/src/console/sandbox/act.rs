//! What the form of a step does: it sends the request, and remembers the answer.

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use crate::console::api::{Api, Ask};
use crate::console::form::Form;
use crate::console::page::Section;
use crate::console::page::see_other;
use crate::console::visitor::Posted;
use crate::error::Failure;
use crate::state::Server;

use super::grant::{Grant, Step};
use super::message::{Exchange, Received, Sent};
use super::notes::{Notes, Walk};
use super::requests::Request;

/// `POST /console/sandbox/{grant}/{step}`.
pub(in crate::console) async fn act(
    posted: Posted,
    server: Server,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Failure> {
    let Posted { visitor, form } = posted;
    visitor.must_be_shown(Section::Sandbox)?;
    let (grant, number) = path.into_inner();
    let grant = Grant::parse(&grant).ok_or(Failure::NotFound)?;
    let step = grant.step(&number).ok_or(Failure::NotFound)?;
    let mut notes = Notes::read(&server, &request).await?;
    let pressed = prepare(notes.walk(grant), (grant, step), &form, &visitor.api).await?;
    let page = visitor.link(&grant.page(step));
    let Some((pressed, sent)) = pressed else {
        notes.keep(&server, &request).await?;
        return Ok(see_other(&page));
    };
    let (exchange, answer) = exchange(&visitor.api, &server, sent).await?;
    // Another tab may have gone on meanwhile.
    let mut notes = Notes::read(&server, &request).await?;
    let walk = notes.walk(grant);
    walk.fields.fill(step, &form)?;
    walk.record(pressed, exchange, &answer);
    notes.keep(&server, &request).await?;
    Ok(see_other(&format!("{page}#{}", pressed.name())))
}

/// Takes what was filled in. Answers what is to be sent, if anything is.
async fn prepare(
    walk: &mut Walk,
    (grant, step): (Grant, Step),
    form: &Form,
    api: &Api,
) -> Result<Option<(Request, Sent)>, Failure> {
    walk.fields.fill(step, form)?;
    let Some(pressed) = Request::pressed(grant, step, form.get("do")) else {
        return Ok(None);
    };
    let Some(sent) = pressed.sent(walk, grant) else {
        return Ok(None);
    };
    if matches!(pressed, Request::Client | Request::User) {
        if form.get("do") == "replace" {
            walk.replaceable.insert(sent.target.clone());
        } else if is_strange(walk, &sent, api).await? {
            walk.asked = Some(sent.target);
            return Ok(None);
        }
    }
    Ok(Some((pressed, sent)))
}

/// Whether somebody else's resource would be replaced.
async fn is_strange(walk: &Walk, sent: &Sent, api: &Api) -> Result<bool, Failure> {
    let target = &sent.target;
    if walk.made.contains(target) || walk.replaceable.contains(target) {
        return Ok(false);
    }
    let there = api.ask(Ask::new(Method::GET, target)).await?;
    Ok(there.status == StatusCode::OK)
}

/// Sends a request.
async fn exchange(api: &Api, server: &Server, sent: Sent) -> Result<(Exchange, Value), Failure> {
    let begun = server.now();
    let answered = api.ask(sent.ask()?).await?;
    let ended = server.now();
    let took = (ended.as_micros() - begun.as_micros()) / 1000;
    let received = Received::of(&answered, ended.as_seconds(), took);
    Ok((Exchange { sent, received }, answered.value()))
}
