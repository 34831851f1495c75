//! What is committed is finished, and files are named for their subject.

use super::hold;
use super::sources;

const UNFINISHED: &[&str] = &[
    "TODO",
    "FIXME",
    "XXX",
    "todo!(",
    "unimplemented!(",
    "#[ignore",
    "```ignore",
];
const SILENCED: &[&str] = &["#[allow(", "#![allow("];
const NAMELESS: &[&str] = &[
    "utils.rs",
    "util.rs",
    "helpers.rs",
    "helper.rs",
    "common.rs",
    "manager.rs",
    "misc.rs",
];

#[test]
fn nothing_is_left_unfinished() {
    hold(
        "Finish it, or write an issue and leave no mark; a test that cannot run is removed:",
        &lines_with(UNFINISHED),
    );
}

#[test]
fn lints_are_expected_with_a_reason_and_never_allowed() {
    hold(
        "Write #[expect(lint, reason = \"…\")], which ends when its cause ends:",
        &lines_with(SILENCED),
    );
}

#[test]
fn files_are_named_for_their_subject() {
    let sources = sources::all();
    let nameless = sources
        .iter()
        .filter(|source| NAMELESS.contains(&source.file_name()));
    let nameless: Vec<String> = nameless.map(|source| source.path.clone()).collect();
    hold(
        "Name the file for what is in it, or move each item to what it is about:",
        &nameless,
    );
}

fn lines_with(marks: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources::all() {
        let marked = source
            .lines()
            .filter(|(_, line)| marks.iter().any(|mark| line.contains(mark)));
        found.extend(
            marked.map(|(number, line)| format!("{}:{number}: {}", source.path, line.trim())),
        );
    }
    found
}
