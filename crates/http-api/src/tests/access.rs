//! Asking the access policies.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use grantor_domain::access::Link;
use grantor_domain::id::UserId;
use serde_json::{Value, json};

use super::{Answer, JSON, Site};

/// A world in which `user` may do everything.
fn site() -> Site {
    let site = Site::new();
    let id = UserId::parse("user").unwrap();
    site.world.allow(vec![Link::User(id)]);
    site
}

fn question(kind: &str, id: &str) -> Value {
    json!({
        "subject": { "type": kind, "id": id },
        "action": { "name": "sign" },
        "resource": { "type": "document", "id": "7" },
    })
}

async fn ask(site: &Site, path: &str, body: &Value) -> Answer {
    site.as_root(Method::POST, path, JSON, &body.to_string())
        .await
}

#[actix_web::test]
async fn a_decision_has_its_reasons() {
    let site = site();
    let answer = ask(&site, "/access/v1/evaluation", &question("user", "user")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let reasons = json!([{ "policy": "allow", "effect": "permit", "reason": "allow" }]);
    assert_eq!(
        answer.json(),
        json!({ "decision": true, "context": { "reasons": reasons } })
    );
}

#[actix_web::test]
async fn a_subject_of_another_type_is_told_no_with_the_reason() {
    let site = site();
    let answer = ask(&site, "/access/v1/evaluation", &question("group", "user")).await;
    let says = "The type of the subject must be user or client";
    assert_eq!(
        answer.json(),
        json!({ "decision": false, "context": { "reasons": [{ "reason": says }] } })
    );
}

#[actix_web::test]
async fn several_questions_keep_their_order_beside_unknown_subjects() {
    let site = site();
    let subject = |kind: &str, id: &str| json!({ "subject": { "type": kind, "id": id } });
    let mut body = question("user", "user");
    body["evaluations"] = json!([subject("group", "x"), {}, subject("user", "nobody"), {}]);
    let decisions = |answer: &Answer| -> Vec<bool> {
        let made = answer.json()["evaluations"].as_array().unwrap().clone();
        made.iter()
            .map(|made| made["decision"].as_bool().unwrap())
            .collect()
    };
    let all = ask(&site, "/access/v1/evaluations", &body).await;
    assert_eq!(decisions(&all), [false, true, false, true]);
    body["options"] = json!({ "evaluations_semantic": "permit_on_first_permit" });
    let permitted = ask(&site, "/access/v1/evaluations", &body).await;
    assert_eq!(decisions(&permitted), [false, true]);
    body["options"] = json!({ "evaluations_semantic": "deny_on_first_deny" });
    let denied = ask(&site, "/access/v1/evaluations", &body).await;
    assert_eq!(decisions(&denied), [false]);
}

#[actix_web::test]
async fn at_most_a_hundred_questions_are_answered() {
    let site = site();
    let mut body = question("user", "user");
    body["evaluations"] = json!(vec![json!({}); 100]);
    assert_eq!(
        ask(&site, "/access/v1/evaluations", &body).await.status,
        200
    );
    body["evaluations"] = json!(vec![json!({}); 101]);
    let answer = ask(&site, "/access/v1/evaluations", &body).await;
    assert_eq!(
        (answer.status, answer.text("error_description").as_str()),
        (400, "evaluations: must be at most 100")
    );
}

#[actix_web::test]
async fn a_question_that_lacks_something_is_named_with_its_place() {
    let site = site();
    let mut body = question("user", "user");
    body.as_object_mut().unwrap().remove("resource");
    let one = ask(&site, "/access/v1/evaluation", &body).await;
    assert_eq!(
        (one.status, one.text("error_description").as_str()),
        (400, "resource: is required")
    );
    body["evaluations"] = json!([{ "resource": { "type": "a", "id": "b" } }, {}]);
    let several = ask(&site, "/access/v1/evaluations", &body).await;
    assert_eq!(
        (several.status, several.text("error_description").as_str()),
        (400, "evaluations[1].resource: is required")
    );
}

#[actix_web::test]
async fn who_may_not_ask_is_refused_before_the_question_is_read() {
    let site = Site::new();
    let token = site.log_in().await.text("access_token");
    for path in [
        "/access/v1/evaluation",
        "/access/v1/evaluations",
        "/auth/test-policy",
    ] {
        let nobody = site.post(path, JSON, "{").await;
        assert_eq!(
            (nobody.status, nobody.text("error").as_str()),
            (401, "invalid_token"),
            "{path}"
        );
        let request = TestRequest::post()
            .uri(path)
            .insert_header(("authorization", format!("Bearer {token}")))
            .insert_header(("content-type", JSON))
            .set_payload("{");
        let user = site.send(request).await;
        assert_eq!(
            (user.status, user.text("error").as_str()),
            (403, "access_denied"),
            "{path}"
        );
    }
}

#[actix_web::test]
async fn a_request_is_tried_for_whoever_holds_its_token() {
    let site = site();
    let token = site.log_in().await.text("access_token");
    let request = json!({
        "request-method": "GET",
        "uri": "/Client/myapp",
        "headers": { "Authorization": format!("Bearer {token}"), "x": "y" },
    });
    let answer = ask(&site, "/auth/test-policy", &json!({ "request": request })).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(!answer.body.contains(&token));
    let answer = answer.json();
    assert_eq!(answer["decision"], true);
    assert_eq!(answer["result"], json!({ "eval-result": true }));
    assert_eq!(answer["operation"], json!({ "id": "read:Client" }));
    assert_eq!(
        answer["resource"],
        json!({ "type": "Client", "id": "myapp" })
    );
    assert_eq!(answer["request"]["request-method"], "get");
    assert_eq!(answer["request"]["headers"], json!({ "x": "y" }));
    assert_eq!(answer["request"]["user"]["id"], "user");
    assert_eq!(answer["request"]["client"]["id"], "myapp");
}

#[actix_web::test]
async fn a_policy_is_tried_that_is_not_stored() {
    let site = Site::new();
    let mut body = json!({
        "request": { "uri": "/", "user": { "id": "user" } },
        "operation": { "id": "sign" },
        "policy": { "engine": "cedar", "policy": "permit sign" },
    });
    let tried = ask(&site, "/auth/test-policy", &body).await.json();
    assert_eq!(
        (&tried["decision"], &tried["policy"]),
        (&json!(true), &body["policy"])
    );
    body["operation"] = json!("burn");
    let tried = ask(&site, "/auth/test-policy", &body).await.json();
    assert_eq!(tried["decision"], false);
    body["policy"]["policy"] = json!("nonsense");
    let tried = ask(&site, "/auth/test-policy", &body).await;
    assert_eq!(
        (tried.status, tried.json()["problems"].clone()),
        (422, json!(["policy: must be permit or forbid"]))
    );
}

#[actix_web::test]
async fn requests_that_name_nobody_or_somebody_twice_are_not_tried() {
    let site = site();
    for request in [
        json!({ "user-id": "user", "user": { "id": "user" } }),
        json!({ "user-id": 7 }),
        json!({ "user": {} }),
        json!({ "headers": { "authorization": "Bearer gat_x" } }),
        json!({ "headers": { "authorization": "Basic cm9vdDpyb290" } }),
        json!({ "headers": { "authorization": "Bearer a", "Authorization": "Bearer b" } }),
    ] {
        let answer = ask(&site, "/auth/test-policy", &json!({ "request": request })).await;
        assert_eq!(answer.status, 400, "{request}");
    }
    assert_eq!(
        ask(&site, "/auth/test-policy", &json!({})).await.status,
        400
    );
}

#[actix_web::test]
async fn the_configuration_names_the_endpoints() {
    let site = site();
    let path = "/.well-known/authzen-configuration";
    let answer = site.send(TestRequest::get().uri(path)).await;
    assert_eq!(
        answer.json(),
        json!({
            "policy_decision_point": "https://auth.example",
            "access_evaluation_endpoint": "https://auth.example/access/v1/evaluation",
            "access_evaluations_endpoint": "https://auth.example/access/v1/evaluations",
        })
    );
}
