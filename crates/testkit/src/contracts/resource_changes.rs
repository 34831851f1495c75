//! What [`ResourceChanges`](grantor_domain::ports::ResourceChanges) owe.

#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a claim that does not hold panics"
)]

use grantor_domain::clients::Client;
use grantor_domain::ports::{Applied, ChangeOf, Expect, ResourceChange};
use grantor_domain::resources::{Filter, HistoryQuery, ResourceQuery, Test};
use grantor_domain::revision::Stamp;
use grantor_domain::users::{LoginName, User};
use grantor_domain::window::Window;

use super::Stores;
use super::samples::{NOW, after, client, event, policy, role, user};

fn write_client(client: &Client, expect: Expect) -> ResourceChange {
    ResourceChange::Client(ChangeOf::Put(Box::new(client.clone()), expect))
}

fn write_user(user: &User, expect: Expect) -> ResourceChange {
    ResourceChange::User(ChangeOf::Put(Box::new(user.clone()), expect))
}

/// A later change sees what an earlier one wrote.
pub fn all_changes_are_applied_in_order(stores: &Stores) {
    let (first, amy) = (client("app"), user("amy"));
    let mut second = first.clone();
    second.stamp = first.stamp.touched(after(1));
    second.settings.name = None;
    let changes = [
        write_client(&first, Expect::Absent),
        write_user(&amy, Expect::Absent),
        write_client(&second, Expect::Version(first.stamp.version)),
    ];
    let stamps = vec![Some(first.stamp), Some(amy.stamp), Some(second.stamp)];
    assert_eq!(
        stores.resources.apply(&changes, &[event()]),
        Ok(Applied::Done(stamps))
    );
    assert_eq!(stores.clients.find(&first.id), Ok(Some(second)));
    assert_eq!(stores.users.find(&amy.id), Ok(Some(amy)));
}

/// And it is named by its place.
pub fn a_stale_change_undoes_those_before_it(stores: &Stores) {
    let (app, amy) = (client("app"), user("amy"));
    let changes = [
        write_client(&app, Expect::Absent),
        write_user(&amy, Expect::Absent),
        write_client(&app, Expect::Absent),
    ];
    assert_eq!(
        stores.resources.apply(&changes, &[event()]),
        Ok(Applied::Stale(2))
    );
    assert_eq!(stores.clients.find(&app.id), Ok(None));
    assert_eq!(stores.users.find(&amy.id), Ok(None));
    let name = LoginName::parse("amy").unwrap();
    assert_eq!(stores.users.find_by_name(&name), Ok(None));
}

/// And it is named by its place.
pub fn a_taken_name_undoes_those_before_it(stores: &Stores) {
    let (app, amy, mut bob) = (client("app"), user("amy"), user("bob"));
    bob.settings.email = Some("amy".to_owned());
    let changes = [
        write_client(&app, Expect::Absent),
        write_user(&amy, Expect::Absent),
        write_user(&bob, Expect::Absent),
    ];
    assert_eq!(
        stores.resources.apply(&changes, &[event()]),
        Ok(Applied::NameTaken(2))
    );
    assert_eq!(stores.clients.find(&app.id), Ok(None));
    assert_eq!(stores.users.find(&amy.id), Ok(None));
}

/// From the one who gives it up to the one who takes it after.
pub fn a_name_can_move_within_a_bundle(stores: &Stores) {
    let amy = user("amy");
    stores.users.put(&amy, Expect::Absent, &[]).unwrap();
    let (mut renamed, mut bob) = (amy.clone(), user("bob"));
    renamed.stamp = amy.stamp.touched(after(1));
    renamed.settings.email = None;
    bob.settings.email.clone_from(&amy.settings.email);
    let changes = [
        write_user(&renamed, Expect::Version(amy.stamp.version)),
        write_user(&bob, Expect::Absent),
    ];
    let applied = stores.resources.apply(&changes, &[]);
    assert!(matches!(applied, Ok(Applied::Done(_))), "{applied:?}");
    let name = LoginName::parse("amy@example.com").unwrap();
    assert_eq!(stores.users.find_by_name(&name), Ok(Some(bob)));
}

/// With the stamps that were stored, and the version of the set of policies one further.
pub fn every_type_is_written_and_removed(stores: &Stores) {
    let (app, amy, clerk, rule) = (
        client("app"),
        user("amy"),
        role("r1", "amy", "clerk"),
        policy("p1"),
    );
    let put = [
        write_client(&app, Expect::Absent),
        write_user(&amy, Expect::Absent),
        ResourceChange::Role(ChangeOf::Put(Box::new(clerk.clone()), Expect::Absent)),
        ResourceChange::Policy(ChangeOf::Put(Box::new(rule.clone()), Expect::Absent)),
    ];
    stores.resources.apply(&put, &[event()]).unwrap();
    let set = stores.policies.set_version().unwrap();
    assert_eq!(stores.roles.find(&clerk.id), Ok(Some(clerk.clone())));
    assert_eq!(stores.policies.find(&rule.id), Ok(Some(rule.clone())));
    let version = Stamp::first(NOW).version;
    let remove = [
        ResourceChange::Client(ChangeOf::Remove(app.id.clone(), version, after(1))),
        ResourceChange::User(ChangeOf::Remove(amy.id.clone(), version, after(1))),
        ResourceChange::Role(ChangeOf::Remove(clerk.id.clone(), version, after(1))),
        ResourceChange::Policy(ChangeOf::Remove(rule.id.clone(), version, after(1))),
    ];
    assert_eq!(
        stores.resources.apply(&remove, &[event()]),
        Ok(Applied::Done(vec![None; 4]))
    );
    assert!(stores.policies.set_version().unwrap() > set);
    assert_eq!(stores.clients.find(&app.id), Ok(None));
    assert_eq!(stores.users.find(&amy.id), Ok(None));
    assert_eq!(stores.roles.find(&clerk.id), Ok(None));
    assert_eq!(stores.policies.find(&rule.id), Ok(None));
    let again = write_client(&app, Expect::Absent);
    let stamps = stores.resources.apply(&[again], &[]).unwrap();
    let kept = stores.clients.find(&app.id).unwrap().unwrap().stamp;
    assert_eq!(stamps, Applied::Done(vec![Some(kept)]));
    assert!(kept.version > version.next());
}

/// Thousands of new users at once are written like each of them alone.
pub fn many_new_users_are_written_like_one(stores: &Stores) {
    let many: Vec<User> = (0..300).map(|number| user(&format!("u{number}"))).collect();
    let changes: Vec<ResourceChange> = many
        .iter()
        .map(|user| write_user(user, Expect::Absent))
        .collect();
    let stamps: Vec<_> = many.iter().map(|user| Some(user.stamp)).collect();
    let applied = stores.resources.apply(&changes, &[event()]);
    assert_eq!(applied, Ok(Applied::Done(stamps)));
    for user in &many {
        assert_eq!(stores.users.find(&user.id), Ok(Some(user.clone())));
        let latest = stores.users.history(&HistoryQuery::latest(&user.id));
        assert_eq!(latest.unwrap().items.len(), 1);
    }
    let by_email = ResourceQuery {
        filters: vec![Filter {
            parameter: "email",
            test: Test::Is(vec!["u77@example.com".to_owned()]),
        }],
        ..ResourceQuery::all(Window::first(10))
    };
    assert_eq!(stores.users.search(&by_email).unwrap().items.len(), 1);
    // One of them is there already: nobody is written twice, and it is named.
    let mut more: Vec<ResourceChange> = (300..310)
        .map(|number| write_user(&user(&format!("u{number}")), Expect::Absent))
        .collect();
    more.push(write_user(&user("u5"), Expect::Absent));
    assert_eq!(stores.resources.apply(&more, &[]), Ok(Applied::Stale(10)));
    assert_eq!(stores.users.find(&user("u300").id), Ok(None));
    let mut thief = user("u400");
    thief.settings.email = Some("U7@example.com".to_owned());
    let taken = [
        write_user(&user("u399"), Expect::Absent),
        write_user(&thief, Expect::Absent),
    ];
    assert_eq!(
        stores.resources.apply(&taken, &[]),
        Ok(Applied::NameTaken(1))
    );
    assert_eq!(stores.users.find(&user("u399").id), Ok(None));
}

/// The first of the users who want one that another has; nobody is written.
pub fn a_taken_name_is_found_among_many(stores: &Stores) {
    stores.users.put(&user("amy"), Expect::Absent, &[]).unwrap();
    let mut many: Vec<User> = (0..700).map(|number| user(&format!("u{number}"))).collect();
    for (place, name) in [(620, "AMY@example.com"), (640, "amy")] {
        if let Some(thief) = many.get_mut(place) {
            thief.settings.email = Some(name.to_owned());
        }
    }
    let changes: Vec<ResourceChange> = many
        .iter()
        .map(|user| write_user(user, Expect::Absent))
        .collect();
    let applied = stores.resources.apply(&changes, &[event()]);
    assert_eq!(applied, Ok(Applied::NameTaken(620)));
    assert_eq!(stores.users.find(&user("u0").id), Ok(None));
}
