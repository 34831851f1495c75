//! What needs somebody: each warning is made of what the API says.

use grantor_domain::time::{Lifetime, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use crate::console::keys;
use crate::console::show::{Found, Instant, Search, encoded, grouped};
use crate::console::visitor::Visitor;
use crate::error::Failure;
use crate::resources::beginning;
use crate::state::Server;

use super::plot::Counts;

/// How long before something happens it is told.
const AHEAD: Lifetime = Lifetime::from_days(30);

/// Most clients that are named; the others are only counted.
const NAMED: usize = 5;

/// Something that needs somebody.
pub(super) struct Warning {
    /// How much: of the closed list of the style sheet.
    pub(super) tone: &'static str,
    pub(super) title: String,
    pub(super) says: String,
    /// Until when, where there is such an instant.
    pub(super) at: Option<Instant>,
    /// Where to go on: below the issuer's path, and in words.
    pub(super) links: Vec<(String, String)>,
}

impl Warning {
    fn new(tone: &'static str, title: impl Into<String>, says: impl Into<String>) -> Self {
        Self {
            tone,
            title: title.into(),
            says: says.into(),
            at: None,
            links: Vec::new(),
        }
    }

    /// The worst come first.
    fn rank(&self) -> usize {
        let tones = ["bad", "warn"];
        let found = tones.iter().position(|tone| *tone == self.tone);
        found.unwrap_or(tones.len())
    }

    fn link(mut self, path: impl Into<String>, words: impl Into<String>) -> Self {
        self.links.push((path.into(), words.into()));
        self
    }
}

/// Every warning there is a reason for, the worst first.
pub(super) async fn all(
    server: &Server,
    visitor: &Visitor,
    counts: Option<&Counts>,
) -> Result<Vec<Warning>, Failure> {
    let mut warnings = Vec::new();
    let metadata = visitor.api.get("/.well-known/oauth-authorization-server");
    warnings.extend(in_the_clear(&metadata.await?));
    if server.server.policy().throttle.is_none() {
        warnings.push(Warning::new(
            "bad",
            "Passwords can be guessed without end",
            "Throttling is switched off. Set throttle.enabled, unless something before this server does the same.",
        ));
    }
    if visitor.rights.clients {
        warnings.extend(sunsets(visitor, server.now()).await?);
    }
    warnings.extend(counts.and_then(throttled));
    if visitor.rights.keys {
        warnings.extend(due_keys(&keys::listed(visitor).await?, server.now()));
    }
    warnings.sort_by_key(Warning::rank);
    Ok(warnings)
}

/// Passwords that travel without TLS.
fn in_the_clear(metadata: &Value) -> Option<Warning> {
    let issuer = metadata["issuer"].as_str()?;
    let grants = metadata["grant_types_supported"].as_array()?;
    let takes_passwords = grants.iter().any(|grant| grant == "password");
    let is_clear = issuer.starts_with("http://") && !is_loopback(issuer);
    (takes_passwords && is_clear).then(|| {
        let says = "The password grant is on, and the issuer is not https. Put the server behind a proxy with TLS, or give it a certificate.";
        Warning::new("bad", "Passwords travel in the clear", says)
    })
}

/// Whether an issuer is this machine (RFC 8252 §7.3, §8.3).
fn is_loopback(issuer: &str) -> bool {
    let Ok(url) = url::Url::parse(issuer) else {
        return false;
    };
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

/// What a Client says of the end of its password grant.
#[derive(Debug, Deserialize)]
struct Sunsetting {
    id: String,
    #[serde(default)]
    auth: Value,
}

/// The clients whose password grant ends, each with when; the first thousand of those that have it.
async fn dated(visitor: &Visitor) -> Result<Vec<(Timestamp, String)>, Failure> {
    let target =
        "/Client?grant_types=password&active=true&_count=1000&_total=none&_elements=id,auth";
    let bundle = visitor.api.get(target).await?;
    let found: Found<Sunsetting> = Found::read(&bundle, "", &Search::default());
    let dated = found.items.into_iter().filter_map(|client| {
        let sunset = client.auth.pointer("/password/sunset")?.as_str()?;
        Some((beginning(sunset)?, client.id))
    });
    Ok(dated.collect())
}

/// Clients that may no longer use the password grant, and those that soon may not.
async fn sunsets(visitor: &Visitor, now: Timestamp) -> Result<Vec<Warning>, Failure> {
    let mut dated = dated(visitor).await?;
    let ahead = now.plus(AHEAD);
    dated.retain(|(sunset, _)| *sunset <= ahead);
    dated.sort();
    let over = dated.partition_point(|(sunset, _)| *sunset <= now);
    let (past, soon) = dated.split_at(over);
    let past = named(past, "past").map(|(is_one, warning)| {
        let (through, whose) = if is_one { ("it", "its") } else { ("them", "their") };
        Warning {
            tone: "warn",
            says: format!(
                "Logins through {through} are refused. Move {whose} users, then take the password grant away."
            ),
            ..warning
        }
    });
    let first = soon.first().map(|(sunset, _)| Instant::of(*sunset));
    let soon = named(soon, "near").map(|(is_one, warning)| Warning {
        says: if is_one {
            "Its password grant ends".to_owned()
        } else {
            "The first of their password grants ends".to_owned()
        },
        at: first,
        ..warning
    });
    Ok(past.into_iter().chain(soon).collect())
}

/// A warning about some clients, with links to the first of them; and whether it is one alone.
fn named(clients: &[(Timestamp, String)], place: &str) -> Option<(bool, Warning)> {
    let title = match clients.len() {
        0 => return None,
        1 => format!("A client is {place} its sunset"),
        count => format!("{count} clients are {place} their sunset"),
    };
    let warning = Warning::new("", title, "");
    let first = clients.iter().take(NAMED);
    let linked = first.fold(warning, |warning, (_, id)| {
        warning.link(format!("/console/clients/{}", encoded(id)), id)
    });
    Some((clients.len() == 1, linked))
}

/// Logins that were refused unseen, in this hour and the one before.
fn throttled(counts: &Counts) -> Option<Warning> {
    let hours = counts.of(&["login.throttled"]);
    let last = hours.get(hours.len().saturating_sub(2)..)?;
    let times: u64 = last.iter().filter_map(|(_, count)| *count).sum();
    let since = Instant::of(last.first()?.0);
    let from = since.0.get(..16)?;
    let path = format!("/console/audit?type=login.throttled&from={}", encoded(from));
    (times > 0).then(|| Warning {
        at: Some(since.clone()),
        ..Warning::new(
            "warn",
            "A throttle tripped",
            format!(
                "Somebody guesses: {} tries were refused without looking, since",
                grouped(times)
            ),
        )
        .link(path, "Read the events")
    })
}

/// A key that has signed for long, and one that is about to sign.
fn due_keys(keys: &[keys::Key], now: Timestamp) -> Vec<Warning> {
    let due = keys.iter().find_map(|key| {
        let due = beginning(&key.rotate_by.as_ref()?.0)?;
        (due <= now.plus(AHEAD)).then(|| Warning {
            at: key.rotate_by.clone(),
            ..Warning::new(
                if due <= now { "warn" } else { "" },
                "A signing key is due for rotation",
                format!(
                    "{} {} has signed for about a year. Plan its successor by",
                    key.alg,
                    key.short()
                ),
            )
        })
    });
    let next = keys
        .iter()
        .find(|key| key.state == "next")
        .map(|key| Warning {
            at: Some(key.sign_from.clone()),
            ..Warning::new(
                "",
                "Another key signs soon",
                format!("{} {} signs from", key.alg, key.short()),
            )
        });
    let warnings = due.into_iter().chain(next);
    warnings
        .map(|warning| warning.link("/console/keys", "Keys"))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn clear(issuer: &str, grant: &str) -> bool {
        let metadata = json!({ "issuer": issuer, "grant_types_supported": [grant] });
        in_the_clear(&metadata).is_some()
    }

    #[test]
    fn passwords_without_tls_are_told_but_for_loopback() {
        assert!(clear("http://auth.example", "password"));
        assert!(clear("http://192.0.2.1:8080/auth", "password"));
        assert!(clear("http://127.0.0.1.example", "password"));
        assert!(!clear("http://auth.example", "client_credentials"));
        for loopback in [
            "https://auth.example",
            "http://127.0.0.1:8080",
            "http://[::1]",
            "http://localhost/a",
        ] {
            assert!(!clear(loopback, "password"), "{loopback}");
        }
    }

    fn key(state: &str, rotate_by: Option<i64>) -> keys::Key {
        let instant = |seconds| crate::resources::instant(Timestamp::from_seconds(seconds));
        let body = json!({
            "kid": "q0Vf-3d9xKe2LmRt",
            "alg": "ES256",
            "state": state,
            "created": instant(0),
            "sign_from": instant(0),
            "rotate_by": rotate_by.map(instant),
        });
        keys::Key::deserialize(body).unwrap()
    }

    #[test]
    fn a_key_is_told_a_month_before_it_is_due() {
        let now = Timestamp::from_seconds(100 * 86_400);
        let told = |rotate_by| due_keys(&[key("signing", rotate_by)], now).len();
        assert_eq!(told(None), 0);
        assert_eq!(told(Some(131 * 86_400)), 0);
        assert_eq!(told(Some(129 * 86_400)), 1);
        let late = due_keys(&[key("signing", Some(0))], now);
        assert_eq!(late[0].tone, "warn");
        assert_eq!(
            due_keys(&[key("next", None)], now)[0].title,
            "Another key signs soon"
        );
    }
}
