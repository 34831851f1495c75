//! `/auth/login` and signing out.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use grantor_domain::browser::SignIn;
use grantor_domain::secret::{Password, TokenValue};

use crate::error::{Failure, Family};
use crate::extract::peer::origin;
use crate::state::Server;

use super::cookie::Jar;
use super::form::{Form, form_token};
use super::page::{Frame, page, see_other, with_status};
use super::visitor::{Posted, Visitor};

/// The login page: what later ways of signing in show as well.
#[derive(Template)]
#[template(path = "console/login.html")]
struct LoginPage {
    frame: Frame,
    /// What is wrong with the last try.
    problem: Option<String>,
    username: String,
    /// Where to go on.
    to: String,
}

/// `GET /auth/login`.
pub(super) async fn show(
    server: Server,
    visitor: Option<Visitor>,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let query = Form::of_query(&request)?;
    let to = destination(query.get("to"));
    if visitor.is_some() {
        return Ok(see_other(&format!("{}{to}", server.root())));
    }
    let held = Jar::Login.read(&request, &server);
    let (held, is_new) = match held {
        Some(held) => (held, false),
        None => (server.random_text()?, true),
    };
    let mut response = page(&LoginPage {
        frame: Frame::outside(&server, form_token(&held)),
        problem: None,
        username: String::new(),
        to: to.to_owned(),
    })?;
    if is_new {
        add(&mut response, &Jar::Login.hold(&held, &server))?;
    }
    Ok(response)
}

/// `POST /auth/login`.
pub(super) async fn sign_in(
    server: Server,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let form = Form::read(&request, payload.into_inner(), &server).await?;
    let held = Jar::Login.read(&request, &server).unwrap_or_default();
    if held.is_empty() {
        return Err(Failure::unreadable(
            "Your browser has sent no cookie. Allow cookies of this site, and open the page again",
        ));
    }
    form.must_be_ours(&held)?;
    let to = destination(form.get("to")).to_owned();
    let username = form.get("username").to_owned();
    let password = Password::new(form.get("password").to_owned());
    let from = origin(&request, &server.trusted_proxies);
    let before = Jar::Session.read(&request, &server).map(TokenValue::new);
    let name = username.clone();
    let signed_in = server
        .run_login(move |server| {
            server.sign_in(&SignIn {
                username: &name,
                password: &password,
                origin: &from,
                before: before.as_ref(),
            })
        })
        .await;
    match signed_in {
        Ok(signed_in) => {
            let mut response = see_other(&format!("{}{to}", server.root()));
            let token = signed_in.token.expose();
            add(&mut response, &Jar::Session.hold(token, &server))?;
            add(&mut response, &Jar::Login.forget(&server))?;
            Ok(response)
        }
        Err(failure @ Failure::Refused(_)) => {
            let mut response = with_status(
                failure.status(Family::Page),
                &LoginPage {
                    frame: Frame::outside(&server, form_token(&held)),
                    problem: Some(told(&failure)),
                    username,
                    to,
                },
            )?;
            if let Some(seconds) = failure.retry_after() {
                let headers = response.headers_mut();
                headers.insert(header::RETRY_AFTER, seconds.into());
            }
            Ok(response)
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /console/sign-out`.
pub(super) async fn sign_out(
    server: Server,
    _posted: Posted,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let held = Jar::Session.read(&request, &server).unwrap_or_default();
    let from = origin(&request, &server.trusted_proxies);
    let token = TokenValue::new(held);
    server
        .run(move |server| server.sign_out(&token, &from))
        .await?;
    let mut response = see_other(&format!("{}/auth/login", server.root()));
    add(&mut response, &Jar::Session.forget(&server))?;
    Ok(response)
}

fn told(failure: &Failure) -> String {
    match failure.retry_after() {
        Some(seconds) => format!("{}. Try again in {seconds} s.", failure.description()),
        None => format!("{}.", failure.description()),
    }
}

/// Where to go on, which is only ever a page of the console.
fn destination(to: &str) -> &str {
    let is_page = to
        .strip_prefix("/console")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    let is_plain = to.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
        && !["//", "..", "%2e", "%2E"]
            .iter()
            .any(|odd| to.contains(odd));
    if is_page && is_plain { to } else { "/console" }
}

fn add(response: &mut HttpResponse, cookie: &actix_web::cookie::Cookie<'_>) -> Result<(), Failure> {
    response.add_cookie(cookie).map_err(|_| Failure::Panicked)
}

#[cfg(test)]
mod tests {
    use super::destination;

    #[test]
    fn only_pages_of_the_console_are_gone_on_to() {
        for to in [
            "/console",
            "/console/sessions?user=amy",
            "/console?done=saved",
        ] {
            assert_eq!(destination(to), to);
        }
        for to in [
            "",
            "https://elsewhere.example/console",
            "//elsewhere.example/console",
            "/console//elsewhere.example",
            "/console/../auth/userinfo",
            "/console/%2E%2e/auth/userinfo",
            "/consoles",
            "/console/\\elsewhere.example",
            "/console/\r\nSet-Cookie: a=b",
        ] {
            assert_eq!(destination(to), "/console", "{to:?}");
        }
    }
}
