//! Single requests: whether the server is ready, and whether it answers what a load is about to ask.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use ureq::Agent;

use crate::failure::{Context as _, Failure, Outcome};

const LIMIT: Duration = Duration::from_secs(10);

/// Whether `/health/ready` says yes. A server that does not listen yet is not ready.
pub(crate) fn is_ready(address: SocketAddr) -> bool {
    agent()
        .get(format!("http://{address}/health/ready"))
        .call()
        .is_ok_and(|answer| answer.status() == 200)
}

/// Posts a form as a client; answers the JSON of a 200.
pub(crate) fn post(url: &str, authorization: &str, form: &str) -> Outcome<Value> {
    let mut answer = agent()
        .post(url)
        .header("Authorization", authorization)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .send(form)
        .context(format_args!("POST {url}"))?;
    let body = answer
        .body_mut()
        .read_to_string()
        .context(format_args!("POST {url}"))?;
    if answer.status() != 200 {
        return Err(Failure::new(format!(
            "POST {url} answers {}: {body}",
            answer.status()
        )));
    }
    serde_json::from_str(&body).context(format_args!("POST {url} does not answer with JSON"))
}

fn agent() -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(LIMIT));
    config.max_idle_connections(0).build().new_agent()
}
