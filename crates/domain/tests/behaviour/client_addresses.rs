//! `allowed_ips`: from where a client may authenticate.

use std::net::IpAddr;

use grantor_domain::caller::Call;
use grantor_domain::clients::ClientSettings;
use grantor_domain::event::EventKind;
use grantor_domain::grants::{GrantType, TokenRequest};
use grantor_domain::origin::Origin;
use grantor_domain::reason::Reason;
use grantor_domain::tokens::CallerCredentials;
use grantor_testkit::World;
use grantor_testkit::world::password_client;

use crate::ask::{bearer, myapp, refused, world};

/// `myapp` from these networks only.
fn within(world: &World, networks: &[&str]) {
    let settings = ClientSettings {
        allowed_ips: networks.iter().map(|text| text.parse().unwrap()).collect(),
        grant_types: vec![GrantType::Password, GrantType::Basic],
        ..password_client()
    };
    world.put_client("myapp", Some("verysecret"), settings);
}

fn from(address: &str) -> Origin {
    Origin {
        address: address.parse::<IpAddr>().ok(),
        ..Origin::default()
    }
}

fn log_in(world: &World, origin: Origin) -> Result<(), Reason> {
    let request = TokenRequest {
        origin,
        ..crate::ask::login()
    };
    match world.server.token(&request) {
        Ok(_) => Ok(()),
        answer => Err(refused(answer)),
    }
}

const ELSEWHERE: Result<(), Reason> = Err(Reason::ClientAddressNotAllowed);

#[test]
fn a_client_asks_from_its_networks_only() {
    let world = world();
    within(&world, &["192.0.2.7/32", "10.0.0.0/8", "2001:db8::/32"]);
    for inside in ["192.0.2.7", "10.255.0.1", "::ffff:10.0.0.1", "2001:db8::9"] {
        assert_eq!(log_in(&world, from(inside)), Ok(()), "{inside}");
    }
    for outside in ["192.0.2.8", "11.0.0.1", "2001:db9::1", "::1", "unknown"] {
        assert_eq!(log_in(&world, from(outside)), ELSEWHERE, "{outside}");
    }
}

#[test]
fn a_client_that_lists_none_asks_from_everywhere() {
    let world = world();
    assert_eq!(log_in(&world, Origin::default()), Ok(()));
}

#[test]
fn everywhere_can_be_written_out() {
    let world = world();
    within(&world, &["0.0.0.0/0"]);
    assert_eq!(log_in(&world, from("203.0.113.9")), Ok(()));
    assert_eq!(log_in(&world, from("2001:db8::1")), ELSEWHERE);
}

#[test]
fn every_way_to_authenticate_is_refused_elsewhere() {
    let world = world();
    let token = world.log_in("user", "password").unwrap().access_token;
    within(&world, &["10.0.0.0/8"]);
    let call = Call {
        origin: from("192.0.2.1"),
        ..Call::default()
    };
    let shown = CallerCredentials::Basic(myapp());
    let server = &world.server;
    assert_eq!(
        refused(server.introspect(Some(&shown), &token, &call)),
        Reason::ClientAddressNotAllowed
    );
    assert_eq!(
        refused(server.identify(Some(&shown), &call)),
        Reason::ClientAddressNotAllowed
    );
    assert_eq!(
        refused(server.revoke(Some(&myapp()), &token, &call.origin)),
        Reason::ClientAddressNotAllowed
    );
}

#[test]
fn tokens_are_not_bound_to_an_address() {
    let world = world();
    let pair = world.log_in("user", "password").unwrap();
    within(&world, &["10.0.0.0/8"]);
    assert!(crate::ask::identify(&world, &bearer(&pair)).is_ok());
}

#[test]
fn a_wrong_secret_elsewhere_is_a_wrong_secret() {
    let world = world();
    within(&world, &["10.0.0.0/8"]);
    let request = crate::ask::from_client(crate::ask::login(), "myapp", Some("wrong"));
    assert_eq!(
        refused(world.server.token(&request)),
        Reason::WrongClientSecret
    );
}

#[test]
fn a_refusal_is_noted_with_its_reason() {
    let world = world();
    within(&world, &["10.0.0.0/8"]);
    assert_eq!(log_in(&world, from("192.0.2.1")), ELSEWHERE);
    let events = world.memory.events();
    let last = events.last().unwrap();
    assert_eq!(last.kind, EventKind::TokenRefused);
    assert_eq!(last.reason, Some(Reason::ClientAddressNotAllowed));
}
