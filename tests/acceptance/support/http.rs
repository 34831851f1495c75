//! Requests and answers, as tests speak of them.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use ureq::config::AutoHeaderValue;

use super::canary::{Secrets, of_call};

/// A request in the making.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<Vec<u8>>,
}

impl Call {
    pub(crate) fn new(method: &str, path: &str) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            headers: Vec::new(),
            body: None,
        }
    }

    pub(crate) fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    pub(crate) fn post(path: &str) -> Self {
        Self::new("POST", path)
    }

    pub(crate) fn put(path: &str) -> Self {
        Self::new("PUT", path)
    }

    pub(crate) fn patch(path: &str) -> Self {
        Self::new("PATCH", path)
    }

    pub(crate) fn delete(path: &str) -> Self {
        Self::new("DELETE", path)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// RFC 6749 §2.3.1: both halves form-urlencoded.
    pub(crate) fn basic(self, id: &str, secret: &str) -> Self {
        self.header("Authorization", &basic(id, secret))
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("Authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self.header("Content-Type", content_type)
    }

    pub(crate) fn form(self, fields: &[(&str, &str)]) -> Self {
        let mut encoder = form_urlencoded::Serializer::new(String::new());
        encoder.extend_pairs(fields);
        self.body("application/x-www-form-urlencoded", encoder.finish())
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    pub(crate) fn yaml(self, body: &str) -> Self {
        self.body("text/yaml", body)
    }
}

/// The value of the `Authorization` header of a client.
pub(crate) fn basic(id: &str, secret: &str) -> String {
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!(
        "Basic {}",
        STANDARD.encode(format!("{}:{}", encode(id), encode(secret)))
    )
}

/// What the server said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The answer, whose status must be this one.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{:?}\n{}", self.headers, self.text());
        self
    }

    /// The answer, which must be an OAuth error with this status and code (RFC 6749 §5.2).
    #[track_caller]
    pub(crate) fn refuse(self, status: u16, code: &str) -> Self {
        let answer = self.expect(status);
        assert_eq!(answer.json()["error"], code, "{}", answer.text());
        answer
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        let text = self.text();
        serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{} answered no JSON ({error}): {text}", self.status))
    }

    #[track_caller]
    pub(crate) fn yaml(&self) -> Value {
        let text = self.text();
        assert!(self.content_type().contains("yaml"), "{:?}", self.headers);
        serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("no YAML ({error}): {text}"))
    }

    /// The first header of this name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Every header of this name.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let same = self
            .headers
            .iter()
            .filter(move |(key, _)| key.eq_ignore_ascii_case(name));
        same.map(|(_, value)| value.as_str())
    }

    pub(crate) fn content_type(&self) -> &str {
        self.header("content-type").unwrap_or_default()
    }
}

/// The way to one listener.
#[derive(Clone, Debug)]
pub(crate) struct Http {
    pub(crate) base: String,
    agent: ureq::Agent,
    /// What was sent and received here that nobody else may see.
    secrets: Secrets,
}

impl Http {
    pub(crate) fn to(base: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .accept(AutoHeaderValue::None)
            .allow_non_standard_methods(true)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        Self {
            base: base.to_owned(),
            agent: config.into(),
            secrets: Secrets::default(),
        }
    }

    /// The same way, on which secrets are remembered.
    pub(super) fn remembering(self, secrets: &Secrets) -> Self {
        Self {
            secrets: secrets.clone(),
            ..self
        }
    }

    /// `host:port`.
    pub(crate) fn authority(&self) -> &str {
        self.base
            .split_once("://")
            .map_or(&self.base, |(_, rest)| rest)
    }

    #[track_caller]
    pub(crate) fn send(&self, call: Call) -> Answer {
        let shown = format!("{} {}", call.method, call.path);
        self.try_send(call)
            .unwrap_or_else(|error| panic!("{shown}: {error}"))
    }

    pub(crate) fn try_send(&self, call: Call) -> Result<Answer, ureq::Error> {
        let sent = of_call(&call);
        let answer = self.exchange(call)?;
        self.secrets.note(sent, &answer);
        Ok(answer)
    }

    fn exchange(&self, call: Call) -> Result<Answer, ureq::Error> {
        let uri = format!("{}{}", self.base, call.path);
        let mut request = ureq::http::Request::builder()
            .method(call.method.as_str())
            .uri(uri);
        for (name, value) in &call.headers {
            request = request.header(name, value);
        }
        match call.body {
            Some(body) => self.pass(request.body(body)?),
            None if matches!(call.method.as_str(), "POST" | "PUT" | "PATCH") => {
                self.pass(request.body(Vec::new())?)
            }
            None => {
                let mut response = self.agent.run(request.body(())?)?;
                answer(&mut response)
            }
        }
    }

    fn pass(&self, request: ureq::http::Request<Vec<u8>>) -> Result<Answer, ureq::Error> {
        let request = self.agent.configure_request(request).build();
        answer(&mut self.agent.run(request)?)
    }

    /// A request of another library.
    pub(crate) fn run(&self, request: ureq::http::Request<Vec<u8>>) -> Result<Answer, ureq::Error> {
        let headers = request.headers().iter();
        let text =
            |value: &ureq::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into();
        let sent = of_call(&Call {
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            headers: headers
                .map(|(name, value)| (name.to_string(), text(value)))
                .collect(),
            body: Some(request.body().clone()),
        });
        let answer = self.pass(request)?;
        self.secrets.note(sent, &answer);
        Ok(answer)
    }
}

fn answer(response: &mut ureq::http::Response<ureq::Body>) -> Result<Answer, ureq::Error> {
    let headers = response.headers().iter();
    let headers = headers
        .map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into(),
            )
        })
        .collect();
    let status = response.status().as_u16();
    Ok(Answer {
        status,
        headers,
        body: response.body_mut().read_to_vec()?,
    })
}
