//! Making a resource.

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::{Value, json};

use crate::console::api::Ask;
use crate::console::edit::{Entered, Mistake, Sheet, Shown, all_mistakes, over, with_secrets};
use crate::console::form::Form;
use crate::console::member;
use crate::console::page::{Frame, see_other, with_status};
use crate::console::visitor::{Posted, Visitor};
use crate::error::Failure;

use super::described::{Described, described};
use super::once::{Once, once};

#[derive(Template)]
#[template(path = "console/resources/new.html")]
struct NewPage {
    frame: Frame,
    kind: &'static Described,
    sheet: Sheet,
    mistakes: Vec<Mistake>,
}

/// `GET /console/{type}/new`. The query fills fields in.
pub(in crate::console) async fn new(
    visitor: Visitor,
    path: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let kind = described(&path)?;
    visitor.must_be_shown(kind.section)?;
    let query = Form::of_query(&request)?;
    let blank = blank(kind);
    let entered = Entered::of(kind.table, &blank).and(Entered::posted(kind.table, &blank, &query));
    form(&visitor, kind, &entered, (StatusCode::OK, Vec::new()))
}

/// `POST /console/{type}/new`.
pub(in crate::console) async fn create(
    posted: Posted,
    path: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    let kind = described(&path)?;
    let Posted {
        visitor,
        form: sent,
    } = posted;
    let entered = Entered::posted(kind.table, &json!({}), &sent);
    let wanted = match over(kind.table, &json!({}), &entered) {
        Ok(wanted) => with_secrets(kind.table, wanted, &sent),
        Err(mistakes) => {
            let wrong = (StatusCode::UNPROCESSABLE_ENTITY, mistakes);
            return form(&visitor, kind, &entered, wrong);
        }
    };
    let ask = Ask::new(Method::POST, format!("/{}", kind.api)).json(&wanted);
    let answered = visitor.api.ask(ask).await?;
    if is_about_the_form(answered.status) {
        let wrong = (answered.status, all_mistakes(kind.table, &answered));
        return form(&visitor, kind, &entered, wrong);
    }
    let made = answered.accepted()?.value();
    let id = member::text(&made, "id").unwrap_or_default();
    match member::text(&made, "secret") {
        Some(secret) => once(&visitor, kind, id, &Once::secret(secret, "Created.")),
        None => Ok(see_other(
            &visitor.link(&format!("{}?done=created", kind.page(id))),
        )),
    }
}

/// Whether a refusal is one that another form would not meet.
pub(super) fn is_about_the_form(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::BAD_REQUEST | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY
    )
}

/// What a new one begins with.
fn blank(kind: &Described) -> Value {
    if kind.api == "AccessPolicy" {
        json!({ "engine": "matcho" })
    } else {
        json!({})
    }
}

fn form(
    visitor: &Visitor,
    kind: &'static Described,
    entered: &Entered,
    (status, mistakes): (StatusCode, Vec<Mistake>),
) -> Result<HttpResponse, Failure> {
    let shown = Shown {
        resource: &json!({}),
        entered,
        mistakes: &mistakes,
        is_new: true,
    };
    let sheet = Sheet::new(kind.table, shown);
    with_status(
        status,
        &NewPage {
            frame: visitor.frame(kind.section),
            kind,
            sheet,
            mistakes,
        },
    )
}
