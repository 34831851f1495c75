//! A backup taken under load is one consistent state, and a restore never leaves half of one.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};

use serde_json::json;

use crate::support::settings::Setup;
use crate::support::{Store, Tokens, World, jwt};

/// Threads that log in, refresh and revoke.
const WORKERS: usize = 4;

/// What was acknowledged. A token in it is not touched again.
#[derive(Clone, Default)]
struct Ledger {
    live: Vec<Tokens>,
    dead: Vec<String>,
}

/// Logs in and refreshes; revokes every other session, and leaves the rest alone.
fn work(world: &World, ledger: &Mutex<Ledger>, done: &AtomicBool, rounds: &Sender<()>) {
    for round in 0.. {
        if done.load(Ordering::SeqCst) {
            return;
        }
        let myapp = world.myapp();
        let first = myapp.log_in("user");
        let second = Tokens::of(&myapp.refresh(&first.refresh));
        let revoked = round % 2 == 0;
        if revoked {
            myapp.revoke(&second.refresh).expect(200);
        }
        let mut ledger = ledger.lock().unwrap();
        ledger.dead.push(first.access);
        if revoked {
            ledger.dead.extend([second.access, second.refresh]);
        } else {
            ledger.live.push(second);
        }
        let _the_test_has_seen_enough = rounds.send(());
    }
}

/// A store that was backed up under load and stands still now.
struct BackedUp {
    setup: Setup,
    file: PathBuf,
    /// What was acknowledged before the backup began.
    before: Ledger,
    /// And by the time the load ended.
    after: Ledger,
}

impl BackedUp {
    fn under_load() -> Self {
        let world = Setup::on(Store::Sqlite).start();
        let file = world.setup.folder.path().join("backup.db");
        let (ledger, done) = (Mutex::new(Ledger::default()), AtomicBool::new(false));
        let (sender, rounds) = mpsc::channel();
        let before = std::thread::scope(|scope| {
            for _ in 0..WORKERS {
                let sender = sender.clone();
                scope.spawn(|| {
                    let sender = sender;
                    work(&world, &ledger, &done, &sender);
                });
            }
            drop(sender);
            rounds.iter().take(40).for_each(drop);
            let before = ledger.lock().unwrap().clone();
            let ran = world.setup.run(&["backup", "--to", file.to_str().unwrap()]);
            rounds.iter().take(20).for_each(drop);
            done.store(true, Ordering::SeqCst);
            ran.ok();
            before
        });
        let (_, setup) = world.terminate();
        Self {
            setup,
            file,
            before,
            after: ledger.into_inner().unwrap(),
        }
    }

    fn restore(&self, further: &[&str]) -> String {
        let arguments = [
            "restore",
            "--from",
            self.file.to_str().unwrap(),
            "--replace",
        ];
        self.setup.run(&[&arguments, further].concat()).ok().stdout
    }
}

#[test]
fn what_was_acknowledged_before_a_backup_lives_or_is_dead_after_a_restore() {
    let backed_up = BackedUp::under_load();
    assert!(backed_up.before.live.len() >= 10 && backed_up.before.dead.len() >= 40);
    backed_up.restore(&[]);
    let before = backed_up.before;
    let world = backed_up.setup.start();
    let myapp = world.myapp();
    for tokens in &before.live {
        assert!(myapp.sees_active(&tokens.access) && myapp.sees_active(&tokens.refresh));
        Tokens::of(&myapp.refresh(&tokens.refresh));
    }
    for token in &before.dead {
        assert!(!myapp.sees_active(token));
    }
}

#[test]
fn a_restore_that_revokes_leaves_nothing_alive() {
    let backed_up = BackedUp::under_load();
    let told = backed_up.restore(&["--revoke-all-sessions"]);
    assert!(told.contains("sessions were ended"), "{told}");
    let after = backed_up.after;
    let world = backed_up.setup.start();
    let myapp = world.myapp();
    for tokens in &after.live {
        assert!(!myapp.sees_active(&tokens.access));
        myapp.refresh(&tokens.refresh).refuse(400, "invalid_grant");
    }
    for token in &after.dead {
        assert!(!myapp.sees_active(token));
    }
    assert!(myapp.sees_active(&myapp.log_in("user").access));
}

/// A store that was backed up at rest, as `backup.db` in its folder, while its server serves.
fn served_and_backed_up() -> (World, PathBuf) {
    let world = Setup::on(Store::Sqlite).start();
    let file = world.setup.folder.path().join("backup.db");
    world
        .setup
        .run(&["backup", "--to", file.to_str().unwrap()])
        .ok();
    (world, file)
}

#[test]
fn a_backup_is_its_owners_alone_and_overwrites_nothing() {
    let (world, file) = served_and_backed_up();
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let first = fs::read(&file).unwrap();
    world.myapp().log_in("user");
    let again = ["backup", "--to", file.to_str().unwrap()];
    world.setup.run(&again).refused_saying(&["there already"]);
    assert_eq!(fs::read(&file).unwrap(), first);
    let names = fs::read_dir(world.setup.folder.path()).unwrap();
    let names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    let left = names
        .iter()
        .any(|name| name.to_string_lossy().contains("partial"));
    assert!(!left, "{names:?}");
}

#[test]
fn backups_and_restores_are_told_to_the_audit_trail() {
    let (world, file) = served_and_backed_up();
    let find = |world: &World, query: &str| {
        let found = world.admin().get(&format!("/AuditEvent?type={query}"));
        found.expect(200).json()
    };
    let taken = find(&world, "backup.taken");
    assert_eq!(taken["total"], 1);
    assert!(taken.to_string().contains("backup.db"), "{taken}");
    let (_, setup) = world.terminate();
    let arguments = ["restore", "--replace", "--from", file.to_str().unwrap()];
    setup.run(&arguments).ok();
    setup.run(&["audit", "verify"]).ok();
    let world = setup.start();
    assert_eq!(find(&world, "backup.restored")["total"], 1);
    assert_eq!(
        find(&world, "backup.taken")["total"],
        0,
        "a backup does not know of itself"
    );
}

#[test]
fn a_store_in_use_is_not_replaced() {
    let (world, file) = served_and_backed_up();
    let tokens = world.myapp().log_in("user");
    let arguments = ["restore", "--replace", "--from", file.to_str().unwrap()];
    world.setup.run(&arguments).refused_saying(&["in use"]);
    assert!(world.myapp().sees_active(&tokens.access));
}

#[test]
fn a_store_is_replaced_only_when_told_to_and_kept_then() {
    let (world, file) = served_and_backed_up();
    let tokens = world.myapp().log_in("user");
    // It has not moved its log into its file.
    let setup = world.crash();
    let arguments = ["restore", "--from", file.to_str().unwrap()];
    setup.run(&arguments).refused_saying(&["there already"]);
    let told = setup.run(&[&arguments[..], &["--replace"]].concat()).ok();
    assert!(told.stdout.contains("grantor.db.replaced-1"), "{told:?}");
    let world = setup.start();
    assert!(!world.myapp().sees_active(&tokens.access));
    let (_, setup) = world.terminate();
    let kept = setup.folder.path().join("grantor.db.replaced-1");
    let arguments = ["restore", "--replace", "--from", kept.to_str().unwrap()];
    setup.run(&arguments).ok();
    let world = setup.start();
    assert!(world.myapp().sees_active(&tokens.access));
}

#[test]
fn what_is_no_whole_store_is_not_restored() {
    let (world, file) = served_and_backed_up();
    let (_, setup) = world.terminate();
    let store = setup.folder.path().join("grantor.db");
    let before = fs::read(&store).unwrap();
    let whole = fs::read(&file).unwrap();
    let mut altered = whole.clone();
    altered[8192..].fill(0xff);
    let half = &whole[..whole.len() / 2];
    for broken in [b"not a database".as_slice(), b"", half, &altered] {
        fs::write(&file, broken).unwrap();
        let arguments = ["restore", "--replace", "--from", file.to_str().unwrap()];
        setup
            .run(&arguments)
            .refused_saying(&["is not a whole store"]);
        assert_eq!(fs::read(&store).unwrap(), before);
    }
    setup.start();
}

#[test]
fn a_backup_and_its_master_key_are_a_store_anywhere() {
    let (world, file) = served_and_backed_up();
    let signed = world.register_for_passwords("signed", &json!({ "token_format": "jwt" }));
    signed.log_in("user");
    let kids = jwt::published(&world);
    let elsewhere = Setup::on(Store::Sqlite);
    let arguments = [
        "restore",
        "--revoke-all-sessions",
        "--from",
        file.to_str().unwrap(),
    ];
    elsewhere
        .run(&arguments)
        .refused_saying(&["master key", "grantor.db.key"]);
    assert!(!elsewhere.folder.path().join("grantor.db").exists());
    let key = fs::read_to_string(world.setup.folder.path().join("grantor.db.key")).unwrap();
    elsewhere.file("grantor.db.key", &key, 0o600);
    elsewhere.run(&arguments).ok();
    assert_eq!(jwt::published(&elsewhere.start()), kids);
}

on_every_store!(what_was_restored_elsewhere_can_be_revoked, |world| {
    let tokens = world.myapp().log_in("user");
    let root = world.register(
        "other",
        &json!({ "secret": "s", "grant_types": ["client_credentials"] }),
    );
    let other = Tokens::of(&root.credentials());
    world.setup.run(&["restore"]).refused_saying(&["--from"]);
    let ran = world.setup.run(&["restore", "--revoke-all-sessions"]).ok();
    assert!(ran.stdout.contains("2 sessions were ended"), "{ran:?}");
    assert!(!world.myapp().sees_active(&tokens.access));
    assert!(!root.sees_active(&other.access));
    assert!(
        world
            .myapp()
            .sees_active(&world.myapp().log_in("user").access)
    );
});

#[test]
fn postgres_is_backed_up_and_restored_by_its_own_tools() {
    let setup = Setup::on(Store::Postgres);
    setup.run(&["migrate"]).ok();
    let page = "docs/how-to/back-up-and-restore.md";
    let file = setup.folder.path().join("backup");
    let file = file.to_str().unwrap();
    setup
        .run(&["backup", "--to", file])
        .refused_saying(&["pg_dump", page]);
    setup
        .run(&["restore", "--from", file])
        .refused_saying(&["pg_restore", page]);
}
