//! `/console/account`: one's own sessions and password.

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde_json::{Value, json};

use crate::error::Failure;

use super::api::Ask;
use super::form::Form;
use super::member;
use super::page::{Frame, Section, see_other, with_status};
use super::sessions::{self, Session};
use super::show::{Found, Search};
use super::visitor::{Posted, Visitor};

#[derive(Template)]
#[template(path = "console/account.html")]
struct AccountPage {
    frame: Frame,
    found: Found<Session>,
    own: String,
    /// What is wrong with the password that was to be the next.
    problems: Vec<String>,
}

/// `GET /console/account`.
pub(super) async fn show(visitor: Visitor, request: HttpRequest) -> Result<HttpResponse, Failure> {
    let search = Search::of(&Form::of_query(&request)?, &["_page"]);
    account(visitor, search, StatusCode::OK, Vec::new()).await
}

/// `POST /console/account/password`.
pub(super) async fn change_password(posted: Posted) -> Result<HttpResponse, Failure> {
    let Posted { visitor, form } = posted;
    if form.get("new_password") != form.get("repeated_password") {
        let problems = vec!["The new password and its repetition differ.".to_owned()];
        let search = Search::default();
        return account(visitor, search, StatusCode::UNPROCESSABLE_ENTITY, problems).await;
    }
    let ask = Ask::new(Method::POST, "/auth/change-password").json(&json!({
        "current_password": form.get("current_password"),
        "new_password": form.get("new_password"),
    }));
    let answered = visitor.api.ask(ask).await?;
    if answered.status.is_success() {
        return Ok(see_other(&visitor.link("/console/account?done=password")));
    }
    if answered.status != StatusCode::BAD_REQUEST {
        answered.accepted()?;
        return Err(Failure::Panicked);
    }
    let said = answered.value();
    let several = member::at(&said, "problems").and_then(Value::as_array);
    let problems = match several {
        Some(several) => several
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        None => answered
            .problems()
            .into_iter()
            .map(|(_, says)| says)
            .collect(),
    };
    account(visitor, Search::default(), answered.status, problems).await
}

async fn account(
    visitor: Visitor,
    search: Search,
    status: StatusCode,
    problems: Vec<String>,
) -> Result<HttpResponse, Failure> {
    let found = sessions::own(&visitor, &search, "/console/account").await?;
    with_status(
        status,
        &AccountPage {
            frame: visitor.frame(Section::Account),
            found,
            own: visitor.session,
            problems,
        },
    )
}
