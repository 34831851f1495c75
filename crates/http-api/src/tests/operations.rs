//! What the tester takes a request for is what the policies are asked when it is made.

use std::sync::{Arc, Mutex};

use actix_web::http::Method;
use actix_web::test::TestRequest;
use grantor_domain::access::{AccessPolicy, AccessRequest, PolicySettings, Verdict};
use grantor_domain::fault::Fault;
use grantor_domain::grants::GrantType;
use grantor_domain::ports::{Judge, PolicyEngine};
use grantor_domain::resources::ResourceKind;
use grantor_domain::server::{AuthorizationServer, Ports};
use grantor_domain::violation::Violation;
use grantor_testkit::World;
use serde_json::{Value, json};

use super::{Answer, FORM, JSON, Site};
use crate::openapi_document;

/// Policies that permit everything and remember what they were asked last.
#[derive(Clone, Default)]
struct Witness(Arc<Mutex<Option<AccessRequest>>>);

impl PolicyEngine for Witness {
    fn violations(&self, _: &PolicySettings) -> Vec<Violation> {
        Vec::new()
    }

    fn compile(&self, _: &[AccessPolicy]) -> Result<Arc<dyn Judge>, Fault> {
        Ok(Arc::new(self.clone()))
    }
}

impl Judge for Witness {
    fn permits(&self, request: &AccessRequest) -> bool {
        *self.0.lock().unwrap() = Some(request.clone());
        true
    }

    fn explain(&self, _: &AccessRequest) -> Verdict {
        Verdict::default()
    }
}

/// A site with a witness.
struct Watched {
    site: Site,
    witness: Witness,
}

impl Watched {
    fn new() -> Self {
        let mut world = World::default();
        let witness = Witness::default();
        let ports = Ports {
            policy_engine: Arc::new(witness.clone()),
            ..world.server.ports().clone()
        };
        world.server = AuthorizationServer::new(ports, world.server.policy().clone())
            .enable_grant_type(GrantType::Password);
        let site = Site::over(world);
        Self { site, witness }
    }

    /// What the policies are asked last when a user makes a request: action, type and id.
    async fn really(
        &self,
        request: &Value,
        body: &Value,
    ) -> Option<(String, String, Option<String>)> {
        let (uri, method) = (&request["uri"], &request["request-method"]);
        let (uri, method) = (uri.as_str().unwrap(), method.as_str().unwrap());
        let (kind, body) = if uri.ends_with("_search") {
            (FORM, String::new())
        } else {
            (JSON, body.to_string())
        };
        let token = self.site.log_in().await.text("access_token");
        let mut real = TestRequest::with_uri(uri)
            .method(method.to_uppercase().parse().unwrap())
            .insert_header(("authorization", format!("Bearer {token}")))
            .insert_header(("content-type", kind))
            .set_payload(body);
        for (name, value) in request["headers"].as_object().into_iter().flatten() {
            real = real.insert_header((name.as_str(), value.as_str().unwrap()));
        }
        *self.witness.0.lock().unwrap() = None;
        self.site.send(real).await;
        let asked = self.witness.0.lock().unwrap().take()?;
        Some((asked.action, asked.target.kind, asked.target.id))
    }

    /// What the tester takes a request for.
    async fn tried(&self, request: &Value) -> Answer {
        let body = json!({ "request": request }).to_string();
        self.site
            .as_root(Method::POST, "/auth/test-policy", JSON, &body)
            .await
    }

    /// Both are the same. The id that a creation makes up is another each time.
    async fn agree(&self, request: &Value, body: &Value) {
        let (action, kind, id) = self.really(request, body).await.unwrap_or_default();
        let tried = self.tried(request).await;
        assert_eq!(tried.status, 200, "{request}: {tried:?}");
        let tried = tried.json();
        assert_eq!(tried["operation"]["id"], action, "{request}");
        assert_eq!(tried["resource"]["type"].as_str().unwrap_or_default(), kind);
        let named = tried["resource"]["id"].as_str();
        if action.starts_with("create:") && request["request-method"] == "post" {
            assert_eq!(named.is_some(), id.is_some(), "{request}");
        } else {
            assert_eq!(named, id.as_deref(), "{request}");
        }
    }

    /// Makes a resource to do something with, where one can be made.
    async fn put(&self, kind: ResourceKind, id: &str) {
        use ResourceKind::{AuditEvent, Session, SigningKey};
        if matches!(kind, Session | AuditEvent | SigningKey) {
            return;
        }
        let uri = format!("/{}/{id}", kind.as_str());
        let body = body(kind, "put", id).to_string();
        let answer = self.site.as_root(Method::PUT, &uri, JSON, &body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
    }
}

fn body(kind: ResourceKind, method: &str, name: &str) -> Value {
    match kind {
        ResourceKind::Session => json!({ "active": false }),
        _ if method == "patch" => json!({}),
        ResourceKind::Role => {
            json!({ "name": name, "user": { "resourceType": "User", "id": "user" } })
        }
        ResourceKind::AccessPolicy => json!({ "engine": "allow" }),
        ResourceKind::Client
        | ResourceKind::User
        | ResourceKind::AuditEvent
        | ResourceKind::SigningKey => json!({}),
    }
}

/// Path and methods of every route of a resource.
fn routes() -> Vec<(ResourceKind, String, Vec<String>)> {
    let document: Value = serde_json::from_str(&openapi_document()).unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let routes = paths.filter_map(|(path, item)| {
        let kind = path.split('/').nth(1).and_then(ResourceKind::parse)?;
        let methods = item.as_object().unwrap().keys().cloned().collect();
        Some((kind, path.clone(), methods))
    });
    routes.collect()
}

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

#[actix_web::test]
async fn every_route_of_a_resource_is_taken_for_what_it_is() {
    let watched = Watched::new();
    for (kind, path, methods) in routes() {
        for method in &methods {
            let id = format!("{method}{}", path.len());
            if path.contains("{id}") {
                watched.put(kind, &id).await;
            }
            let uri = path.replace("{id}", &id).replace("{version}", "1");
            let mount = if method == "get" { "/fhir" } else { "" };
            let request = json!({ "request-method": method, "uri": format!("{mount}{uri}") });
            watched.agree(&request, &body(kind, method, &id)).await;
        }
    }
}

#[actix_web::test]
async fn a_method_that_a_resource_does_not_have_is_answered_as_such() {
    let watched = Watched::new();
    for (_, path, methods) in routes() {
        let uri = path.replace("{id}", "x").replace("{version}", "1");
        let is_unknown = |method: &&str| methods.iter().all(|known| known != method);
        for method in METHODS.into_iter().filter(is_unknown) {
            let request = json!({ "request-method": method, "uri": uri });
            let tried = watched.tried(&request).await;
            assert_eq!(
                (tried.status, tried.text("error_description").as_str()),
                (400, "request: is none this server takes; say the operation"),
                "{request}"
            );
        }
    }
}

#[actix_web::test]
async fn a_put_of_what_is_not_there_yet_is_a_creation() {
    let watched = Watched::new();
    for (headers, action) in [
        (json!({ "If-None-Match": "*" }), "create:Client"),
        (json!({ "if-match": "*" }), "update:Client"),
        (json!({}), "update:Client"),
    ] {
        let request = json!({ "request-method": "put", "uri": "/Client/new", "headers": headers });
        watched.agree(&request, &json!({})).await;
        let tried = watched.tried(&request).await;
        assert_eq!(tried.json()["operation"]["id"], action, "{request}");
    }
}

#[actix_web::test]
async fn a_creation_with_an_id_is_of_this_id() {
    let watched = Watched::new();
    let request = json!({ "request-method": "post", "uri": "/Client", "body": { "id": "named" } });
    let (_, _, id) = watched.really(&request, &request["body"]).await.unwrap();
    let tried = watched.tried(&request).await.json();
    assert_eq!(tried["resource"]["id"].as_str(), id.as_deref());
}

#[actix_web::test]
async fn a_head_is_a_get() {
    let watched = Watched::new();
    let request = json!({ "request-method": "head", "uri": "/Client/myapp" });
    watched.agree(&request, &json!({})).await;
}

#[actix_web::test]
async fn a_path_that_is_no_resource_of_ours_is_tried_without_an_operation() {
    let watched = Watched::new();
    for uri in [
        "/",
        "",
        "/fhir",
        "/fhir/Patient/p1",
        "/auth/userinfo",
        "/fhirClient",
    ] {
        let request = json!({ "request-method": "get", "uri": uri });
        let tried = watched.tried(&request).await;
        assert_eq!(
            (tried.status, &tried.json()["operation"]["id"]),
            (200, &json!("")),
            "{uri}"
        );
    }
    for uri in [
        "/Client/",
        "/Client/a/b",
        "/Client/a/_history/1/2",
        "/Client//",
    ] {
        let request = json!({ "request-method": "get", "uri": uri });
        assert_eq!(watched.tried(&request).await.status, 400, "{uri}");
    }
}
