//! Saving the form of a resource.

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpResponse, web};
use serde_json::Value;

use crate::console::api::Ask;
use crate::console::edit::{Entered, all_mistakes, over, with_secrets};
use crate::console::page::see_other;
use crate::console::visitor::{Posted, Visitor};
use crate::error::Failure;

use super::create::is_about_the_form;
use super::described::{Described, described, version};
use super::one::Editing;
use super::stale::stale;

/// `POST /console/{type}/{id}`.
pub(in crate::console) async fn change(
    posted: Posted,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Failure> {
    let (kind, id) = path.into_inner();
    let kind = described(&kind)?;
    let Posted { visitor, form } = posted;
    let resource = shown(&visitor, kind, &id, form.get("etag")).await?;
    let entered = Entered::posted(kind.table, &resource, &form);
    let mut editing = Editing {
        kind,
        resource,
        entered,
        mistakes: Vec::new(),
        stale: None,
    };
    let wanted = match over(kind.table, &editing.resource, &editing.entered) {
        Ok(wanted) => with_secrets(kind.table, wanted, &form),
        Err(mistakes) => {
            editing.mistakes = mistakes;
            return editing
                .show(&visitor, StatusCode::UNPROCESSABLE_ENTITY)
                .await;
        }
    };
    let ask = Ask::new(Method::PUT, kind.target(&id))
        .with(header::IF_MATCH, tag(form.get("etag")))
        .json(&wanted);
    let answered = visitor.api.ask(ask).await?;
    if answered.status == StatusCode::PRECONDITION_FAILED {
        return stale(&visitor, editing, &id).await;
    }
    if is_about_the_form(answered.status) {
        editing.mistakes = all_mistakes(kind.table, &answered);
        return editing.show(&visitor, answered.status).await;
    }
    answered.accepted()?;
    Ok(see_other(
        &visitor.link(&format!("{}?done=saved", kind.page(&id))),
    ))
}

/// The entity tag of a version, as the API writes it. What is none is one that never was.
pub(super) fn tag(version: &str) -> String {
    let digits: String = version.chars().filter(char::is_ascii_digit).collect();
    format!("W/\"{digits}\"")
}

/// The version that the form showed. Where it is not the latest, and the visitor may not look back,
/// the latest stands in: the API refuses to save over it all the same.
async fn shown(
    visitor: &Visitor,
    kind: &Described,
    id: &str,
    known: &str,
) -> Result<Value, Failure> {
    let latest = visitor.api.get(kind.target(id)).await?;
    let is_version = !known.is_empty() && known.bytes().all(|b| b.is_ascii_digit());
    if version(&latest) == known || !is_version {
        return Ok(latest);
    }
    let target = format!("{}/_history/{known}", kind.target(id));
    let answered = visitor.api.ask(Ask::new(Method::GET, target)).await?;
    if !answered.status.is_success() {
        return Ok(latest);
    }
    let mut then = answered.value();
    // What a history never shows.
    if let (Some(secrets), Value::Object(members)) = (latest.get("secrets"), &mut then) {
        members.insert("secrets".to_owned(), secrets.clone());
    }
    Ok(then)
}
