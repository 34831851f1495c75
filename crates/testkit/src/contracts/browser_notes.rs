//! What [`BrowserNotes`](grantor_domain::ports::BrowserNotes) owe.

#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a claim that does not hold panics"
)]

use grantor_domain::ports::Change;
use grantor_domain::sessions::Session;

use super::Stores;
use super::samples::{NOW, after, session_id};
use super::session_store::opened;

fn notes(stores: &Stores, session: &Session) -> Option<Vec<u8>> {
    stores.notes.get(&session.id).unwrap()
}

/// Of every byte, and as many as there may be.
pub fn notes_are_kept_replaced_and_forgotten(stores: &Stores) {
    let session = opened(stores, "s1");
    assert_eq!(notes(stores, &session), None);
    let long: Vec<u8> = (0..=255).cycle().take(64 * 1024 + 28).collect();
    for sealed in [long.as_slice(), b"", b"short"] {
        assert_eq!(stores.notes.put(&session.id, sealed, NOW), Ok(true));
        assert_eq!(notes(stores, &session).as_deref(), Some(sealed));
    }
    for _ in 0..2 {
        stores.notes.remove(&session.id).unwrap();
        assert_eq!(notes(stores, &session), None);
    }
}

/// Replacing or forgetting one's notes leaves another's.
pub fn each_session_has_its_own(stores: &Stores) {
    let (one, another) = (opened(stores, "s1"), opened(stores, "s2"));
    stores.notes.put(&one.id, b"one", NOW).unwrap();
    stores.notes.put(&another.id, b"another", NOW).unwrap();
    stores.notes.remove(&one.id).unwrap();
    assert_eq!(notes(stores, &one), None);
    assert_eq!(notes(stores, &another).as_deref(), Some(&b"another"[..]));
}

/// Not even when it was there before.
pub fn nobody_keeps_notes_for_a_session_that_is_not_there(stores: &Stores) {
    let nobody = session_id("nobody");
    assert_eq!(stores.notes.put(&nobody, b"notes", NOW), Ok(false));
    assert_eq!(stores.notes.get(&nobody), Ok(None));
}

/// When it is reaped; until then, its end leaves them.
pub fn notes_go_with_their_session(stores: &Stores) {
    let over = opened(stores, "over").close(after(10));
    let open = opened(stores, "open");
    for session in [&over, &open] {
        stores.notes.put(&session.id, b"notes", NOW).unwrap();
    }
    let closed = Change {
        seen: open.generation,
        session: over.clone(),
        minted: None,
    };
    stores.sessions.commit(&closed, &[]).unwrap();
    stores.sessions.reap(after(20), 10).unwrap();
    assert_eq!(notes(stores, &over), None);
    assert!(notes(stores, &open).is_some());
}
