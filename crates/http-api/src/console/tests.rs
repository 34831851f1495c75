//! Pages: bytes in, bytes out, over the in-memory adapters.

mod account;
mod audit;
mod home;
mod keys;
mod login;
mod policies;
mod resources;
mod sandbox;
mod sessions;

use actix_web::http::Method;
use actix_web::http::header;
use actix_web::test::TestRequest;
use grantor_domain::access::Link;
use grantor_domain::id::UserId;

use crate::tests::{Answer, Site};

/// The cookie of who is signed in, where the issuer has TLS.
pub(super) const SESSION: &str = "__Host-grantor";
/// The cookie of who is about to sign in.
pub(super) const LOGIN: &str = "__Host-grantor-login";

/// A browser that keeps its cookies.
pub(super) struct Browser<'a> {
    pub(super) site: &'a Site,
    cookies: Vec<(String, String)>,
}

impl<'a> Browser<'a> {
    pub(super) fn new(site: &'a Site) -> Self {
        Self {
            site,
            cookies: Vec::new(),
        }
    }

    /// Signed in as user `user`, who has no rights but those of everybody.
    pub(super) async fn of_user(site: &'a Site) -> Self {
        let mut browser = Self::new(site);
        let answer = browser.sign_in("user", "password").await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        browser
    }

    /// Signed in as user `user`, who may do everything.
    pub(super) async fn of_administrator(site: &'a Site) -> Self {
        let user = UserId::parse("user").unwrap();
        site.world.allow(vec![Link::User(user)]);
        Self::of_user(site).await
    }

    /// Opens the login page and sends its form.
    pub(super) async fn sign_in(&mut self, username: &str, password: &str) -> Answer {
        let page = self.get("/auth/login").await;
        let csrf = csrf(&page);
        let body = format!("csrf={csrf}&to=&username={username}&password={password}");
        self.post("/auth/login", &body).await
    }

    pub(super) async fn get(&mut self, path: &str) -> Answer {
        self.send(TestRequest::with_uri(path)).await
    }

    /// Sends a form as it is.
    pub(super) async fn post(&mut self, path: &str, body: &str) -> Answer {
        let request = TestRequest::with_uri(path)
            .method(Method::POST)
            .insert_header(("content-type", "application/x-www-form-urlencoded"))
            .insert_header(("sec-fetch-site", "same-origin"))
            .set_payload(body.to_owned());
        self.send(request).await
    }

    /// Sends a form of a page, with what makes it ours.
    pub(super) async fn submit(&mut self, page: &Answer, path: &str, fields: &str) -> Answer {
        let body = format!("csrf={}&{fields}", csrf(page));
        self.post(path, &body).await
    }

    pub(super) async fn send(&mut self, request: TestRequest) -> Answer {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = if cookies.is_empty() {
            request
        } else {
            request.insert_header((header::COOKIE, cookies.join("; ")))
        };
        let answer = self.site.send(request).await;
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        answer
    }

    /// What it holds.
    pub(super) fn cookie(&self, name: &str) -> Option<&str> {
        let held = self.cookies.iter().find(|(known, _)| known == name);
        held.map(|(_, value)| value.as_str())
    }

    /// Puts something else there.
    pub(super) fn hold(&mut self, name: &str, value: &str) {
        self.cookies.retain(|(known, _)| known != name);
        self.cookies.push((name.to_owned(), value.to_owned()));
    }
}

/// What makes the forms of a page ours.
pub(super) fn csrf(page: &Answer) -> String {
    between(&page.body, r#"name="csrf" value=""#, "\"").to_owned()
}

/// The text between two others.
pub(super) fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let (_, rest) = text
        .split_once(from)
        .unwrap_or_else(|| panic!("no {from} in {text}"));
    rest.split_once(to).unwrap().0
}
