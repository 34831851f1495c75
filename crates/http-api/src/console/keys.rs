//! `/console/keys`: the signing keys, and what follows what.

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::error::Failure;

use super::api::Ask;
use super::page::{Frame, Section, see_other, with_status};
use super::show::{Instant, encoded};
use super::visitor::{Posted, Visitor};

#[derive(Template)]
#[template(path = "console/keys.html")]
struct KeysPage {
    frame: Frame,
    keys: Vec<Key>,
    /// What everybody sees of them.
    key_set: String,
    /// What is wrong with what was asked for.
    problem: Option<String>,
}

/// The keys, as the API lists them.
#[derive(Debug, Deserialize)]
pub(super) struct Keys {
    pub(super) keys: Vec<Key>,
}

/// A signing key, as the API shows it.
#[derive(Debug, Deserialize)]
pub(super) struct Key {
    pub(super) kid: String,
    pub(super) alg: String,
    pub(super) state: String,
    pub(super) created: Instant,
    pub(super) sign_from: Instant,
    pub(super) ends: Option<Instant>,
    pub(super) rotate_by: Option<Instant>,
}

impl Key {
    /// How its state looks.
    fn tone(&self) -> &'static str {
        match self.state.as_str() {
            "signing" => " ok",
            "next" => " warn",
            _ => "",
        }
    }

    /// Its id, short enough for a button.
    pub(super) fn short(&self) -> String {
        match self.kid.get(..8) {
            Some(first) if self.kid.len() > 12 => format!("{first}…"),
            _ => self.kid.clone(),
        }
    }

    /// Its id, as a segment of a path.
    fn path(&self) -> String {
        encoded(&self.kid)
    }
}

/// The keys a visitor may see.
///
/// # Errors
/// What the API refused it with.
pub(super) async fn listed(visitor: &Visitor) -> Result<Vec<Key>, Failure> {
    let listed = visitor.api.get("/auth/keys").await?;
    let keys: Keys = serde_json::from_value(listed).map_err(|_| Failure::Panicked)?;
    Ok(keys.keys)
}

/// `GET /console/keys`.
pub(super) async fn show(visitor: Visitor) -> Result<HttpResponse, Failure> {
    keys(visitor, StatusCode::OK, None).await
}

/// `POST /console/keys/rotate`.
pub(super) async fn rotate(posted: Posted) -> Result<HttpResponse, Failure> {
    let done = "/console/keys?done=rotated";
    change(posted.visitor, "/auth/keys/$rotate", done).await
}

/// `POST /console/keys/rotate-now`.
pub(super) async fn rotate_now(posted: Posted) -> Result<HttpResponse, Failure> {
    let done = "/console/keys?done=rotated-now";
    change(posted.visitor, "/auth/keys/$rotate?now=true", done).await
}

/// `POST /console/keys/{kid}/retire`.
pub(super) async fn retire(
    posted: Posted,
    kid: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    let target = format!("/auth/keys/{}/$retire", encoded(&kid));
    change(posted.visitor, &target, "/console/keys?done=retired").await
}

async fn change(visitor: Visitor, target: &str, done: &str) -> Result<HttpResponse, Failure> {
    let answered = visitor.api.ask(Ask::new(Method::POST, target)).await?;
    if answered.status == StatusCode::CONFLICT {
        let said = answered.problems().into_iter().map(|(_, says)| says);
        let said = said.collect::<Vec<_>>().join(" ");
        return keys(visitor, answered.status, Some(said)).await;
    }
    answered.accepted()?;
    Ok(see_other(&visitor.link(done)))
}

async fn keys(
    visitor: Visitor,
    status: StatusCode,
    problem: Option<String>,
) -> Result<HttpResponse, Failure> {
    let keys = listed(&visitor).await?;
    let key_set = visitor.api.get("/.well-known/jwks.json").await?;
    with_status(
        status,
        &KeysPage {
            frame: visitor.frame(Section::Keys),
            keys,
            key_set: serde_json::to_string_pretty(&key_set).unwrap_or_default(),
            problem,
        },
    )
}
