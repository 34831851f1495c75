//! Every fuzz target has a program, an entry in the manifest, and inputs that the tests read.

use std::collections::BTreeSet;
use std::fs;

use toml::Table;

use crate::workspace;

use super::sources;

/// Largest input that is committed, in bytes; what is fuzzed from is small.
const LARGEST: u64 = 64 * 1024;

#[test]
fn targets_programs_and_corpora_are_the_same() {
    let programs = names("fuzz/fuzz_targets", ".rs");
    assert!(!programs.is_empty(), "there is no fuzz target");
    assert_eq!(names("fuzz/corpus", ""), programs, "each target has inputs");
    let manifest = workspace::root().join("fuzz/Cargo.toml");
    let manifest: Table = fs::read_to_string(manifest).unwrap().parse().unwrap();
    let listed = manifest["bin"].as_array().unwrap().iter();
    let listed: BTreeSet<String> = listed
        .map(|bin| bin["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(listed, programs, "fuzz/Cargo.toml lists each target");
}

#[test]
fn what_a_target_reads_is_read_by_a_test_too() {
    let sources = sources::all();
    let modules = sources
        .iter()
        .filter(|source| source.path.ends_with("/fuzzing.rs"));
    let entries: BTreeSet<String> = modules
        .flat_map(super::sources::Source::lines)
        .filter_map(|(_, line)| Some(line.strip_prefix("pub fn ")?.split_once('(')?.0.to_owned()))
        .collect();
    assert_eq!(
        entries,
        names("fuzz/fuzz_targets", ".rs"),
        "each entry is a target"
    );
}

#[test]
fn inputs_are_small() {
    for target in names("fuzz/corpus", "") {
        let folder = workspace::root().join("fuzz/corpus").join(target);
        for file in fs::read_dir(folder).unwrap() {
            let file = file.unwrap();
            let size = file.metadata().unwrap().len();
            assert!(
                size <= LARGEST,
                "{} has {size} bytes",
                file.path().display()
            );
        }
    }
}

fn names(folder: &str, end: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(workspace::root().join(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names
        .filter_map(|name| Some(name.strip_suffix(end)?.to_owned()))
        .collect()
}
