//! `grantor move`: from SQLite to Postgres, with every token that lives.

use serde_json::json;

use crate::support::server::Process;
use crate::support::stores::Database;
use crate::support::{Setup, Store, Tokens, World, jwt};

/// Everything somebody may hold when the store moves.
struct Held {
    opaque: Tokens,
    spent: String,
    signed: Tokens,
    machine: Tokens,
    revoked: Tokens,
}

impl Held {
    fn by(world: &World) -> Self {
        let signed = json!({ "token_format": "jwt", "refresh_token": true });
        let myapp = world.myapp();
        let first = myapp.log_in("user");
        let opaque = Tokens::of(&myapp.refresh(&first.refresh));
        let machine = world.register(
            "machine",
            &json!({ "secret": "m", "grant_types": ["client_credentials"] }),
        );
        let revoked = myapp.log_in("user");
        myapp.revoke(&revoked.access).expect(200);
        Self {
            opaque,
            spent: first.refresh,
            signed: world
                .register_for_passwords("signed", &signed)
                .log_in("user"),
            machine: Tokens::of(&machine.credentials()),
            revoked,
        }
    }

    /// What lived lives, what was dead is dead, and everybody gets in with what they know.
    #[track_caller]
    fn are_accepted(&self, world: &World) {
        let (myapp, signed) = (world.myapp(), world.client("signed", Some("s")));
        for live in [&self.opaque.access, &self.opaque.refresh] {
            assert!(myapp.sees_active(live));
        }
        assert!(!myapp.sees_active(&self.revoked.access));
        assert!(signed.sees_active(&self.signed.access));
        jwt::verify(world, &self.signed.access, crate::support::settings::ISSUER).unwrap();
        let machine = world.client("machine", Some("m"));
        assert!(machine.sees_active(&self.machine.access));
        Tokens::of(&machine.credentials());
        myapp.log_in("user");
        Tokens::of(&signed.refresh(&self.signed.refresh));
        let refreshed = Tokens::of(&myapp.refresh(&self.opaque.refresh));
        assert!(myapp.sees_active(&refreshed.access));
        myapp.refresh(&self.spent).refuse(400, "invalid_grant");
        assert!(
            !myapp.sees_active(&refreshed.access),
            "reuse ends the session"
        );
    }
}

/// A server on SQLite that has stopped, what its clients hold, and an empty Postgres.
fn stopped() -> (Setup, Held, Database) {
    let world = Setup::on(Store::Sqlite).start();
    let held = Held::by(&world);
    let (_, setup) = world.terminate();
    let target = Database::make(Store::Postgres, setup.folder.path());
    (setup, held, target)
}

/// The same server on the target.
fn moved(setup: Setup, target: &Database) -> Setup {
    let key = setup.folder.path().join("grantor.db.key");
    let key = key.to_str().unwrap().to_owned();
    setup
        .set("database.url", &target.url())
        .set("database.migrate_on_start", "false")
        .set("keys.master_key_file", &key)
}

#[test]
fn after_it_every_token_secret_and_password_is_accepted() {
    let (setup, held, target) = stopped();
    let ran = setup.run(&["move", "--to", &target.url()]).ok();
    for told in ["session", "sha256", "the audit trail is whole", "moved."] {
        assert!(ran.stdout.contains(told), "{told}: {ran:?}");
    }
    let world = moved(setup, &target).start();
    held.are_accepted(&world);
    let events = world
        .admin()
        .get("/AuditEvent?type=store.moved")
        .expect(200);
    assert_eq!(events.json()["total"], 1);
    world.setup.run(&["audit", "verify"]).ok();
}

#[test]
fn a_dry_run_says_what_would_be_copied_and_copies_nothing() {
    let (setup, _, target) = stopped();
    let ran = setup
        .run(&["move", "--to", &target.url(), "--dry-run"])
        .ok();
    for told in [
        "would be migrated",
        "would copy session",
        "would copy signing_key",
    ] {
        assert!(ran.stdout.contains(told), "{told}: {ran:?}");
    }
    let tables = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'";
    assert_eq!(target.sql(tables), "0");
}

#[test]
fn while_a_server_has_the_store_open_it_is_refused() {
    let world = Setup::on(Store::Sqlite).start();
    let target = Database::make(Store::Postgres, world.setup.folder.path());
    let ran = world.setup.run(&["move", "--to", &target.url()]);
    ran.refused_saying(&["open", "stop the server"]);
    world.myapp().log_in("user");
}

#[test]
fn a_second_move_is_refused_and_changes_nothing() {
    let (setup, held, target) = stopped();
    setup.run(&["move", "--to", &target.url()]).ok();
    let again = setup.run(&["move", "--to", &target.url()]);
    again.refused_saying(&["not empty", "Nothing was written"]);
    held.are_accepted(&moved(setup, &target).start());
}

#[test]
fn under_another_master_key_it_does_not_end_and_nobody_serves() {
    let (setup, held, target) = stopped();
    let file = setup.file("url", &target.url(), 0o600);
    let to_file = ["move", "--to-file", file.to_str().unwrap()];
    let source = format!(
        "sqlite:{}",
        setup.folder.path().join("grantor.db").display()
    );
    let key = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=";
    let other = setup.set("keys.master_key", key);
    other.run(&to_file).refused_saying(&["another master key"]);
    let serving = moved(other.unset("keys.master_key"), &target);
    serving
        .run(&["serve"])
        .refused_saying(&["being moved here"]);
    let setup = serving.set("database.url", &source);
    let ran = setup.run(&to_file).ok();
    assert!(ran.stdout.contains("going on"), "{ran:?}");
    held.are_accepted(&moved(setup, &target).start());
}

/// Nobody gets by this: a move stands still in front of the first session.
const IN_THE_WAY: &str = "\
    CREATE FUNCTION stand_still() RETURNS trigger LANGUAGE plpgsql AS \
    $$ BEGIN PERFORM pg_sleep(600); RETURN NEW; END $$; \
    CREATE TRIGGER stand_still BEFORE INSERT ON session EXECUTE FUNCTION stand_still()";

#[test]
fn killed_in_the_middle_it_goes_on_where_it_stood() {
    let (setup, held, target) = stopped();
    let url = target.url();
    let source = format!(
        "sqlite:{}",
        setup.folder.path().join("grantor.db").display()
    );
    let setup = moved(setup, &target);
    setup.run(&["migrate"]).ok();
    target.sql(IN_THE_WAY);
    let setup = setup.set("database.url", &source);
    let log = setup.folder.path().join("move.log");
    let mut moving = Process::spawn(setup.command(&["move", "--to", &url, "--batch", "2"]), &log);
    let stands =
        "FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
    while target.sql(&format!("SELECT count(*) {stands}")) != "1" {}
    moving.signal("KILL");
    moving.wait();
    target.sql(&format!("SELECT pg_terminate_backend(pid) {stands}"));
    target.sql("DROP TRIGGER stand_still ON session; DROP FUNCTION stand_still");
    assert_ne!(
        target.sql("SELECT count(*) FROM client"),
        "0",
        "some of it is there"
    );
    assert_eq!(
        target.sql("SELECT count(*) FROM session"),
        "0",
        "not all of it"
    );
    let serving = setup.set("database.url", &url);
    serving
        .run(&["serve"])
        .refused_saying(&["being moved here"]);
    let setup = serving.set("database.url", &source);
    let ran = setup.run(&["move", "--to", &url]).ok();
    assert!(ran.stdout.contains("going on"), "{ran:?}");
    held.are_accepted(&moved(setup, &target).start());
}
