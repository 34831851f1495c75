//! Whatever is sent: a 4xx with the right code as JSON, no echo, nothing written, and the server goes on.

mod any_bytes;
mod bodies;
mod headers;
mod resources;

use serde_json::Value;

use crate::support::actors::TOKEN;
use crate::support::{Answer, Call, Setup, World};

/// The code of what cannot be read.
const REQUEST: &str = "invalid_request";
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
const YAML: &str = "text/yaml";

/// A server that does not count failures: they are this file's subject.
fn patient(setup: Setup) -> World {
    let world = setup.set("throttle.enabled", "false").start();
    world.register_for_passwords("other", &serde_json::json!({}));
    world
}

/// Bytes to the token endpoint, authenticated as the seeds' client.
fn token(world: &World, content_type: &str, body: &[u8]) -> Answer {
    let call = Call::post(TOKEN)
        .basic("myapp", "verysecret")
        .header("Accept", JSON);
    world.send(call.body(content_type, body))
}

/// A refusal as JSON, without an echo.
#[track_caller]
fn is_refused(answer: &Answer, what: &str) -> Value {
    let status = answer.status;
    assert!(
        (400..500).contains(&status),
        "{what}: {status} {}",
        answer.text()
    );
    assert!(
        !answer.text().contains("HOSTILE"),
        "{what} is echoed: {}",
        answer.text()
    );
    assert!(
        answer.content_type().starts_with("application/json"),
        "{what}: {:?}",
        answer.headers
    );
    let json = answer.json();
    assert!(json["error"].is_string(), "{what}: {json}");
    let description = json["error_description"].as_str().unwrap_or_default();
    let allowed = |b: u8| matches!(b, 0x20 | 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    assert!(description.bytes().all(allowed), "{what}: {description:?}");
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{what}");
    json
}

/// Nothing was written, and a right request is answered.
#[track_caller]
fn goes_on(world: &World) {
    assert_eq!(world.admin().count_sessions(""), 0, "something was written");
    world.myapp().password("user", "password").expect(200);
}

/// Each of these bodies is refused with this status and code.
#[track_caller]
fn all_refused(world: &World, content_type: &str, refusal: (u16, &str), bodies: &[&[u8]]) {
    for body in bodies {
        let start = &body[..body.len().min(200)];
        let what = format!("{content_type} {}", String::from_utf8_lossy(start));
        let answer = token(world, content_type, body);
        let json = is_refused(&answer, &what);
        let told = (answer.status, json["error"].as_str().unwrap());
        assert_eq!(told, refusal, "{what}: {json}");
    }
}
