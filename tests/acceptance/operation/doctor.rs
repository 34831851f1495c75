//! The doctor names what is wrong, and nothing that is not.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use serde_json::Value;

use crate::support::settings::Ran;
use crate::support::{Setup, Store};

/// Everything the doctor can look at in every configuration.
const CHECKS: [&str; 12] = [
    "configuration",
    "issuer",
    "listener",
    "proxies",
    "operations",
    "files",
    "store",
    "durability",
    "schema",
    "keys",
    "clock",
    "audit",
];

/// What there is nothing to say against, if the store is in order.
fn healthy(store: Store) -> Setup {
    let setup = Setup::on(store);
    let bundle = setup.folder.path().join("bundle.yaml");
    fs::set_permissions(bundle, fs::Permissions::from_mode(0o600)).unwrap();
    setup.set("server.trusted_proxies", "127.0.0.1")
}

/// Whatever is not as it should be, as `check: state`. How full the disk of this machine is, is its own
/// affair.
fn found(ran: &Ran) -> Vec<String> {
    let report: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{ran:?}"));
    let findings = report["findings"].as_array().unwrap().iter();
    let bad = findings.filter(|finding| finding["state"] != "ok" && finding["check"] != "disk");
    let named = bad.map(|finding| {
        assert!(finding["remedy"].is_string(), "{finding}");
        let text = |member: &str| finding[member].as_str().unwrap().to_owned();
        format!("{}: {}", text("check"), text("state"))
    });
    let found: Vec<String> = named.collect();
    let is_error = found.iter().any(|one| one.ends_with("error"));
    assert_eq!(ran.code, Some(i32::from(is_error)), "{ran:?}");
    found
}

fn doctor(setup: &Setup) -> Ran {
    setup.run(&["doctor", "--json"])
}

#[test]
fn a_healthy_store_gives_nothing_to_do() {
    let world = healthy(Store::Sqlite).start();
    world.myapp().log_in("user");
    let ran = doctor(&world.setup);
    assert_eq!(found(&ran), [""; 0], "{ran:?}");
    for check in CHECKS {
        assert!(
            ran.stdout.contains(&format!("\"{check}\"")),
            "{check}: {ran:?}"
        );
    }
    let text = world.setup.run(&["doctor"]).ok().stdout;
    assert!(text.contains("errors: 0"), "{text}");
}

#[test]
fn a_postgres_that_can_lose_what_was_acknowledged_is_told() {
    let world = healthy(Store::Postgres).start();
    let is_off = |name: &str| world.setup.database.sql(&format!("SHOW {name}")) == "off";
    let off = ["fsync", "full_page_writes"].map(is_off);
    let off = off.iter().filter(|off| **off).count();
    let ran = doctor(&world.setup);
    assert_eq!(found(&ran), vec!["durability: error"; off], "{ran:?}");
    assert!(ran.stdout.contains("synchronous_commit is on"), "{ran:?}");
}

#[test]
fn a_setting_that_opens_a_door_is_told() {
    let (_, setup) = healthy(Store::Sqlite).start().terminate();
    let planted = [
        ("server.issuer", "http://auth.example.test", "issuer: error"),
        ("server.trusted_proxies", "0.0.0.0/0", "proxies: error"),
        ("server.ops_bind", "0.0.0.0:9090", "operations: warning"),
        ("server.ops_bind", "198.51.100.7:9090", "operations: error"),
        ("throttle.enabled", "false", "throttle: warning"),
        ("log.format", "xml", "configuration: error"),
    ];
    for (key, value, expected) in planted {
        let mut command = setup.command(&["doctor", "--json"]);
        let variable = format!("GRANTOR__{}", key.replace('.', "__").to_uppercase());
        let ran = Ran::from(command.env(variable, value).output().unwrap());
        assert_eq!(found(&ran), [expected], "{key}={value}: {ran:?}");
    }
    let setup = setup
        .unset("server.trusted_proxies")
        .unset("server.issuer")
        .set("server.bind", "0.0.0.0:8080");
    assert_eq!(
        found(&doctor(&setup)),
        ["issuer: error", "listener: warning"]
    );
}

/// A store on which a server has run, and the path of a file in its folder.
fn rested() -> (Setup, impl Fn(&str) -> PathBuf) {
    let (_, setup) = healthy(Store::Sqlite).start().terminate();
    let folder = setup.folder.path().to_owned();
    (setup, move |name: &str| folder.join(name))
}

#[test]
fn a_file_that_others_can_read_is_told() {
    let (setup, path) = rested();
    let exposed = fs::Permissions::from_mode(0o644);
    fs::set_permissions(path("grantor.db"), exposed.clone()).unwrap();
    assert_eq!(found(&doctor(&setup)), ["files: error"]);
    let private = fs::Permissions::from_mode(0o600);
    fs::set_permissions(path("grantor.db"), private).unwrap();
    fs::set_permissions(path("bundle.yaml"), exposed.clone()).unwrap();
    assert_eq!(found(&doctor(&setup)), ["files: warning"]);
    fs::set_permissions(path("grantor.db.key"), exposed).unwrap();
    let found = found(&doctor(&setup));
    assert_eq!(found, ["files: error", "files: warning", "keys: error"]);
}

#[test]
fn a_master_key_that_is_lost_or_another_is_told_and_none_is_made() {
    let (setup, path) = rested();
    fs::remove_file(path("grantor.db.key")).unwrap();
    assert_eq!(found(&doctor(&setup)), ["keys: error"]);
    assert!(!path("grantor.db.key").exists());
    let another = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=";
    setup.file("grantor.db.key", another, 0o600);
    assert_eq!(found(&doctor(&setup)), ["keys: error"]);
}

#[test]
fn a_store_that_is_not_there_or_damaged_is_told() {
    let (setup, path) = rested();
    let mut bytes = fs::read(path("grantor.db")).unwrap();
    bytes[16_384..].fill(0xff);
    fs::write(path("grantor.db"), bytes).unwrap();
    let ran = doctor(&setup);
    let found_in = found(&ran);
    let is_told = ["store: error", "durability: error"];
    assert!(is_told.contains(&found_in[0].as_str()), "{ran:?}");
    fs::remove_file(path("grantor.db")).unwrap();
    assert_eq!(found(&doctor(&setup)), ["store: error"]);
    assert!(!path("grantor.db").exists(), "it makes none");
    setup.file("grantor.db", "", 0o600);
    assert_eq!(found(&doctor(&setup)), ["schema: error"]);
}

#[test]
fn clocks_and_seals_that_lag_are_told() {
    let (_, setup) = healthy(Store::Postgres).start().terminate();
    let said_before = found(&doctor(&setup));
    let beyond = |setup: &Setup| {
        let mut found = found(&doctor(setup));
        found.retain(|one| !said_before.contains(one));
        found
    };
    setup.database.sql("UPDATE event SET at = at + 3600000000");
    assert_eq!(beyond(&setup), ["clock: error"]);
    setup
        .database
        .sql("UPDATE event SET at = at - 7200000000; DELETE FROM audit_link");
    assert_eq!(beyond(&setup), ["audit: warning"]);
    setup.database.sql(
        "INSERT INTO __diesel_schema_migrations (version, run_on) VALUES ('20990101000001', now())",
    );
    assert_eq!(beyond(&setup), ["schema: error"]);
}
