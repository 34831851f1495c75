//! What every page has: its frame, and the headers that keep everything else out of it.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName};
use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;

use crate::error::Failure;
use crate::state::State;

use super::assets;
use super::show::Instant;

/// Nothing from elsewhere, nothing inline.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A part of the console, as its navigation names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Home,
    Sandbox,
    Sessions,
    Clients,
    Users,
    Roles,
    Policies,
    Audit,
    Keys,
    Account,
}

/// A link of the navigation.
pub(crate) struct NavLink {
    pub(crate) path: &'static str,
    pub(crate) title: &'static str,
    pub(crate) is_current: bool,
}

/// What the frame of a page shows.
pub(crate) struct Frame {
    /// The path of the issuer: every link begins with it.
    pub(crate) root: String,
    /// The issuer.
    pub(crate) issuer: String,
    /// The version of the program.
    pub(crate) version: &'static str,
    /// When the page was made.
    pub(crate) now: Instant,
    /// Where the page's files are.
    pub(crate) assets: String,
    /// Who is signed in.
    pub(crate) user: Option<String>,
    /// What every form carries.
    pub(crate) csrf: String,
    /// Links, in groups.
    pub(crate) navigation: Vec<Vec<NavLink>>,
    /// What was just done.
    pub(crate) flash: Option<&'static str>,
}

impl Frame {
    /// The frame of a page for nobody in particular.
    pub(super) fn outside(state: &State, csrf: String) -> Self {
        let root = state.root().to_owned();
        Self {
            issuer: state.issuer().to_owned(),
            version: env!("CARGO_PKG_VERSION"),
            now: Instant::of(state.now()),
            assets: format!("{root}{}", assets::folder()),
            root,
            user: None,
            csrf,
            navigation: Vec::new(),
            flash: None,
        }
    }
}

/// A page.
pub(crate) fn page(template: &impl Template) -> Result<HttpResponse, Failure> {
    with_status(StatusCode::OK, template)
}

/// A page that says with its status that something is wrong with what was sent.
pub(crate) fn with_status(
    status: StatusCode,
    template: &impl Template,
) -> Result<HttpResponse, Failure> {
    let html = template.render().map_err(|_| Failure::Panicked)?;
    Ok(answer(HttpResponse::build(status), html))
}

fn answer(mut response: HttpResponseBuilder, html: String) -> HttpResponse {
    response
        .insert_header((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .insert_header((header::X_FRAME_OPTIONS, "DENY"))
        .insert_header((
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ))
        .content_type("text/html; charset=UTF-8")
        .body(html)
}

/// Sends a browser on to another page, which it asks for by GET (RFC 9110 §15.4.4).
pub(crate) fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, location))
        .finish()
}
