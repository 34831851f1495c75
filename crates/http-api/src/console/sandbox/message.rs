//! A request and its answer, as they go over the wire.

use actix_web::http::Method;
use actix_web::http::header::HeaderName;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::console::api::{Answered, Ask, Credential};
use crate::error::Failure;

use super::body::pretty;

/// What stands for the token of somebody who may make clients and users.
pub(super) const ADMIN: &str = "$ADMIN_TOKEN";

/// Bytes of an answer that are shown.
const SHOWN: usize = 6 * 1024;

/// Headers of an answer that tell something of the grant.
const TELLING: [(&str, &str); 9] = [
    ("cache-control", "Cache-Control"),
    ("content-type", "Content-Type"),
    ("etag", "ETag"),
    ("last-modified", "Last-Modified"),
    ("location", "Location"),
    ("pragma", "Pragma"),
    ("retry-after", "Retry-After"),
    ("www-authenticate", "WWW-Authenticate"),
    ("x-request-id", "X-Request-Id"),
];

/// Whose credentials a request has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Signed {
    /// Those of whoever is signed in to the console, which are not shown.
    ByTheConsole,
    /// Those in its own headers or body.
    ByItself,
}

/// A request.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sent {
    pub(super) method: String,
    /// Path and query, below the issuer's.
    pub(super) target: String,
    pub(super) signed: Signed,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Sent {
    /// A request that has its own credentials, and no body.
    pub(super) fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            signed: Signed::ByItself,
            headers: Vec::new(),
            body: String::new(),
        }
    }

    /// With a header.
    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// With a token.
    pub(super) fn bearer(self, token: &str) -> Self {
        self.with("Authorization", format!("Bearer {token}"))
    }

    /// With a body.
    pub(super) fn body(self, media_type: &str, body: String) -> Self {
        Self {
            body,
            ..self.with("Content-Type", media_type)
        }
    }

    /// As bytes on the wire would read.
    pub(super) fn text(&self, issuer: &str) -> String {
        let address = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
        let (host, root) = match address.find('/') {
            Some(at) => address.split_at(at),
            None => (address, ""),
        };
        let mut text = format!(
            "{} {root}{} HTTP/1.1\nHost: {host}",
            self.method, self.target
        );
        if self.signed == Signed::ByTheConsole {
            text.push_str("\nAuthorization: Bearer ");
            text.push_str(ADMIN);
        }
        for (name, value) in &self.headers {
            line(&mut text, name, value);
        }
        if !self.body.is_empty() {
            text.push_str("\n\n");
            text.push_str(&self.body);
        }
        text
    }

    /// What the API is asked.
    ///
    /// # Errors
    /// When no such request can be made.
    pub(super) fn ask(&self) -> Result<Ask, Failure> {
        let unmakeable = || Failure::unreadable("This request cannot be made");
        let method = Method::from_bytes(self.method.as_bytes()).map_err(|_| unmakeable())?;
        let headers = self.headers.iter().map(|(name, value)| {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unmakeable())?;
            Ok((name, value.clone()))
        });
        Ok(Ask {
            method,
            target: self.target.clone(),
            credential: match self.signed {
                Signed::ByTheConsole => Credential::Visitor,
                Signed::ByItself => Credential::InHeaders,
            },
            headers: headers.collect::<Result<_, Failure>>()?,
            body: self.body.clone(),
        })
    }
}

/// An answer, as it is shown.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Received {
    pub(super) status: u16,
    pub(super) text: String,
    /// Milliseconds it took.
    pub(super) took: i64,
    /// When it came, in seconds since the epoch.
    pub(super) at: i64,
}

impl Received {
    /// Writes an answer.
    pub(super) fn of(answered: &Answered, at: i64, took: i64) -> Self {
        let status = answered.status;
        let reason = status.canonical_reason().unwrap_or_default();
        let mut text = format!("HTTP/1.1 {} {reason}", status.as_u16());
        for (name, shown) in TELLING {
            let value = answered.header(&HeaderName::from_static(name));
            if !value.is_empty() {
                line(&mut text, shown, value);
            }
        }
        if !answered.body.is_empty() {
            text.push_str("\n\n");
            text.push_str(&body(answered));
        }
        Self {
            status: status.as_u16(),
            text: shortened(text),
            took,
            at,
        }
    }
}

/// Adds a header to what is before it.
fn line(text: &mut String, name: &str, value: &str) {
    text.extend(["\n", name, ": ", value]);
}

/// JSON is indented, for whoever reads it.
fn body(answered: &Answered) -> String {
    match answered.value() {
        Value::Null => String::from_utf8_lossy(&answered.body)
            .trim_end()
            .to_owned(),
        value => pretty(&value),
    }
}

fn shortened(mut text: String) -> String {
    let end = (0..=SHOWN).rev().find(|end| text.is_char_boundary(*end));
    if let Some(end) = end.filter(|end| *end < text.len()) {
        let left = text.len() - end;
        text.truncate(end);
        format!("{text}\n… and {left} bytes more")
    } else {
        text
    }
}

/// A request and its answer.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Exchange {
    pub(super) sent: Sent,
    pub(super) received: Received,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_written_as_it_is_sent() {
        let sent = Sent::new("POST", "/auth/token")
            .with("Authorization", "Basic bXlhcHA6dmVyeXNlY3JldA==")
            .body(
                "application/x-www-form-urlencoded",
                "grant_type=password".to_owned(),
            );
        assert_eq!(
            sent.text("https://auth.example/sso"),
            "POST /sso/auth/token HTTP/1.1\nHost: auth.example\nAuthorization: Basic bXlhcHA6dmVyeXNlY3JldA==\n\
             Content-Type: application/x-www-form-urlencoded\n\ngrant_type=password"
        );
    }

    #[test]
    fn the_credentials_of_the_console_are_not_shown() {
        let sent = Sent {
            signed: Signed::ByTheConsole,
            ..Sent::new("DELETE", "/Client/myapp")
        };
        assert_eq!(
            sent.text("http://127.0.0.1:8080"),
            "DELETE /Client/myapp HTTP/1.1\nHost: 127.0.0.1:8080\nAuthorization: Bearer $ADMIN_TOKEN"
        );
    }

    #[test]
    fn a_long_answer_is_cut_between_letters() {
        let text = shortened("é".repeat(SHOWN));
        assert!(
            text.ends_with(&format!("é\n… and {SHOWN} bytes more")),
            "{}",
            text.len()
        );
    }
}
