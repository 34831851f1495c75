//! Sessions: closing, reading, searching, forgetting.

use grantor_domain::caller::Caller;
use grantor_domain::hour::{Hour, Hours};
use grantor_domain::id::SessionId;
use grantor_domain::ports::Clock as _;
use grantor_domain::reason::Reason;
use grantor_domain::sessions::{
    DateField, SearchRequest, SessionSort, SessionState, SessionType, SortKey, TimeRange,
};
use grantor_domain::window::{Start, Total, Window};
use grantor_testkit::World;

use crate::ask::{
    advance, caller, client_id, is_active, lives, refresh_of, refused, session_of, user_id, world,
};

fn all() -> SearchRequest {
    SearchRequest {
        window: Window::first(100),
        ..SearchRequest::default()
    }
}

fn ids(world: &World, caller: &Caller, request: SearchRequest) -> Vec<SessionId> {
    let page = world.server.search_sessions(caller, request).unwrap();
    page.items
        .into_iter()
        .map(|found| found.session.id)
        .collect()
}

#[test]
fn a_token_closes_its_own_session_once() {
    let world = world();
    let answer = world.log_in("user", "password").unwrap();
    let others = world.log_in("user", "password").unwrap();
    let closed = world
        .server
        .close_own_session(&answer.access_token)
        .unwrap();
    assert_eq!(
        closed.session.state,
        SessionState::Closed {
            at: world.clock.now()
        }
    );
    assert!(!world.server.is_active(&closed));
    assert!(!lives(&world, &answer) && lives(&world, &others));
    let again = refused(world.server.close_own_session(&answer.access_token));
    assert_eq!(again, Reason::InvalidBearerToken);
}

#[test]
fn a_refresh_token_or_a_dead_token_closes_nothing() {
    let world = world();
    let answer = world.log_in("user", "password").unwrap();
    let by_refresh = refused(world.server.close_own_session(&refresh_of(&answer)));
    assert_eq!(by_refresh, Reason::InvalidBearerToken);
    advance(&world, 3600);
    let expired = refused(world.server.close_own_session(&answer.access_token));
    assert_eq!(expired, Reason::InvalidBearerToken);
    assert!(is_active(&world, &refresh_of(&answer)));
}

#[test]
fn closing_by_id_is_the_same_the_second_time() {
    let world = world();
    let answer = world.log_in("user", "password").unwrap();
    let id = session_of(&world, &answer.access_token);
    let operator = Caller::operator();
    let once = world.server.close_session(&operator, &id).unwrap().unwrap();
    advance(&world, 5);
    let twice = world.server.close_session(&operator, &id).unwrap().unwrap();
    assert_eq!(once.session, twice.session);
    assert!(!lives(&world, &answer));
    let unknown = SessionId::parse("unknown").unwrap();
    assert_eq!(world.server.close_session(&operator, &unknown), Ok(None));
}

#[test]
fn a_session_knows_how_and_from_where_it_was_opened() {
    let world = world();
    let answer = world.log_in("user", "password").unwrap();
    let id = session_of(&world, &answer.access_token);
    let found = world
        .server
        .read_session(&Caller::operator(), &id)
        .unwrap()
        .unwrap();
    let session = found.session;
    assert_eq!(session.kind, SessionType::Password);
    assert_eq!(session.start, world.clock.now());
    assert_eq!(session.origin.user_agent.as_deref(), Some("test"));
    assert_eq!(
        session.origin.address.map(|a| a.to_string()).as_deref(),
        Some("192.0.2.1")
    );
}

#[test]
fn a_refresh_moves_last_used_and_not_the_start() {
    let world = world();
    let answer = world.log_in("user", "password").unwrap();
    let (start, id) = (world.clock.now(), session_of(&world, &answer.access_token));
    advance(&world, 30);
    world.refresh(&refresh_of(&answer)).unwrap();
    let found = world
        .server
        .read_session(&Caller::operator(), &id)
        .unwrap()
        .unwrap();
    assert_eq!(found.session.start, start);
    assert_eq!(found.session.last_used, world.clock.now());
}

#[test]
fn an_administrator_searches_all_and_a_user_its_own() {
    let world = world();
    let user = caller(&world, "user", "password");
    world.log_in("user", "password").unwrap();
    world.log_in("amy", "amypass").unwrap();
    assert_eq!(ids(&world, &Caller::operator(), all()).len(), 3);
    assert_eq!(ids(&world, &user, all()).len(), 2);
    let amys = SearchRequest {
        users: vec![user_id("amy")],
        ..all()
    };
    assert!(ids(&world, &user, amys).is_empty());
}

#[test]
fn every_parameter_narrows_a_search() {
    let world = world();
    let first = world.log_in("user", "password").unwrap();
    let first_id = session_of(&world, &first.access_token);
    advance(&world, 10);
    let second = world.log_in("amy", "amypass").unwrap();
    let second_id = session_of(&world, &second.access_token);
    world.server.close_own_session(&first.access_token).unwrap();
    let now = world.clock.now();
    let range = |from, until| TimeRange {
        field: DateField::Start,
        from,
        until,
    };
    let request = |narrow: &dyn Fn(&mut SearchRequest)| {
        let mut request = all();
        narrow(&mut request);
        request
    };
    let (first, second) = (vec![first_id.clone()], vec![second_id]);
    let cases = [
        (request(&|r| r.ids = vec![first_id.clone()]), first.clone()),
        (request(&|r| r.users = vec![user_id("amy")]), second.clone()),
        (request(&|r| r.clients = vec![client_id("other")]), vec![]),
        (request(&|r| r.active = Some(true)), second.clone()),
        (request(&|r| r.active = Some(false)), first.clone()),
        (
            request(&|r| r.kinds = vec![SessionType::ClientCredentials]),
            vec![],
        ),
        (
            request(&|r| r.ranges = vec![range(Some(now), None)]),
            second,
        ),
        (request(&|r| r.ranges = vec![range(None, Some(now))]), first),
    ];
    for (request, expected) in cases {
        let asked = format!("{request:?}");
        let found = ids(&world, &Caller::operator(), request);
        assert_eq!(found, expected, "{asked}");
    }
}

#[test]
fn pages_follow_one_another_in_the_order_asked_for() {
    let world = world();
    for _ in 0..5 {
        world.log_in("user", "password").unwrap();
        advance(&world, 1);
    }
    let page = |skipped| SearchRequest {
        sort: vec![SessionSort {
            key: SortKey::Date(DateField::Start),
            descending: true,
        }],
        window: Window {
            count: 2,
            start: Start::Skip(skipped),
            total: Total::Accurate,
        },
        ..SearchRequest::default()
    };
    let search = |skipped| {
        world
            .server
            .search_sessions(&Caller::operator(), page(skipped))
            .unwrap()
    };
    let pages = [search(0), search(2), search(4)];
    assert_eq!(pages.each_ref().map(|page| page.more), [true, true, false]);
    assert!(pages.iter().all(|page| page.total == Some(5)));
    let starts: Vec<_> = pages
        .iter()
        .flat_map(|page| &page.items)
        .map(|found| found.session.start)
        .collect();
    assert_eq!(starts.len(), 5);
    assert!(starts.is_sorted_by(|a, b| a > b));
}

#[test]
fn ended_sessions_are_forgotten_after_their_retention_and_live_ones_never() {
    let world = world();
    let closed = world.log_in("user", "password").unwrap();
    world
        .server
        .close_own_session(&closed.access_token)
        .unwrap();
    advance(&world, 30 * 86_400);
    let live = world.log_in("user", "password").unwrap();
    assert_eq!(world.server.reap_sessions(10), Ok(0));
    advance(&world, 1);
    assert_eq!(world.server.reap_sessions(10), Ok(1));
    assert_eq!(world.memory.session_count(), 1);
    assert!(lives(&world, &live));
    assert_eq!(
        refused(world.refresh(&refresh_of(&closed))),
        Reason::UnknownRefreshToken
    );
}

#[test]
fn new_ids_are_valid_everywhere_and_sort_by_the_time_they_were_made_at() {
    let world = world();
    let ids: Vec<String> = (0..20)
        .map(|_| {
            advance(&world, 1);
            world.server.new_resource_id().unwrap()
        })
        .collect();
    assert!(ids.is_sorted_by(|a, b| a < b));
    assert!(ids.iter().all(|id| SessionId::parse(id).is_ok()));
}

#[test]
fn live_sessions_are_counted_once_an_hour() {
    let world = world();
    let admin = Caller::operator();
    let live = || {
        let request = SearchRequest {
            active: Some(true),
            ..all()
        };
        u64::try_from(ids(&world, &admin, request).len()).unwrap()
    };
    let first = Hour::of(world.clock.now());
    world.log_in("user", "password").unwrap();
    let then = live();
    let census = world.server.take_census().unwrap();
    assert_eq!((census.hour, census.live), (first, then));
    world.log_in("user", "password").unwrap();
    let again = world.server.take_census().unwrap();
    assert_eq!(again, census, "it is taken once an hour");
    advance(&world, 2 * 3600);
    world.log_in("user", "password").unwrap();
    let now = live();
    assert_ne!(now, then);
    world.server.take_census().unwrap();
    let counted = world.server.count_sessions(&admin, Hours::until_now(4));
    let counted = counted.unwrap();
    assert_eq!(
        (counted.first, counted.past),
        (first.plus(-1), first.plus(3))
    );
    assert_eq!(counted.live, [None, Some(then), None, Some(now)]);
}
