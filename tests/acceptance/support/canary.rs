//! Every secret a test sends or is sent is remembered, and looked for wherever it must not be.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use grantor_domain::secret::hexadecimal;
use serde_json::Value;

use super::http::{Answer, Call};

/// Members and parameters whose values are secrets.
const NAMES: [&str; 12] = [
    "access_token",
    "client_secret",
    "currentPassword",
    "current_password",
    "newPassword",
    "new_password",
    "password",
    "refresh_token",
    "resetUrl",
    "secret",
    "setup_token",
    "token",
];

/// Shorter ones are words that stand everywhere.
const SHORTEST: usize = 10;

/// The secrets of one world. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Secrets(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    real: HashSet<String>,
    /// What was shown and refused: nobody's, or almost somebody's. A test may guess with a name.
    guessed: HashSet<String>,
}

impl Secrets {
    pub(crate) fn add(&self, secret: &str) {
        self.keep(true, vec![secret.to_owned()]);
    }

    /// Remembers the secrets of a request and its answer. An error repeats none.
    #[track_caller]
    pub(super) fn note(&self, sent: Vec<String>, answer: &Answer) {
        let accepted = answer.status < 400;
        if !accepted {
            let text = answer.text();
            let told = sent
                .iter()
                .find(|secret| secret.len() >= SHORTEST && text.contains(secret.as_str()));
            assert_eq!(told, None, "an error repeats a secret: {text}");
        }
        self.keep(accepted, sent);
        self.keep(true, of_answer(answer));
    }

    fn keep(&self, real: bool, mut found: Vec<String>) {
        found.retain(|secret| secret.len() >= SHORTEST && !is_hash(secret));
        let mut known = self.0.lock().unwrap();
        if real {
            known.real.extend(found);
        } else {
            found.retain(|secret| !secret.bytes().all(|byte| byte.is_ascii_alphabetic()));
            known.guessed.extend(found);
        }
    }

    /// A place holds none of them, in no form, not even one that was refused.
    #[track_caller]
    pub(crate) fn are_not_in(&self, place: &[u8], what: &str) {
        let known = self.0.lock().unwrap();
        let all = known.real.union(&known.guessed).map(String::as_str);
        if let Some(found) = found(place, all) {
            drop(known);
            panic!("{what} holds {found}");
        }
    }

    /// What is stored holds none of them, in no form. A guess may be the name of something.
    #[track_caller]
    pub(crate) fn are_not_stored_in(&self, place: &[u8], what: &str) {
        let known = self.0.lock().unwrap();
        if let Some(found) = found(place, known.real.iter().map(String::as_str)) {
            drop(known);
            panic!("{what} holds {found}");
        }
    }
}

/// The secrets of a request.
pub(super) fn of_call(call: &Call) -> Vec<String> {
    let mut found = Vec::new();
    let is = |name: &str, wanted: &str| name.eq_ignore_ascii_case(wanted);
    let typed = |kind: &str| {
        call.headers
            .iter()
            .any(|(name, value)| is(name, "content-type") && value.contains(kind))
    };
    for (name, value) in &call.headers {
        if is(name, "authorization") {
            found.extend(of_authorization(value));
        } else if is(name, "cookie") {
            found.extend(value.split(';').filter_map(of_cookie));
        }
    }
    let body = call.body.as_deref().unwrap_or_default();
    if typed("json") {
        let body = serde_json::from_slice(body).unwrap_or_default();
        of_members(&body, &mut found);
    } else if typed("form-urlencoded") {
        let fields = form_urlencoded::parse(body);
        let secret = fields.filter(|(name, _)| NAMES.contains(&name.as_ref()));
        found.extend(secret.map(|(_, value)| value.into_owned()));
    }
    found
}

fn of_answer(answer: &Answer) -> Vec<String> {
    let mut found = Vec::new();
    for cookie in answer.all("set-cookie") {
        found.extend(of_cookie(cookie));
    }
    if answer.status < 400 && answer.content_type().contains("json") {
        let body = serde_json::from_slice(&answer.body).unwrap_or_default();
        of_members(&body, &mut found);
    }
    found
}

/// A hash that is brought along from elsewhere is stored as it is, until the next login.
fn is_hash(text: &str) -> bool {
    ["$", "pbkdf2_", "__sha256:"]
        .iter()
        .any(|form| text.starts_with(form))
}

/// A link is as secret as the token at its end.
fn without_link(text: &str) -> &str {
    let token = text.rsplit(['=', '#']).next();
    token.filter(|_| text.contains("://")).unwrap_or(text)
}

fn of_authorization(value: &str) -> Option<String> {
    let (scheme, rest) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Some(rest.to_owned());
    }
    let text = String::from_utf8(STANDARD.decode(rest).ok()?).ok()?;
    let secret = text.split_once(':')?.1.as_bytes();
    let decoded = form_urlencoded::parse(secret).next()?.0.into_owned();
    Some(decoded)
}

fn of_cookie(cookie: &str) -> Option<String> {
    let value = cookie.split(';').next()?.split_once('=')?.1;
    Some(value.to_owned())
}

fn of_members(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(text) if NAMES.contains(&name.as_str()) => {
                        found.push(without_link(text).to_owned());
                    }
                    _ => of_members(value, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| of_members(value, found)),
        _ => {}
    }
}

/// A secret in every form it could leak in: raw, encoded for URLs, in hexadecimal, and in base64 wherever in
/// a longer text it stands.
pub(crate) fn forms(secret: &str) -> Vec<String> {
    let hex = hexadecimal(secret.as_bytes());
    let mut forms = vec![
        secret.to_owned(),
        form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
        hex.to_uppercase(),
        hex,
    ];
    for shift in 0..3 {
        let shifted = [&vec![0; shift], secret.as_bytes()].concat();
        let whole = shifted.len() * 8 / 6;
        let text = STANDARD_NO_PAD.encode(&shifted);
        // The first characters hold bits of what stands before it, the last of what stands behind.
        let own = text.get([0, 2, 3][shift]..whole).unwrap_or_default();
        forms.push(own.replace('+', "-").replace('/', "_"));
        forms.push(own.to_owned());
    }
    // The part of a token that is secret, without its prefix and checksum.
    if let Some(random) = secret.get(4..47).filter(|_| secret.starts_with('g')) {
        forms.push(random.to_owned());
    }
    // The part of a JWT that is secret: its signature.
    if let Some((_, signature)) = secret.rsplit_once('.') {
        forms.push(signature.to_owned());
    }
    forms.retain(|form| form.len() >= SHORTEST);
    forms
}

/// The first form of a secret in a place. Each place is gone through once, however many secrets there are.
fn found<'a>(place: &[u8], secrets: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut by_start: HashMap<[u8; 8], Vec<(String, &str)>> = HashMap::new();
    let mut begins = vec![false; 1 << 16];
    for secret in secrets {
        for form in forms(secret) {
            let Some(start) = form.as_bytes().first_chunk::<8>().copied() else {
                continue;
            };
            begins[pair(start)] = true;
            by_start.entry(start).or_default().push((form, secret));
        }
    }
    for at in 0..place.len().saturating_sub(7) {
        if !begins[usize::from(place[at]) << 8 | usize::from(place[at + 1])] {
            continue;
        }
        let rest = &place[at..];
        let candidates = rest.first_chunk().and_then(|start| by_start.get(start));
        let hit = candidates
            .into_iter()
            .flatten()
            .find(|(form, _)| rest.starts_with(form.as_bytes()));
        if let Some((form, secret)) = hit {
            let from = at.saturating_sub(60);
            let around = &place[from..place.len().min(at + form.len() + 60)];
            let around = String::from_utf8_lossy(around);
            return Some(format!("{form}, a form of {secret}: …{around}…"));
        }
    }
    None
}

fn pair(bytes: [u8; 8]) -> usize {
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}

#[test]
fn a_secret_is_found_in_every_form_and_anywhere() {
    let secret = "Tr0ub4dor&3/+?~";
    let hex = hexadecimal(secret.as_bytes());
    let encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let mut leaks = vec![secret.to_owned(), hex, encoded];
    for before in ["", "a", "ab", "abc"] {
        leaks.push(STANDARD.encode(format!("{before}{secret}after")));
    }
    for leak in leaks {
        let place = format!("some words and {leak}, and more of them");
        assert!(
            found(place.as_bytes(), [secret].into_iter()).is_some(),
            "{place}"
        );
    }
    let place = b"some words, Tr0ub4dor and 3";
    assert_eq!(found(place, [secret].into_iter()), None);
}

#[test]
fn what_a_request_holds_is_known_for_a_secret() {
    let form = [("username", "somebody"), ("password", "of a user")];
    let call = Call::post("/x").basic("client", "of a client").form(&form);
    assert_eq!(of_call(&call), ["of a client", "of a user"]);
    let body = serde_json::json!({ "entry": [{ "resource": { "secret": "a deep one" } }] });
    let call = Call::put("/x").bearer("a-bearer-token").json(&body);
    assert_eq!(of_call(&call), ["a-bearer-token", "a deep one"]);
}
