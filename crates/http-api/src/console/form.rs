//! What a page's form sends, and that it was our page which sent it.

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap, HeaderName};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::body::{self, MediaType, RESOURCE_LIMIT, pairs};
use crate::error::Failure;
use crate::state::State;

/// The fields of a form, in order.
#[derive(Default)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a form.
    ///
    /// # Errors
    /// What cannot be read, and what another site's page sent.
    pub(super) async fn read(
        request: &HttpRequest,
        mut payload: Payload,
        state: &State,
    ) -> Result<Self, Failure> {
        refuse_other_sites(request.headers(), state.issuer())?;
        let text = body::read_text(request, &mut payload, &[MediaType::Form], RESOURCE_LIMIT);
        Self::parse(&text.await?)
    }

    /// The fields of a query.
    pub(crate) fn of_query(request: &HttpRequest) -> Result<Self, Failure> {
        Self::parse(request.query_string())
    }

    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        let pairs = pairs(text.as_bytes());
        let unreadable = || Failure::unreadable("The form is not percent-encoded UTF-8");
        pairs.map(Self).ok_or_else(unreadable)
    }

    /// A field's text; empty when it is not there.
    pub(crate) fn get(&self, name: &str) -> &str {
        let named = self.0.iter().find(|(known, _)| known == name);
        named.map_or("", |(_, value)| value)
    }

    /// Every value of a field that may be sent several times.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(known, _)| known == name);
        named.map(|(_, value)| value.as_str())
    }

    /// Whether a box was ticked.
    pub(crate) fn ticked(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// Passes forms that were made for whoever holds `cookie`.
    ///
    /// # Errors
    /// 400 for any other.
    pub(super) fn must_be_ours(&self, cookie: &str) -> Result<(), Failure> {
        // Hashed once more, so that comparing tells nothing of the first.
        let hashed = |text: &str| Sha256::digest(text.as_bytes());
        if hashed(self.get("csrf")) == hashed(&form_token(cookie)) {
            Ok(())
        } else {
            Err(Failure::unreadable(
                "This form was not made for your browser, or is too old. Open the page again",
            ))
        }
    }
}

/// What the forms for whoever holds `cookie` carry. Only who knows the cookie can make it.
pub(super) fn form_token(cookie: &str) -> String {
    let digest = Sha256::new()
        .chain_update("grantor form\0")
        .chain_update(cookie)
        .finalize();
    URL_SAFE_NO_PAD.encode(digest)
}

/// A browser says which site's page makes a request.
fn refuse_other_sites(headers: &HeaderMap, issuer: &str) -> Result<(), Failure> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let is_ours = match text(HeaderName::from_static("sec-fetch-site")) {
        Some(site) => site == "same-origin" || site == "none",
        None => text(header::ORIGIN).is_none_or(|origin| {
            let rest = issuer.strip_prefix(origin);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        }),
    };
    if is_ours {
        Ok(())
    } else {
        Err(Failure::unreadable("Another site has sent this form"))
    }
}
