//! `POST /auth/test-policy`: what the policies, or one that is not stored, would say to a request.

use actix_web::post;
use grantor_domain::AuthorizationServer;
use grantor_domain::access::{
    AccessPolicy, AccessRequest, Evaluation, Evaluator, Target, Trial, Verdict,
};
use grantor_domain::caller::{Call, Caller};
use grantor_domain::document::Document;
use grantor_domain::id::{ClientId, PolicyId, UserId};
use grantor_domain::secret::TokenValue;
use grantor_domain::tokens::CallerCredentials;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::error::{Failure, Problem};
use crate::extract::caller::Shown;
use crate::openapi::TestPolicyErrors;
use crate::reply::Reply;
use crate::resources::{ResourceBody, Wire as _, typed};
use crate::state::Server;

use super::{SaidBy, operation, reasons};

/// A request to try, and a policy to try it on.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = TestPolicyRequest, example = json!({"request": {"request-method": "get", "uri": "/Client", "user-id": "amy"}, "policy": {"engine": "matcho", "matcho": {"request-method": "get", "uri": "#^/Client"}}}))]
pub(crate) struct TestPolicyBody {
    /// The request: `request-method`, `uri`, `params` and whatever else policies look at; who makes it
    /// by `user-id` or `user`, `client-id` or `client`, or a token in `headers.authorization`.
    #[schema(required = true, value_type = Object)]
    request: Option<Map<String, Value>>,
    /// An `AccessPolicy` to try; without it, all stored ones are asked.
    #[schema(value_type = Option<Object>)]
    policy: Option<Map<String, Value>>,
    /// The action, as a name or `{"id": …}`; without it, the one that `request-method` and `uri` mean.
    #[schema(value_type = Option<Object>)]
    operation: Option<Named>,
    /// What the action is done to.
    resource: Option<ResourceTried>,
}

/// A name, or an object with an id.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Named {
    Id(String),
    Object { id: String },
}

impl Named {
    fn id(self) -> String {
        match self {
            Self::Id(id) | Self::Object { id } => id,
        }
    }
}

/// What an action is done to.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"type": "Client", "id": "myapp"}))]
pub(crate) struct ResourceTried {
    /// Its type; `resourceType` is understood too.
    #[serde(rename = "type", alias = "resourceType")]
    kind: String,
    /// Its id.
    id: Option<String>,
    /// What is known about it.
    #[serde(flatten)]
    #[schema(value_type = Option<Object>)]
    attributes: Map<String, Value>,
}

/// What was asked, and what the policies say.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TestPolicyReply, example = json!({"request": {"request-method": "get", "uri": "/Client", "user": {"id": "amy"}}, "operation": {"id": "search:Client"}, "result": {"eval-result": true}, "decision": true, "reasons": [{"policy": "clerks-read-clients", "effect": "permit", "reason": "the pattern matches"}]}))]
pub(crate) struct TestPolicyReply {
    /// The request as policies see it.
    #[schema(value_type = Object)]
    request: Value,
    /// The action.
    #[schema(value_type = Object)]
    operation: Value,
    /// What it is done to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    resource: Option<Value>,
    /// The policy that was tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    policy: Option<Map<String, Value>>,
    /// The decision under Aidbox's name.
    result: TestResult,
    /// Whether the request would be permitted.
    decision: bool,
    /// What every policy said that concerns the request.
    reasons: Vec<SaidBy>,
}

/// The decision under Aidbox's name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TestResult {
    /// Whether the request would be permitted.
    #[serde(rename = "eval-result")]
    permitted: bool,
}

impl TestPolicyReply {
    fn new(asked: AccessRequest, verdict: &Verdict, policy: Option<Map<String, Value>>) -> Self {
        let mut request = asked.context.as_object().clone();
        let principal = asked.principal;
        if let Some(user) = principal.user {
            request.insert("user".to_owned(), json!(user.attributes.as_object()));
        }
        if let Some(client) = principal.client {
            request.insert("client".to_owned(), json!(client.attributes.as_object()));
        }
        let target = asked.target;
        let resource = (!target.kind.is_empty()).then(|| {
            let mut members = target.attributes.as_object().clone();
            members.insert("type".to_owned(), target.kind.into());
            if let Some(id) = target.id {
                members.insert("id".to_owned(), id.into());
            }
            Value::Object(members)
        });
        Self {
            request: Value::Object(request),
            operation: json!({ "id": asked.action }),
            resource,
            policy,
            result: TestResult {
                permitted: verdict.permitted,
            },
            decision: verdict.permitted,
            reasons: reasons(verdict),
        }
    }
}

fn problem(at: &str, says: &'static str) -> Failure {
    Failure::Unreadable(Problem::at(at.to_owned(), says))
}

/// The id that a request names: `{kind}-id`, or `{kind}` as an object with `id`.
fn named(request: &mut Map<String, Value>, kind: &str) -> Result<Option<String>, Failure> {
    let bare = request.remove(&format!("{kind}-id"));
    let object = request.remove(kind);
    let at = format!("request.{kind}");
    let id = match (bare, object) {
        (None, None) => return Ok(None),
        (Some(Value::String(id)), None) => Some(id),
        (None, Some(Value::Object(mut members))) => match members.remove("id") {
            Some(Value::String(id)) => Some(id),
            _ => None,
        },
        (Some(_), Some(_)) => return Err(problem(&at, "is named twice")),
        _ => None,
    };
    id.map(Some).ok_or_else(|| problem(&at, "must have an id"))
}

/// Who holds the token of the request to try. The token goes no further.
fn holder(
    server: &AuthorizationServer,
    request: &mut Map<String, Value>,
) -> Result<Option<Caller>, Failure> {
    const AT: &str = "request.headers.authorization";
    let Some(Value::Object(headers)) = request.get_mut("headers") else {
        return Ok(None);
    };
    let names: Vec<String> = headers
        .keys()
        .filter(|name| name.eq_ignore_ascii_case("authorization"))
        .cloned()
        .collect();
    let shown: Vec<Value> = names
        .iter()
        .filter_map(|name| headers.remove(name))
        .collect();
    let [shown] = shown.as_slice() else {
        let twice = || problem(AT, "is sent twice");
        return if shown.is_empty() {
            Ok(None)
        } else {
            Err(twice())
        };
    };
    let dead = || problem(AT, "must be Bearer and an access token that lives");
    let (scheme, token) = shown
        .as_str()
        .and_then(|text| text.split_once(' '))
        .ok_or_else(dead)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(dead());
    }
    let token = CallerCredentials::Bearer(TokenValue::new(token.trim().to_owned()));
    match server.identify(Some(&token), &Call::default()) {
        Ok(caller) => Ok(Some(caller)),
        Err(grantor_domain::Error::Refused(_)) => Err(dead()),
        Err(fault) => Err(fault.into()),
    }
}

impl TestPolicyBody {
    fn question(self, server: &AuthorizationServer) -> Result<Evaluation, Failure> {
        let required = || problem("request", "is required");
        let mut request = self.request.ok_or_else(required)?;
        let holder = holder(server, &mut request)?;
        let (user, client) = (named(&mut request, "user")?, named(&mut request, "client")?);
        if holder.is_some() && (user.is_some() || client.is_some()) {
            return Err(problem("request", "names its user by id and by a token"));
        }
        let (user, client) = match holder {
            Some(holder) => (holder.user().cloned(), holder.client().cloned()),
            // An id that nobody can have is nobody's.
            None => (
                user.and_then(|id| UserId::parse(&id).ok()),
                client.and_then(|id| ClientId::parse(&id).ok()),
            ),
        };
        if let Some(Value::String(method)) = request.get_mut("request-method") {
            method.make_ascii_lowercase();
            if method == "head" {
                "get".clone_into(method);
            }
        }
        let (meant, target) = match operation::of(server, &request) {
            Err(_) if self.operation.is_some() => None,
            meant => meant?,
        }
        .unwrap_or_default();
        let target = self.resource.map_or(target, |resource| Target {
            kind: resource.kind,
            id: resource.id,
            attributes: Document::new(resource.attributes),
        });
        Ok(Evaluation {
            user,
            client,
            action: self.operation.map_or(meant, Named::id),
            target,
            context: Document::new(request),
        })
    }
}

fn try_it(
    server: &AuthorizationServer,
    mut evaluator: Evaluator<'_>,
    mut body: TestPolicyBody,
) -> Result<TestPolicyReply, Failure> {
    let policy = body.policy.take();
    let question = body.question(server)?;
    let Some(members) = policy else {
        let (asked, verdict) = evaluator.evaluate(question)?;
        return Ok(TestPolicyReply::new(asked, &verdict, None));
    };
    let (id, draft) = AccessPolicy::read(members.clone(), None)?;
    let id = id.unwrap_or_else(|| "policy".to_owned());
    let id = PolicyId::parse(&id)
        .map_err(|invalid| Failure::Unprocessable(vec![Problem::at("policy.id", invalid.rule)]))?;
    match evaluator.try_policy(&id, &draft, question)? {
        Trial::Answered(asked, verdict) => {
            Ok(TestPolicyReply::new(*asked, &verdict, Some(members)))
        }
        Trial::Invalid(violations) => Err(Failure::Unprocessable(
            violations.into_iter().map(Problem::from).collect(),
        )),
    }
}

/// What the policies, or one that is not stored, would say to a request.
#[utoipa::path(
    tag = "AccessPolicy",
    operation_id = "test_policy",
    request_body(content((TestPolicyBody = "application/json"), (TestPolicyBody = "text/yaml"))),
    responses((status = 200, description = "What they say", content((TestPolicyReply = "application/json"), (TestPolicyReply = "text/yaml"))), TestPolicyErrors),
    security(("bearer" = []), ("basic" = [])),
)]
#[post("/auth/test-policy")]
pub(crate) async fn test_policy(
    server: Server,
    shown: Shown,
    body: ResourceBody,
) -> Result<Reply<TestPolicyReply>, Failure> {
    let reply = server
        .run(move |server| -> Result<_, Failure> {
            // Who asks is judged before what is asked for, and before any token within it.
            let caller = shown.identify(server)?;
            let evaluator = server.evaluator(&caller)?;
            try_it(server, evaluator, typed(body.members()?)?)
        })
        .await?;
    Ok(Reply::ok(reply))
}
