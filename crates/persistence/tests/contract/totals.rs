//! Matches are counted when they are few, and only then.

use grantor_domain::id::UserId;
use grantor_domain::resources::{HistoryQuery, ResourceQuery};
use grantor_domain::window::{FEW, Total, Window};

use crate::database::Database;
use crate::on_every_database;

/// Users that nobody wrote by the ports, each with its history.
fn with_users(database: &Database, count: u64) {
    database.execute(&format!(
        "INSERT INTO app_user (id, version, epoch, created, updated, deleted, inactive, settings)
         WITH RECURSIVE numbered (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbered WHERE n < {count})
         SELECT 'user-' || n, 1, 1, 0, 0, 1 = 0, 1 = 0, '{{}}' FROM numbered;
         INSERT INTO resource_history (kind, id, version, epoch, created, updated, lifecycle)
         SELECT 'User', id, version, epoch, created, updated, 'created' FROM app_user"
    ));
}

fn totals(database: &Database, total: Total) -> [Option<u64>; 2] {
    let users = database.stores().users;
    let window = Window {
        total,
        ..Window::first(1)
    };
    let history = HistoryQuery::<UserId> {
        id: None,
        version: None,
        since: None,
        window: window.clone(),
    };
    let found = users.search(&ResourceQuery::all(window)).unwrap();
    [found.total, users.history(&history).unwrap().total]
}

on_every_database!(few_matches_are_counted);

fn few_matches_are_counted(database: &Database) {
    with_users(database, FEW);
    assert_eq!(totals(database, Total::IfFew), [Some(FEW); 2]);
}

on_every_database!(many_matches_are_counted_only_where_that_is_asked_for);

fn many_matches_are_counted_only_where_that_is_asked_for(database: &Database) {
    with_users(database, FEW + 1);
    assert_eq!(totals(database, Total::IfFew), [None; 2]);
    assert_eq!(totals(database, Total::Accurate), [Some(FEW + 1); 2]);
}
