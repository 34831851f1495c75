//! The process that stops the server when we end.

use std::path::Path;
use std::process::{Child, Stdio};

use crate::failure::{Context as _, Failure};

use super::account::Account;
use super::folder::Folder;

/// Waits for the end of its input, stops the server the folder's pid file names, waits ten seconds at most until the
/// server removes that file, and removes the folder. An immediate shutdown is enough for data that nobody will read again, and unlike SIGKILL it
/// lets the server give back its shared memory.
const SCRIPT: &str = r#"
cat >/dev/null
pid_file=$0/data/postmaster.pid
server=$(head -n 1 "$pid_file" 2>/dev/null)
if [ -n "$server" ] && kill -QUIT "$server" 2>/dev/null; then
    left=100
    while [ "$left" -gt 0 ] && [ -e "$pid_file" ] && kill -0 "$server" 2>/dev/null; do
        sleep 0.1
        left=$((left - 1))
    done
fi
rm -rf "$0"
"#;

/// Runs as the cluster's account, in its own process group; holds the other end of our pipe.
pub(crate) struct Watchdog(Child);

impl Watchdog {
    pub(crate) fn start(folder: &Folder, account: &Account) -> Result<Self, Failure> {
        watch(folder.path(), account, Stdio::piped()).map(Self)
    }
}

impl Drop for Watchdog {
    /// Lets it do its work. It is not waited for: it waits for the server, which is reaped next.
    fn drop(&mut self) {
        drop(self.0.stdin.take());
    }
}

/// Stops the server in an abandoned folder, if one runs, and removes the folder.
pub(crate) fn clean_now(folder: &Path, account: &Account) {
    if let Ok(mut cleaner) = watch(folder, account, Stdio::null()) {
        let _ = cleaner.wait();
    }
}

fn watch(folder: &Path, account: &Account, input: Stdio) -> Result<Child, Failure> {
    account
        .command(Path::new("/bin/sh"))
        .args(["-c", SCRIPT])
        .arg(folder)
        .stdin(input)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot start the watchdog with /bin/sh")
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;

    use super::super::Durability;
    use super::*;

    #[test]
    fn stops_the_server_and_removes_the_folder_when_its_pipe_closes() {
        let account = Account::unprivileged().unwrap();
        let folder = Folder::create(Durability::Off, &account).unwrap();
        // A shell without job control starts what is in its background deaf to SIGQUIT, and `sleep` stays so.
        let mut sleep = account.command(Path::new("env"));
        sleep.args(["--default-signal=QUIT", "sleep", "600"]);
        let mut server = sleep.spawn().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        account.take_over(&data).unwrap();
        std::fs::write(data.join("postmaster.pid"), format!("{}\n", server.id())).unwrap();

        let mut watchdog = Watchdog::start(&folder, &account).unwrap();
        drop(watchdog.0.stdin.take());

        let sigquit = 3;
        assert_eq!(server.wait().unwrap().signal(), Some(sigquit));
        assert!(watchdog.0.wait().unwrap().success());
        assert!(
            !folder.path().exists(),
            "{} is still there",
            folder.path().display()
        );
    }
}
