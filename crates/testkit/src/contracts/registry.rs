//! What every [`Registry`](grantor_domain::ports::Registry) owes when it is searched, and of its history.

#![expect(
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a claim that does not hold panics"
)]

use grantor_domain::id::UserId;
use grantor_domain::ports::{Expect, Page};
use grantor_domain::resources::{
    Filter, HistoryQuery, Lifecycle, ResourceQuery, ResourceSort, Test,
};
use grantor_domain::revision::{Stamp, Version};
use grantor_domain::users::User;
use grantor_domain::window::{Start, Total, Window};

use super::Stores;
use super::samples::{NOW, after, client, event, policy, role, user, user_id};

fn with_users(stores: &Stores) {
    for (place, id) in ["amy", "Bob", "carol"].into_iter().enumerate() {
        let mut user = user(id);
        user.stamp.created = after(u32::try_from(place).unwrap());
        user.stamp.updated = after(10 - u32::try_from(place).unwrap());
        user.settings.inactive = id == "Bob";
        if id == "carol" {
            user.settings.user_name = None;
            user.settings.names = vec!["Carol 100%_\\ sure".to_owned()];
            user.settings.roles = Vec::new();
        }
        stores.users.put(&user, Expect::Absent, &[]).unwrap();
    }
}

fn query() -> ResourceQuery {
    ResourceQuery::all(Window::first(100))
}

fn ids(page: &Page<User>) -> String {
    let ids: Vec<&str> = page.items.iter().map(|user| user.id.as_str()).collect();
    ids.join(" ")
}

fn check(stores: &Stores, parameter: &'static str, test: Test, expected: &str) {
    let filters = vec![Filter { parameter, test }];
    let page = stores.users.search(&ResourceQuery { filters, ..query() });
    assert_eq!(ids(&page.unwrap()), expected, "{parameter}");
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

/// In any case where that is asked for, and with nothing of a value's characters being special.
pub fn a_search_finds_by_each_test(stores: &Stores) {
    with_users(stores);
    check(
        stores,
        "userName",
        Test::Begins(words(&["AMY", "zoe"])),
        "amy",
    );
    check(stores, "userName", Test::Begins(words(&["name"])), "");
    check(
        stores,
        "userName",
        Test::Contains(words(&["-NAME"])),
        "Bob amy",
    );
    check(stores, "userName", Test::Is(words(&["amy-Name"])), "amy");
    check(stores, "userName", Test::Is(words(&["amy-name"])), "");
    check(
        stores,
        "userName",
        Test::IsNot(words(&["amy-Name"])),
        "Bob carol",
    );
    check(stores, "userName", Test::Missing(true), "carol");
    check(stores, "userName", Test::Missing(false), "Bob amy");
    check(stores, "inactive", Test::Is(words(&["true"])), "Bob");
    check(
        stores,
        "identifier",
        Test::Is(words(&["urn:x|1"])),
        "Bob amy carol",
    );
    check(stores, "name", Test::Contains(words(&["0%_\\"])), "carol");
    check(stores, "name", Test::Begins(words(&["Carol%"])), "");
    check(stores, "name", Test::Contains(words(&["_"])), "carol");
}

/// Thousands of ids may be asked for; what is absent or removed is left out.
pub fn many_are_found_at_once(stores: &Stores) {
    with_users(stores);
    let version = Stamp::first(NOW).version;
    stores
        .users
        .remove(&user_id("Bob"), version, after(11), &[])
        .unwrap();
    let mut wanted: Vec<UserId> = (0..1200).map(|n| user_id(&format!("u{n}"))).collect();
    wanted.extend(["Bob", "carol", "amy"].map(user_id));
    let found = stores.users.find_many(&wanted).unwrap();
    let mut names: Vec<&str> = found.iter().map(|user| user.id.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["amy", "carol"]);
    for user in found {
        assert_eq!(stores.users.find(&user.id), Ok(Some(user)));
    }
    assert_eq!(stores.users.find_many(&[]), Ok(Vec::new()));
}

/// All conditions must hold; ids and instants too.
pub fn conditions_narrow_one_another(stores: &Stores) {
    with_users(stores);
    let role = |test| Filter {
        parameter: "roleName",
        test,
    };
    let both = ResourceQuery {
        filters: vec![
            role(Test::Is(words(&["clerk"]))),
            Filter {
                parameter: "inactive",
                test: Test::Is(words(&["false"])),
            },
        ],
        ..query()
    };
    assert_eq!(ids(&stores.users.search(&both).unwrap()), "amy");
    let named = ResourceQuery {
        ids: words(&["amy", "carol", "nobody"]),
        updated: vec![(Some(after(8)), None), (None, Some(after(10)))],
        ..query()
    };
    assert_eq!(ids(&stores.users.search(&named).unwrap()), "carol");
}

/// Until it is taken away.
pub fn a_role_makes_its_user_found(stores: &Stores) {
    with_users(stores);
    let chief = role("r1", "carol", "chief");
    stores
        .roles
        .put(&chief, Expect::Absent, &[event()])
        .unwrap();
    check(stores, "roleName", Test::Is(words(&["chief"])), "carol");
    let mut moved = role("r1", "amy", "chief");
    moved.stamp = chief.stamp.touched(after(1));
    let expect = Expect::Version(chief.stamp.version);
    stores.roles.put(&moved, expect, &[]).unwrap();
    check(stores, "roleName", Test::Is(words(&["chief"])), "amy");
    assert_eq!(
        stores.roles.of_user(&user_id("amy")),
        Ok(vec![moved.clone()])
    );
    assert_eq!(stores.roles.of_user(&user_id("carol")), Ok(Vec::new()));
    let version = moved.stamp.version;
    stores
        .roles
        .remove(&moved.id, version, after(2), &[])
        .unwrap();
    check(stores, "roleName", Test::Is(words(&["chief"])), "");
    assert_eq!(stores.roles.of_user(&user_id("amy")), Ok(Vec::new()));
}

/// In both directions, by every key.
pub fn pages_follow_the_sort(stores: &Stores) {
    with_users(stores);
    let page = |sort, descending, start, count| {
        let window = Window {
            count,
            start,
            total: Total::Accurate,
        };
        let query = ResourceQuery {
            sort,
            descending,
            window,
            ..query()
        };
        let page = stores.users.search(&query).unwrap();
        assert_eq!(page.total, Some(3));
        (ids(&page), page.more)
    };
    let all = |sort, descending| page(sort, descending, Start::First, 10).0;
    assert_eq!(all(ResourceSort::Id, false), "Bob amy carol");
    assert_eq!(all(ResourceSort::Id, true), "carol amy Bob");
    assert_eq!(all(ResourceSort::Created, false), "amy Bob carol");
    assert_eq!(all(ResourceSort::LastUpdated, false), "carol Bob amy");
    for (sort, descending) in [
        (ResourceSort::Id, false),
        (ResourceSort::Id, true),
        (ResourceSort::Created, false),
        (ResourceSort::LastUpdated, true),
    ] {
        let order = all(sort, descending);
        let names: Vec<&str> = order.split(' ').collect();
        let at = |name| {
            let found = stores.users.find(&user_id(name)).unwrap().unwrap();
            sort.position(&found)
        };
        let expect = |start, count, expected: &[&str], more| {
            let found = page(sort, descending, start, count);
            assert_eq!(found, (expected.join(" "), more), "{sort:?}");
        };
        expect(Start::First, 2, &names[..2], true);
        expect(Start::After(at(names[0])), 1, &names[1..2], true);
        expect(Start::After(at(names[1])), 2, &names[2..], false);
        expect(Start::Before(at(names[2])), 1, &names[1..2], true);
        expect(Start::Before(at(names[1])), 2, &names[..1], false);
        expect(Start::Last, 2, &names[1..], true);
        expect(Start::Skip(1), 1, &names[1..2], true);
    }
}

/// The latest first, removals and returns included, and never a secret.
pub fn history_keeps_every_version_without_secrets(stores: &Stores) {
    let first = client("app");
    stores.clients.put(&first, Expect::Absent, &[]).unwrap();
    let mut second = first.clone();
    second.stamp = first.stamp.touched(after(1));
    second.settings.name = None;
    let expect = Expect::Version(first.stamp.version);
    stores.clients.put(&second, expect, &[]).unwrap();
    let version = second.stamp.version;
    stores
        .clients
        .remove(&first.id, version, after(2), &[])
        .unwrap();
    stores.clients.put(&first, Expect::Absent, &[]).unwrap();
    stores
        .clients
        .put(&client("other"), Expect::Absent, &[])
        .unwrap();

    let of_app = HistoryQuery {
        window: Window::first(10),
        ..HistoryQuery::latest(&first.id)
    };
    let page = stores.clients.history(&of_app).unwrap();
    let told: Vec<_> = page
        .items
        .iter()
        .map(|revision| (revision.stamp.version.get(), revision.lifecycle))
        .collect();
    let expected = [
        (4, Lifecycle::Created),
        (3, Lifecycle::Removed),
        (2, Lifecycle::Changed),
        (1, Lifecycle::Created),
    ];
    assert_eq!(told, expected);
    let oldest = page.items.last().unwrap();
    let mut known = first.clone();
    known.secret = None;
    known.secrets = Vec::new();
    assert_eq!(oldest.resource, Some(known));
    assert_eq!(page.items[1].resource, None);
    let one = HistoryQuery::version(&first.id, Version::FIRST);
    assert_eq!(
        stores.clients.history(&one).unwrap().items,
        std::slice::from_ref(oldest)
    );

    let of_all = HistoryQuery {
        id: None,
        since: Some(after(1)),
        ..of_app.clone()
    };
    let since = stores.clients.history(&of_all).unwrap();
    assert_eq!(since.items.len(), 2);
    let next = HistoryQuery {
        window: Window {
            start: Start::After(page.items[1].position()),
            ..Window::first(1)
        },
        ..of_app
    };
    let next = stores.clients.history(&next).unwrap();
    assert_eq!((next.items, next.more), (vec![page.items[2].clone()], true));

    a_user_is_kept_without_secrets(stores);
}

fn a_user_is_kept_without_secrets(stores: &Stores) {
    stores.users.put(&user("amy"), Expect::Absent, &[]).unwrap();
    let amy = HistoryQuery::latest(&user_id("amy"));
    let kept = stores
        .users
        .history(&amy)
        .unwrap()
        .items
        .remove(0)
        .resource
        .unwrap();
    let mut known = user("amy");
    (known.password, known.reset) = (None, None);
    assert_eq!(kept, known);
}

/// Whole, and all at once in order of id.
pub fn policies_come_back_whole(stores: &Stores) {
    assert_eq!(stores.policies.set_version(), Ok(None));
    for id in ["p2", "P1"] {
        let written = policy(id);
        stores
            .policies
            .put(&written, Expect::Absent, &[event()])
            .unwrap();
        assert_eq!(stores.policies.find(&written.id), Ok(Some(written)));
    }
    let (version, all) = stores.policies.all().unwrap();
    assert_eq!(stores.policies.set_version(), Ok(Some(version)));
    assert_eq!(all, [policy("P1"), policy("p2")]);
    let stale = stores.policies.put(&policy("p2"), Expect::Absent, &[]);
    assert!(stale.is_ok());
    assert_eq!(stores.policies.set_version(), Ok(Some(version)));
    let removed = &all[0];
    let at = removed.stamp.version;
    stores.policies.remove(&removed.id, at, NOW, &[]).unwrap();
    let (later, left) = stores.policies.all().unwrap();
    assert!(later > version);
    assert_eq!(left, [policy("p2")]);
}

/// Every member.
pub fn roles_come_back_whole(stores: &Stores) {
    let clerk = role("r1", "amy", "clerk");
    stores
        .roles
        .put(&clerk, Expect::Absent, &[event()])
        .unwrap();
    assert_eq!(stores.roles.find(&clerk.id), Ok(Some(clerk)));
}
