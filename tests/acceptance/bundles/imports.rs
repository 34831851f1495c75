//! Users and clients brought along from elsewhere, with the hashes of their passwords and secrets.

use serde_json::{Value, json};

use crate::support::bundles::{batch, entry, put, transaction};

/// Hashes of `pässword ☕` that other programs made.
const HASHES: [&str; 8] = [
    "$argon2i$v=19$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$nLctEDEWTnoAqiEWlLOZ6HhSmFyAuG3LlPTlSVC/yck",
    "$2a$04$uKyoxAZ3GAEUDqVnhKwihev67dQchASs4V1eYB3w.6Oa/STdI/Ym2",
    "$2b$04$j3TX58jYArEl21D2Z1lzzOG5CHuxSZZXcJ2RLuCIZkRmOSSnH4ATa",
    "$scrypt$ln=4,r=8,p=2$AAECAwQFBgcICQoLDA0ODw$dKP/dIJQR7Ye790UfKyzvtaUfcEJD0NjFXNEg7TMXv0",
    "$s0$40801$AAECAwQFBgcICQoLDA0ODw==$0DyJ2oMvf1mM6IAWJwUGg+1OEV0pODWwZyulnrArySU=",
    "$pbkdf2-sha256$i=1000$AAECAwQFBgcICQoLDA0ODw$LpJzRdRUqUU9aXj66QO+BVqq55WrABa5w3po/wBYXlo",
    "$pbkdf2-sha512$1000$././././././././././$nXATTsAChj4054I6.iWov9M6QdT4zyUVO9cAk2hwFtO7pMpt0VBN0OQyvnl/uYx03wofnzkl8cjljlo/DPhTew",
    "pbkdf2_sha256$1000$Kh4bpCq2nWtz$OvabHEeG4UfmFzciljmN5Nk9iF5mRnEpRthL+4ErHS4=",
];
const PASSWORD: &str = "pässword ☕";

fn users() -> Vec<Value> {
    let users = HASHES.iter().enumerate().map(|(n, hash)| {
        let user = json!({ "userName": format!("name{n}"), "password": hash });
        if n % 2 == 0 {
            put(&format!("User/u{n}"), &user)
        } else {
            entry("POST", "User", &user)
        }
    });
    users.collect()
}

on_every_store!(users_log_in_with_the_passwords_they_had, |setup: Setup| {
    let world = setup.set("throttle.enabled", "false").start();
    let answer = world.admin().post("/", &transaction(&users())).expect(200);
    for hash in HASHES {
        assert!(!answer.text().contains(hash), "{}", answer.text());
    }
    for (n, hash) in HASHES.into_iter().enumerate() {
        let name = format!("name{n}");
        let myapp = world.myapp();
        myapp.password(&name, "wrong").refuse(400, "invalid_grant");
        myapp.password(&name, hash).refuse(400, "invalid_grant");
        myapp.password(&name, PASSWORD).expect(200);
        // The hash is ours from then on.
        myapp.password(&name, PASSWORD).expect(200);
        myapp.password(&name, "wrong").refuse(400, "invalid_grant");
    }
});

on_every_store!(a_batch_imports_what_it_can, |world| {
    let mut wanted = users();
    wanted.insert(
        3,
        put(
            "User/bad",
            &json!({ "password": "$6$rounds=1$salt$nonsense" }),
        ),
    );
    let answer = world.admin().post("/", &batch(&wanted)).expect(200).json();
    let bad = &answer["entry"][3]["response"];
    assert_eq!(bad["status"], "422 Unprocessable Entity");
    assert_eq!(
        bad["outcome"]["issue"][0]["expression"],
        json!(["password"])
    );
    world.admin().get("/User/bad").expect(404);
    for n in 0..HASHES.len() {
        world
            .myapp()
            .password(&format!("name{n}"), PASSWORD)
            .expect(200);
    }
});

on_every_store!(a_transaction_imports_all_or_none, |world| {
    let before = world.kept();
    let mut wanted = users();
    wanted.push(put(
        "User/bad",
        &json!({ "password": "$6$rounds=1$salt$nonsense" }),
    ));
    let refused = world.admin().post("/", &transaction(&wanted));
    assert_eq!(refused.outcome(422), ["entry[8].resource.password"]);
    assert_eq!(world.kept(), before);
    world
        .myapp()
        .password("name0", PASSWORD)
        .refuse(400, "invalid_grant");
});

on_every_store!(clients_bring_their_hashes_too, |world| {
    // SHA-256 of "imported".
    let hash = "__sha256:5F54227B74FBBA7743C47CD286B4873F2E17331518D56FACFC03E34CDE4A0950";
    let client = json!({ "secret": hash, "grant_types": ["password"] });
    world.write(&[put("Client/there", &client), users()[0].clone()]);
    let there = world.client("there", Some("imported"));
    there.password("name0", PASSWORD).expect(200);
});
