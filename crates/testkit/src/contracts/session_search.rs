//! What a [`SessionStore`](grantor_domain::ports::SessionStore) owes when it is searched.

#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a claim that does not hold panics"
)]

use grantor_domain::ports::{Expect, Found, Page, SessionKey};
use grantor_domain::sessions::{
    Bond, DateField, Owner, SearchRequest, Session, SessionQuery, SessionSort, SessionState,
    SessionType, SortKey, TimeRange, liveness,
};
use grantor_domain::time::Timestamp;
use grantor_domain::window::{FEW, Start, Total, Window};

use super::Stores;
use super::samples::{NOW, after, client, client_id, session, session_id, user, user_id};

/// Sessions of two clients and two users, and how each differs from the sample.
fn with_sessions(stores: &Stores) {
    for id in ["app", "other"] {
        stores
            .clients
            .put(&client(id), Expect::Absent, &[])
            .unwrap();
    }
    for id in ["amy", "bob"] {
        stores.users.put(&user(id), Expect::Absent, &[]).unwrap();
    }
    open(stores, "s1", |session| session.start = after(30));
    open(stores, "s2", |session| session.start = after(10));
    open(stores, "s3", |session| {
        session.start = after(20);
        session.user = session.user.take().map(|bond| Bond {
            id: user_id("bob"),
            ..bond
        });
    });
    open(stores, "s4", |session| {
        session.start = after(20);
        session.client.id = client_id("other");
        session.kind = SessionType::ClientCredentials;
        session.user = None;
    });
}

fn open(stores: &Stores, id: &str, differs: impl FnOnce(&mut Session)) {
    let mut session = session(id);
    differs(&mut session);
    stores.sessions.open(&session, &[]).unwrap();
}

fn request() -> SearchRequest {
    SearchRequest {
        window: Window::first(100),
        ..SearchRequest::default()
    }
}

fn search_as(stores: &Stores, owner: Owner, request: SearchRequest) -> Page<Found> {
    let query = SessionQuery::new(owner, request, NOW);
    let page = stores.sessions.search(&query).unwrap();
    let count = stores.sessions.count(&query).unwrap();
    assert!(page.total.is_none_or(|total| total == count));
    page
}

fn ids(page: &Page<Found>) -> Vec<&str> {
    page.items
        .iter()
        .map(|found| found.session.id.as_str())
        .collect()
}

fn check(stores: &Stores, request: SearchRequest, expected: &[&str]) {
    let page = search_as(stores, Owner::Anyone, request);
    assert_eq!(ids(&page), expected);
}

/// Whatever it asks for.
pub fn a_user_reaches_only_its_own_sessions(stores: &Stores) {
    with_sessions(stores);
    let amy = || Owner::User(user_id("amy"));
    assert_eq!(ids(&search_as(stores, amy(), request())), ["s1", "s2"]);
    let of_bob = SearchRequest {
        users: vec![user_id("bob"), user_id("amy")],
        ids: vec![session_id("s2"), session_id("s3")],
        ..request()
    };
    assert_eq!(ids(&search_as(stores, amy(), of_bob)), ["s2"]);
    check(stores, request(), &["s1", "s2", "s3", "s4"]);
}

/// Every way to fall, alone: `active` splits the sessions exactly as the domain does.
pub fn active_is_what_liveness_says(stores: &Stores) {
    for id in ["app", "epoch", "off", "removed"] {
        let mut client = client(id);
        client.settings.active = id != "off";
        stores.clients.put(&client, Expect::Absent, &[]).unwrap();
        let mut user = user(id);
        user.settings.inactive = id == "off";
        stores.users.put(&user, Expect::Absent, &[]).unwrap();
        if id == "removed" {
            stores
                .clients
                .remove(&client.id, client.stamp.version, NOW, &[])
                .unwrap();
            stores
                .users
                .remove(&user.id, user.stamp.version, NOW, &[])
                .unwrap();
        }
    }
    for fallen in ["app", "epoch", "off", "removed", "never"] {
        open(stores, &format!("client-{fallen}"), |session| {
            session.client.id = client_id(fallen);
            session.user = None;
            if fallen == "epoch" {
                session.client.epoch = session.client.epoch.next();
            }
        });
        open(stores, &format!("user-{fallen}"), |session| {
            let bond = session.user.as_mut().unwrap();
            bond.id = user_id(fallen);
            if fallen == "epoch" {
                bond.epoch = bond.epoch.next();
            }
        });
    }
    open(stores, "closed", |session| {
        *session = session.close(after(1));
    });
    open(stores, "expired", |session| {
        session.access.expires = NOW;
        session.refresh = None;
    });
    open(stores, "idle", |session| {
        session.access.expires = NOW;
        session.last_used = Timestamp::from_seconds(1);
    });
    let all = search_as(stores, Owner::Anyone, request());
    assert_eq!(all.items.len(), 13);
    for active in [true, false] {
        let asked = SearchRequest {
            active: Some(active),
            ..request()
        };
        let expected: Vec<&str> = all
            .items
            .iter()
            .filter(|found| liveness(found, NOW).is_ok() == active)
            .map(|found| found.session.id.as_str())
            .collect();
        let page = search_as(stores, Owner::Anyone, asked);
        assert_eq!(ids(&page), expected, "active = {active}");
        assert_eq!(page.items.len(), if active { 2 } else { 11 });
    }
}

/// By id, user, client and type; each match is what `find` finds.
pub fn lists_are_any_of_and_members_are_and(stores: &Stores) {
    with_sessions(stores);
    let ids = ["s1", "s3", "gone"].map(session_id).to_vec();
    let of_ids = SearchRequest { ids, ..request() };
    check(stores, of_ids.clone(), &["s1", "s3"]);
    let users = vec![user_id("bob"), user_id("nobody")];
    check(
        stores,
        SearchRequest {
            users: users.clone(),
            ..request()
        },
        &["s3"],
    );
    check(
        stores,
        SearchRequest {
            users,
            ids: vec![session_id("s1")],
            ..request()
        },
        &[],
    );
    let clients = vec![client_id("other")];
    check(
        stores,
        SearchRequest {
            clients,
            ..request()
        },
        &["s4"],
    );
    let kinds = vec![SessionType::ClientCredentials];
    check(stores, SearchRequest { kinds, ..request() }, &["s4"]);
    for found in search_as(stores, Owner::Anyone, of_ids).items {
        let key = SessionKey::Id(found.session.id.clone());
        assert_eq!(stores.sessions.find(&key).unwrap(), Some(found));
    }
}

/// On each date, and all ranges hold at once.
pub fn ranges_include_their_beginning_and_not_their_end(stores: &Stores) {
    with_sessions(stores);
    let range = |field, from, until| TimeRange { field, from, until };
    let within = |ranges| SearchRequest {
        ranges,
        ..request()
    };
    let start = |from, until| range(DateField::Start, from, until);
    check(
        stores,
        within(vec![start(Some(after(20)), Some(after(30)))]),
        &["s3", "s4"],
    );
    check(
        stores,
        within(vec![start(Some(after(20)), None)]),
        &["s1", "s3", "s4"],
    );
    let both = vec![start(Some(after(20)), None), start(None, Some(after(30)))];
    check(stores, within(both), &["s3", "s4"]);
    open(stores, "s5", |session| {
        session.access.expires = after(7);
        session.updated = after(8);
    });
    check(
        stores,
        within(vec![range(DateField::Exp, None, Some(after(8)))]),
        &["s5"],
    );
    check(
        stores,
        within(vec![range(DateField::LastUpdated, Some(after(8)), None)]),
        &["s5"],
    );
}

/// Up and down, in pages that neither overlap nor leave anything out.
pub fn pages_follow_the_sort_and_break_ties_by_id(stores: &Stores) {
    with_sessions(stores);
    let by = |key, descending| vec![SessionSort { key, descending }];
    let by_start = |descending| by(SortKey::Date(DateField::Start), descending);
    let sorted = |sort| SearchRequest { sort, ..request() };
    check(stores, sorted(by_start(false)), &["s2", "s3", "s4", "s1"]);
    check(stores, sorted(by_start(true)), &["s1", "s3", "s4", "s2"]);
    check(
        stores,
        sorted(by(SortKey::Id, true)),
        &["s4", "s3", "s2", "s1"],
    );
    let two_keys = [by_start(true), by(SortKey::Id, true)].concat();
    check(stores, sorted(two_keys), &["s1", "s4", "s3", "s2"]);
    for field in [DateField::Exp, DateField::LastUpdated] {
        check(
            stores,
            sorted(by(SortKey::Date(field), true)),
            &["s1", "s2", "s3", "s4"],
        );
    }
    let page = |start, count| {
        let window = Window {
            start,
            ..Window::first(count)
        };
        let asked = SearchRequest {
            window,
            ..sorted(by_start(false))
        };
        let page = search_as(stores, Owner::Anyone, asked);
        let ids: Vec<String> = ids(&page).into_iter().map(str::to_owned).collect();
        (ids.join(" "), page.more)
    };
    let at = |id: &str| {
        let key = SessionKey::Id(session_id(id));
        let session = stores.sessions.find(&key).unwrap().unwrap().session;
        session.position(&by_start(false))
    };
    assert_eq!(page(Start::First, 3), ("s2 s3 s4".to_owned(), true));
    assert_eq!(page(Start::Skip(3), 3), ("s1".to_owned(), false));
    assert_eq!(page(Start::Skip(2), 2), ("s4 s1".to_owned(), false));
    assert_eq!(page(Start::First, 0), (String::new(), false));
    assert_eq!(page(Start::Skip(u32::MAX), 2), (String::new(), false));
    assert_eq!(page(Start::After(at("s3")), 1), ("s4".to_owned(), true));
    assert_eq!(page(Start::After(at("s3")), 2), ("s4 s1".to_owned(), false));
    assert_eq!(page(Start::Before(at("s4")), 1), ("s3".to_owned(), true));
    assert_eq!(
        page(Start::Before(at("s4")), 2),
        ("s2 s3".to_owned(), false)
    );
    assert_eq!(page(Start::Last, 3), ("s3 s4 s1".to_owned(), true));
    // Ids sort byte by byte, wherever the database would sort words otherwise.
    for id in ["a", "B", "b-1", "b1"] {
        open(stores, id, |session| {
            session.kind = SessionType::ClientCredentials;
        });
    }
    let kinds = vec![SessionType::ClientCredentials];
    check(
        stores,
        SearchRequest { kinds, ..request() },
        &["B", "a", "b-1", "b1", "s4"],
    );
}

/// The total too; it is absent when it is not asked for.
pub fn a_count_ignores_the_page(stores: &Stores) {
    with_sessions(stores);
    let asked = |total| SearchRequest {
        window: Window {
            start: Start::Skip(3),
            total,
            count: 1,
        },
        ..SearchRequest::default()
    };
    let total = |total| search_as(stores, Owner::Anyone, asked(total)).total;
    assert_eq!(total(Total::Accurate), Some(4));
    assert_eq!(total(Total::IfFew), Some(4));
    assert_eq!(total(Total::None), None);
    let query = SessionQuery::of_user(user_id("amy"), NOW);
    assert_eq!(stores.sessions.count(&query), Ok(2));
}

/// Whether few live or many, a page of them is in the order asked for and has none that does not.
pub fn a_page_of_many_live_sessions_is_as_one_of_few(stores: &Stores) {
    with_sessions(stores);
    let request = SearchRequest {
        active: Some(true),
        sort: vec![SessionSort {
            key: SortKey::Id,
            descending: true,
        }],
        window: Window::first(12),
        ..SearchRequest::default()
    };
    let is_live = |number: &u64| number % 10 != 9;
    let id = |number| format!("t{number:06}");
    for opened in [0..FEW / 2, FEW / 2..FEW + FEW / 5] {
        for number in opened.clone() {
            open(stores, &id(number), |session| {
                if !is_live(&number) {
                    session.state = SessionState::Closed { at: NOW };
                }
            });
        }
        let newest: Vec<String> = opened.rev().filter(is_live).take(12).map(id).collect();
        let newest: Vec<&str> = newest.iter().map(String::as_str).collect();
        check(stores, request.clone(), &newest);
    }
    let page = search_as(stores, Owner::Anyone, request);
    assert_eq!((page.total, page.more), (None, true));
}
