//! The console in a real browser, against the real program.
//!
//! The cases are ES modules in `tests/browser/cases`, one a subject. Node's packages are installed once, below
//! cargo's target folder, from a lock file that names every version and hash. Every subject has a server and a
//! browser of its own, and two subjects are looked at side by side.

mod cases;
mod chromium;
mod subject;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::failure::Failure;
use crate::folder::{self, Folder};
use crate::prerequisites::Prerequisite;
use crate::verdict::Verdict;
use crate::{node, workspace};

use subject::{Subject, Tools};

pub(crate) use chromium::is_there as chromium_is_there;

/// What has to be on the machine before packages can be installed.
pub(crate) const PREREQUISITES: &[Prerequisite] = &[Prerequisite::Node, Prerequisite::Chromium];

/// What to say when one failed.
pub(crate) const FAILED: &str =
    "a case in the browser failed; `cargo xtask browser <text in its name>` runs it alone";

/// How many subjects are looked at side by side.
const LANES: usize = 2;

/// What a person asks for.
#[derive(Default)]
pub(crate) struct Wish {
    /// A part of the names of cases; empty for all of them.
    pub(crate) filter: String,
    /// Whether the pictures of the documentation are made anew.
    pub(crate) pictures: bool,
}

/// Installs what is missing and runs the cases against this binary, also after one has failed.
pub(crate) fn run(grantor: &Path, wish: &Wish) -> Result<Verdict, Failure> {
    let folder = Folder::open("browser")?;
    let packages = folder.join("packages");
    node::install("browser", &sources(), &packages)?;
    let screenshots = folder.join("screenshots");
    folder::empty(&screenshots)?;
    let tools = Tools {
        grantor,
        chromium: chromium::find().ok_or_else(|| Failure::new("Chromium is gone"))?,
        packages,
        screenshots,
        wish,
    };
    let subjects = subject::all(&tools)?;
    if subjects.is_empty() {
        let filter = &wish.filter;
        let message = format!("no case has `{filter}` in its name");
        return Err(Failure::usage(message));
    }
    let waiting = Mutex::new(VecDeque::from(subjects));
    thread::scope(|scope| {
        let lanes: Vec<_> = (0..LANES)
            .map(|number| {
                let place = folder.join(&format!("lane-{number}"));
                let (waiting, tools) = (&waiting, &tools);
                scope.spawn(move || run_lane(waiting, tools, &place))
            })
            .collect();
        let verdicts = lanes.into_iter().map(thread::ScopedJoinHandle::join);
        verdicts
            .collect::<Result<Vec<_>, _>>()
            .map(|verdicts| verdicts.into_iter().fold(Verdict::default(), Verdict::and))
            .map_err(|_| Failure::new("a lane of the browser tests broke off"))
    })
}

fn run_lane(waiting: &Mutex<VecDeque<Subject>>, tools: &Tools<'_>, place: &Path) -> Verdict {
    let mut verdict = Verdict::default();
    let next = || {
        let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.pop_front()
    };
    while let Some(subject) = next() {
        verdict = verdict.and(subject.run(tools, place));
    }
    verdict
}

/// The folder of the cases, and of what they share.
fn sources() -> PathBuf {
    workspace::root().join("tests/browser")
}

/// Where the pictures of the documentation are.
fn pictures() -> PathBuf {
    workspace::root().join("docs/images")
}
