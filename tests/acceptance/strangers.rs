//! Every operation, called by those who may not: nobody, a forger, and somebody else.

use serde_json::json;

use crate::support::operations::{each_has_a_row, operations};
use crate::support::{Answer, Call, Setup, Store, World};

/// What a stranger to an operation is told.
#[derive(Clone, Copy, Debug)]
enum Told {
    /// 401 with a Bearer challenge; or, for somebody else's token, 403 or 404.
    Nothing,
    /// 401 with a Basic challenge: only clients call here.
    ClientsOnly,
    /// 400 or 401: there is a secret in the body that is wrong, or none.
    SecretsOnly,
    /// Everybody is answered alike.
    Public,
    /// A live token opens one's own and nothing of others.
    OwnOnly,
}

/// The rows of what owners do with their passwords, of signing keys, and of asking the policies.
fn owners_and_policies() -> Vec<(&'static str, Call, Told)> {
    use Told::{Nothing, Public, SecretsOnly};
    let body = json!({});
    vec![
        (
            "change_password",
            Call::post("/auth/change-password").json(&body),
            SecretsOnly,
        ),
        (
            "force_reset_password",
            Call::post("/auth/force-reset-password").json(&json!({ "userId": "amy" })),
            Nothing,
        ),
        (
            "reset_password",
            Call::post("/auth/reset-password").form(&[("token", "x"), ("newPassword", "y")]),
            SecretsOnly,
        ),
        ("list_signing_keys", Call::get("/auth/keys"), Nothing),
        (
            "rotate_signing_keys",
            Call::post("/auth/keys/$rotate"),
            Nothing,
        ),
        (
            "retire_signing_key",
            Call::post("/auth/keys/x/$retire"),
            Nothing,
        ),
        (
            "test_policy",
            Call::post("/auth/test-policy").json(&body),
            Nothing,
        ),
        (
            "evaluate_access",
            Call::post("/access/v1/evaluation").json(&body),
            Nothing,
        ),
        (
            "evaluate_accesses",
            Call::post("/access/v1/evaluations").json(&body),
            Nothing,
        ),
        (
            "read_authzen_configuration",
            Call::get("/.well-known/authzen-configuration"),
            Public,
        ),
    ]
}

/// What can be done with every type of resource: operation, method, path. Strangers are told nothing.
const RESOURCES: [&str; 37] = [
    "search_clients_by_form POST /Client/_search",
    "search_clients GET /Client",
    "patch_client PATCH /Client/hers",
    "read_client_history GET /Client/hers/_history",
    "read_history_of_clients GET /Client/_history",
    "read_client_version GET /Client/hers/_history/1",
    "search_users_by_form POST /User/_search",
    "search_users GET /User",
    "patch_user PATCH /User/amy",
    "read_user_history GET /User/amy/_history",
    "read_history_of_users GET /User/_history",
    "read_user_version GET /User/amy/_history/1",
    "create_role POST /Role",
    "read_role GET /Role/r",
    "put_role PUT /Role/r",
    "patch_role PATCH /Role/r",
    "delete_role DELETE /Role/r",
    "search_roles GET /Role",
    "search_roles_by_form POST /Role/_search",
    "read_role_history GET /Role/r/_history",
    "read_history_of_roles GET /Role/_history",
    "read_role_version GET /Role/r/_history/1",
    "create_access_policy POST /AccessPolicy",
    "read_access_policy GET /AccessPolicy/administrators",
    "put_access_policy PUT /AccessPolicy/administrators",
    "patch_access_policy PATCH /AccessPolicy/administrators",
    "delete_access_policy DELETE /AccessPolicy/administrators",
    "search_access_policies GET /AccessPolicy",
    "search_access_policies_by_form POST /AccessPolicy/_search",
    "read_access_policy_history GET /AccessPolicy/administrators/_history",
    "read_history_of_access_policies GET /AccessPolicy/_history",
    "read_access_policy_version GET /AccessPolicy/administrators/_history/1",
    "search_audit_events GET /AuditEvent",
    "search_audit_events_by_form POST /AuditEvent/_search",
    "count_audit_events GET /AuditEvent/$count",
    "count_sessions GET /Session/$count",
    "read_audit_event GET /AuditEvent/1",
];

/// The rows of what can be done with every type of resource, and with several at once.
fn resources() -> Vec<(&'static str, Call, Told)> {
    let bundle = json!({
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [{ "request": { "method": "DELETE", "url": "Client/hers" } }],
    });
    let form = |call: Call| call.form(&[("_count", "1")]);
    let sessions = form(Call::post("/Session/_search"));
    let mut rows = vec![
        ("apply_bundle", Call::post("/").json(&bundle), Told::Nothing),
        ("search_sessions_by_form", sessions, Told::OwnOnly),
    ];
    for row in RESOURCES {
        let [id, method, path] = row.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{row}");
        };
        let call = Call::new(method, path);
        let call = match method {
            "GET" | "DELETE" => call,
            _ if path.ends_with("_search") => form(call),
            _ => call.json(&json!({})),
        };
        rows.push((id, call, Told::Nothing));
    }
    rows
}

/// One row an operation: its id, a call of it that concerns `amy` and her client, and what strangers are told.
fn table() -> Vec<(&'static str, Call, Told)> {
    use Told::{ClientsOnly, Nothing, OwnOnly, Public, SecretsOnly};
    let form = |path: &str| Call::post(path).form(&[("token", "x")]);
    let body = json!({});
    let grant = [
        ("grant_type", "password"),
        ("username", "amy"),
        ("password", "password"),
    ];
    let close = json!({ "active": false });
    let mut rows = owners_and_policies();
    rows.extend(resources());
    rows.extend([
        (
            "request_token",
            Call::post("/auth/token").form(&grant),
            ClientsOnly,
        ),
        ("introspect_token", form("/auth/introspect"), ClientsOnly),
        ("revoke_token", form("/auth/revoke"), ClientsOnly),
        ("read_userinfo", Call::get("/auth/userinfo"), OwnOnly),
        ("request_userinfo", Call::post("/auth/userinfo"), OwnOnly),
        (
            "set_up",
            Call::post("/auth/setup").form(&[("setup_token", "x"), ("password", "y")]),
            SecretsOnly,
        ),
        (
            "read_metadata",
            Call::get("/.well-known/oauth-authorization-server"),
            Public,
        ),
        ("read_key_set", Call::get("/.well-known/jwks.json"), Public),
        ("search_sessions", Call::get("/Session"), OwnOnly),
        ("close_own_session", Call::delete("/Session"), OwnOnly),
        ("read_session", Call::get("/Session/{session}"), Nothing),
        ("close_session", Call::delete("/Session/{session}"), Nothing),
        (
            "patch_session",
            Call::patch("/Session/{session}").json(&close),
            Nothing,
        ),
        ("create_client", Call::post("/Client").json(&body), Nothing),
        ("read_client", Call::get("/Client/hers"), Nothing),
        ("put_client", Call::put("/Client/hers").json(&body), Nothing),
        ("delete_client", Call::delete("/Client/hers"), Nothing),
        (
            "close_client_sessions",
            Call::post("/Client/hers/$close-sessions").json(&body),
            Nothing,
        ),
        ("create_user", Call::post("/User").json(&body), Nothing),
        ("read_user", Call::get("/User/amy"), Nothing),
        ("put_user", Call::put("/User/amy").json(&body), Nothing),
        ("delete_user", Call::delete("/User/amy"), Nothing),
        (
            "close_user_sessions",
            Call::post("/User/amy/$close-sessions").json(&body),
            Nothing,
        ),
    ]);
    rows
}

#[track_caller]
fn is_told(answer: &Answer, what: &str, challenge: &str) {
    assert_eq!(answer.status, 401, "{what}: {}", answer.text());
    let shown: Vec<&str> = answer.all("www-authenticate").collect();
    assert!(
        shown.iter().any(|value| value.starts_with(challenge)),
        "{what}: {shown:?}"
    );
}

/// Somebody without a token, or with one that is none, learns nothing and does nothing.
#[track_caller]
fn turn_away(world: &World, id: &str, call: &Call, told: Told) {
    let nobody = world.stranger().send(call.clone());
    let forger = world.send(call.clone().bearer("gat_forged"));
    match told {
        Told::Nothing | Told::OwnOnly => {
            is_told(&nobody, &format!("{id} without a token"), "Bearer");
            is_told(&forger, &format!("{id} with a wrong token"), "Bearer");
        }
        Told::ClientsOnly => {
            is_told(&nobody, &format!("{id} without a client"), "Basic");
            assert!(
                matches!(forger.status, 400 | 401),
                "{id}: {}",
                forger.text()
            );
        }
        Told::SecretsOnly => assert!(
            matches!(nobody.status, 400 | 401),
            "{id}: {}",
            nobody.text()
        ),
        Told::Public => {
            assert_eq!(nobody.status, 200, "{id}");
            assert!(
                matches!(forger.status, 200 | 400 | 401),
                "{id}: {}",
                forger.status
            );
        }
    }
}

#[test]
fn every_operation_turns_strangers_away() {
    let world = Setup::on(Store::Sqlite).start();
    let documented = operations(&world.document());
    each_has_a_row(&documented, table().iter().map(|(id, ..)| *id));
}

on_every_store!(nobody_and_forgers_get_nowhere, |world| {
    world.enrol("amy");
    world.register_for_passwords("hers", &json!({}));
    let hers = world.client("hers", Some("s")).log_in("amy");
    let session = session_of(world, "amy");
    for (id, mut call, told) in table() {
        call.path = call.path.replace("{session}", &session);
        turn_away(world, id, &call, told);
    }
    world.bearer(&hers.access).get("/auth/userinfo").expect(200);
});

on_every_store!(anothers_token_opens_nothing_of_hers, |world| {
    world.enrol("amy");
    world.register_for_passwords("hers", &json!({}));
    let hers = world.client("hers", Some("s")).log_in("amy");
    let session = session_of(world, "amy");
    for (id, mut call, told) in table() {
        call.path = call.path.replace("{session}", &session);
        let answer = world.user("user").send(call);
        match told {
            Told::Nothing => {
                assert!(
                    matches!(answer.status, 403 | 404),
                    "{id}: {} {}",
                    answer.status,
                    answer.text()
                );
            }
            Told::OwnOnly => {
                assert!(
                    matches!(answer.status, 200 | 204),
                    "{id}: {}",
                    answer.text()
                );
                assert!(!answer.text().contains("amy"), "{id}: {}", answer.text());
            }
            Told::ClientsOnly | Told::SecretsOnly => {
                assert!(
                    (400..500).contains(&answer.status),
                    "{id}: {}",
                    answer.status
                );
            }
            Told::Public => assert_eq!(answer.status, 200, "{id}"),
        }
    }
    world.bearer(&hers.access).get("/auth/userinfo").expect(200);
    world
        .client("hers", Some("s"))
        .password("amy", "password")
        .expect(200);
});

on_every_store!(a_client_that_does_not_administer_may_not_either, |world| {
    let plain = world.register("plain", &json!({ "secret": "s", "grant_types": ["basic"] }));
    world.enrol("amy");
    world.register_for_passwords("hers", &json!({}));
    world.client("hers", Some("s")).log_in("amy");
    let session = session_of(world, "amy");
    for (id, mut call, told) in table() {
        if !matches!(told, Told::Nothing) {
            continue;
        }
        call.path = call.path.replace("{session}", &session);
        let answer = world.send(call.basic(&plain.id, "s"));
        assert!(
            matches!(answer.status, 403 | 404),
            "{id}: {} {}",
            answer.status,
            answer.text()
        );
    }
    let search = world.send(Call::get("/Session").basic(&plain.id, "s"));
    assert_eq!(search.status, 403, "{}", search.text());
});

on_every_store!(a_client_without_the_basic_grant_needs_a_token, |world| {
    let answer = world.send(Call::get("/Session").basic("myapp", "verysecret"));
    assert!(matches!(answer.status, 401 | 403), "{}", answer.text());
    let answer = world.send(Call::get("/Session").basic("root", "wrong"));
    assert_eq!(answer.status, 401, "{}", answer.text());
});

on_every_store!(a_token_counts_only_in_the_authorization_header, |world| {
    let tokens = world.myapp().log_in("user");
    let token = &tokens.access;
    let in_query = world.send(Call::get(&format!("/auth/userinfo?access_token={token}")));
    assert!(matches!(in_query.status, 400 | 401), "{}", in_query.text());
    let cookie = Call::get("/auth/userinfo").header("Cookie", &format!("access_token={token}"));
    world.send(cookie).expect(401);
    let basic = Call::get("/auth/userinfo").basic(token, "");
    let basic = world.send(basic);
    assert!(matches!(basic.status, 400 | 401), "{}", basic.text());
    let body = Call::post("/auth/userinfo").form(&[("access_token", token)]);
    let body = world.send(body);
    assert!(matches!(body.status, 400 | 401), "{}", body.text());
    let twice = Call::get("/auth/userinfo").bearer(token).bearer(token);
    world.send(twice).expect(400);
});

on_every_store!(a_user_reads_itself_and_gives_itself_nothing, |world| {
    let user = world.user("user");
    let before = user.get("/User/user").expect(200).json();
    for body in [
        json!({ "roles": [{ "value": "admin" }] }),
        json!({ "administrator": true }),
        json!({ "email_verified": true }),
    ] {
        let refused = user.put("/User/user", &body);
        assert!(
            (400..500).contains(&refused.status),
            "{body}: {}",
            refused.text()
        );
    }
    assert_eq!(user.get("/User/user").expect(200).json(), before);
});

fn session_of(world: &World, user: &str) -> String {
    let found = world
        .admin()
        .get(&format!("/Session?user={user}"))
        .expect(200)
        .json();
    found["entry"][0]["resource"]["id"]
        .as_str()
        .unwrap()
        .to_owned()
}
