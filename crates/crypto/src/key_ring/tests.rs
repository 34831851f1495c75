use grantor_domain::id::{ClientId, SessionId, TokenId};
use grantor_domain::keys::KeyParameters;
use grantor_domain::ports::{MockSigningKeyStore, TokenSigner as _, VerifiedToken};
use grantor_domain::scope::Scope;
use grantor_domain::secret::TokenValue;
use grantor_domain::tokens::{Claims, TokenKind};

use super::*;
use crate::fakes::{CountingRandomness, MemoryKeys, SetClock};
use crate::jwt::Header;
use crate::master_key::MasterKey;

pub(crate) const LEAD: u32 = 100;
pub(crate) const LONGEST: u32 = 1000;

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_seconds(second)
}

pub(crate) fn settings(algorithm: SigningAlgorithm) -> KeyRingSettings {
    KeyRingSettings {
        algorithm,
        publish_lead: Lifetime::from_seconds(LEAD),
        longest_lifetime: Lifetime::from_seconds(LONGEST),
    }
}

pub(crate) fn master() -> MasterKey {
    MasterKey::from_bytes([9; 32])
}

/// A ring of ES256 keys on `store` whose time is `clock`'s.
pub(crate) fn open(
    store: Arc<dyn SigningKeyStore>,
    clock: &Arc<SetClock>,
) -> Result<KeyRing, KeyRingError> {
    let settings = settings(SigningAlgorithm::Es256);
    open_with(store, &master(), settings, clock)
}

fn open_with(
    store: Arc<dyn SigningKeyStore>,
    master: &MasterKey,
    settings: KeyRingSettings,
    clock: &Arc<SetClock>,
) -> Result<KeyRing, KeyRingError> {
    let clock = Arc::clone(clock) as Arc<dyn Clock>;
    KeyRing::open(
        store,
        &MasterKey::from_bytes(*master.as_bytes()).into(),
        settings,
        clock,
        Arc::new(CountingRandomness::default()),
    )
}

pub(crate) fn claims(issued: i64, expires: i64) -> Claims {
    Claims {
        issuer: "https://as.example".into(),
        subject: "user".into(),
        audience: vec!["https://api.example".into()],
        issued: at(issued),
        expires: at(expires),
        id: TokenId::parse("t-1").unwrap(),
        client: ClientId::parse("my app").unwrap(),
        scope: Scope::parse("read write").unwrap(),
        roles: vec!["clerk".into(), "nurse".into()],
        session: SessionId::parse("s-1").unwrap(),
        compat_cid: false,
    }
}

pub(crate) fn kid_of(token: &TokenValue) -> String {
    Header::read(token.expose()).unwrap().kid().to_owned()
}

fn payload_of(token: &TokenValue) -> String {
    use base64::Engine as _;
    let payload = token.expose().split('.').nth(1).unwrap();
    let json = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(payload)
        .unwrap();
    String::from_utf8(json).unwrap()
}

/// One sealed key as a ring makes it.
fn stored_key() -> SealedKey {
    let store = Arc::new(MemoryKeys::default());
    open(
        Arc::clone(&store) as Arc<dyn SigningKeyStore>,
        &Arc::default(),
    )
    .unwrap();
    store.all().unwrap().remove(0)
}

#[test]
fn every_algorithm_signs_and_verifies() {
    for algorithm in SigningAlgorithm::ALL {
        let settings = settings(algorithm);
        let store = Arc::new(MemoryKeys::default());
        let ring = open_with(store, &master(), settings, &Arc::default()).unwrap();
        for kind in [TokenKind::Access, TokenKind::Refresh] {
            let claims = claims(0, 60);
            let token = ring.sign(kind, &claims).unwrap();
            let verified = ring.verify(&token, at(59)).unwrap();
            assert_eq!(
                verified,
                Some(VerifiedToken { kind, claims }),
                "{algorithm:?}"
            );
        }
        let keys = ring.public_keys(at(0)).unwrap();
        assert_eq!(keys.len(), 1);
        assert_eq!((keys[0].algorithm, keys[0].kid.len()), (algorithm, 43));
        let lengths = match &keys[0].parameters {
            KeyParameters::Ec { crv, x, y } => (crv.as_str(), x.len(), y.len()),
            KeyParameters::Okp { crv, x } => (crv.as_str(), x.len(), 0),
            KeyParameters::Rsa { n, e } => (e.as_str(), n.len(), e.len()),
        };
        let expected = match algorithm {
            SigningAlgorithm::Es256 => ("P-256", 43, 43),
            SigningAlgorithm::EdDsa => ("Ed25519", 43, 0),
            SigningAlgorithm::Rs256 | SigningAlgorithm::Ps256 => ("AQAB", 342, 4),
        };
        assert_eq!(lengths, expected);
    }
}

#[test]
fn claims_are_written_as_rfc_9068_has_them() {
    let ring = open(Arc::new(MemoryKeys::default()), &Arc::default()).unwrap();
    let written = |claims: &Claims| payload_of(&ring.sign(TokenKind::Access, claims).unwrap());
    assert_eq!(
        written(&claims(10, 70)),
        r#"{"iss":"https://as.example","sub":"user","aud":"https://api.example","exp":70,"iat":10,"nbf":10,"jti":"t-1","client_id":"my app","scope":"read write","roles":["clerk","nurse"],"sid":"s-1"}"#
    );
    let other = Claims {
        audience: vec!["a".into(), "b".into()],
        scope: Scope::default(),
        roles: Vec::new(),
        compat_cid: true,
        ..claims(10, 70)
    };
    assert_eq!(
        written(&other),
        r#"{"iss":"https://as.example","sub":"user","aud":["a","b"],"exp":70,"iat":10,"nbf":10,"jti":"t-1","client_id":"my app","sid":"s-1","cid":"my app"}"#
    );
    let token = ring.sign(TokenKind::Access, &other).unwrap();
    assert_eq!(
        ring.verify(&token, at(10))
            .unwrap()
            .map(|token| token.claims),
        Some(other)
    );
}

#[test]
fn a_token_ends_by_the_callers_clock_without_leeway() {
    let ring = open(Arc::new(MemoryKeys::default()), &Arc::default()).unwrap();
    let token = ring.sign(TokenKind::Access, &claims(100, 160)).unwrap();
    let verifies = |now| ring.verify(&token, now).unwrap().is_some();
    assert!(verifies(at(100)));
    assert!(verifies(Timestamp::from_micros(159_999_999)));
    assert!(!verifies(at(160)));
}

#[test]
fn a_token_of_a_clock_that_is_ahead_is_good_at_once() {
    let ring = open(Arc::new(MemoryKeys::default()), &Arc::default()).unwrap();
    let token = ring.sign(TokenKind::Access, &claims(100, 160)).unwrap();
    assert!(ring.verify(&token, at(99)).unwrap().is_some());
    assert!(ring.verify(&token, at(-86_400)).unwrap().is_some());
}

#[test]
fn a_second_start_uses_the_first_key() {
    let store = Arc::new(MemoryKeys::default());
    let first = open(Arc::clone(&store) as _, &Arc::default()).unwrap();
    let token = first.sign(TokenKind::Access, &claims(0, 60)).unwrap();
    let second = open(store, &Arc::default()).unwrap();
    assert_eq!(first.lives(), second.lives());
    assert!(second.verify(&token, at(1)).unwrap().is_some());
}

#[test]
fn the_key_of_a_quicker_replica_is_the_first() {
    let theirs = stored_key();
    let kid = theirs.life.kid.clone();
    let mut store = MockSigningKeyStore::new();
    store.expect_all().times(1).returning(|| Ok(vec![]));
    store
        .expect_add_first()
        .times(1)
        .returning(|_, _| Ok(false));
    store
        .expect_all()
        .times(1)
        .returning(move || Ok(vec![theirs.clone()]));
    let ring = open(Arc::new(store), &Arc::default()).unwrap();
    assert_eq!(
        kid_of(&ring.sign(TokenKind::Access, &claims(0, 60)).unwrap()),
        kid
    );
}

#[test]
fn another_algorithm_in_the_settings_plans_one_rotation() {
    let store = Arc::new(MemoryKeys::default());
    let clock = Arc::new(SetClock::default());
    let ring = open(Arc::clone(&store) as _, &clock).unwrap();
    clock.set(50);
    for _start in 0..3 {
        let settings = settings(SigningAlgorithm::EdDsa);
        open_with(Arc::clone(&store) as _, &master(), settings, &clock).unwrap();
    }
    ring.reload().unwrap();
    let planned: Vec<_> = ring
        .lives()
        .iter()
        .map(|life| (life.algorithm, life.sign_from, life.ends))
        .collect();
    assert_eq!(
        planned,
        [
            (SigningAlgorithm::Es256, at(0), Some(at(1150))),
            (SigningAlgorithm::EdDsa, at(150), None),
        ]
    );
}

#[test]
fn a_store_without_a_published_key_gets_one_that_signs_at_once() {
    let store = Arc::new(MemoryKeys::default());
    let clock = Arc::new(SetClock::default());
    open(Arc::clone(&store) as _, &clock).unwrap();
    store.change(|keys| keys[0].life.ends = Some(at(10)));
    clock.set(10);
    let ring = open(store, &clock).unwrap();
    let token = ring.sign(TokenKind::Access, &claims(10, 60)).unwrap();
    assert!(ring.verify(&token, at(10)).unwrap().is_some());
}

#[test]
fn the_stored_form_does_not_contain_the_private_key() {
    let stored = stored_key();
    let name = seal_name(stored.life.algorithm, &stored.life.kid);
    let private = Sealer::new(&master())
        .unwrap()
        .open(&name, &stored.sealed)
        .unwrap();
    assert!(private.len() > 100);
    for part in private.windows(8) {
        assert!(!stored.sealed.windows(8).any(|window| window == part));
    }
}

#[test]
fn another_master_key_is_told_apart_from_an_altered_key() {
    let store = Arc::new(MemoryKeys::default());
    let clock = Arc::new(SetClock::default());
    let ring = open(Arc::clone(&store) as _, &clock).unwrap();
    let second = ring.rotate(false).unwrap();
    let settings = settings(SigningAlgorithm::Es256);

    let other = MasterKey::from_bytes([8; 32]);
    let refused = open_with(Arc::clone(&store) as _, &other, settings, &clock).err();
    assert_eq!(refused, Some(KeyRingError::WrongMasterKey));

    store.change(|keys| keys[1].sealed[20] ^= 1);
    let refused = open(Arc::clone(&store) as _, &clock).err();
    assert_eq!(refused, Some(KeyRingError::Altered { kid: second.kid }));
    assert!(ring.reload().is_err());
    assert_eq!(ring.lives().len(), 2, "a ring that runs keeps what it has");
}

#[test]
fn a_sealed_key_under_another_name_does_not_open() {
    let store = Arc::new(MemoryKeys::default());
    let clock = Arc::new(SetClock::default());
    open(Arc::clone(&store) as _, &clock)
        .unwrap()
        .rotate(false)
        .unwrap();
    store.change(|keys| keys[1].sealed = keys[0].sealed.clone());
    assert!(matches!(
        open(store, &clock),
        Err(KeyRingError::Altered { .. })
    ));
}

#[test]
fn a_key_that_another_replica_made_is_found() {
    let store = Arc::new(MemoryKeys::default());
    let clock = Arc::new(SetClock::default());
    let ours = open(Arc::clone(&store) as _, &clock).unwrap();
    let theirs = open(store, &clock).unwrap();
    clock.set(1);
    theirs.rotate(true).unwrap();
    let token = theirs.sign(TokenKind::Access, &claims(0, 60)).unwrap();
    assert!(ours.verify(&token, at(1)).unwrap().is_some());
    assert_eq!(ours.lives(), theirs.lives());
    assert_eq!(ours.public_keys(at(1)), theirs.public_keys(at(1)));
}

#[test]
fn unknown_keys_are_looked_for_once_a_second() {
    let foreign = open(Arc::new(MemoryKeys::default()), &Arc::default()).unwrap();
    let token = foreign.sign(TokenKind::Access, &claims(0, 60)).unwrap();
    let stored = stored_key();
    let mut store = MockSigningKeyStore::new();
    // Once to open, once at 1 s, once at 2 s.
    store
        .expect_all()
        .times(3)
        .returning(move || Ok(vec![stored.clone()]));
    let ring = open(Arc::new(store), &Arc::default()).unwrap();
    for micros in [1_000_000, 1_000_001, 1_999_999, 2_000_000, 2_500_000] {
        assert_eq!(
            ring.verify(&token, Timestamp::from_micros(micros)),
            Ok(None)
        );
    }
}

#[test]
fn while_the_store_is_away_an_unknown_key_is_not_known_to_be_foreign() {
    let foreign = open(Arc::new(MemoryKeys::default()), &Arc::default()).unwrap();
    let theirs = foreign.sign(TokenKind::Access, &claims(0, 60)).unwrap();
    let stored = stored_key();
    let mut store = MockSigningKeyStore::new();
    store
        .expect_all()
        .times(1)
        .returning(move || Ok(vec![stored.clone()]));
    let away = Fault::Unavailable("the store is away".into());
    let fault = away.clone();
    store
        .expect_all()
        .times(2)
        .returning(move || Err(fault.clone()));
    let ring = open(Arc::new(store), &Arc::default()).unwrap();
    let ours = ring.sign(TokenKind::Access, &claims(0, 60)).unwrap();
    assert_eq!(ring.verify(&theirs, at(1)), Err(away.clone()));
    assert_eq!(
        ring.verify(&theirs, at(1)),
        Err(away.clone()),
        "within the second"
    );
    assert_eq!(ring.reload(), Err(KeyRingError::Store(away)));
    assert!(
        ring.verify(&ours, at(1)).unwrap().is_some(),
        "known keys go on"
    );
}

#[test]
fn a_clock_set_back_does_not_stop_signing() {
    let store = Arc::new(MemoryKeys::default());
    let clock = Arc::new(SetClock::default());
    clock.set(10_000);
    let ring = open(store, &clock).unwrap();
    clock.set(5_000);
    let token = ring.sign(TokenKind::Access, &claims(5_000, 5_060)).unwrap();
    assert!(ring.verify(&token, at(5_000)).unwrap().is_some());
}

/// As the operator does it.
impl KeyRing {
    pub(crate) fn rotate(&self, immediately: bool) -> Result<KeyLife, KeyRingError> {
        let rotation = if immediately {
            Rotation::AtOnce
        } else {
            Rotation::Planned
        };
        self.add_successor(rotation, &Caller::operator())
    }

    pub(crate) fn retire(&self, kid: &str) -> Result<(), KeyRingError> {
        self.end(kid, &Caller::operator())
    }
}
