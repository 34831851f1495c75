//! The decision, row by row.

use crate::Reason;
use crate::clients::RefreshPolicy;
use crate::mocked::{refresh_token, session};
use crate::secret::TokenHash;

use super::{RefreshDecision, Session, Shown};

#[test]
fn a_live_token_rotates_or_stays_as_its_client_is_set() {
    let decide = |policy| Session::refresh(Shown::Current, policy);
    assert_eq!(decide(RefreshPolicy::Rotate), RefreshDecision::Rotate);
    assert_eq!(decide(RefreshPolicy::Static), RefreshDecision::Keep);
}

#[test]
fn a_previous_token_replaces_the_unused_pair() {
    for policy in [RefreshPolicy::Rotate, RefreshPolicy::Static] {
        let decision = Session::refresh(Shown::Previous, policy);
        assert_eq!(decision, RefreshDecision::Reissue);
    }
}

#[test]
fn a_spent_token_closes_the_family() {
    for policy in [RefreshPolicy::Rotate, RefreshPolicy::Static] {
        let decision = Session::refresh(Shown::Spent, policy);
        let closed = RefreshDecision::CloseFamily(Reason::RefreshTokenReused);
        assert_eq!(decision, closed);
    }
}

#[test]
fn a_previous_token_is_spent_once_the_pair_was_used() {
    let (now, unused) = (crate::mocked::NOW, session());
    let previous = TokenHash::of(&refresh_token(1));
    assert_eq!(unused.shown(&previous), Shown::Previous);
    let used = unused.confirm(now).unwrap();
    assert_eq!(used.shown(&previous), Shown::Spent);
    assert_eq!(
        used.shown(&TokenHash::of(&refresh_token(2))),
        Shown::Current
    );
    assert_eq!(used.generation, unused.generation.next());
    assert_eq!(used.confirm(now), None);
}
