//! A form that somebody else was faster than: what they stored, what it wants, and the choice.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use crate::console::edit::{Difference, differences, over};
use crate::console::show::Instant;
use crate::console::visitor::Visitor;
use crate::error::Failure;

use super::described::{updated, version};
use super::one::Editing;

/// What has changed meanwhile.
pub(crate) struct Stale {
    /// The version the form began with; nothing, when it cannot be shown.
    pub(crate) began: Option<String>,
    pub(crate) updated: Option<Instant>,
    /// In the version it began with, in the latest, and with the form over that.
    pub(crate) differences: Vec<Difference>,
}

/// The page that shows both, with the form over the latest version: what was not touched in it is
/// as that version has it.
pub(super) async fn stale(
    visitor: &Visitor,
    editing: Editing,
    id: &str,
) -> Result<HttpResponse, Failure> {
    let kind = editing.kind;
    let latest = visitor.api.get(kind.target(id)).await?;
    let began = editing.resource;
    let entered = editing.entered.carried(kind.table, &began, &latest);
    let (wanted, mistakes) = match over(kind.table, &latest, &entered) {
        Ok(wanted) => (wanted, Vec::new()),
        Err(mistakes) => (latest.clone(), mistakes),
    };
    let is_known = version(&began) != version(&latest);
    let stale = Stale {
        began: is_known.then(|| version(&began).to_owned()),
        updated: updated(&latest),
        differences: differences(&[&began, &latest, &wanted]),
    };
    let editing = Editing {
        kind,
        resource: latest,
        entered,
        mistakes,
        stale: Some(stale),
    };
    editing.show(visitor, StatusCode::PRECONDITION_FAILED).await
}
