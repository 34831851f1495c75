//! Every `auth.password.*` attribute has its effect.

use grantor_domain::clients::{ClientSettings, PasswordSettings, RefreshPolicy};
use grantor_domain::ports::Clock as _;
use grantor_domain::reason::{ErrorCode, Reason};
use grantor_domain::time::{Lifetime, Timestamp};
use grantor_domain::tokens::TokenFormat;

use crate::ask::{
    active, advance, for_audience, introspect_as, is_active, lives, login, other, refresh_of,
    refused, world_with,
};

fn refreshing() -> PasswordSettings {
    PasswordSettings {
        refresh_token: true,
        ..PasswordSettings::default()
    }
}

const fn seconds(seconds: u32) -> Lifetime {
    Lifetime::from_seconds(seconds)
}

#[test]
fn token_format_jwt_makes_a_jwt_access_token() {
    let world = world_with(PasswordSettings {
        token_format: TokenFormat::Jwt,
        ..refreshing()
    });
    let answer = world.log_in("user", "password").unwrap();
    let jwt = answer.access_token.clone();
    let verified = world
        .server
        .ports()
        .signer
        .verify(&jwt, world.clock.now())
        .unwrap()
        .unwrap();
    let token = active(&world, &jwt).unwrap();
    let claims = verified.claims;
    assert_eq!(verified.kind.jwt_type(), "at+jwt");
    assert_eq!(claims.issuer, "https://auth.example");
    assert_eq!(claims.audience, ["https://auth.example"]);
    assert_eq!(
        (claims.subject.as_str(), claims.client.as_str()),
        ("user", "myapp")
    );
    assert_eq!(
        (claims.id, claims.session),
        (token.session.access.id, token.session.id)
    );
    assert_eq!(claims.expires.since(claims.issued), answer.expires_in);
    assert!(refresh_of(&answer).expose().starts_with("grt_"));
    assert!(lives(&world, &answer));
}

#[test]
fn refresh_token_format_jwt_makes_a_refresh_token_no_resource_server_takes() {
    let world = world_with(PasswordSettings {
        refresh_token_format: TokenFormat::Jwt,
        audience: vec!["https://api.example".into()],
        ..refreshing()
    });
    let answer = world.log_in("user", "password").unwrap();
    let jwt = refresh_of(&answer);
    let verified = world
        .server
        .ports()
        .signer
        .verify(&jwt, world.clock.now())
        .unwrap()
        .unwrap();
    assert_eq!(verified.kind.jwt_type(), "rt+jwt");
    assert_eq!(verified.claims.audience, ["https://auth.example"]);
    let next = world.refresh(&jwt).unwrap();
    assert_ne!(refresh_of(&next).expose(), jwt.expose());
    assert!(lives(&world, &next));
    assert_eq!(refused(world.refresh(&jwt)), Reason::RefreshTokenReused);
}

#[test]
fn access_token_expiration_is_the_life_of_access_tokens() {
    let world = world_with(PasswordSettings {
        access_token_expiration: Some(seconds(60)),
        ..refreshing()
    });
    let answer = world.log_in("user", "password").unwrap();
    assert_eq!(answer.expires_in, Lifetime::from_seconds(60));
    advance(&world, 59);
    assert!(is_active(&world, &answer.access_token));
    advance(&world, 1);
    assert!(!is_active(&world, &answer.access_token));
    assert!(is_active(&world, &refresh_of(&answer)));
    assert_eq!(
        world
            .refresh(&refresh_of(&answer))
            .unwrap()
            .expires_in
            .as_seconds(),
        60
    );
}

#[test]
fn expires_in_is_exact_between_two_seconds() {
    let world = world_with(refreshing());
    world
        .clock
        .set(Timestamp::from_micros(1_767_225_600_900_000));
    let answer = world.log_in("user", "password").unwrap();
    let token = active(&world, &answer.access_token).unwrap();
    assert_eq!(token.issued.as_micros() % 1_000_000, 0);
    assert_eq!(token.expires.since(token.issued), answer.expires_in);
}

#[test]
fn refresh_token_false_issues_none() {
    let world = world_with(PasswordSettings::default());
    let answer = world.log_in("user", "password").unwrap();
    assert!(answer.refresh_token.is_none());
    assert!(is_active(&world, &answer.access_token));
}

#[test]
fn refresh_token_expiration_counts_from_the_first_issue() {
    let world = world_with(PasswordSettings {
        refresh_token_expiration: Some(seconds(100)),
        access_token_expiration: Some(seconds(10)),
        ..refreshing()
    });
    let first = world.log_in("user", "password").unwrap();
    advance(&world, 60);
    let second = world.refresh(&refresh_of(&first)).unwrap();
    advance(&world, 39);
    assert!(is_active(&world, &refresh_of(&second)));
    advance(&world, 1);
    assert!(!is_active(&world, &refresh_of(&second)));
    assert_eq!(
        refused(world.refresh(&refresh_of(&second))),
        Reason::SessionExpired
    );
}

#[test]
fn an_access_token_may_outlive_its_refresh_token() {
    let world = world_with(PasswordSettings {
        refresh_token_expiration: Some(seconds(100)),
        ..refreshing()
    });
    let answer = world.log_in("user", "password").unwrap();
    advance(&world, 100);
    let late = refused(world.refresh(&refresh_of(&answer)));
    assert_eq!(late, Reason::SessionExpired);
    assert!(is_active(&world, &answer.access_token));
}

#[test]
fn refresh_token_idle_slides_within_the_absolute_end() {
    let world = world_with(PasswordSettings {
        refresh_token_idle: Some(seconds(50)),
        refresh_token_expiration: Some(seconds(100)),
        access_token_expiration: Some(seconds(10)),
        ..refreshing()
    });
    let first = world.log_in("user", "password").unwrap();
    advance(&world, 40);
    let second = world.refresh(&refresh_of(&first)).unwrap();
    advance(&world, 40);
    let third = world.refresh(&refresh_of(&second)).unwrap();
    advance(&world, 20);
    assert_eq!(
        refused(world.refresh(&refresh_of(&third))),
        Reason::SessionExpired
    );

    let unused = world.log_in("user", "password").unwrap();
    advance(&world, 50);
    assert_eq!(
        refused(world.refresh(&refresh_of(&unused))),
        Reason::SessionExpired
    );
}

#[test]
fn audience_is_what_tokens_are_for() {
    let audience = vec![
        "https://a.example".to_owned(),
        "https://b.example".to_owned(),
    ];
    let world = world_with(PasswordSettings {
        audience: audience.clone(),
        ..refreshing()
    });
    let all = world.server.token(&login()).unwrap();
    assert_eq!(
        active(&world, &all.access_token).unwrap().audience,
        audience
    );
    let one = world
        .server
        .token(&for_audience(login(), &["https://b.example"]))
        .unwrap();
    assert_eq!(
        active(&world, &one.access_token).unwrap().audience,
        ["https://b.example"]
    );
    let next = world.refresh(&refresh_of(&one)).unwrap();
    assert_eq!(
        active(&world, &next.access_token).unwrap().audience,
        ["https://b.example"]
    );
    let reason = refused(
        world
            .server
            .token(&for_audience(login(), &["https://c.example"])),
    );
    assert_eq!(reason, Reason::AudienceNotAllowed);
    assert_eq!(reason.code(), ErrorCode::InvalidTarget);
}

#[test]
fn a_refresh_never_widens_the_audience() {
    let world = world_with(PasswordSettings {
        audience: vec!["https://a.example".into(), "https://b.example".into()],
        ..refreshing()
    });
    let one = world
        .server
        .token(&for_audience(login(), &["https://b.example"]))
        .unwrap();
    let refresh = crate::ask::refresh_grant(&refresh_of(&one));
    let request = for_audience(
        grantor_testkit::World::request(refresh),
        &["https://a.example"],
    );
    assert_eq!(
        refused(world.server.token(&request)),
        Reason::AudienceNotAllowed
    );
    assert!(world.refresh(&refresh_of(&one)).is_ok());
}

#[test]
fn a_refresh_narrows_the_audience_of_its_access_token_only() {
    let world = world_with(PasswordSettings {
        audience: vec!["https://a.example".into(), "other".into()],
        ..refreshing()
    });
    world.put_client("other", Some("othersecret"), ClientSettings::default());
    let wide = world.server.token(&login()).unwrap();
    assert!(introspect_as(&world, other(), &wide.access_token).is_some());
    let refresh = crate::ask::refresh_grant(&refresh_of(&wide));
    let request = for_audience(
        grantor_testkit::World::request(refresh),
        &["https://a.example"],
    );
    let narrow = world.server.token(&request).unwrap();
    let token = active(&world, &narrow.access_token).unwrap();
    assert_eq!(token.audience, ["https://a.example"]);
    assert_eq!(introspect_as(&world, other(), &narrow.access_token), None);
    let again = world.refresh(&refresh_of(&narrow)).unwrap();
    assert!(introspect_as(&world, other(), &again.access_token).is_some());
}

#[test]
fn refresh_policy_static_keeps_the_token() {
    let world = world_with(PasswordSettings {
        refresh_policy: RefreshPolicy::Static,
        ..refreshing()
    });
    let first = world.log_in("user", "password").unwrap();
    let second = world.refresh(&refresh_of(&first)).unwrap();
    let third = world.refresh(&refresh_of(&first)).unwrap();
    assert_eq!(refresh_of(&third).expose(), refresh_of(&first).expose());
    assert!(!is_active(&world, &first.access_token));
    assert!(!is_active(&world, &second.access_token));
    assert!(lives(&world, &third));
}

#[test]
fn userinfo_false_leaves_the_user_out() {
    let world = world_with(PasswordSettings {
        userinfo: false,
        ..refreshing()
    });
    assert!(world.log_in("user", "password").unwrap().userinfo.is_none());
}

#[test]
fn sunset_ends_the_grant_and_not_the_sessions() {
    let world = world_with(refreshing());
    let sunset = world.clock.now().plus(Lifetime::from_seconds(100));
    let settings = PasswordSettings {
        sunset: Some(sunset),
        ..refreshing()
    };
    world.put_client(
        "myapp",
        Some("verysecret"),
        crate::ask::with_password(settings),
    );
    advance(&world, 99);
    let answer = world.log_in("user", "password").unwrap();
    advance(&world, 1);
    let reason = refused(world.log_in("user", "password"));
    assert_eq!(reason, Reason::GrantTypeSunset);
    assert_eq!(reason.code(), ErrorCode::UnauthorizedClient);
    assert!(world.refresh(&refresh_of(&answer)).is_ok());
}
