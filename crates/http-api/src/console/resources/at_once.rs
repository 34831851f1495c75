//! What takes one button: removing, switching off and on, forcing another password.

use actix_web::http::Method;
use actix_web::{HttpResponse, web};
use serde_json::{Map, Value, json};

use crate::console::api::Ask;
use crate::console::member;
use crate::console::page::see_other;
use crate::console::visitor::Posted;
use crate::error::Failure;

use super::described::described;
use super::once::{Once, once};

type Path = web::Path<(String, String)>;

/// `POST /console/{type}/{id}/delete`.
pub(in crate::console) async fn remove(
    posted: Posted,
    path: Path,
) -> Result<HttpResponse, Failure> {
    let (kind, id) = path.into_inner();
    let kind = described(&kind)?;
    let visitor = posted.visitor;
    let ask = Ask::new(Method::DELETE, kind.target(&id));
    visitor.api.ask(ask).await?.accepted()?;
    Ok(see_other(
        &visitor.link(&format!("/console/{}?done=deleted", kind.path)),
    ))
}

/// `POST /console/{type}/{id}/disable`.
pub(in crate::console) async fn disable(
    posted: Posted,
    path: Path,
) -> Result<HttpResponse, Failure> {
    turn(posted, path, false).await
}

/// `POST /console/{type}/{id}/enable`.
pub(in crate::console) async fn enable(
    posted: Posted,
    path: Path,
) -> Result<HttpResponse, Failure> {
    turn(posted, path, true).await
}

async fn turn(posted: Posted, path: Path, on: bool) -> Result<HttpResponse, Failure> {
    let (kind, id) = path.into_inner();
    let kind = described(&kind)?;
    let (switch, when_on) = kind.switch.ok_or(Failure::NotFound)?;
    let value = json!(when_on == on);
    let wanted = Value::Object(Map::from_iter([(switch.to_owned(), value)]));
    let visitor = posted.visitor;
    let ask = Ask::new(Method::PATCH, kind.target(&id)).json(&wanted);
    visitor.api.ask(ask).await?.accepted()?;
    let done = if on { "enabled" } else { "disabled" };
    Ok(see_other(
        &visitor.link(&format!("{}?done={done}", kind.page(&id))),
    ))
}

/// `POST /console/users/{id}/force-reset`.
pub(in crate::console) async fn force_reset(
    posted: Posted,
    id: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    let visitor = posted.visitor;
    let body = json!({ "userId": *id });
    let ask = Ask::new(Method::POST, "/auth/force-reset-password").json(&body);
    let issued = visitor.api.ask(ask).await?.accepted()?.value();
    let link = member::text(&issued, "data.resetUrl").ok_or(Failure::Panicked)?;
    once(&visitor, described("users")?, &id, &Once::link(link))
}
