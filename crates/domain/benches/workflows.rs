//! Whole workflows over adapters in memory with toy hashes and signatures: what the rules themselves cost.
//! `cargo bench --workspace --bench workflows`

#![expect(
    clippy::unwrap_used,
    reason = "what cannot be measured ends the program"
)]

use divan::{Bencher, black_box};
use grantor_domain::caller::Call;
use grantor_domain::grants::{Grant, GrantType, TokenRequest};
use grantor_domain::tokens::CallerCredentials;
use grantor_testkit::World;
use grantor_testkit::world::{credentials, password_client};

fn main() {
    divan::main();
}

fn world() -> World {
    let world = World::default();
    let mut settings = password_client();
    settings.grant_types.push(GrantType::ClientCredentials);
    world.put_client("machine", Some("verysecret"), settings);
    world
}

fn from_machine() -> TokenRequest {
    TokenRequest {
        client: Some(credentials("machine", Some("verysecret"))),
        ..World::request(Grant::ClientCredentials)
    }
}

#[divan::bench]
fn client_credentials(bencher: Bencher<'_, '_>) {
    let world = world();
    bencher
        .with_inputs(from_machine)
        .bench_values(|request| world.server.token(&request));
}

#[divan::bench]
fn password_grant(bencher: Bencher<'_, '_>) {
    let world = world();
    bencher.bench(|| world.log_in(black_box("user"), black_box("password")));
}

#[divan::bench]
fn refresh(bencher: Bencher<'_, '_>) {
    let world = world();
    let opened = || {
        let answer = world.log_in("user", "password").unwrap();
        answer.refresh_token.unwrap()
    };
    bencher
        .with_inputs(opened)
        .bench_refs(|token| world.refresh(token));
}

#[divan::bench]
fn introspection(bencher: Bencher<'_, '_>) {
    let world = world();
    let token = world.log_in("user", "password").unwrap().access_token;
    let asker = CallerCredentials::Basic(credentials("myapp", Some("verysecret")));
    bencher.bench(|| {
        world
            .server
            .introspect(Some(black_box(&asker)), black_box(&token), &Call::default())
    });
}
