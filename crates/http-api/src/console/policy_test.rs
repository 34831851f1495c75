//! `/console/policies/test`: what would be decided about a request, and why.

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use askama::Template;
use serde::Deserialize;
use serde_json::{Value, json};

use super::api::{Answered, Ask};
use super::edit::{Entered, Field, Group, Kind, Mistake, Sheet, Shown, over};
use super::form::Form;
use super::page::{Frame, Section, with_status};
use super::resources::POLICIES;
use super::visitor::{Posted, Visitor};
use crate::console::member;
use crate::error::Failure;

const WHO: &[Field] = &[
    Field::new("request.user-id", "User", Kind::Text("text")).help("Its id. Empty: nobody."),
    Field::new("request.client-id", "Client", Kind::Text("text")),
];

const WHAT: &[Field] = &[
    Field::new(
        "request.request-method",
        "Method",
        Kind::Choice(&[
            ("get", "GET"),
            ("post", "POST"),
            ("put", "PUT"),
            ("patch", "PATCH"),
            ("delete", "DELETE"),
        ]),
    ),
    Field::new("request.uri", "Path", Kind::Text("text")).placeholder("/Client"),
    Field::new("request.params", "Parameters", Kind::Json).help("An object: name: value."),
    Field::new("request.body", "Body", Kind::Json),
    Field::new("request.headers", "Headers", Kind::Json),
    Field::new("request.remote-addr", "Address", Kind::Text("text")).placeholder("192.0.2.7"),
];

const OTHERWISE: &[Field] = &[
    Field::new("operation", "Action", Kind::Text("text"))
        .placeholder("read:Client")
        .help("Empty: what method and path mean."),
    Field::new("resource", "Resource", Kind::Json)
        .help("An object with type, id and what is known about it."),
];

const POLICY: &[Field] = &[Field::new("policy", "Policy to try", Kind::Json)
    .tall()
    .help("An AccessPolicy. Empty asks all that are stored.")];

const TABLE: &[Group] = &[
    Group::new("Who", WHO),
    Group::new("Request", WHAT).help("As JSON or YAML where it is more than a word."),
    Group::new("Of another server", OTHERWISE).help("What a resource server would ask about."),
    Group::new("Policy", POLICY).help("JSON or YAML."),
];

#[derive(Template)]
#[template(path = "console/policies/test.html")]
struct TestPage {
    frame: Frame,
    sheet: Sheet,
    mistakes: Vec<Mistake>,
    verdict: Option<Verdict>,
}

/// What the API decided.
#[derive(Deserialize)]
struct Verdict {
    decision: bool,
    operation: Value,
    #[serde(default)]
    reasons: Vec<Said>,
    request: Value,
    resource: Option<Value>,
    /// Whether it is about a policy that is not stored.
    policy: Option<Value>,
}

/// What one policy said.
#[derive(Deserialize)]
struct Said {
    policy: Option<String>,
    effect: Option<String>,
    reason: String,
}

impl Verdict {
    fn action(&self) -> &str {
        member::text(&self.operation, "id").unwrap_or_default()
    }

    fn user(&self) -> Option<&str> {
        member::text(&self.request, "user.id")
    }

    fn client(&self) -> Option<&str> {
        member::text(&self.request, "client.id")
    }

    /// The request as policies see it.
    fn seen(&self) -> String {
        let mut seen = self.request.clone();
        if let Value::Object(members) = &mut seen {
            members.insert("operation".to_owned(), self.operation.clone());
            if let Some(resource) = &self.resource {
                members.insert("resource".to_owned(), resource.clone());
            }
        }
        serde_json::to_string_pretty(&seen).unwrap_or_default()
    }
}

/// `GET /console/policies/test`.
pub(super) async fn show(visitor: Visitor) -> Result<HttpResponse, Failure> {
    visitor.must_be_shown(Section::Policies)?;
    let blank = json!({ "request": { "user-id": visitor.user, "request-method": "get" } });
    let entered = Entered::of(TABLE, &blank);
    test_page(&visitor, &entered, StatusCode::OK, Err(Vec::new()))
}

/// `POST /console/policies/test`: the tester's own form, or that of a policy which is not saved yet.
pub(super) async fn test(posted: Posted) -> Result<HttpResponse, Failure> {
    let Posted { visitor, form } = posted;
    if form.get("do") == "test" {
        return unsaved(&visitor, &form);
    }
    let entered = Entered::posted(TABLE, &json!({}), &form);
    let wanted = match over(TABLE, &json!({}), &entered) {
        Ok(wanted) => wanted,
        Err(mistakes) => {
            return test_page(
                &visitor,
                &entered,
                StatusCode::UNPROCESSABLE_ENTITY,
                Err(mistakes),
            );
        }
    };
    let ask = Ask::new(Method::POST, "/auth/test-policy").json(&wanted);
    let answered = visitor.api.ask(ask).await?;
    let status = answered.status;
    if matches!(
        status,
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY
    ) {
        return test_page(&visitor, &entered, status, Err(mistakes(&answered)));
    }
    let verdict = serde_json::from_value(answered.accepted()?.value());
    test_page(
        &visitor,
        &entered,
        status,
        Ok(verdict.map_err(|_| Failure::Panicked)?),
    )
}

/// The tester with a policy as it stands in the form that edits it.
fn unsaved(visitor: &Visitor, form: &Form) -> Result<HttpResponse, Failure> {
    let table = POLICIES.table;
    let policy = over(table, &json!({}), &Entered::posted(table, &json!({}), form));
    let (policy, mistakes) = match policy {
        Ok(policy) => (policy, Vec::new()),
        Err(mistakes) => (Value::Null, mistakes),
    };
    let blank = json!({
        "request": { "user-id": visitor.user, "request-method": "get" },
        "policy": policy,
    });
    test_page(
        visitor,
        &Entered::of(TABLE, &blank),
        StatusCode::OK,
        Err(mistakes),
    )
}

/// What the API says is wrong, in the manner of OAuth: each as `member: what`. Members of the policy
/// are named without saying so.
fn mistakes(answered: &Answered) -> Vec<Mistake> {
    let value = answered.value();
    let texts = value.get("problems").and_then(Value::as_array);
    let texts = texts.into_iter().flatten();
    let mut texts: Vec<&str> = texts.filter_map(Value::as_str).collect();
    if texts.is_empty() {
        texts = member::text(&value, "error_description")
            .into_iter()
            .collect();
    }
    let told = |text: &&str| {
        let Some((at, says)) = text.split_once(": ").filter(|(at, _)| !at.contains(' ')) else {
            return Mistake::told(TABLE, "", *text);
        };
        let told = Mistake::told(TABLE, at, says);
        if told.field().is_some() {
            return told;
        }
        Mistake::told(TABLE, &format!("policy.{at}"), says)
    };
    texts.iter().map(told).collect()
}

fn test_page(
    visitor: &Visitor,
    entered: &Entered,
    status: StatusCode,
    outcome: Result<Verdict, Vec<Mistake>>,
) -> Result<HttpResponse, Failure> {
    let (verdict, mistakes) = match outcome {
        Ok(verdict) => (Some(verdict), Vec::new()),
        Err(mistakes) => (None, mistakes),
    };
    let shown = Shown {
        resource: &Value::Null,
        entered,
        mistakes: &mistakes,
        is_new: true,
    };
    let sheet = Sheet::new(TABLE, shown);
    with_status(
        status,
        &TestPage {
            frame: visitor.frame(Section::Policies),
            sheet,
            mistakes,
            verdict,
        },
    )
}
