//! The refresh token grant: rotation, lost answers, reuse, narrowing, ends (RFC 6749 §6, RFC 9700 §4.14).

use std::sync::Barrier;

use serde_json::json;

use crate::support::{Client, Tokens, World};

/// A client with refresh tokens and these further attributes.
fn client<'w>(world: &'w World, id: &str, more: &serde_json::Value) -> Client<'w> {
    let mut attributes = json!({ "refresh_token": true });
    for (name, value) in more.as_object().unwrap() {
        attributes[name] = value.clone();
    }
    world.register(
        id,
        &json!({
            "secret": "s",
            "grant_types": ["password"],
            "scope": ["read", "write"],
            "default_scope": ["read", "write"],
            "auth": { "password": attributes }
        }),
    )
}

#[track_caller]
fn refreshed(client: &Client<'_>, token: &str) -> Tokens {
    Tokens::of(&client.refresh(token))
}

on_every_store!(it_gives_a_new_pair_and_ends_the_old_one, |world| {
    let client = client(world, "rotating", &json!({}));
    let first = client.log_in("user");
    let second = refreshed(&client, &first.refresh);
    assert_ne!(second.access, first.access);
    assert_ne!(second.refresh, first.refresh);
    assert!(!client.sees_active(&first.access));
    assert!(client.sees_active(&second.access));
    assert_eq!(second.json["expires_in"], 3600);
    assert_eq!(second.json["token_type"], "Bearer");
});

on_every_store!(
    a_lost_answer_can_be_asked_for_again_while_it_is_unused,
    |world| {
        let client = client(world, "rotating", &json!({}));
        let first = client.log_in("user");
        let lost = refreshed(&client, &first.refresh);
        let again = refreshed(&client, &first.refresh);
        assert!(
            !client.sees_active(&lost.access),
            "the unused successor dies"
        );
        assert!(client.sees_active(&again.access));
        refreshed(&client, &again.refresh);
    }
);

on_every_store!(
    reuse_after_the_successor_was_used_closes_that_session_only,
    |world| {
        let client = client(world, "rotating", &json!({}));
        let (stolen, other) = (client.log_in("user"), client.log_in("user"));
        let second = refreshed(&client, &stolen.refresh);
        world
            .bearer(&second.access)
            .get("/auth/userinfo")
            .expect(200);
        client.refresh(&stolen.refresh).refuse(400, "invalid_grant");
        assert!(!client.sees_active(&second.access));
        client.refresh(&second.refresh).refuse(400, "invalid_grant");
        assert!(client.sees_active(&other.access));
        refreshed(&client, &other.refresh);
    }
);

on_every_store!(
    a_token_spent_two_refreshes_ago_closes_the_session,
    |world| {
        let client = client(world, "rotating", &json!({}));
        let first = client.log_in("user");
        let second = refreshed(&client, &first.refresh);
        let third = refreshed(&client, &second.refresh);
        client.refresh(&first.refresh).refuse(400, "invalid_grant");
        assert!(!client.sees_active(&third.access));
    }
);

on_every_store!(of_many_at_once_one_branch_lives, |world| {
    let client = client(world, "rotating", &json!({}));
    let first = client.log_in("user");
    let barrier = Barrier::new(8);
    let answers: Vec<_> = std::thread::scope(|scope| {
        let race = || {
            barrier.wait();
            client.refresh(&first.refresh)
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(race)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(answers.iter().any(|answer| answer.status == 200));
    let mut alive = 0;
    for answer in answers {
        if answer.status == 200 {
            alive += u32::from(client.sees_active(&Tokens::of(&answer).access));
        } else {
            assert!(matches!(answer.status, 400 | 503), "{}", answer.text());
        }
    }
    assert!(alive <= 1, "{alive} branches live");
});

on_every_store!(nothing_survives_a_close_that_races_a_refresh, |world| {
    let client = client(world, "rotating", &json!({}));
    for _ in 0..5 {
        let first = client.log_in("user");
        let bearer = world.bearer(&first.access);
        let barrier = Barrier::new(2);
        let (closed, refreshed) = std::thread::scope(|scope| {
            let close = scope.spawn(|| {
                barrier.wait();
                bearer.delete("/Session").status
            });
            barrier.wait();
            let refreshed = client.refresh(&first.refresh);
            (close.join().unwrap(), refreshed)
        });
        if closed == 200 && refreshed.status == 200 {
            assert!(
                !client.sees_active(&Tokens::of(&refreshed).access),
                "it survived its close"
            );
        }
        assert!(matches!(closed, 200 | 401), "{closed}");
    }
});

on_every_store!(scope_may_narrow_and_comes_back, |world| {
    let client = client(world, "rotating", &json!({}));
    let first = client.log_in("user");
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", first.refresh.as_str()),
    ];
    let narrow = client.post("/auth/token", &[&fields[..], &[("scope", "read")]].concat());
    let narrow = Tokens::of(&narrow);
    assert_eq!(narrow.json["scope"], "read");
    assert_eq!(client.introspect(&narrow.access)["scope"], "read");
    let full = refreshed(&client, &narrow.refresh);
    assert_eq!(full.json["scope"], "read write");
});

on_every_store!(scope_never_widens, |world| {
    let client = client(world, "rotating", &json!({}));
    let first = client.password_for("user", "password", &[("scope", "read")]);
    let first = Tokens::of(&first);
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", first.refresh.as_str()),
    ];
    let wider = client.post(
        "/auth/token",
        &[&fields[..], &[("scope", "read write")]].concat(),
    );
    wider.refuse(400, "invalid_scope");
    refreshed(&client, &first.refresh);
});

on_every_store!(
    another_clients_try_neither_works_nor_burns_the_token,
    |world| {
        let owner = client(world, "rotating", &json!({}));
        let thief = client(world, "thief", &json!({}));
        let first = owner.log_in("user");
        thief.refresh(&first.refresh).refuse(400, "invalid_grant");
        world
            .client("rotating", None)
            .refresh(&first.refresh)
            .refuse(401, "invalid_client");
        world
            .client("rotating", Some("x"))
            .refresh(&first.refresh)
            .refuse(401, "invalid_client");
        refreshed(&owner, &first.refresh);
    }
);

on_every_store!(what_is_no_refresh_token_is_refused_alike, |world| {
    let client = client(world, "rotating", &json!({}));
    let tokens = client.log_in("user");
    let session = world.admin().get("/Session").expect(200).json();
    let id = session["entry"][0]["resource"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let cut = &tokens.refresh[..tokens.refresh.len() - 1];
    let longer = format!("{}A", tokens.refresh);
    let swapped = tokens.refresh.to_uppercase();
    let mut bodies = Vec::new();
    for token in [
        &tokens.access,
        cut,
        &longer,
        &swapped,
        &id,
        "grt_",
        "null",
        "x.y.z",
    ] {
        bodies.push(client.refresh(token).refuse(400, "invalid_grant").text());
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    refreshed(&client, &tokens.refresh);
});

on_every_store!(a_static_token_stays_and_gives_new_access_tokens, |world| {
    let client = client(world, "static", &json!({ "refresh_policy": "static" }));
    let first = client.log_in("user");
    let second = refreshed(&client, &first.refresh);
    assert_ne!(second.access, first.access);
    if !second.refresh.is_empty() {
        assert_eq!(second.refresh, first.refresh);
    }
    let third = refreshed(&client, &first.refresh);
    assert!(client.sees_active(&third.access));
});

on_every_store!(
    it_ends_an_absolute_time_after_its_first_issue,
    |world: InProcess| {
        let client = client(
            world,
            "ending",
            &json!({ "refresh_token_expiration": 1000 }),
        );
        let first = client.log_in("user");
        world.wait(600);
        let second = refreshed(&client, &first.refresh);
        world.wait(399);
        let third = refreshed(&client, &second.refresh);
        world.wait(1);
        client.refresh(&third.refresh).refuse(400, "invalid_grant");
    }
);

on_every_store!(
    it_ends_when_idle_and_each_use_slides_that,
    |world: InProcess| {
        let attributes = json!({ "refresh_token_idle": 100, "access_token_expiration": 50 });
        let client = client(world, "idle", &attributes);
        let mut tokens = client.log_in("user");
        for _ in 0..3 {
            world.wait(99);
            tokens = refreshed(&client, &tokens.refresh);
        }
        world.wait(100);
        client.refresh(&tokens.refresh).refuse(400, "invalid_grant");
    }
);

on_every_store!(
    subject_scope_and_audience_survive_every_refresh,
    |world: InProcess| {
        let client = client(
            world,
            "aud",
            &json!({ "audience": ["https://a.test", "https://b.test"] }),
        );
        let mut tokens = client.log_in("user");
        let before = client.introspect(&tokens.access);
        for _ in 0..3 {
            world.wait(10);
            tokens = refreshed(&client, &tokens.refresh);
        }
        let after = client.introspect(&tokens.access);
        for claim in ["sub", "scope", "aud", "client_id", "username", "iss", "sid"] {
            assert_eq!(before[claim], after[claim], "{claim}");
        }
        assert_eq!(after["aud"], json!(["https://a.test", "https://b.test"]));
    }
);

on_every_store!(
    a_grant_that_is_not_enabled_does_not_exist,
    |setup: Setup| {
        let world = setup.set("grants.enabled", "password").start();
        let tokens = world.myapp().log_in("user");
        world
            .myapp()
            .refresh(&tokens.refresh)
            .refuse(400, "unsupported_grant_type");
        world
            .myapp()
            .credentials()
            .refuse(400, "unsupported_grant_type");
    }
);
