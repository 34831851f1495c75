//! Tokens signed and verified with keys that are kept, and a password hashed with memory that is.
//! `cargo bench --workspace --bench signing`

#![expect(
    clippy::unwrap_used,
    reason = "what cannot be measured ends the program"
)]

use std::sync::Arc;
use std::time::Duration;

use divan::{Bencher, black_box};
use grantor_crypto::{
    HashPool, HashPoolOptions, KeyRing, KeyRingSettings, MasterKey, install_crypto_provider,
};
use grantor_domain::id::{ClientId, SessionId, TokenId};
use grantor_domain::keys::SigningAlgorithm;
use grantor_domain::ports::{PasswordHasher as _, TokenSigner as _};
use grantor_domain::scope::Scope;
use grantor_domain::secret::{Password, TokenHash, TokenValue};
use grantor_domain::time::{Lifetime, Timestamp};
use grantor_domain::tokens::{Claims, TokenKind};
use grantor_testkit::{ManualClock, Memory, SeededRandomness};

const ISSUED: Timestamp = Timestamp::from_seconds(1_000);

fn main() {
    install_crypto_provider();
    divan::main();
}

fn ring(algorithm: SigningAlgorithm) -> KeyRing {
    let settings = KeyRingSettings {
        algorithm,
        publish_lead: Lifetime::from_seconds(900),
        longest_lifetime: Lifetime::from_seconds(86_400),
    };
    KeyRing::open(
        Arc::new(Memory::default()),
        &MasterKey::from_bytes([9; 32]).into(),
        settings,
        Arc::new(ManualClock::default()),
        Arc::new(SeededRandomness::default()),
    )
    .unwrap()
}

fn claims() -> Claims {
    Claims {
        issuer: "https://as.example".into(),
        subject: "user".into(),
        audience: vec!["https://api.example".into()],
        issued: ISSUED,
        expires: ISSUED.plus(Lifetime::from_seconds(3600)),
        id: TokenId::parse("01930000-0000-7000-8000-000000000000").unwrap(),
        client: ClientId::parse("my-app").unwrap(),
        scope: Scope::parse("read write").unwrap(),
        roles: Vec::new(),
        session: SessionId::parse("01930000-0000-7000-8000-000000000001").unwrap(),
        compat_cid: false,
    }
}

#[divan::bench(args = SigningAlgorithm::ALL)]
fn sign(bencher: Bencher<'_, '_>, algorithm: SigningAlgorithm) {
    let (ring, claims) = (ring(algorithm), claims());
    bencher.bench(|| ring.sign(TokenKind::Access, black_box(&claims)));
}

#[divan::bench(args = SigningAlgorithm::ALL)]
fn verify(bencher: Bencher<'_, '_>, algorithm: SigningAlgorithm) {
    let ring = ring(algorithm);
    let token = ring.sign(TokenKind::Access, &claims()).unwrap();
    bencher.bench(|| ring.verify(black_box(&token), ISSUED));
}

#[divan::bench]
fn hash_of_an_opaque_token(bencher: Bencher<'_, '_>) {
    let token = TokenValue::new("grantor_at_".to_owned() + &"a".repeat(43));
    bencher.bench(|| TokenHash::of(black_box(&token)));
}

#[divan::bench]
fn argon2id_of_a_password(bencher: Bencher<'_, '_>) {
    let options = HashPoolOptions {
        m_cost: 19_456,
        t_cost: 2,
        p_cost: 1,
        threads: 1,
        queue: 8,
        max_wait: Duration::from_secs(10),
    };
    let pool = HashPool::start(&options, Arc::new(SeededRandomness::default())).unwrap();
    let password = Password::new("correct horse battery staple".to_owned());
    bencher.bench(|| pool.hash(black_box(&password)));
}
