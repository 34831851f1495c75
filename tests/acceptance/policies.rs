//! Access policies: what they permit, what they forbid, and how they are asked on somebody's behalf.

use serde_json::{Value, json};

use crate::support::{Answer, Call, World};

fn put_policy(world: &World, id: &str, policy: &Value) {
    let answer = world.admin().put(&format!("/AccessPolicy/{id}"), policy);
    assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
}

/// `amy` may read clients, and nothing else.
fn amy_reads_clients(world: &World) {
    world.enrol("amy");
    let policy = json!({
        "engine": "matcho",
        "link": [{ "reference": "User/amy" }],
        "matcho": { "request-method": "get", "uri": "#^/Client" },
    });
    put_policy(world, "amy-reads-clients", &policy);
}

/// Nobody may burn anything.
fn nobody_burns(world: &World) {
    let text = r#"forbid (principal, action == Action::"burn", resource);"#;
    let policy = json!({ "engine": "cedar", "policy": text });
    put_policy(world, "nobody-burns", &policy);
}

/// `amy` may do everything.
fn amy_may(world: &World) {
    world.enrol("amy");
    let link = json!([{ "reference": "User/amy" }]);
    put_policy(
        world,
        "amy-may",
        &json!({ "engine": "allow", "link": link }),
    );
}

fn ask(subject: &Value, action: &str) -> Value {
    json!({
        "subject": subject,
        "action": { "name": action },
        "resource": { "type": "document", "id": "7" },
    })
}

fn amy() -> Value {
    json!({ "type": "user", "id": "amy" })
}

fn evaluate(world: &World, question: &Value) -> Answer {
    world.admin().post("/access/v1/evaluation", question)
}

#[track_caller]
fn decision(world: &World, question: &Value) -> bool {
    let answer = evaluate(world, question).expect(200).json();
    assert!(answer["context"]["reasons"].is_array(), "{answer}");
    answer["decision"].as_bool().unwrap()
}

#[track_caller]
fn decisions(world: &World, semantic: &str, actions: &[&str]) -> Vec<bool> {
    let evaluations: Vec<Value> = actions
        .iter()
        .map(|action| json!({ "action": { "name": action } }))
        .collect();
    let body = json!({
        "subject": amy(),
        "resource": { "type": "document", "id": "7" },
        "evaluations": evaluations,
        "options": { "evaluations_semantic": semantic },
    });
    let answer = world.admin().post("/access/v1/evaluations", &body);
    let answer = answer.expect(200).json();
    let made = answer["evaluations"].as_array().unwrap().iter();
    made.map(|made| made["decision"].as_bool().unwrap())
        .collect()
}

#[track_caller]
fn try_request(world: &World, body: &Value) -> Value {
    let answer = world.admin().post("/auth/test-policy", body);
    let answer = answer.expect(200).json();
    assert_eq!(answer["result"]["eval-result"], answer["decision"]);
    answer
}

on_every_store!(nobody_may_what_no_policy_permits, |world| {
    world.enrol("amy");
    world.user("amy").get("/Client/myapp").expect(403);
    world.user("amy").get("/Client").expect(403);
});

on_every_store!(
    a_pattern_permits_what_it_matches_and_nothing_else,
    |world| {
        amy_reads_clients(world);
        let amy = world.user("amy");
        amy.get("/Client/myapp").expect(200);
        amy.get("/Client").expect(200);
        amy.put("/Client/hers", &json!({})).expect(403);
        amy.get("/AccessPolicy").expect(403);
        world.user("user").get("/Client/myapp").expect(403);
    }
);

on_every_store!(what_one_policy_forbids_no_other_permits, |world| {
    amy_reads_clients(world);
    let text =
        r#"forbid (principal, action == Action::"read:Client", resource == Client::"myapp");"#;
    put_policy(
        world,
        "not-this-one",
        &json!({ "engine": "cedar", "policy": text }),
    );
    let amy = world.user("amy");
    amy.get("/Client/myapp").expect(403);
    amy.get("/Client").expect(200);
});

on_every_store!(the_tester_says_what_the_server_would_do_and_why, |world| {
    amy_reads_clients(world);
    let asked = |method: &str, uri: &str| {
        let request = json!({ "request-method": method, "uri": uri, "user-id": "amy" });
        try_request(world, &json!({ "request": request }))
    };
    let read = asked("GET", "/Client/myapp");
    assert_eq!(read["decision"], true, "{read}");
    assert_eq!(read["operation"]["id"], "read:Client");
    assert_eq!(read["request"]["request-method"], "get");
    assert_eq!(read["request"]["user"]["id"], "amy");
    let spoke = read["reasons"].as_array().unwrap().iter();
    let spoke: Vec<_> = spoke
        .map(|said| (said["policy"].clone(), said["effect"].clone()))
        .collect();
    assert_eq!(spoke, [(json!("amy-reads-clients"), json!("permit"))]);
    let written = asked("put", "/Client/myapp");
    assert_eq!(written["decision"], false, "{written}");
    assert_eq!(written["reasons"][0]["effect"], "silent");
    assert!(!written["reasons"][0]["reason"].as_str().unwrap().is_empty());
});

on_every_store!(a_policy_is_tried_before_it_is_stored, |world| {
    world.enrol("amy");
    let policy = json!({ "engine": "matcho", "matcho": { "params": { "x": "1" } } });
    let request = |x: &str| json!({ "uri": "/", "params": { "x": x } });
    let tried = |x: &str| try_request(world, &json!({ "request": request(x), "policy": policy }));
    assert_eq!(tried("1")["decision"], true);
    assert_eq!(tried("2")["decision"], false);
    assert_eq!(tried("2")["policy"], policy);
    let stored = try_request(world, &json!({ "request": request("1") }));
    assert_eq!(stored["decision"], false, "it was not stored: {stored}");
    let wrong = json!({ "request": request("1"), "policy": { "engine": "sql" } });
    let answer = world.admin().post("/auth/test-policy", &wrong);
    let answer = answer.refuse(422, "invalid_request").json();
    assert!(
        answer["problems"][0]
            .as_str()
            .unwrap()
            .starts_with("engine")
    );
});

on_every_store!(a_token_names_who_makes_the_request_to_try, |world| {
    amy_reads_clients(world);
    let tokens = world.myapp().log_in("amy");
    let asked = |token: &str| {
        let headers = json!({ "Authorization": format!("Bearer {token}") });
        json!({ "request": { "request-method": "get", "uri": "/Client", "headers": headers } })
    };
    let answer = try_request(world, &asked(&tokens.access));
    assert_eq!(answer["decision"], true, "{answer}");
    assert_eq!(answer["request"]["user"]["id"], "amy");
    assert_eq!(answer["request"]["client"]["id"], "myapp");
    assert!(!answer.to_string().contains(&tokens.access), "{answer}");
    let dead = world.admin().post("/auth/test-policy", &asked("gat_x"));
    dead.refuse(400, "invalid_request");
});

on_every_store!(a_decision_is_no_until_a_policy_says_yes, |world| {
    assert!(!decision(world, &ask(&amy(), "sign")));
    amy_may(world);
    assert!(decision(world, &ask(&amy(), "sign")));
    assert!(!decision(
        world,
        &ask(&json!({ "type": "user", "id": "user" }), "sign")
    ));
    nobody_burns(world);
    assert!(!decision(world, &ask(&amy(), "burn")));
    assert!(decision(world, &ask(&amy(), "sign")));
});

on_every_store!(a_client_is_a_subject_and_other_types_are_nobody, |world| {
    put_policy(world, "everybody", &json!({ "engine": "allow" }));
    assert!(decision(
        world,
        &ask(&json!({ "type": "client", "id": "myapp" }), "sign")
    ));
    let group = evaluate(
        world,
        &ask(&json!({ "type": "group", "id": "amy" }), "sign"),
    );
    let group = group.expect(200).json();
    assert_eq!(group["decision"], false);
    assert!(
        !group["context"]["reasons"][0]["reason"]
            .as_str()
            .unwrap()
            .is_empty()
    );
});

on_every_store!(what_is_known_of_a_question_can_be_asked_for, |world| {
    let pattern = json!({
        "resource": { "type": "document", "owner": "amy" },
        "subject": { "properties": { "department": "law" } },
        "time": "day",
    });
    put_policy(
        world,
        "p",
        &json!({ "engine": "matcho", "matcho": pattern }),
    );
    let question = |owner: &str, time: &str| {
        json!({
            "subject": { "type": "user", "id": "user", "properties": { "department": "law" } },
            "action": { "name": "sign" },
            "resource": { "type": "document", "id": "7", "properties": { "owner": owner } },
            "context": { "time": time },
        })
    };
    assert!(decision(world, &question("amy", "day")));
    assert!(!decision(world, &question("amy", "night")));
    assert!(!decision(world, &question("other", "day")));
});

on_every_store!(several_questions_are_answered_in_their_order, |world| {
    amy_may(world);
    nobody_burns(world);
    let actions = ["read", "burn", "sign"];
    assert_eq!(
        decisions(world, "execute_all", &actions),
        [true, false, true]
    );
    assert_eq!(
        decisions(world, "deny_on_first_deny", &actions),
        [true, false]
    );
    assert_eq!(decisions(world, "permit_on_first_permit", &actions), [true]);
    assert_eq!(
        decisions(world, "permit_on_first_permit", &["burn", "sign", "read"]),
        [false, true]
    );
    assert_eq!(
        decisions(world, "deny_on_first_deny", &["read", "sign"]),
        [true, true]
    );
});

on_every_store!(several_questions_that_are_none_are_one, |world| {
    amy_may(world);
    let answer = world
        .admin()
        .post("/access/v1/evaluations", &ask(&amy(), "sign"));
    assert_eq!(answer.expect(200).json()["decision"], true);
});

on_every_store!(questions_that_cannot_be_read_are_refused, |world| {
    for body in [
        json!({}),
        json!({ "subject": amy(), "action": { "name": "sign" } }),
        json!({ "subject": "amy", "action": { "name": "sign" }, "resource": { "type": "a", "id": "b" } }),
    ] {
        evaluate(world, &body).refuse(400, "invalid_request");
        let several = world.admin().post("/access/v1/evaluations", &body);
        several.refuse(400, "invalid_request");
    }
    let one = ask(&amy(), "sign");
    for (evaluations, options) in [
        (json!([{}, { "subject": 7 }]), json!({})),
        (json!(vec![json!({}); 101]), json!({})),
        (json!([{}]), json!({ "evaluations_semantic": "guess" })),
    ] {
        let mut body = one.clone();
        body["evaluations"] = evaluations;
        body["options"] = options;
        let answer = world.admin().post("/access/v1/evaluations", &body);
        answer.refuse(400, "invalid_request");
    }
});

on_every_store!(policies_are_asked_by_those_who_may, |world| {
    world.enrol("amy");
    let question = ask(&amy(), "sign");
    for (path, body) in [
        ("/access/v1/evaluation", question.clone()),
        ("/access/v1/evaluations", question),
        ("/auth/test-policy", json!({ "request": { "uri": "/" } })),
    ] {
        world
            .stranger()
            .post(path, &body)
            .refuse(401, "invalid_token");
        world
            .user("amy")
            .post(path, &body)
            .refuse(403, "access_denied");
        world
            .user("amy")
            .post(path, &json!({}))
            .refuse(403, "access_denied");
    }
    let text = r#"permit (principal == User::"amy", action == Action::"evaluate:AccessPolicy", resource);"#;
    put_policy(
        world,
        "amy-asks",
        &json!({ "engine": "cedar", "policy": text }),
    );
    let asked = world
        .user("amy")
        .post("/access/v1/evaluation", &ask(&amy(), "sign"));
    assert_eq!(asked.expect(200).json()["decision"], false);
});

on_every_store!(the_configuration_leads_to_the_endpoints, |world| {
    let answer = world.send(Call::get("/.well-known/authzen-configuration"));
    let told = answer.expect(200).json();
    let issuer = told["policy_decision_point"].as_str().unwrap();
    for (name, body) in [
        ("access_evaluation_endpoint", ask(&amy(), "sign")),
        ("access_evaluations_endpoint", ask(&amy(), "sign")),
    ] {
        let path = told[name].as_str().unwrap().strip_prefix(issuer).unwrap();
        world.admin().post(path, &body).expect(200);
    }
});
