//! A commit is on disk when it returns, whatever the database's defaults are.

use std::os::unix::fs::PermissionsExt as _;

use grantor_domain::policy::{Budget, BudgetScope};
use grantor_domain::ports::Debit;
use grantor_testkit::contracts::samples::{NOW, session};

use crate::database::{Database, Place};

/// Notes the settings of the connection that writes, from inside its transaction.
const WITNESS: &str = "
    CREATE TABLE witness (cell text NOT NULL);
    CREATE FUNCTION testify() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO witness VALUES (TG_TABLE_NAME
            || ' synchronous_commit=' || current_setting('synchronous_commit')
            || ' isolation=' || current_setting('transaction_isolation')
            || ' statement_timeout=' || current_setting('statement_timeout')
            || ' lock_timeout=' || current_setting('lock_timeout')
            || ' application_name=' || current_setting('application_name'));
        RETURN NEW;
    END $$;
    CREATE TRIGGER testify BEFORE INSERT ON session FOR EACH ROW EXECUTE FUNCTION testify();
    CREATE TRIGGER testify BEFORE INSERT ON throttle FOR EACH ROW EXECUTE FUNCTION testify();";

#[test]
fn postgres_commits_durably_where_the_default_is_not_to() {
    let database = Database::postgres();
    database.execute(WITNESS);
    database.execute(
        "DO $$ BEGIN
            EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database());
            EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = serializable', current_database());
        END $$",
    );
    let persistence = database.reconnect();
    assert_eq!(
        database.column("SELECT current_setting('synchronous_commit') AS cell"),
        ["off"]
    );
    let debit = Debit {
        key: "a".to_owned(),
        scope: BudgetScope::Account,
        budget: Budget::per_minute(1, 1),
    };
    persistence.throttle().debit(&[debit], NOW).unwrap();
    persistence.sessions().open(&session("s1"), &[]).unwrap();
    let rest =
        "isolation=read committed statement_timeout=5s lock_timeout=2s application_name=grantor";
    assert_eq!(
        database.column("SELECT cell FROM witness"),
        [
            format!("throttle synchronous_commit=off {rest}"),
            format!("session synchronous_commit=on {rest}"),
        ],
        "the relaxation of one transaction does not outlive it"
    );
}

#[test]
fn sqlite_files_are_their_owners_alone() {
    let database = Database::sqlite();
    database
        .stores()
        .sessions
        .open(&session("s1"), &[])
        .unwrap();
    let Place::Sqlite(folder) = &database.place else {
        panic!("not a file");
    };
    for name in ["test.db", "test.db-wal"] {
        let mode = std::fs::metadata(folder.path().join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}
