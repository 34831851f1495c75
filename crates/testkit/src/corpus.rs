//! What fuzzing starts from, and what it once found, read again by every test run.

use std::fs;
use std::path::Path;

/// Reads every input that is committed for a fuzz target.
///
/// # Panics
/// When there is none, or one of them makes `read` panic.
#[expect(
    clippy::unwrap_used,
    reason = "an input that cannot be read fails its test"
)]
pub fn read_corpus(target: &str, read: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let files = fs::read_dir(folder.join(target)).unwrap();
    let mut count = 0;
    for file in files {
        let path = file.unwrap().path();
        let input = fs::read(&path).unwrap();
        let kept = std::panic::catch_unwind(|| read(&input));
        assert!(kept.is_ok(), "see {}", path.display());
        count += 1;
    }
    assert!(count > 0, "there is no input for {target}");
}

/// Makes a test of each fuzz target of a crate: `corpus!(of: fuzzing; one, another)` reads what is committed for
/// `one` by `fuzzing::one`.
#[macro_export]
macro_rules! corpus {
    (of: $fuzzing:path; $($target:ident),+ $(,)?) => {
        $(
            #[test]
            fn $target() {
                use $fuzzing as entries;
                $crate::corpus::read_corpus(stringify!($target), entries::$target);
            }
        )+
    };
}
