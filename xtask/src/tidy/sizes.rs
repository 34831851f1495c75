//! A file has one subject, and fits into a head.

use super::hold;
use super::sources::{self, Source};

const LIMIT: usize = 400;
/// For files of tests only, which are lists of independent claims.
const TEST_LIMIT: usize = 600;

#[test]
fn files_stay_small() {
    let breaches: Vec<String> = sources::all().iter().filter_map(too_long).collect();
    hold(
        "These files are too long (a test module at the end does not count). Split them by subject:",
        &breaches,
    );
}

fn too_long(source: &Source) -> Option<String> {
    let (lines, limit) = if source.is_test_file() {
        (source.lines().count(), TEST_LIMIT)
    } else {
        (source.lines_without_tests(), LIMIT)
    };
    (lines > limit).then(|| format!("{}: {lines} lines, {limit} allowed", source.path))
}
