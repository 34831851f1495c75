use std::collections::HashSet;

use grantor_domain::ports::TokenSigner as _;
use grantor_domain::tokens::TokenKind;

use super::*;
use crate::fakes::{CountingRandomness, MemoryKeys, SetClock};
use crate::key_ring::tests::{at, claims, settings};
use crate::key_ring::{KeyRing, KeyRingSettings};
use grantor_domain::keys::SigningAlgorithm;

fn master(byte: u8) -> MasterKey {
    MasterKey::from_bytes([byte; 32])
}

fn under(number: u8) -> MasterKeys {
    master(number).into()
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(SetClock::default())
}

fn open(store: &Arc<MemoryKeys>, masters: &MasterKeys) -> Result<KeyRing, KeyRingError> {
    let settings: KeyRingSettings = settings(SigningAlgorithm::Es256);
    let randomness = Arc::new(CountingRandomness::default());
    KeyRing::open(
        Arc::clone(store) as _,
        masters,
        settings,
        clock(),
        randomness,
    )
}

fn change(store: &MemoryKeys, from: &MasterKeys, to: u8) -> Result<Option<usize>, KeyRingError> {
    let randomness: Arc<dyn Randomness> = Arc::new(CountingRandomness::default());
    rewrap(store, from, &master(to), &clock(), &randomness)
}

fn derived(store: &MemoryKeys, masters: &MasterKeys) -> [[u8; 32]; 4] {
    let keys = DerivedKeys::read(store, masters).unwrap();
    [
        keys.page_links,
        keys.audit_chain,
        keys.browser_notes,
        keys.budget_names,
    ]
}

#[test]
fn keys_derived_for_each_purpose_differ() {
    let keys = derived(&MemoryKeys::default(), &under(1));
    let different: HashSet<_> = keys.iter().collect();
    assert_eq!(different.len(), keys.len());
}

#[test]
fn after_it_the_next_master_key_opens_all_and_the_old_one_nothing() {
    let store = Arc::new(MemoryKeys::default());
    let ring = open(&store, &under(1)).unwrap();
    ring.rotate(false).unwrap();
    let token = ring.sign(TokenKind::Access, &claims(0, 60)).unwrap();
    let before = derived(&store, &under(1));
    assert_eq!(change(&store, &under(1), 2), Ok(Some(2)));
    assert_eq!(
        open(&store, &under(1)).err(),
        Some(KeyRingError::WrongMasterKey)
    );
    let read = DerivedKeys::read(&*store, &under(1));
    assert_eq!(read.err(), Some(KeyRingError::WrongMasterKey));
    let ring = open(&store, &under(2)).unwrap();
    assert!(ring.verify(&token, at(1)).unwrap().is_some());
    assert_eq!(derived(&store, &under(2)), before, "links and seals go on");
}

#[test]
fn it_is_done_once_and_can_be_done_again_with_another() {
    let store = Arc::new(MemoryKeys::default());
    open(&store, &under(1)).unwrap();
    let before = derived(&store, &under(1));
    assert_eq!(change(&store, &under(1), 2), Ok(Some(1)));
    assert_eq!(change(&store, &under(1), 2), Ok(None));
    assert_eq!(change(&store, &under(2), 3), Ok(Some(1)));
    assert_eq!(derived(&store, &under(3)), before);
    let told: Vec<_> = store.events().into_iter().map(|(name, _)| name).collect();
    assert_eq!(told, ["key.created", "keys.rewrapped", "keys.rewrapped"]);
}

#[test]
fn a_wrong_master_key_changes_nothing() {
    let store = Arc::new(MemoryKeys::default());
    open(&store, &under(1)).unwrap();
    let before = store.all().unwrap();
    assert_eq!(
        change(&store, &under(7), 2),
        Err(KeyRingError::WrongMasterKey)
    );
    assert_eq!(store.all().unwrap(), before);
}

#[test]
fn a_replica_with_both_keys_works_before_and_after_and_seals_as_the_store_does() {
    let store = Arc::new(MemoryKeys::default());
    open(&store, &under(1)).unwrap();
    let both = || MasterKeys::new(master(2), Some(master(1)));
    let ring = open(&store, &both()).unwrap();
    let before = derived(&store, &both());
    assert_eq!(
        before,
        derived(&store, &under(1)),
        "the old one is in force"
    );
    ring.rotate(false).unwrap();
    open(&store, &under(1)).expect("what it made opens where only the old key is known");
    assert_eq!(change(&store, &both(), 2), Ok(Some(2)));
    ring.reload().unwrap();
    assert_eq!(derived(&store, &both()), before);
    ring.rotate(false).unwrap();
    open(&store, &under(2)).expect("what it makes from now on opens under the new one");
}

#[test]
fn a_wrapped_key_that_was_altered_is_not_derived_again() {
    let store = Arc::new(MemoryKeys::default());
    open(&store, &under(1)).unwrap();
    change(&store, &under(1), 2).unwrap();
    store.change_wrapped(|keys| keys[1].sealed[20] ^= 1);
    let read = DerivedKeys::read(&*store, &under(2));
    assert!(
        matches!(read, Err(KeyRingError::Altered { .. })),
        "{read:?}"
    );
}
