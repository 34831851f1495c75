//! What [`ResourceChanges`](grantor_domain::ports::ResourceChanges) owe.

#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a claim that does not hold panics"
)]

use grantor_domain::clients::Client;
use grantor_domain::ports::{Applied, Expect, ResourceChange};
use grantor_domain::users::{LoginName, User};

use super::Stores;
use super::samples::{after, client, event, user};

fn write_client(client: &Client, expect: Expect) -> ResourceChange {
    ResourceChange::Client(Box::new(client.clone()), expect)
}

fn write_user(user: &User, expect: Expect) -> ResourceChange {
    ResourceChange::User(Box::new(user.clone()), expect)
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
    assert_eq!(
        stores.resources.apply(&changes, &[event()]),
        Ok(Applied::Done)
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
    assert_eq!(stores.resources.apply(&changes, &[]), Ok(Applied::Done));
    let name = LoginName::parse("amy@example.com").unwrap();
    assert_eq!(stores.users.find_by_name(&name), Ok(Some(bob)));
}
