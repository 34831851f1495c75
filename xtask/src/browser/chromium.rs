//! The browser of the machine.

use crate::process;

/// What distributions call it.
const CANDIDATES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Whether there is one.
pub(crate) fn is_there() -> bool {
    find().is_some()
}

/// The path of the first that starts.
pub(crate) fn find() -> Option<String> {
    CANDIDATES
        .into_iter()
        .filter(|name| process::ask(name, &["--version"]).is_some())
        .find_map(|name| process::ask("sh", &["-c", "command -v \"$0\"", name]))
}
