//! P10: the disk is full, under load, and has room again.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::crowd::{Crowd, unthrottled};
use crate::dice::Dice;
use crate::door::{Door, Heard};
use crate::size;
use crate::support::http::Call;
use crate::support::server::Process;
use crate::support::{Setup, Store, World};

/// How soon writes succeed once there is room.
const HEALED: Duration = Duration::from_secs(5);

/// A small disk: a tmpfs where we may mount one, else a limit on how long the program's files may grow.
enum Disk {
    Small(PathBuf),
    Limited,
}

impl Disk {
    fn in_folder(folder: &Path) -> Self {
        let path = folder.join("disk");
        fs::create_dir(&path).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=96m", "grantor-drill"]);
        let mounted = mount.arg(&path).stderr(Stdio::null()).status();
        if mounted.is_ok_and(|status| status.success()) {
            Self::Small(path)
        } else {
            Self::Limited
        }
    }

    fn fill(&self, world: &mut World) {
        match self {
            Self::Small(path) => {
                let mut filler = File::create(path.join("filler")).unwrap();
                while filler.write_all(&[0; 4096]).is_ok() {}
            }
            Self::Limited => limit(world.process().id(), "1:unlimited"),
        }
    }

    fn make_room(&self, world: &mut World) {
        match self {
            Self::Small(path) => fs::remove_file(path.join("filler")).unwrap(),
            Self::Limited => limit(world.process().id(), "unlimited:unlimited"),
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if let Self::Small(path) = self {
            let _gone_with_the_machine = Command::new("umount").arg("-l").arg(path).status();
        }
    }
}

/// `RLIMIT_FSIZE` of a running program, which must ignore SIGXFSZ.
fn limit(process: u32, bytes: &str) {
    let mut command = Command::new("prlimit");
    command.args(["--pid", &process.to_string(), &format!("--fsize={bytes}")]);
    assert!(command.status().unwrap().success());
}

/// Starts the program so that growing beyond the limit is an error and not its end.
fn start_deaf_to_the_limit(setup: Setup) -> World {
    let inner = setup.command(&["serve"]);
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]);
    command.arg(inner.get_program()).args(inner.get_args());
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let process = Process::start_by(command, &setup.log_file());
    World::new(setup, process.into(), None)
}

/// Asks to write until the server says that it cannot: what is in the log already may take a few more.
fn until_refused(door: &Door) -> u32 {
    for written in 0..10_000 {
        match door.send(door.login("user", "password")) {
            Heard::Unavailable => return written,
            Heard::Answer(answer) => assert_eq!(answer.status, 200, "{}", answer.text()),
            Heard::Nothing => panic!("the server is gone"),
        }
    }
    panic!("a full disk stops no write");
}

/// Everything that lives can be read while nothing can be written.
fn reads_go_on(crowd: &Crowd, door: &Door, world: &World) -> usize {
    let mut read = 0;
    for actor in &crowd.actors {
        let (door, live) = actor.live(door);
        for tokens in live {
            for token in [&tokens.access, &tokens.refresh] {
                let heard = door.send(door.introspect(token));
                let answer = heard.answer().map(|answer| answer.json()["active"].clone());
                assert_eq!(answer, Some(true.into()), "{heard:?}");
                read += 1;
            }
        }
    }
    world.send(Call::get("/.well-known/jwks.json")).expect(200);
    world.ops.send(Call::get("/health/live")).expect(200);
    read
}

fn fill_and_heal(world: &mut World, disk: &Disk, rounds: u32) {
    let mut dice = Dice::of(6000);
    let door = Door::to(&world.http);
    let mut crowd = Crowd::gather(6, &door);
    let (mut healed, mut read) = (Duration::ZERO, 0);
    for _ in 0..rounds {
        crowd.work_while(&door, || {
            door.tally.more(60 + dice.below(60));
            disk.fill(world);
            until_refused(&door);
            let refused = door.tally.counts().unavailable;
            while door.tally.counts().unavailable < refused + 20 {
                door.send(door.login("user", "password"));
            }
        });
        read += reads_go_on(&crowd, &door, world);
        crowd.work_while(&door, || {
            disk.make_room(world);
            let started = Instant::now();
            let answer = door.insist(&door.login("user", "password"));
            assert_eq!(answer.status, 200, "{}", answer.text());
            healed = healed.max(started.elapsed());
            door.tally.more(30);
        });
        crowd.judge(&door);
    }
    crowd.judge_all(&door);
    size::say("times the disk was full, and reads then", (rounds, read));
    size::say("writes refused", door.tally.counts().unavailable);
    size::at_most("healed", healed, HEALED);
}

#[test]
fn a_full_disk_refuses_writes_and_loses_none() {
    let setup = unthrottled(Setup::on(Store::Sqlite));
    let disk = Disk::in_folder(setup.folder.path());
    let setup = match &disk {
        Disk::Small(path) => setup.set(
            "database.url",
            &format!("sqlite:{}", path.join("grantor.db").display()),
        ),
        Disk::Limited => setup,
    };
    let mut world = match &disk {
        Disk::Small(_) => setup.start(),
        Disk::Limited => start_deaf_to_the_limit(setup),
    };
    fill_and_heal(&mut world, &disk, size::count(2));
    // Also when it ends and starts again.
    let (status, setup) = world.terminate();
    assert!(status.success(), "{status}");
    drop(setup);
}
