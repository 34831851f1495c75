//! Closing one session, or all of a user or client.

use actix_web::http::Method;
use actix_web::{HttpResponse, web};

use crate::console::api::Ask;
use crate::console::page::see_other;
use crate::console::show::encoded;
use crate::console::visitor::Posted;
use crate::error::Failure;

/// `POST /console/sessions/{id}/close`.
pub(in crate::console) async fn close(
    posted: Posted,
    id: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    let visitor = posted.visitor;
    let path = format!("/Session/{}", encoded(&id));
    let answered = visitor.api.ask(Ask::new(Method::DELETE, path)).await?;
    answered.accepted()?;
    if *id == visitor.session {
        return Ok(see_other(&visitor.link("/auth/login")));
    }
    let back = format!("/console/sessions/{}?done=closed", encoded(&id));
    Ok(see_other(&visitor.link(&back)))
}

/// `POST /console/{users,clients}/{id}/close-sessions`.
pub(in crate::console) async fn close_all(
    posted: Posted,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Failure> {
    let visitor = posted.visitor;
    let (section, id) = path.into_inner();
    let kind = match section.as_str() {
        "users" => "User",
        "clients" => "Client",
        _ => return Err(Failure::NotFound),
    };
    let id = encoded(&id);
    let ask = Ask::new(Method::POST, format!("/{kind}/{id}/$close-sessions"));
    visitor.api.ask(ask).await?.accepted()?;
    let back = format!("/console/{section}/{id}?done=all-closed");
    Ok(see_other(&visitor.link(&back)))
}
