//! Pages of failures: what happened, and what to do.

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::error::{Failure, Family};
use crate::frame::named_in;
use crate::state::State;

use super::page::{Frame, see_other, with_status};

#[derive(Template)]
#[template(path = "console/failed.html")]
struct FailedPage {
    frame: Frame,
    status: u16,
    title: &'static str,
    says: String,
    advice: &'static str,
    retry_after: Option<u32>,
    /// What the log calls the request.
    request: Option<String>,
    /// Whether signing in again is what helps.
    signed_out: bool,
}

/// The page of a failure. Who is not signed in and only looks is sent to the login page.
pub(crate) fn failed(failure: &Failure, request: &HttpRequest) -> HttpResponse {
    let status = failure.status(Family::Page);
    let Some(state) = request.app_data::<web::Data<State>>() else {
        return HttpResponse::new(status);
    };
    let signed_out = status == StatusCode::UNAUTHORIZED;
    if signed_out && request.method() == Method::GET {
        return see_other(&login(request, state.root()));
    }
    page(failure, state, named_in(request))
}

/// The page of a failure whose request its handler has lost.
pub(crate) fn lost(failure: &Failure, state: &web::Data<State>, id: &str) -> HttpResponse {
    page(failure, state, Some(id.to_owned()))
}

fn page(failure: &Failure, state: &web::Data<State>, request: Option<String>) -> HttpResponse {
    let status = failure.status(Family::Page);
    let (title, advice) = words(status);
    let page = FailedPage {
        frame: Frame::outside(state, String::new()),
        status: status.as_u16(),
        title,
        says: failure.description().into_owned(),
        advice,
        retry_after: failure.retry_after(),
        request,
        signed_out: status == StatusCode::UNAUTHORIZED,
    };
    with_status(status, &page).unwrap_or_else(|_| HttpResponse::new(status))
}

/// The login page, which leads back.
fn login(request: &HttpRequest, root: &str) -> String {
    let back = request.uri().path_and_query().map_or("", |to| to.as_str());
    let back: String = form_urlencoded::byte_serialize(back.as_bytes()).collect();
    format!("{root}/auth/login?to={back}")
}

fn words(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::UNAUTHORIZED => (
            "You are signed out",
            "Your session is over. Nothing was changed: sign in again, go back, and repeat what you did.",
        ),
        StatusCode::FORBIDDEN => (
            "You may not do this",
            "An access policy has to permit it. Ask whoever administers this server.",
        ),
        StatusCode::NOT_FOUND | StatusCode::GONE => (
            "There is nothing here",
            "It may have been removed. Go back, or search for it.",
        ),
        StatusCode::TOO_MANY_REQUESTS => (
            "Too many tries",
            "Wait a moment, then try again. Nothing was changed.",
        ),
        StatusCode::SERVICE_UNAVAILABLE => (
            "The server cannot answer now",
            "Its database is away, or it has too much to do. Whether your change was made is not known: \
             look before you make it again. What was acknowledged is not lost.",
        ),
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => (
            "This request cannot be carried out",
            "Nothing was changed. Go back, open the page again, and repeat what you did.",
        ),
        status if status.is_server_error() => (
            "Something went wrong",
            "It was logged under the id below. Nothing you did caused it.",
        ),
        _ => (
            "This request cannot be carried out",
            "Nothing was changed. Go back and try again.",
        ),
    }
}
