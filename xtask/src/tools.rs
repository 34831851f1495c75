//! Installing tools once for each content of their lock file.

use std::fs;
use std::path::Path;

use crate::failure::{Context as _, Failure};
use crate::folder;

/// Written last, so that a broken install is never taken for a whole one.
const STAMP: &str = "installed-from";

/// Makes the folder what `install` makes of it, unless it already is that for the same lock file and interpreter.
pub(crate) fn install_once(
    into: &Path,
    lock_file: &Path,
    interpreter: &str,
    install: impl FnOnce(&Path) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let lock = fs::read_to_string(lock_file)
        .context(format_args!("cannot read {}", lock_file.display()))?;
    let stamp = format!("{interpreter}\n{lock}");
    let stamp_file = into.join(STAMP);
    if fs::read_to_string(&stamp_file).is_ok_and(|installed| installed == stamp) {
        return Ok(());
    }
    folder::remove(into)?;
    fs::create_dir_all(into).context(format_args!("cannot make {}", into.display()))?;
    install(into)?;
    fs::write(&stamp_file, &stamp).context("cannot note what was installed")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of these installs were carried out, one after the other into the same folder.
    fn installs(name: &str, rounds: &[(&str, &str, bool)]) -> u32 {
        let folder = std::env::temp_dir().join(format!("grantor-{name}-{}", std::process::id()));
        fs::create_dir(&folder).unwrap();
        let mut count = 0;
        for (lock, interpreter, succeeds) in rounds {
            fs::write(folder.join("lock"), lock).unwrap();
            let install = |_: &Path| {
                count += 1;
                succeeds.then_some(()).ok_or_else(|| Failure::new("broken"))
            };
            let into = folder.join("into");
            let outcome = install_once(&into, &folder.join("lock"), interpreter, install);
            assert!(!succeeds || outcome.is_ok());
        }
        fs::remove_dir_all(folder).unwrap();
        count
    }

    #[test]
    fn tools_are_installed_once_for_each_lock_file_and_interpreter() {
        let rounds = [
            ("1", "3.11", true),
            ("1", "3.11", true),
            ("2", "3.11", true),
            ("2", "3.13", true),
            ("2", "3.13", true),
        ];
        assert_eq!(installs("once", &rounds), 3);
    }

    #[test]
    fn a_broken_install_is_made_again() {
        let rounds = [
            ("1", "3.11", false),
            ("1", "3.11", true),
            ("1", "3.11", true),
        ];
        assert_eq!(installs("broken", &rounds), 2);
    }
}
