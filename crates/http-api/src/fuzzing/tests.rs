//! What fuzzing starts from, and what it once found, read again by every test run.

use std::fs;
use std::path::Path;

/// Reads every input that is committed for a target.
fn read_corpus(target: &str, read: fn(&[u8])) {
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

macro_rules! corpus {
    ($($target:ident),+) => {
        $(
            #[test]
            fn $target() {
                read_corpus(stringify!($target), super::$target);
            }
        )+
    };
}

corpus!(
    basic,
    form,
    json,
    page_link,
    patch,
    resource,
    search,
    transaction,
    yaml
);
