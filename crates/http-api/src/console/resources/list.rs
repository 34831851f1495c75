//! The list of a type, and its search.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::Value;

use crate::console::edit::called;
use crate::console::form::Form;
use crate::console::member;
use crate::console::page::{Frame, page};
use crate::console::show::{Found, Search};
use crate::console::visitor::Visitor;
use crate::error::Failure;

use super::cell::Cell;
use super::described::{Described, described};

/// How many a page shows.
const COUNT: &str = "50";

#[derive(Template)]
#[template(path = "console/resources/list.html")]
struct ListPage {
    frame: Frame,
    kind: &'static Described,
    search: Search,
    found: Found<Value>,
    rows: Vec<Row>,
}

/// A resource in a list.
struct Row {
    id: String,
    called: String,
    cells: Vec<(&'static str, Cell)>,
}

impl Row {
    fn of(kind: &'static Described, resource: &Value) -> Self {
        let id = member::text(resource, "id").unwrap_or_default().to_owned();
        let is_on = kind.is_on(resource).unwrap_or(true);
        let cells = kind.columns.iter();
        Self {
            called: called(kind.called, resource)
                .filter(|name| *name != id)
                .unwrap_or_default(),
            cells: cells
                .map(|column| (column.title, column.cell(resource, is_on)))
                .collect(),
            id,
        }
    }
}

/// `GET /console/{type}`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    path: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let kind = described(&path)?;
    let names = kind.criteria.iter().map(|criterion| criterion.name);
    let names: Vec<&'static str> = names.chain(["_page"]).collect();
    let search = Search::of(&Form::of_query(&request)?, &names);
    let wanted = search.clone().with("_count", COUNT);
    let bundle = visitor
        .api
        .get(wanted.target(&format!("/{}", kind.api)))
        .await?;
    let found = Found::<Value>::read(
        &bundle,
        &visitor.link(&format!("/console/{}", kind.path)),
        &search,
    );
    page(&ListPage {
        frame: visitor.frame(kind.section),
        kind,
        search,
        rows: found
            .items
            .iter()
            .map(|resource| Row::of(kind, resource))
            .collect(),
        found,
    })
}
