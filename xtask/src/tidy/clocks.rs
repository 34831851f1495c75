//! Time is an input: a workflow reads the `Clock` port once, and tests move it.

use super::hold;
use super::sources;

/// Folders of programs and tests, which live in real time.
const FOLDERS: &[&str] = &["crates/app/", "xtask/", "tests/", "bench/"];

/// Files that measure a real wait. This list may only shrink.
const EXCEPTIONS: &[&str] = &[
    // How long a request may queue for a worker.
    "crates/http-api/src/blocking.rs",
    // How long a unit of work waits for a connection, and a password for a thread.
    "crates/persistence/src/measure.rs",
    "crates/crypto/src/measure.rs",
];

const CLOCKS: &[&str] = &[
    "SystemTime::now",
    "Instant::now",
    "UtcDateTime::now",
    "OffsetDateTime::now",
];

#[test]
fn nobody_reads_the_time_but_through_the_clock() {
    let readers: Vec<(String, usize)> = sources::all()
        .iter()
        .filter(|source| !source.is_test_file())
        .flat_map(|source| {
            let lines = source.code_without_tests();
            let lines = lines.filter(|(_, line)| CLOCKS.iter().any(|clock| line.contains(clock)));
            lines
                .map(|(number, _)| (source.path.clone(), number))
                .collect::<Vec<_>>()
        })
        .filter(|(path, _)| !FOLDERS.iter().any(|folder| path.starts_with(folder)))
        .collect();
    let unlisted = readers
        .iter()
        .filter(|(path, _)| !EXCEPTIONS.contains(&path.as_str()));
    let unlisted: Vec<String> = unlisted
        .map(|(path, number)| format!("{path}:{number}"))
        .collect();
    hold(
        "Take the time from the Clock port, or take it as an argument:",
        &unlisted,
    );

    let idle = EXCEPTIONS
        .iter()
        .filter(|listed| !readers.iter().any(|(path, _)| path == *listed));
    let idle: Vec<String> = idle.map(|path| (*path).to_owned()).collect();
    hold(
        "These files no longer read the time; remove them from the list in xtask/src/tidy/clocks.rs:",
        &idle,
    );
}
