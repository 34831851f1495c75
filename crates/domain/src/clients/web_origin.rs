//! Origins of web pages (RFC 6454), for `allowed_origins`.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::fault::Fault;
use crate::resources::{Filter, Resource as _, ResourceQuery, Test};
use crate::server::AuthorizationServer;
use crate::window::Window;

use super::Client;

/// The parameter that finds clients by their origins.
pub(super) const PARAMETER: &str = "allowed_origins";

/// Longest origin, in bytes.
const LONGEST: usize = 300;

/// The origin of a web page as browsers write it: scheme, host, and port where it is not the scheme's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebOrigin(String);

/// A text that is no origin of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be https://host or https://host:port, http only on this machine, without path, wildcard or user"
)]
pub struct InvalidOrigin;

impl WebOrigin {
    /// Reads an origin. Case is brought into the form browsers send, and a port that is the scheme's
    /// is left out.
    ///
    /// # Errors
    /// [`InvalidOrigin`].
    pub fn parse(text: &str) -> Result<Self, InvalidOrigin> {
        if text.len() > LONGEST {
            return Err(InvalidOrigin);
        }
        let text = text.to_ascii_lowercase();
        let (scheme, authority) = text.split_once("://").ok_or(InvalidOrigin)?;
        let (host, port) = split_port(authority).ok_or(InvalidOrigin)?;
        let usual = match scheme {
            "https" => 443,
            "http" if is_loopback(host) => 80,
            _ => return Err(InvalidOrigin),
        };
        if !is_host(host) {
            return Err(InvalidOrigin);
        }
        Ok(Self(match port {
            Some(port) if port != usual => format!("{scheme}://{host}:{port}"),
            _ => format!("{scheme}://{host}"),
        }))
    }

    /// As a browser sends it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WebOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    let after_host = match authority.rfind(']') {
        Some(end) => end,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    match authority.get(after_host..)?.find(':') {
        None => Some((authority, None)),
        Some(colon) => {
            let (host, port) = authority.split_at(after_host.checked_add(colon)?);
            let digits = port.strip_prefix(':')?;
            let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            let port: u16 = is_number.then(|| digits.parse().ok()).flatten()?;
            (port != 0).then_some((host, Some(port)))
        }
    }
}

fn ipv6(host: &str) -> Option<Ipv6Addr> {
    let inner = host.strip_prefix('[')?.strip_suffix(']')?;
    inner.parse().ok()
}

fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        (1..=63).contains(&label.len()) && label.bytes().all(allowed)
    };
    ipv6(host).is_some() || host.split('.').all(is_label)
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse().is_ok_and(|v4: Ipv4Addr| v4.is_loopback())
        || ipv6(host).is_some_and(|v6| v6.is_loopback())
}

impl AuthorizationServer {
    /// Whether pages of an origin may read what the endpoints for browsers answer: whether a client
    /// that is active lists it. One indexed read; none for what is no origin, such as `null`.
    ///
    /// # Errors
    /// [`Fault`] when the store is away.
    pub fn is_allowed_origin(&self, origin: &str) -> Result<bool, Fault> {
        match WebOrigin::parse(origin) {
            // A browser writes an origin in one way; another spelling comes from no browser.
            Ok(parsed) if parsed.as_str() == origin => {}
            _ => return Ok(false),
        }
        let is = |parameter, value: &str| Filter {
            parameter,
            test: Test::Is(vec![value.to_owned()]),
        };
        let query = ResourceQuery {
            filters: vec![is(PARAMETER, origin), is("active", "true")],
            ..ResourceQuery::all(Window::first(1))
        };
        let found = Client::registry(&self.ports).search(&query)?;
        Ok(!found.items.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        WebOrigin::parse(text).ok().map(|origin| origin.to_string())
    }

    #[test]
    fn origins_are_read_into_the_form_browsers_send() {
        for (text, expected) in [
            ("https://app.example", "https://app.example"),
            ("HTTPS://App.Example:443", "https://app.example"),
            ("https://app.example:8443", "https://app.example:8443"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://127.0.0.1:80", "http://127.0.0.1"),
            ("http://[::1]:5173", "http://[::1]:5173"),
            ("https://[2001:db8::1]", "https://[2001:db8::1]"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for text in [
            "",
            "null",
            "*",
            "https://*",
            "https://*.example",
            "https://",
            "https://app.example/",
            "https://app.example/path",
            "https://app.example?q",
            "https://app.example#f",
            "https://user@app.example",
            "https://app.example:",
            "https://app.example:0",
            "https://app.example:65536",
            "https://app.example:+1",
            "https://app..example",
            "https://[::1",
            "https://[::1]x",
            "https://bücher.example",
            "http://app.example",
            "http://127.0.0.1.example",
            "ftp://app.example",
            "app.example",
            "https://app.example\r\nx: y",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }
}
