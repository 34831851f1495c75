//! Single requests: whether the server is ready, and whether it answers what a load is about to ask.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::time::Duration;

use serde_json::Value;
use ureq::http::Response;
use ureq::{Agent, Body};

use crate::failure::{Context as _, Failure, Outcome};

const FORM: &str = "application/x-www-form-urlencoded";
const LIMIT: Duration = Duration::from_secs(60);
/// Largest answer, in bytes.
const LARGEST: u64 = 64 * 1024 * 1024;

/// An address on loopback that nobody listens on.
pub(crate) fn free_address() -> Outcome<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .context("no free port on 127.0.0.1")
}

/// Whether `/health/ready` says yes. A server that does not listen yet is not ready.
pub(crate) fn is_ready(address: SocketAddr) -> bool {
    agent()
        .get(format!("http://{address}/health/ready"))
        .call()
        .is_ok_and(|answer| answer.status() == 200)
}

/// Posts a form as a client; answers the JSON of a 200.
pub(crate) fn post(url: &str, authorization: &str, form: &str) -> Outcome<Value> {
    send(url, authorization, FORM, form)
}

/// Posts a form as a client; answers the status, whatever it is.
pub(crate) fn status_of_post(url: &str, authorization: &str, form: &str) -> Outcome<u16> {
    let answer = agent()
        .post(url)
        .header("Authorization", authorization)
        .header("Content-Type", FORM)
        .send(form)
        .context(format_args!("POST {url}"))?;
    Ok(answer.status().as_u16())
}

/// The `ETag` of what anybody may get.
pub(crate) fn entity_tag(url: &str) -> Outcome<String> {
    let answer = agent().get(url).call().context(format_args!("GET {url}"))?;
    let tag = answer.headers().get("ETag");
    let tag = tag.and_then(|tag| tag.to_str().ok()).map(str::to_owned);
    tag.context(format_args!("GET {url} is answered without an ETag"))
}

/// The text that anybody may get.
pub(crate) fn text(url: &str) -> Outcome<String> {
    let mut answer = agent().get(url).call().context(format_args!("GET {url}"))?;
    answer
        .body_mut()
        .read_to_string()
        .context(format_args!("GET {url}"))
}

/// Sends a resource; answers the JSON of a 200 or 201.
pub(crate) fn post_json(url: &str, authorization: &str, resource: &str) -> Outcome<Value> {
    send(url, authorization, "application/json", resource)
}

fn send(url: &str, authorization: &str, kind: &str, body: &str) -> Outcome<Value> {
    let answer = agent()
        .post(url)
        .header("Authorization", authorization)
        .header("Content-Type", kind)
        .send(body);
    json(answer, format_args!("POST {url}"))
}

/// Gets a resource; answers the JSON of a 200.
pub(crate) fn get(url: &str, authorization: &str) -> Outcome<Value> {
    let answer = agent().get(url).header("Authorization", authorization);
    json(answer.call(), format_args!("GET {url}"))
}

fn json(
    answer: Result<Response<Body>, ureq::Error>,
    request: std::fmt::Arguments<'_>,
) -> Outcome<Value> {
    let mut answer = answer.context(request)?;
    let body = answer
        .body_mut()
        .with_config()
        .limit(LARGEST)
        .read_to_string();
    let body = body.context(request)?;
    if !matches!(answer.status().as_u16(), 200 | 201) {
        return Err(Failure::new(format!(
            "{request} answers {}: {body}",
            answer.status()
        )));
    }
    serde_json::from_str(&body).context(format_args!("{request} does not answer with JSON"))
}

fn agent() -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(LIMIT));
    config.max_idle_connections(0).build().new_agent()
}
