//! What is asked of the store at every grant and every introspection, on an `SQLite` file of its own with durable
//! commits. `cargo bench --workspace --bench sessions`

#![expect(
    clippy::unwrap_used,
    reason = "what cannot be measured ends the program"
)]

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use divan::{Bencher, black_box};
use grantor_domain::ports::{Change, Expect, SessionKey};
use grantor_domain::sessions::Session;
use grantor_persistence::{DatabaseOptions, Persistence};
use grantor_testkit::contracts::samples::{
    NOW, client, client_id, event, refreshed, session, token, user,
};
use tempfile::TempDir;

/// Sessions there are before anything is measured.
const SESSIONS: u64 = 1000;

fn main() {
    divan::main();
}

/// A store with an owner, a client and some sessions.
struct Filled {
    persistence: Persistence,
    number: AtomicU64,
    _folder: TempDir,
}

impl Filled {
    fn make() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = DatabaseOptions {
            url: format!("sqlite:{}", folder.path().join("bench.db").display()),
            pool_size: 2,
            connection_timeout: Duration::from_secs(10),
        };
        let persistence = Persistence::connect(&options).unwrap();
        persistence.migrate(NOW).unwrap();
        let (client, user) = (client("app"), user("amy"));
        persistence
            .clients()
            .put(&client, Expect::Absent, &[])
            .unwrap();
        persistence.users().put(&user, Expect::Absent, &[]).unwrap();
        let filled = Self {
            persistence,
            number: AtomicU64::new(0),
            _folder: folder,
        };
        for _ in 0..SESSIONS {
            let next = filled.next();
            filled.open(&next);
        }
        filled
    }

    fn next(&self) -> Session {
        session(&format!("s{}", self.number.fetch_add(1, Ordering::Relaxed)))
    }

    fn open(&self, session: &Session) {
        self.persistence
            .sessions()
            .open(session, &[event()])
            .unwrap();
    }
}

#[divan::bench]
fn find_by_access_token(bencher: Bencher<'_, '_>) {
    let store = Filled::make();
    let (sessions, key) = (
        store.persistence.sessions(),
        SessionKey::Access(token("access-s7")),
    );
    bencher.bench(|| sessions.find(black_box(&key)));
}

#[divan::bench]
fn find_a_client(bencher: Bencher<'_, '_>) {
    let store = Filled::make();
    let (clients, id) = (store.persistence.clients(), client_id("app"));
    bencher.bench(|| clients.find(black_box(&id)));
}

#[divan::bench]
fn open_a_session(bencher: Bencher<'_, '_>) {
    let store = Filled::make();
    bencher
        .with_inputs(|| store.next())
        .bench_refs(|session| store.open(session));
}

/// Eight at once share a flush.
#[divan::bench(threads = 8)]
fn open_a_session_beside_others(bencher: Bencher<'_, '_>) {
    let store = Filled::make();
    bencher
        .with_inputs(|| store.next())
        .bench_refs(|session| store.open(session));
}

#[divan::bench]
fn refresh_a_session(bencher: Bencher<'_, '_>) {
    let store = Filled::make();
    let sessions = store.persistence.sessions();
    let opened = || {
        let session = store.next();
        store.open(&session);
        let name = format!("new-{}", session.id.as_str());
        let after = refreshed(&session, &name);
        Change {
            minted: after.refresh.as_ref().map(|refresh| refresh.hash),
            seen: session.generation,
            session: after,
        }
    };
    bencher
        .with_inputs(opened)
        .bench_refs(|change| sessions.commit(change, &[event()]));
}
