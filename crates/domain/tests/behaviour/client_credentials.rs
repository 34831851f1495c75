//! `grant_type=client_credentials`.

use grantor_domain::clients::{ClientCredentialsSettings, ClientSettings, PasswordSettings};
use grantor_domain::grants::{Grant, GrantType};
use grantor_domain::ports::Clock as _;
use grantor_domain::reason::{ErrorCode, Reason};
use grantor_domain::time::Lifetime;
use grantor_domain::tokens::TokenFormat;
use grantor_testkit::World;

use crate::ask::{asking_for, for_audience, from_client, introspect_as, refused, scoped, world};
use grantor_testkit::world::credentials;

fn batch() -> ClientSettings {
    ClientSettings {
        grant_types: vec![GrantType::ClientCredentials],
        client_credentials: ClientCredentialsSettings {
            audience: vec!["https://api.example".into()],
            access_token_expiration: Some(Lifetime::from_seconds(120)),
            ..ClientCredentialsSettings::default()
        },
        password: PasswordSettings {
            refresh_token: true,
            ..PasswordSettings::default()
        },
        ..scoped("read write", "read")
    }
}

fn request() -> grantor_domain::grants::TokenRequest {
    from_client(
        World::request(Grant::ClientCredentials),
        "batch",
        Some("s3cret"),
    )
}

fn world_with_batch() -> World {
    let world = world();
    world.put_client("batch", Some("s3cret"), batch());
    world
}

#[test]
fn a_client_gets_a_token_for_itself_and_nothing_else() {
    let world = world_with_batch();
    let answer = world.server.token(&asking_for(request(), "write")).unwrap();
    assert!(answer.refresh_token.is_none() && answer.userinfo.is_none());
    assert_eq!(answer.expires_in, Lifetime::from_seconds(120));
    assert_eq!(answer.scope.to_string(), "write");
    let shown = credentials("batch", Some("s3cret"));
    let token = introspect_as(&world, shown, &answer.access_token).unwrap();
    assert_eq!(token.subject(), "batch");
    assert_eq!((token.session.user, token.username), (None, None));
    assert_eq!(token.session.audience, ["https://api.example"]);
}

#[test]
fn its_format_and_audience_are_those_of_the_grant() {
    let world = world();
    let mut settings = batch();
    settings.client_credentials.token_format = TokenFormat::Jwt;
    world.put_client("batch", Some("s3cret"), settings);
    let answer = world.server.token(&request()).unwrap();
    let signer = &world.server.ports().signer;
    let verified = signer
        .verify(&answer.access_token, world.clock.now())
        .unwrap()
        .unwrap();
    assert_eq!(verified.claims.subject, "batch");
    assert_eq!(verified.claims.audience, ["https://api.example"]);
    let reason = refused(
        world
            .server
            .token(&for_audience(request(), &["https://c.example"])),
    );
    assert_eq!(reason, Reason::AudienceNotAllowed);
}

#[test]
fn a_client_that_only_named_itself_is_refused() {
    let world = world();
    let mut settings = batch();
    settings.password.secret_required = Some(false);
    world.put_client("batch", Some("s3cret"), settings);
    let named = from_client(request(), "batch", None);
    let reason = refused(world.server.token(&named));
    assert_eq!(reason, Reason::ConfidentialClientRequired);
    assert_eq!(reason.code(), ErrorCode::UnauthorizedClient);
    assert!(world.server.token(&request()).is_ok());
}

#[test]
fn a_client_without_the_grant_is_unauthorized() {
    let request = World::request(Grant::ClientCredentials);
    let reason = refused(world().server.token(&request));
    assert_eq!(reason, Reason::GrantTypeNotAllowed);
}

#[test]
fn a_scope_that_is_not_the_clients_is_refused() {
    let answer = world_with_batch()
        .server
        .token(&asking_for(request(), "admin"));
    assert_eq!(refused(answer), Reason::ScopeNotAllowed);
}
