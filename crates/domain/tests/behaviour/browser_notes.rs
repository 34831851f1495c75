//! What pages keep between two requests of a browser.

use grantor_domain::browser::{LONGEST_NOTES, SignIn, SignedIn};
use grantor_domain::origin::Origin;
use grantor_domain::ports::BrowserNotes as _;
use grantor_domain::secret::{Password, TokenValue};
use grantor_testkit::World;

use crate::ask::{advance, world};

fn signed_in(world: &World) -> SignedIn {
    let shown = SignIn {
        username: "user",
        password: &Password::new("password".to_owned()),
        origin: &Origin::default(),
        before: None,
    };
    world.server.sign_in(&shown).unwrap()
}

fn notes(world: &World, token: &TokenValue) -> Option<Vec<u8>> {
    world.server.notes(token).unwrap()
}

fn keep(world: &World, token: &TokenValue, notes: &[u8]) -> bool {
    world.server.keep_notes(token, notes).unwrap()
}

#[test]
fn what_was_kept_last_is_there() {
    let world = world();
    let (one, another) = (signed_in(&world), signed_in(&world));
    assert_eq!(notes(&world, &one.token), None);
    for text in ["first", "second"] {
        assert!(keep(&world, &one.token, text.as_bytes()));
        assert_eq!(notes(&world, &one.token).as_deref(), Some(text.as_bytes()));
    }
    assert_eq!(notes(&world, &another.token), None, "another browser's");
}

#[test]
fn notes_that_are_too_long_leave_those_before() {
    let world = world();
    let token = signed_in(&world).token;
    assert!(keep(&world, &token, &vec![1; LONGEST_NOTES]));
    assert!(!keep(&world, &token, &vec![2; LONGEST_NOTES + 1]));
    assert_eq!(notes(&world, &token), Some(vec![1; LONGEST_NOTES]));
}

#[test]
fn signing_out_forgets_them() {
    let world = world();
    let SignedIn { token, session } = signed_in(&world);
    keep(&world, &token, b"notes");
    world.server.sign_out(&token, &Origin::default()).unwrap();
    assert_eq!(world.memory.get(&session.id), Ok(None));
    assert_eq!(notes(&world, &token), None);
    assert!(!keep(&world, &token, b"notes"));
}

#[test]
fn nobody_reads_or_keeps_them_when_the_session_is_over() {
    let world = world();
    let token = signed_in(&world).token;
    keep(&world, &token, b"notes");
    advance(&world, 30 * 60);
    assert_eq!(notes(&world, &token), None);
    assert!(!keep(&world, &token, b"notes"));
}

#[test]
fn notes_of_another_token_do_not_open() {
    let world = world();
    let (one, another) = (signed_in(&world), signed_in(&world));
    keep(&world, &one.token, b"notes");
    let sealed = world.memory.get(&one.session.id).unwrap().unwrap();
    let moved = world
        .memory
        .put(&another.session.id, &sealed, one.session.start);
    assert_eq!(moved, Ok(true));
    assert_eq!(notes(&world, &another.token), None);
}

#[test]
fn an_access_token_keeps_none() {
    let world = world();
    let token = world.log_in("user", "password").unwrap().access_token;
    assert!(!keep(&world, &token, b"notes"));
    assert_eq!(notes(&world, &token), None);
}
