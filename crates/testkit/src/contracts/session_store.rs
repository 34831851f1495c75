//! What a [`SessionStore`](grantor_domain::ports::SessionStore) owes beside its search.

#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a claim that does not hold panics"
)]

use grantor_domain::clients::Client;
use grantor_domain::hour::Hour;
use grantor_domain::id::SessionId;
use grantor_domain::origin::Origin;
use grantor_domain::ports::{Change, Committed, Expect, Found, SessionKey, Standing, Written};
use grantor_domain::scope::Scope;
use grantor_domain::sessions::{Census, RefreshState, Session, SessionType, liveness};
use grantor_domain::time::Lifetime;
use grantor_domain::users::User;

use super::Stores;
use super::samples::{
    NOW, after, client, client_id, event, refreshed, session, session_id, token, user, user_id,
};

pub(super) fn with_owners(stores: &Stores) -> (Client, User) {
    let (client, user) = (client("app"), user("amy"));
    let written = stores.clients.put(&client, Expect::Absent, &[]);
    assert_eq!(written, Ok(Written::Done(client.stamp)));
    let written = stores.users.put(&user, Expect::Absent, &[]);
    assert_eq!(written, Ok(Written::Done(user.stamp)));
    (client, user)
}

pub(super) fn opened(stores: &Stores, id: &str) -> Session {
    let session = session(id);
    stores.sessions.open(&session, &[event()]).unwrap();
    session
}

pub(super) fn find(stores: &Stores, key: &SessionKey) -> Option<Found> {
    stores.sessions.find(key).unwrap()
}

pub(super) fn stored(stores: &Stores, id: &SessionId) -> Session {
    find(stores, &SessionKey::Id(id.clone())).unwrap().session
}

pub(super) fn knows_refresh_token(stores: &Stores, name: &str) -> bool {
    find(stores, &SessionKey::Refresh(token(name))).is_some()
}

/// By id, access token and refresh token, with every member and its owners' standing.
pub fn what_was_opened_is_found_by_each_of_its_keys(stores: &Stores) {
    let (client, user) = with_owners(stores);
    let session = opened(stores, "s1");
    opened(stores, "s2");
    let expected = Some(Found {
        session: session.clone(),
        client: Some(Standing {
            epoch: client.stamp.epoch,
            active: true,
            user_name: None,
        }),
        user: Some(Standing {
            epoch: user.stamp.epoch,
            active: true,
            user_name: Some("amy-Name".to_owned()),
        }),
    });
    assert_eq!(find(stores, &SessionKey::Id(session.id)), expected);
    assert_eq!(
        find(stores, &SessionKey::Access(token("access-s1"))),
        expected
    );
    assert_eq!(
        find(stores, &SessionKey::Refresh(token("refresh-s1"))),
        expected
    );
}

/// Without a user, refresh token, audience, scope or origin.
pub fn the_least_session_comes_back_whole(stores: &Stores) {
    with_owners(stores);
    let mut least = session("s1");
    least.kind = SessionType::ClientCredentials;
    least.user = None;
    least.refresh = None;
    least.audience = Vec::new();
    least.scope = Scope::default();
    least.access.scope = Scope::default();
    least.origin = Origin::default();
    stores.sessions.open(&least, &[]).unwrap();
    let found = find(stores, &SessionKey::Id(least.id.clone())).unwrap();
    assert_eq!((found.session, found.user), (least, None));
    assert!(found.client.is_some());
}

/// However a session was opened, it comes back so.
pub fn every_type_comes_back(stores: &Stores) {
    with_owners(stores);
    for (number, kind) in SessionType::ALL.into_iter().enumerate() {
        let mut session = session(&format!("s{number}"));
        session.kind = kind;
        stores.sessions.open(&session, &[]).unwrap();
        let found = find(stores, &SessionKey::Id(session.id.clone())).unwrap();
        assert_eq!(found.session.kind, kind);
    }
}

/// Nothing is found by what was never stored, nor by one kind of token in the place of another.
pub fn an_unknown_key_finds_nothing(stores: &Stores) {
    with_owners(stores);
    opened(stores, "s1");
    assert_eq!(find(stores, &SessionKey::Id(session_id("S1"))), None);
    assert_eq!(find(stores, &SessionKey::Access(token("refresh-s1"))), None);
    assert_eq!(find(stores, &SessionKey::Refresh(token("access-s1"))), None);
}

/// A client and user that the store does not have are `None`.
pub fn a_session_of_nobody_known_stands_on_nothing(stores: &Stores) {
    let session = opened(stores, "s1");
    let expected = Found {
        session: session.clone(),
        client: None,
        user: None,
    };
    assert_eq!(find(stores, &SessionKey::Id(session.id)), Some(expected));
}

/// The old access token finds nothing; every refresh token ever issued still finds the session.
pub fn a_commit_replaces_the_session_and_keeps_its_spent_tokens(stores: &Stores) {
    with_owners(stores);
    let first = opened(stores, "s1");
    let mut next = refreshed(&first, "new");
    next.access.scope = Scope::parse("write").unwrap();
    next.last_used = after(10);
    next.updated = after(11);
    let change = Change {
        session: next.clone(),
        seen: first.generation,
        minted: Some(token("refresh-new")),
    };
    let committed = stores.sessions.commit(&change, &[event(), event()]);
    assert_eq!(committed, Ok(Committed::Done));
    assert_eq!(find(stores, &SessionKey::Access(token("access-s1"))), None);
    for key in [
        SessionKey::Id(first.id),
        SessionKey::Access(token("access-new")),
        SessionKey::Refresh(token("refresh-s1")),
        SessionKey::Refresh(token("refresh-new")),
    ] {
        assert_eq!(
            find(stores, &key).map(|found| found.session),
            Some(next.clone())
        );
    }
    let closed = next.close(after(20));
    let change = Change {
        session: closed.clone(),
        seen: next.generation,
        minted: None,
    };
    assert_eq!(stores.sessions.commit(&change, &[]), Ok(Committed::Done));
    assert_eq!(stored(stores, &closed.id), closed);
}

/// Neither the session nor the refresh token it would have minted; an unknown session is stale too.
pub fn a_stale_commit_changes_nothing(stores: &Stores) {
    with_owners(stores);
    let first = opened(stores, "s1");
    let stale = Change {
        session: refreshed(&first, "new"),
        seen: first.generation.next(),
        minted: Some(token("refresh-new")),
    };
    assert_eq!(
        stores.sessions.commit(&stale, &[event()]),
        Ok(Committed::Stale)
    );
    assert_eq!(stored(stores, &first.id), first);
    assert!(!knows_refresh_token(stores, "refresh-new"));
    let unknown = session("s2");
    let change = Change {
        seen: unknown.generation,
        session: unknown.clone(),
        minted: unknown.refresh.map(|refresh| refresh.hash),
    };
    assert_eq!(
        stores.sessions.commit(&change, &[event()]),
        Ok(Committed::Stale)
    );
    assert!(!knows_refresh_token(stores, "refresh-s2"));
}

/// Switched off, in a later epoch, removed, and put again: what `find` says is what is.
pub fn standing_follows_the_client(stores: &Stores) {
    let (mut client, _) = with_owners(stores);
    let key = SessionKey::Id(opened(stores, "s1").id);
    let is_live = || liveness(&find(stores, &key).unwrap(), NOW).is_ok();
    assert!(is_live());
    let before = client.stamp;
    client.settings.active = false;
    client.stamp = before.touched(after(1));
    let written = stores
        .clients
        .put(&client, Expect::Version(before.version), &[]);
    assert_eq!(written, Ok(Written::Done(client.stamp)));
    let standing = find(stores, &key).unwrap().client.unwrap();
    assert!(!standing.active && !is_live());
    let before = client.stamp;
    client.settings.active = true;
    client.stamp = before.touched(after(2)).in_next_epoch();
    let written = stores
        .clients
        .put(&client, Expect::Version(before.version), &[]);
    assert_eq!(written, Ok(Written::Done(client.stamp)));
    let standing = find(stores, &key).unwrap().client.unwrap();
    assert_eq!(standing.epoch, client.stamp.epoch);
    assert!(!is_live());
    let version = client.stamp.version;
    stores
        .clients
        .remove(&client_id("app"), version, after(3), &[])
        .unwrap();
    assert_eq!(find(stores, &key).unwrap().client, None);
    client.stamp = grantor_domain::revision::Stamp::first(after(4));
    stores.clients.put(&client, Expect::Absent, &[]).unwrap();
    assert!(find(stores, &key).unwrap().client.is_some());
    assert!(
        !is_live(),
        "a client that came back brings no sessions back"
    );
}

/// As for the client.
pub fn standing_follows_the_user(stores: &Stores) {
    let (_, mut user) = with_owners(stores);
    let key = SessionKey::Id(opened(stores, "s1").id);
    let is_live = || liveness(&find(stores, &key).unwrap(), NOW).is_ok();
    assert!(is_live());
    let before = user.stamp;
    user.settings.inactive = true;
    user.settings.user_name = None;
    user.stamp = before.touched(after(1));
    let written = stores
        .users
        .put(&user, Expect::Version(before.version), &[]);
    assert_eq!(written, Ok(Written::Done(user.stamp)));
    let standing = find(stores, &key).unwrap().user.unwrap();
    assert_eq!((standing.active, standing.user_name), (false, None));
    assert!(!is_live());
    stores
        .users
        .remove(&user_id("amy"), user.stamp.version, after(3), &[])
        .unwrap();
    assert_eq!(find(stores, &key).unwrap().user, None);
    user.settings.inactive = false;
    user.stamp = grantor_domain::revision::Stamp::first(after(4));
    stores.users.put(&user, Expect::Absent, &[]).unwrap();
    assert!(find(stores, &key).unwrap().user.is_some());
    assert!(!is_live(), "a user that came back brings no sessions back");
}

/// What ends at or after the instant stays, closed or not.
pub fn reaping_forgets_what_ended_and_its_tokens(stores: &Stores) {
    with_owners(stores);
    for (id, expires) in [("over", 100), ("edge", 200), ("later", 300)] {
        let mut session = session(id);
        session.access.expires = after(10);
        session.refresh = session.refresh.map(|refresh| RefreshState {
            expires: after(expires),
            idle: None,
            ..refresh
        });
        stores.sessions.open(&session, &[]).unwrap();
    }
    let closed = session("closed").close(after(150));
    stores.sessions.open(&closed, &[]).unwrap();
    assert_eq!(stores.sessions.reap(after(200), 100), Ok(2));
    for (id, is_there) in [
        ("over", false),
        ("closed", false),
        ("edge", true),
        ("later", true),
    ] {
        let key = SessionKey::Id(session_id(id));
        assert_eq!(find(stores, &key).is_some(), is_there, "{id}");
        let name = format!("refresh-{id}");
        assert_eq!(knows_refresh_token(stores, &name), is_there, "{id}");
    }
}

/// And says how many it took.
pub fn reaping_takes_no_more_than_it_is_told(stores: &Stores) {
    with_owners(stores);
    for n in 0..5 {
        opened(stores, &format!("s{n}"));
    }
    let long_after = NOW.plus(Lifetime::from_days(900));
    let reaped: Vec<u32> = (0..4)
        .map(|_| stores.sessions.reap(long_after, 2).unwrap())
        .collect();
    assert_eq!(reaped, [2, 2, 1, 0]);
}

/// One an hour, found in order by their hours.
pub fn the_first_census_of_an_hour_is_kept(stores: &Stores) {
    let first = Hour::of(NOW);
    let census = |hours, live| Census {
        hour: first.plus(hours),
        live,
    };
    for taken in [census(2, 7), census(0, 5), census(0, 6), census(1, 0)] {
        stores.sessions.keep_census(&taken).unwrap();
    }
    let kept = |from, until| {
        let (from, until) = (first.plus(from), first.plus(until));
        stores.sessions.censuses(from, until).unwrap()
    };
    assert_eq!(kept(-9, 2), [census(0, 5), census(1, 0)]);
    assert_eq!(kept(2, 3), [census(2, 7)]);
    assert_eq!(kept(3, 9), []);
}
