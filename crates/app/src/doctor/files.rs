//! Files that hold secrets: whose they are, and who reads them.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crate::config::secret_file::{is_exposed, is_own};
use crate::config::{Config, MasterKeySource};

use super::Report;

const CHECK: &str = "files";

pub(super) fn examine(config: &Config, report: &mut Report) {
    for file in &config.secret_files {
        secret(&file.key, &file.path, report);
    }
    if let MasterKeySource::Beside(path) = &config.keys.master_key
        && path.exists()
    {
        secret("the master key", path, report);
    }
    if let Some(bundle) = &config.bootstrap.bundle {
        secrets_in_bundle(bundle, report);
    }
    if let Some(store) = config.database.sqlite_file() {
        let mut log = store.clone();
        log.as_mut_os_string().push("-wal");
        for path in [store, log].into_iter().filter(|path| path.exists()) {
            secret("the store", &path, report);
        }
    }
}

fn secret(what: &str, path: &Path, report: &mut Report) {
    let Some(file) = look(what, path, report) else {
        return;
    };
    let shown = path.display();
    let is_ours = is_own(&file);
    if is_exposed(file.mode(), is_ours) {
        report.error(
            CHECK,
            format!("{what}, {shown}: others than its owner can read or change it"),
            format!("chmod 600 {shown}"),
        );
    } else if !is_ours && file.uid() != 0 {
        report.warning(
            CHECK,
            format!("{what}, {shown}: it belongs to another account, which can change it"),
            "give it to the account that runs the server, and run this as that account",
        );
    } else if let Some(folder) = open_folder(path) {
        report.warning(
            CHECK,
            format!("{what}, {shown}: everybody may replace files in its folder"),
            format!("chmod o-w {}", folder.display()),
        );
    } else {
        report.ok(CHECK, format!("{what}, {shown}: private"));
    }
}

/// A bundle may hold passwords and secrets, and need not.
fn secrets_in_bundle(path: &Path, report: &mut Report) {
    let Some(file) = look("bootstrap.bundle", path, report) else {
        return;
    };
    let shown = path.display();
    if file.mode() & 0o004 != 0 {
        report.warning(
            CHECK,
            format!("bootstrap.bundle, {shown}: everybody can read it"),
            format!("chmod 600 {shown}, if there is a password or a secret in it"),
        );
    } else {
        report.ok(
            CHECK,
            format!("bootstrap.bundle, {shown}: not for everybody"),
        );
    }
}

fn look(what: &str, path: &Path, report: &mut Report) -> Option<Metadata> {
    match fs::metadata(path) {
        Ok(file) => Some(file),
        Err(error) => {
            let remedy = "put it where the configuration says, readable for the server";
            report.error(
                CHECK,
                format!("{what}, {}: {error}", path.display()),
                remedy,
            );
            None
        }
    }
}

/// The folder of a file, when everybody may write there and the sticky bit does not keep them from
/// replacing what others put there.
fn open_folder(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let folder = path.parent()?;
    let mode = fs::metadata(folder).ok()?.mode();
    (mode & 0o002 != 0 && mode & 0o1000 == 0).then(|| folder.to_owned())
}
