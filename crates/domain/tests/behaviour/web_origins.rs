//! `allowed_origins`: whose pages may read answers.

use grantor_domain::caller::Caller;
use grantor_domain::clients::{ClientSettings, WebOrigin};
use grantor_domain::revision::Condition;
use grantor_testkit::World;
use grantor_testkit::world::password_client;

use crate::ask::{client_id, world};

const APP: &str = "https://app.example";

fn listing(origin: &str, active: bool) -> ClientSettings {
    ClientSettings {
        allowed_origins: vec![WebOrigin::parse(origin).unwrap()],
        active,
        ..password_client()
    }
}

fn is_allowed(world: &World, origin: &str) -> bool {
    world.server.is_allowed_origin(origin).unwrap()
}

#[test]
fn an_origin_is_allowed_once_a_client_lists_it() {
    let world = world();
    assert!(!is_allowed(&world, APP));
    world.put_client("spa", None, listing(APP, true));
    assert!(is_allowed(&world, APP));
    for other in [
        "https://app.example:444",
        "https://app.example.evil",
        "https://evil.app.example",
        "http://localhost",
        "HTTPS://APP.EXAMPLE",
        "https://app.example/",
        "null",
        "",
        "*",
    ] {
        assert!(!is_allowed(&world, other), "{other}");
    }
}

#[test]
fn a_client_that_is_off_or_removed_allows_nothing() {
    let world = world();
    world.put_client("spa", None, listing(APP, true));
    world.put_client("spa", None, listing(APP, false));
    assert!(!is_allowed(&world, APP));
    world.put_client("spa", None, listing(APP, true));
    world
        .server
        .remove(&Caller::operator(), &client_id("spa"), Condition::Any)
        .unwrap();
    assert!(!is_allowed(&world, APP));
}
