//! Sessions: found, read and closed, each by whom it belongs to and by administrators.

use std::sync::Barrier;

use serde_json::{Value, json};

use crate::support::actors::Caller;
use crate::support::bundles::ids;
use crate::support::{Call, World};

/// The only session a caller sees.
#[track_caller]
fn only(caller: &Caller<'_>) -> Value {
    let bundle = caller.get("/Session").expect(200).json();
    assert_eq!(bundle["total"], 1, "{bundle}");
    bundle["entry"][0]["resource"].clone()
}

#[track_caller]
fn is_outcome(answer: &crate::support::Answer) {
    assert_eq!(
        answer.json()["resourceType"],
        "OperationOutcome",
        "{}",
        answer.text()
    );
}

/// Two users with two sessions each.
fn populate(world: &World) {
    world.enrol("amy");
    world.register_for_passwords("other", &json!({}));
    world.myapp().log_in("user");
    world.client("other", Some("s")).log_in("user");
    world.myapp().log_in("amy");
    world.client("other", Some("s")).log_in("amy");
}

on_every_store!(a_session_shows_what_it_is_and_no_token, |world| {
    let tokens = world.myapp().log_in("user");
    let id = only(&world.admin())["id"].as_str().unwrap().to_owned();
    let answer = world
        .bearer(&tokens.access)
        .get(&format!("/Session/{id}"))
        .expect(200);
    let session = answer.json();
    for member in [
        "start",
        "exp",
        "refresh_token_exp",
        "last_used",
        "jti",
        "ip",
        "meta",
    ] {
        assert!(!session[member].is_null(), "{member} in {session}");
    }
    assert_eq!(session["end"], Value::Null);
    let text = answer.text();
    assert!(!text.contains(&tokens.access) && !text.contains(&tokens.refresh));
    assert!(!text.contains("hash") && !text.contains("generation") && !text.contains("epoch"));
    assert!(answer.header("etag").is_some());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
});

on_every_store!(
    a_user_finds_its_own_sessions_and_an_administrator_all,
    |world| {
        populate(world);
        assert_eq!(world.admin().count_sessions(""), 4);
        let user = world.user("user");
        assert_eq!(user.count_sessions(""), 3);
        assert_eq!(user.count_sessions("user=amy"), 0);
        assert_eq!(user.count_sessions("client=other"), 1);
    }
);

on_every_store!(the_search_parameters_select, |world| {
    populate(world);
    let amy = world.bearer(&world.client("other", Some("s")).log_in("amy").access);
    amy.delete("/Session").expect(200);
    let admin = world.admin();
    let id = ids(&admin.get("/Session").expect(200).json())[0].clone();
    for (query, count) in [
        ("user=user", 2),
        ("user=User/user", 2),
        ("user=amy,user", 5),
        (".user.id=amy", 3),
        ("client=other", 3),
        ("client=Client/other", 3),
        (".client.id=myapp", 2),
        ("user=amy&client=myapp", 1),
        ("active=true", 4),
        ("active=false", 1),
        ("type=password", 5),
        ("type=client_credentials", 0),
        ("start=gt2000-01-01", 5),
        ("start=lt2000-01-01", 0),
        (".start=ge2000-01-01T00:00:00Z", 5),
        ("exp=gt2000-01-01", 5),
        ("exp=le2000-01-01", 0),
        ("_lastUpdated=ge2000-01-01", 5),
        ("_id=nobody", 0),
        (&format!("_id={id}"), 1),
    ] {
        assert_eq!(admin.count_sessions(query), count, "{query}");
    }
});

on_every_store!(hostile_parameters_are_errors_or_match_nothing, |world| {
    world.myapp().log_in("user");
    let admin = world.admin();
    for query in [
        "active=perhaps",
        "start=yesterday",
        "start=gt",
        "_count=-1",
        "_count=1001",
        "_count=x",
        "_page=0",
        "_sort=password_hash",
        "_sort=-",
        "_total=maybe",
        "nonsense=1",
        ".user.name=x",
        ".refresh_hash=x",
        "exp=eq2026-13-99",
    ] {
        let answer = admin.get(&format!("/Session?{query}")).expect(400);
        is_outcome(&answer);
    }
    for query in [
        "user='%20OR%201=1",
        "client=%00",
        "_id=..%2F..",
        "type=%F0%9F%92%A9",
        "user=%25",
    ] {
        let answer = admin.get(&format!("/Session?{query}"));
        assert!(
            matches!(answer.status, 200 | 400),
            "{query}: {}",
            answer.text()
        );
        if answer.status == 200 {
            assert_eq!(answer.json()["total"], 0, "{query}");
        }
    }
});

on_every_store!(
    the_links_of_a_page_lead_to_every_session,
    |world: InProcess| {
        let myapp = world.myapp();
        for _ in 0..7 {
            myapp.log_in("user");
            world.wait(1);
        }
        let admin = world.admin();
        let mut path = "/Session?_count=3&_sort=start".to_owned();
        let mut seen = Vec::new();
        loop {
            let page = admin.get(&path).expect(200).json();
            assert_eq!(page["total"], 7);
            let found = ids(&page);
            assert!(found.len() <= 3 && !found.is_empty(), "{page}");
            seen.extend(found);
            let links = page["link"].as_array().unwrap();
            let link = |relation: &str| {
                let link = links.iter().find(|link| link["relation"] == relation)?;
                link["url"].as_str().map(str::to_owned)
            };
            assert!(link("self").is_some() && link("first").is_some(), "{page}");
            let Some(next) = link("next") else { break };
            let url = url::Url::parse(&next).unwrap();
            assert_eq!(
                url.origin().ascii_serialization(),
                crate::support::settings::ISSUER
            );
            path = format!("{}?{}", url.path(), url.query().unwrap());
        }
        assert_eq!(seen.len(), 7);
        let mut sorted = seen.clone();
        sorted.sort();
        assert_eq!(seen, sorted, "ids are in the order of time");
        let newest = admin
            .get("/Session?_sort=-start&_count=1")
            .expect(200)
            .json();
        assert_eq!(ids(&newest), seen[6..]);
    }
);

on_every_store!(elements_and_totals_can_be_left_out, |world| {
    world.myapp().log_in("user");
    let page = world
        .admin()
        .get("/Session?_elements=client&_total=none")
        .expect(200)
        .json();
    assert_eq!(page.get("total"), None);
    let session = &page["entry"][0]["resource"];
    assert_eq!(session["client"]["id"], "myapp");
    assert_eq!(session.get("user"), None);
    assert!(session["id"].is_string() && session["resourceType"].is_string());
});

on_every_store!(anothers_session_is_answered_like_none, |world| {
    world.enrol("amy");
    world.myapp().log_in("amy");
    let id = only(&world.admin())["id"].as_str().unwrap().to_owned();
    let user = world.user("user");
    let (theirs, nobodys) = (format!("/Session/{id}"), "/Session/nobody".to_owned());
    for call in [Call::get, Call::delete, |path: &str| {
        Call::patch(path).json(&json!({ "active": false }))
    }] {
        let one = user.send(call(&theirs)).expect(404);
        let other = user.send(call(&nobodys)).expect(404);
        is_outcome(&one);
        assert_eq!(one.text().replace(&id, "nobody"), other.text());
    }
    assert_eq!(world.admin().count_sessions("user=amy&active=true"), 1);
});

on_every_store!(a_session_is_closed_by_its_id, |world| {
    let myapp = world.myapp();
    let (mine, kept) = (myapp.log_in("user"), myapp.log_in("user"));
    let id = myapp.introspect(&mine.access)["sid"]
        .as_str()
        .unwrap()
        .to_owned();
    let user = world.bearer(&kept.access);
    let closed = user.delete(&format!("/Session/{id}")).expect(200).json();
    assert_eq!(closed["active"], false);
    assert!(!myapp.sees_active(&mine.access));
    myapp.refresh(&mine.refresh).refuse(400, "invalid_grant");
    assert!(myapp.sees_active(&kept.access));
    let read = user.get(&format!("/Session/{id}")).expect(200).json();
    assert_eq!(read["active"], false);
    assert!(read["end"].is_string(), "{read}");
});

on_every_store!(of_many_closes_at_once_one_closes, |world| {
    let tokens = world.myapp().log_in("user");
    let bearer = world.bearer(&tokens.access);
    let barrier = Barrier::new(6);
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let close = || {
            barrier.wait();
            bearer.delete("/Session").status
        };
        let threads: Vec<_> = (0..6).map(|_| scope.spawn(close)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    statuses.sort_unstable();
    assert!(statuses.contains(&200), "{statuses:?}");
    assert!(
        statuses.iter().all(|status| matches!(status, 200 | 401)),
        "{statuses:?}"
    );
    assert_eq!(world.admin().count_sessions("active=true"), 0);
});

on_every_store!(a_patch_may_close_a_session_and_do_nothing_else, |world| {
    let myapp = world.myapp();
    let (mine, kept) = (myapp.log_in("user"), myapp.log_in("user"));
    let id = myapp.introspect(&mine.access)["sid"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/Session/{id}");
    let user = world.bearer(&kept.access);
    for body in [
        json!({ "active": true }),
        json!({}),
        json!({ "active": false, "user": { "id": "admin" } }),
        json!({ "exp": "2099-01-01T00:00:00Z" }),
        json!({ "active": "false" }),
        json!([]),
    ] {
        let refused = user.patch(&path, &body);
        assert!(
            matches!(refused.status, 400 | 422),
            "{body}: {}",
            refused.text()
        );
        is_outcome(&refused);
    }
    assert!(myapp.sees_active(&mine.access));
    let closed = user
        .patch(&path, &json!({ "active": false }))
        .expect(200)
        .json();
    assert_eq!(closed["active"], false);
    assert!(!myapp.sees_active(&mine.access));
});

on_every_store!(tokens_are_never_fixed_from_outside, |world| {
    let admin = world.admin();
    let body = json!({ "resourceType": "Session", "id": "fixed", "user": { "id": "user" } });
    for (answer, _) in [
        (admin.post("/Session", &body), 0),
        (admin.put("/Session/fixed", &body), 1),
    ] {
        let answer = answer.expect(405);
        is_outcome(&answer);
        assert!(answer.header("allow").is_some());
    }
});

on_every_store!(
    all_sessions_of_a_user_or_a_client_are_closed_at_once,
    |world| {
        populate(world);
        let admin = world.admin();
        let tokens = world.myapp().log_in("user");
        let closed = admin
            .post("/User/user/$close-sessions", &json!({}))
            .expect(200);
        assert_eq!(
            closed.json()["parameter"],
            json!([{ "name": "closed", "valueInteger": 3 }])
        );
        assert!(!world.myapp().sees_active(&tokens.access));
        assert_eq!(admin.count_sessions("active=true"), 2);
        let closed = admin
            .post("/Client/other/$close-sessions", &json!({}))
            .expect(200);
        assert_eq!(
            closed.json()["parameter"],
            json!([{ "name": "closed", "valueInteger": 1 }])
        );
        assert_eq!(admin.count_sessions("active=true"), 1);
        admin
            .post("/User/nobody/$close-sessions", &json!({}))
            .expect(404);
        world.myapp().log_in("user");
    }
);

on_every_store!(sessions_are_served_under_fhir_too, |world| {
    let tokens = world.myapp().log_in("user");
    let user = world.bearer(&tokens.access);
    let bundle = user.get("/fhir/Session").expect(200).json();
    assert_eq!(
        bundle["entry"][0]["resource"]["user"]["reference"],
        "User/user"
    );
    let yaml = user
        .send(Call::get("/Session").header("Accept", "text/yaml"))
        .expect(200)
        .yaml();
    assert_eq!(yaml["total"], 1);
    user.delete("/fhir/Session").expect(200);
    user.get("/fhir/Session").expect(401);
});

on_every_store!(a_session_that_ran_out_is_not_active, |world: InProcess| {
    let client = world.register_for_passwords("short", &json!({ "access_token_expiration": 60 }));
    client.log_in("user");
    assert_eq!(world.admin().count_sessions("active=true"), 1);
    world.wait(60);
    assert_eq!(world.admin().count_sessions("active=true"), 0);
    assert_eq!(world.admin().count_sessions("active=false"), 1);
});
