//! `grantor keys rewrap`: another master key, and everything goes on.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::bundles::link;
use crate::support::settings::ISSUER;
use crate::support::{Setup, World, jwt};

const OLD: &str = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=";
const NEW: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

/// Files with both keys, and settings with the old one.
fn with_old(setup: Setup) -> (Setup, PathBuf, PathBuf) {
    let old = setup.file("old.key", OLD, 0o600);
    let new = setup.file("new.key", NEW, 0o600);
    let setup = setup.unset("keys.master_key");
    let setup = setup.set("keys.master_key_file", old.to_str().unwrap());
    (setup, old, new)
}

/// A token that is signed, a link between two pages, and a sealed event.
struct Before {
    token: String,
    page: String,
}

impl Before {
    fn of(world: &World) -> Self {
        let signed = world.register_for_passwords("signed", &json!({ "token_format": "jwt" }));
        let token = signed.log_in("user").access;
        world.setup.run(&["audit", "verify"]).ok();
        let first = world.admin().get("/AuditEvent?_count=1").expect(200).json();
        Self {
            token,
            page: link(&first, "next").unwrap(),
        }
    }

    #[track_caller]
    fn goes_on(&self, world: &World) {
        jwt::verify(world, &self.token, ISSUER).unwrap();
        assert!(world.client("signed", Some("s")).sees_active(&self.token));
        world.admin().get(&self.page).expect(200);
        world.setup.run(&["audit", "verify"]).ok();
    }
}

on_every_store!(
    after_it_the_old_key_is_refused_and_with_the_new_one_all_goes_on,
    |setup: Setup| {
        let (setup, old, new) = with_old(setup);
        let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
        let world = setup.start();
        let before = Before::of(&world);
        let (_, setup) = world.terminate();
        let ran = setup
            .run(&["keys", "rewrap", "--new-master-key-file", new])
            .ok();
        assert!(ran.stdout.contains("1 signing key"), "{ran:?}");
        setup
            .run(&["serve"])
            .refused_saying(&["another master key"]);
        setup
            .run(&["audit", "verify"])
            .refused_saying(&["another master key"]);
        let world = setup.set("keys.master_key_file", new).start();
        before.goes_on(&world);
        let events = world.admin().get("/AuditEvent?type=keys.rewrapped");
        let event = &events.expect(200).json()["entry"][0]["resource"];
        assert_eq!(event["outcome"], Value::from("0"), "{event}");
        let again = world.setup.run(&["keys", "rewrap"]).ok();
        assert!(again.stdout.contains("nothing to do"), "{again:?}");
        assert_ne!(fs::read(old).unwrap(), fs::read(new).unwrap());
    }
);

on_every_store!(a_server_with_both_keys_works_through_it, |setup: Setup| {
    let (setup, old, new) = with_old(setup);
    let (_, setup) = setup.start().terminate();
    let world = setup
        .set("keys.previous_master_key_file", old.to_str().unwrap())
        .set("keys.master_key_file", new.to_str().unwrap())
        .set("sessions.reap_interval", "1")
        .start();
    let before = Before::of(&world);
    before.goes_on(&world);
    let ran = world.setup.run(&["keys", "rewrap"]).ok();
    assert!(ran.stdout.contains("sealed anew"), "{ran:?}");
    before.goes_on(&world);
    world.setup.run(&["keys", "rotate"]).ok();
    before.goes_on(&world);
    let world = world.restart(|setup| setup.unset("keys.previous_master_key_file"));
    before.goes_on(&world);
});

on_every_store!(
    another_key_than_the_stores_changes_nothing,
    |setup: Setup| {
        let (setup, old, new) = with_old(setup);
        let (_, setup) = setup.start().terminate();
        let setup = setup.set("keys.master_key_file", new.to_str().unwrap());
        let third = setup.file("third.key", &"0f".repeat(32), 0o600);
        let third = third.to_str().unwrap();
        let ran = setup.run(&["keys", "rewrap", "--new-master-key-file", third]);
        ran.refused_saying(&["another master key"]);
        let open = setup.file("open.key", NEW, 0o644);
        let ran = setup.run(&[
            "keys",
            "rewrap",
            "--new-master-key-file",
            open.to_str().unwrap(),
        ]);
        ran.refused_saying(&["chmod 600"]);
        setup
            .set("keys.master_key_file", old.to_str().unwrap())
            .start();
    }
);
