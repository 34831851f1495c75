//! The two cookies: what a signed-in browser holds, and what a browser at the login page does.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};

use crate::state::State;

/// A cookie of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Jar {
    /// The token of a session.
    Session,
    /// What binds a login form to the browser it was made for.
    Login,
}

impl Jar {
    /// `__Host-` holds a browser to `Secure`, `Path=/` and this host. A server that is reached
    /// without TLS, on loopback, cannot have that.
    const fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Session, true) => "__Host-grantor",
            (Self::Session, false) => "grantor",
            (Self::Login, true) => "__Host-grantor-login",
            (Self::Login, false) => "grantor-login",
        }
    }

    /// What a browser holds.
    pub(super) fn read(self, request: &HttpRequest, state: &State) -> Option<String> {
        let cookie = request.cookie(self.name(is_secure(state)))?;
        Some(cookie.value().to_owned())
    }

    /// Has a browser hold a value until it is closed.
    pub(super) fn hold(self, value: &str, state: &State) -> Cookie<'static> {
        let secure = is_secure(state);
        Cookie::build(self.name(secure), value.to_owned())
            .path("/")
            .http_only(true)
            .secure(secure)
            .same_site(SameSite::Lax)
            .finish()
    }

    /// Has a browser forget.
    pub(super) fn forget(self, state: &State) -> Cookie<'static> {
        let mut cookie = self.hold("", state);
        cookie.make_removal();
        cookie
    }
}

fn is_secure(state: &State) -> bool {
    state.issuer().starts_with("https://")
}
