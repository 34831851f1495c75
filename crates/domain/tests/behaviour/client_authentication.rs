//! RFC 6749 §2.3: who proves itself, who may do without, and what all the others are told.

use grantor_domain::clients::{ClientSettings, PasswordSettings};
use grantor_domain::grants::TokenRequest;
use grantor_domain::reason::{ErrorCode, Reason};
use grantor_testkit::world::password_client;

use crate::ask::{from_client, login, refused, with_password, world};

#[test]
fn unknown_disabled_wrong_and_missing_are_one_refusal() {
    let world = world();
    let disabled = ClientSettings {
        active: false,
        ..password_client()
    };
    world.put_client("off", Some("offsecret"), disabled);
    let cases = [
        ("nobody", Some("x"), Reason::UnknownClient),
        ("nobody", None, Reason::UnknownClient),
        ("", Some("x"), Reason::UnknownClient),
        ("no\nbody", Some("x"), Reason::UnknownClient),
        ("myapp", Some("wrong"), Reason::WrongClientSecret),
        ("myapp", None, Reason::MissingClientSecret),
        ("off", Some("offsecret"), Reason::ClientDisabled),
    ];
    for (id, secret, expected) in cases {
        let reason = refused(world.server.token(&from_client(login(), id, secret)));
        assert_eq!(reason, expected, "{id}");
        assert_eq!(reason.code(), ErrorCode::InvalidClient);
        assert_eq!(reason.description(), "Client authentication failed");
    }
}

#[test]
fn a_request_without_a_client_is_refused() {
    let request = TokenRequest {
        client: None,
        ..login()
    };
    let reason = refused(world().server.token(&request));
    assert_eq!(reason, Reason::MissingClient);
    assert_eq!(reason.code(), ErrorCode::InvalidClient);
}

#[test]
fn a_public_client_names_itself() {
    let world = world();
    world.put_client("public", None, password_client());
    assert!(
        world
            .server
            .token(&from_client(login(), "public", None))
            .is_ok()
    );
}

#[test]
fn a_secret_is_refused_where_the_client_has_none() {
    let world = world();
    world.put_client("public", None, password_client());
    let reason = refused(
        world
            .server
            .token(&from_client(login(), "public", Some("guess"))),
    );
    assert_eq!(reason, Reason::WrongClientSecret);
}

#[test]
fn secret_required_false_lets_a_client_with_a_secret_do_without_it() {
    let world = world();
    let settings = with_password(PasswordSettings {
        secret_required: Some(false),
        ..PasswordSettings::default()
    });
    world.put_client("lenient", Some("s3cret"), settings);
    assert!(
        world
            .server
            .token(&from_client(login(), "lenient", None))
            .is_ok()
    );
    assert!(
        world
            .server
            .token(&from_client(login(), "lenient", Some("s3cret")))
            .is_ok()
    );
}

#[test]
fn a_wrong_secret_is_refused_even_where_none_is_needed() {
    let world = world();
    let settings = with_password(PasswordSettings {
        secret_required: Some(false),
        ..PasswordSettings::default()
    });
    world.put_client("lenient", Some("s3cret"), settings);
    let reason = refused(
        world
            .server
            .token(&from_client(login(), "lenient", Some("wrong"))),
    );
    assert_eq!(reason, Reason::WrongClientSecret);
}

#[test]
fn secret_required_true_demands_the_secret() {
    let world = world();
    let settings = with_password(PasswordSettings {
        secret_required: Some(true),
        ..PasswordSettings::default()
    });
    world.put_client("strict", Some("s3cret"), settings);
    let reason = refused(world.server.token(&from_client(login(), "strict", None)));
    assert_eq!(reason, Reason::MissingClientSecret);
    assert!(
        world
            .server
            .token(&from_client(login(), "strict", Some("s3cret")))
            .is_ok()
    );
}
