//! Passwords in the hands of their owners: changed with the present one, or chosen by a link.

use serde_json::{Value, json};

use crate::support::settings::ISSUER;
use crate::support::{Answer, Call, World};

/// Good enough for everybody.
const NEW: &str = "violet-Harbour-tin-42";

fn change(world: &World, token: &str, from: &str, to: &str) -> Answer {
    let body = json!({ "currentPassword": from, "newPassword": to });
    world.bearer(token).post("/auth/change-password", &body)
}

fn reset(world: &World, token: &str, to: &str) -> Answer {
    let body = json!({ "token": token, "newPassword": to });
    world.stranger().post("/auth/reset-password", &body)
}

fn link(world: &World, id: &str) -> Value {
    let body = json!({ "userId": id });
    let answer = world.admin().post("/auth/force-reset-password", &body);
    answer.expect(200).json()
}

fn token(link: &Value) -> String {
    link["data"]["token"].as_str().unwrap().to_owned()
}

on_every_store!(a_change_ends_every_session_but_the_callers, |world| {
    let client = world.myapp();
    let (here, elsewhere) = (client.log_in("user"), client.log_in("user"));
    let answer = change(world, &here.access, "password", NEW).expect(200);
    assert_eq!(answer.json(), json!({ "code": "password_changed" }));
    assert!(client.sees_active(&here.access));
    assert!(!client.sees_active(&elsewhere.access));
    client
        .refresh(&elsewhere.refresh)
        .refuse(400, "invalid_grant");
    client.refresh(&here.refresh).expect(200);
    client
        .password("user", "password")
        .refuse(400, "invalid_grant");
    client.password("user", NEW).expect(200);
});

on_every_store!(a_change_is_read_as_form_json_and_yaml, |world| {
    let here = world.myapp().log_in("user");
    let caller = world.bearer(&here.access);
    let path = "/auth/change-password";
    let form = [("current_password", "password"), ("new_password", NEW)];
    caller.send(Call::post(path).form(&form)).expect(200);
    let yaml = format!("currentPassword: {NEW}\nnewPassword: grey-Lantern-oak-77\n");
    caller.send(Call::post(path).yaml(&yaml)).expect(200);
    let json = json!({ "current_password": "grey-Lantern-oak-77", "new_password": NEW });
    caller.post(path, &json).expect(200);
});

on_every_store!(a_change_that_is_refused_changes_nothing, |world| {
    let client = world.myapp();
    let (here, elsewhere) = (client.log_in("user"), client.log_in("user"));
    change(world, &here.access, "wrong", NEW).refuse(400, "invalid_grant");
    let weak = change(world, &here.access, "password", "short").refuse(400, "invalid_request");
    let problems = weak.json()["problems"].as_array().unwrap().clone();
    assert!(!problems.is_empty());
    for problem in problems {
        let said = weak.json()["error_description"].to_string();
        assert!(said.contains(problem.as_str().unwrap()), "{said}");
    }
    change(world, &here.access, "password", "").refuse(400, "invalid_request");
    change(world, "gat_x", "password", NEW).refuse(401, "invalid_token");
    let body = json!({ "currentPassword": "password", "newPassword": NEW });
    let root = world.admin().post("/auth/change-password", &body);
    root.refuse(401, "invalid_token");
    assert!(client.sees_active(&elsewhere.access));
    client.password("user", "password").expect(200);
});

on_every_store!(
    guesses_at_the_present_password_are_throttled,
    |setup: Setup| {
        let setup = setup
            .set("throttle.account.burst", "3")
            .set("throttle.account.per_minute", "1");
        let world = &setup.start();
        let here = world.myapp().log_in("user");
        for _ in 0..3 {
            change(world, &here.access, "wrong", NEW).refuse(400, "invalid_grant");
        }
        let answer = change(world, &here.access, "password", NEW).refuse(429, "slow_down");
        assert!(answer.header("retry-after").is_some());
    }
);

on_every_store!(
    a_link_ends_everything_and_gives_another_password_once,
    |world| {
        let client = world.myapp();
        let before = client.log_in("user");
        let link = link(world, "user");
        let token = token(&link);
        assert_eq!(link["code"], "password_reset_link_issued");
        let url = format!("{ISSUER}/auth/reset-password#token={token}");
        assert_eq!(link["data"]["resetUrl"], url);
        assert!(!client.sees_active(&before.access));
        let told = client
            .password("user", "password")
            .refuse(400, "invalid_grant");
        assert_eq!(told.json()["error_description"], "A new password is needed");
        client
            .password("user", "wrong")
            .refuse(400, "invalid_grant");
        reset(world, &token, "short").refuse(400, "invalid_request");
        let done = reset(world, &token, NEW).expect(200);
        assert_eq!(done.json(), json!({ "code": "password_changed" }));
        reset(world, &token, "grey-Lantern-oak-77").refuse(400, "invalid_grant");
        client.password("user", NEW).expect(200);
        assert!(!client.sees_active(&before.access));
    }
);

on_every_store!(a_link_lives_a_quarter_of_an_hour, |world: InProcess| {
    let token = token(&link(world, "user"));
    world.wait(15 * 60);
    let late = reset(world, &token, NEW).refuse(400, "invalid_grant");
    let unknown = reset(world, "gpr_x", NEW).refuse(400, "invalid_grant");
    assert_eq!(late.text(), unknown.text());
});

on_every_store!(a_user_is_named_by_id_or_by_reference, |world| {
    let path = "/auth/force-reset-password";
    for body in [
        json!({ "user_id": "user" }),
        json!({ "user": "User/user" }),
        json!({ "user": { "reference": "User/user" } }),
        json!({ "user": { "resourceType": "User", "id": "user" } }),
    ] {
        world.admin().post(path, &body).expect(200);
    }
    for body in [
        json!({}),
        json!({ "user": "Client/user" }),
        json!({ "user": "User/user", "userId": "user" }),
    ] {
        world
            .admin()
            .post(path, &body)
            .refuse(400, "invalid_request");
    }
    for nobody in ["nobody", "no such id"] {
        let body = json!({ "userId": nobody });
        world
            .admin()
            .post(path, &body)
            .refuse(404, "invalid_request");
    }
});

on_every_store!(a_link_is_made_by_those_who_may, |world| {
    let path = "/auth/force-reset-password";
    let body = json!({ "userId": "user" });
    world
        .stranger()
        .post(path, &body)
        .refuse(401, "invalid_token");
    world
        .user("user")
        .post(path, &body)
        .refuse(403, "access_denied");
    let nothing = world.stranger().post(path, &json!({}));
    nothing.refuse(401, "invalid_token");
    world.myapp().password("user", "password").expect(200);
});

on_every_store!(a_token_in_the_query_is_refused, |world| {
    let token = token(&link(world, "user"));
    let path = format!("/auth/reset-password?token={token}");
    let body = json!({ "newPassword": NEW });
    world
        .stranger()
        .post(&path, &body)
        .refuse(400, "invalid_request");
    reset(world, &token, NEW).expect(200);
});

on_every_store!(
    a_server_is_not_set_up_with_what_is_no_password,
    |setup: Setup| {
        let setup = setup
            .unset("bootstrap.bundle")
            .unset("bootstrap.admin_client_secret_file");
        let mut world = setup.start();
        let line = world.process().line_with("setup_token=");
        let token = line.split("setup_token=").nth(1).unwrap();
        let token = token.split_whitespace().next().unwrap().to_owned();
        let set_up = |password: &str| {
            let body = json!({ "setup_token": token, "password": password });
            world.stranger().post("/auth/setup", &body)
        };
        let hash =
            "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$iWh06vD8Fy27wf9npn6FXWiCX4K6pW6Ue1Bnzz07Z8A";
        let told = set_up(hash).refuse(400, "invalid_request").json();
        assert_eq!(told["problems"].as_array().unwrap().len(), 1, "{told}");
        set_up("operators choice").expect(201);
    }
);
