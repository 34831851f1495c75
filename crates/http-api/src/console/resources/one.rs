//! The page of one resource: its form, and what can be done with it at once.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use serde_json::Value;

use crate::console::edit::{Entered, Mistake, Sheet, Shown};
use crate::console::member;
use crate::console::page::{Frame, with_status};
use crate::console::show::{Found, Instant, Search};
use crate::console::visitor::{Rights, Visitor};
use crate::error::Failure;

use super::described::{Described, described, updated, version};
use super::stale::Stale;

#[derive(Template)]
#[template(path = "console/resources/one.html")]
struct OnePage {
    frame: Frame,
    kind: &'static Described,
    id: String,
    /// Its own address.
    page: String,
    version: String,
    updated: Option<Instant>,
    is_on: Option<bool>,
    /// How many sessions of it live, for those who may see that.
    live: Option<u64>,
    /// The roles a user was given, for those who may see them.
    roles: Option<Vec<GivenRole>>,
    rights: Rights,
    sheet: Sheet,
    mistakes: Vec<Mistake>,
    stale: Option<Stale>,
}

/// A role of a user.
#[derive(Deserialize)]
struct GivenRole {
    id: String,
    name: String,
    #[serde(default)]
    description: String,
}

/// What stands in the form of a resource, and what is wrong with it.
pub(super) struct Editing {
    pub(super) kind: &'static Described,
    /// The version the form is about.
    pub(super) resource: Value,
    pub(super) entered: Entered,
    pub(super) mistakes: Vec<Mistake>,
    pub(super) stale: Option<Stale>,
}

/// `GET /console/{type}/{id}`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Failure> {
    let (kind, id) = path.into_inner();
    let kind = described(&kind)?;
    let resource = visitor.api.get(kind.target(&id)).await?;
    let editing = Editing {
        kind,
        entered: Entered::of(kind.table, &resource),
        resource,
        mistakes: Vec::new(),
        stale: None,
    };
    editing.show(&visitor, StatusCode::OK).await
}

impl Editing {
    /// The page.
    pub(super) async fn show(
        self,
        visitor: &Visitor,
        status: StatusCode,
    ) -> Result<HttpResponse, Failure> {
        let kind = self.kind;
        let id = member::text(&self.resource, "id")
            .unwrap_or_default()
            .to_owned();
        let sheet = Sheet::new(
            kind.table,
            Shown {
                resource: &self.resource,
                entered: &self.entered,
                mistakes: &self.mistakes,
                is_new: false,
            },
        );
        let page = OnePage {
            frame: visitor.frame(kind.section),
            kind,
            version: version(&self.resource).to_owned(),
            updated: updated(&self.resource),
            is_on: kind.is_on(&self.resource),
            live: live(visitor, kind, &id).await?,
            roles: roles(visitor, kind, &id).await?,
            rights: visitor.rights,
            page: visitor.link(&kind.page(&id)),
            id,
            sheet,
            mistakes: self.mistakes,
            stale: self.stale,
        };
        with_status(status, &page)
    }
}

async fn live(visitor: &Visitor, kind: &Described, id: &str) -> Result<Option<u64>, Failure> {
    let Some(parameter) = kind.sessions.filter(|_| visitor.rights.sessions) else {
        return Ok(None);
    };
    let search = Search::default()
        .with(parameter, id)
        .with("active", "true")
        .with("_count", "0");
    let found = visitor.api.get(search.target("/Session")).await?;
    Ok(found.get("total").and_then(Value::as_u64))
}

async fn roles(
    visitor: &Visitor,
    kind: &Described,
    id: &str,
) -> Result<Option<Vec<GivenRole>>, Failure> {
    if kind.api != "User" || !visitor.rights.roles {
        return Ok(None);
    }
    let search = Search::default().with("user", id).with("_total", "none");
    let bundle = visitor.api.get(search.target("/Role")).await?;
    Ok(Some(Found::read(&bundle, "", &search).items))
}
