//! What is shown once: a generated secret, a link to choose a password.

use actix_web::HttpResponse;
use askama::Template;

use crate::console::page::{Frame, page};
use crate::console::visitor::Visitor;
use crate::error::Failure;

use super::described::Described;

#[derive(Template)]
#[template(path = "console/resources/once.html")]
struct OncePage<'a> {
    frame: Frame,
    kind: &'static Described,
    id: &'a str,
    once: &'a Once<'a>,
}

/// What is shown once.
pub(super) struct Once<'a> {
    title: &'static str,
    heading: &'static str,
    says: &'static str,
    value: &'a str,
    /// What was done.
    flash: &'static str,
}

impl<'a> Once<'a> {
    /// The secret of a client.
    pub(super) const fn secret(value: &'a str, flash: &'static str) -> Self {
        Self {
            title: "The secret of",
            heading: "Copy it now",
            says: "It is shown this once. Only its hash is kept: when it is lost, rotate it.",
            value,
            flash,
        }
    }

    /// A link by which a user chooses another password.
    pub(super) const fn link(value: &'a str) -> Self {
        Self {
            title: "A link for",
            heading: "Hand it over now",
            says: "It is shown this once, works once, and ends in a quarter of an hour.",
            value,
            flash: "The old password is of no use any more, and all sessions have ended.",
        }
    }
}

/// The page.
pub(super) fn once(
    visitor: &Visitor,
    kind: &'static Described,
    id: &str,
    once: &Once<'_>,
) -> Result<HttpResponse, Failure> {
    let mut frame = visitor.frame(kind.section);
    frame.flash = Some(once.flash);
    page(&OncePage {
        frame,
        kind,
        id,
        once,
    })
}
