//! Passwords: compared exactly, at one price for everybody, and hashed anew when that price rises.

use serde_json::json;

use crate::support::{Setup, Store, World};

on_every_store!(a_password_is_compared_exactly, |world| {
    world
        .admin()
        .put("/User/amy", &json!({ "password": " Pässwörd \u{1f511} " }))
        .expect(201);
    let client = world.myapp();
    client.password("amy", " Pässwörd \u{1f511} ").expect(200);
    for wrong in [
        "Pässwörd \u{1f511}",
        " pässwörd \u{1f511} ",
        " Pa\u{308}sswo\u{308}rd \u{1f511}",
        " ",
        "password",
    ] {
        client.password("amy", wrong).refuse(400, "invalid_grant");
    }
});

on_every_store!(
    spellings_of_one_name_are_one_user_and_lookalikes_are_not,
    |world| {
        world
            .admin()
            .put(
                "/User/remy",
                &json!({ "userName": "r\u{e9}my", "password": "password" }),
            )
            .expect(201);
        let client = world.myapp();
        for same in ["r\u{e9}my", "re\u{301}my", "R\u{c9}MY", "ｒ\u{e9}my"] {
            let answer = client.password(same, "password").expect(200);
            assert_eq!(answer.json()["userinfo"]["id"], "remy");
        }
        for other in [
            "remy ",
            "r\u{435}my",
            "r\u{e9}my\u{200b}",
            "us\u{435}r",
            "user\u{200d}",
            "\u{202e}user",
        ] {
            let answer = client.password(other, "password");
            let id = if answer.status == 200 {
                answer.json()["userinfo"]["id"].clone()
            } else {
                json!(null)
            };
            assert!(
                id != "user" && (id != "remy" || other == "remy "),
                "{other:?} is {id}"
            );
        }
    }
);

on_every_store!(unknown_disabled_and_wrong_look_alike, |world| {
    world
        .admin()
        .put(
            "/User/off",
            &json!({ "inactive": true, "password": "password" }),
        )
        .expect(201);
    world.admin().put("/User/bare", &json!({})).expect(201);
    let client = world.myapp();
    let refusal = |name: &str| {
        let answer = client.password(name, "wrong").refuse(400, "invalid_grant");
        let headers: Vec<_> = answer
            .headers
            .iter()
            .filter(|(name, _)| !name.contains("request-id") && name != "date")
            .cloned()
            .collect();
        let mut headers = headers;
        headers.sort();
        (answer.text(), headers)
    };
    let known = refusal("user");
    for name in ["nobody", "off", "bare", "two words", &"x".repeat(2000)] {
        assert_eq!(refusal(name), known, "{name}");
    }
});

/// What refused logins take of the processors, in clock ticks: what else the machine does is not in it.
fn price(world: &mut World, name: &str) -> u64 {
    let before = world.process().ticks();
    for _ in 0..12 {
        world
            .myapp()
            .password(name, "wrong")
            .refuse(400, "invalid_grant");
    }
    world.process().ticks() - before
}

#[test]
fn unknown_names_cost_the_same_hash() {
    let setup = Setup::on(Store::Sqlite).set("throttle.enabled", "false");
    let setup = setup
        .set("passwords.argon2_m_cost", "19456")
        .set("passwords.argon2_t_cost", "4");
    let mut world = setup.start();
    world.admin().put("/User/bare", &json!({})).expect(201);
    let known = price(&mut world, "user");
    for name in ["nobody", "bare", "two words"] {
        let unknown = price(&mut world, name);
        let alike = unknown * 2 > known && unknown < known * 2;
        assert!(alike, "{name}: {unknown} and {known} ticks");
    }
}

/// What is stored for the seeds' user.
fn stored(world: &World) -> String {
    world
        .setup
        .database
        .sql("SELECT password_hash FROM app_user WHERE id = 'user'")
}

#[test]
fn a_login_renews_a_hash_whose_price_has_risen() {
    let world = Setup::on(Store::Postgres).start();
    let before = stored(&world);
    assert!(before.contains("m=64,t=1"), "{before}");
    let tokens = world.myapp().log_in("user");
    assert_eq!(stored(&world), before, "nothing has risen yet");
    let world = world.restart(|setup| {
        setup
            .set("passwords.argon2_t_cost", "2")
            .unset("bootstrap.bundle")
    });
    world
        .myapp()
        .password("user", "wrong")
        .refuse(400, "invalid_grant");
    assert_eq!(stored(&world), before, "only the right password renews it");
    world.myapp().log_in("user");
    let after = stored(&world);
    assert!(after.contains("m=64,t=2"), "{after}");
    world.myapp().log_in("user");
    assert_eq!(stored(&world), after);
    assert!(
        world.myapp().sees_active(&tokens.access),
        "the password is the same, so are the sessions"
    );
}

#[test]
fn a_hash_is_left_alone_when_renewing_is_off() {
    let world = Setup::on(Store::Postgres).start();
    let before = stored(&world);
    let world = world.restart(|setup| {
        let setup = setup
            .set("passwords.argon2_t_cost", "2")
            .unset("bootstrap.bundle");
        setup.set("passwords.rehash_on_login", "false")
    });
    world.myapp().log_in("user");
    assert_eq!(stored(&world), before);
}

#[test]
fn a_hash_with_the_standard_price_is_an_argon2id_phc_string() {
    let setup = Setup::on(Store::Postgres).unset("passwords.allow_weak_parameters");
    let setup = setup
        .unset("passwords.argon2_m_cost")
        .unset("passwords.argon2_t_cost");
    let world = setup.start();
    let hash = stored(&world);
    assert!(
        hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{hash}"
    );
}
