//! A subject: the cases of one file, with a server and a browser of their own.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::{Context as _, Failure};
use crate::server::Server;
use crate::verdict::Verdict;
use crate::{folder, process, report};

use super::cases::{Case, count};
use super::{Wish, pictures, sources};

/// What the subjects work with.
pub(crate) struct Tools<'run> {
    pub(crate) grantor: &'run Path,
    pub(crate) chromium: String,
    pub(crate) packages: PathBuf,
    pub(crate) screenshots: PathBuf,
    pub(crate) wish: &'run Wish,
}

impl Tools<'_> {
    /// The program of `tests/browser`, which says one line a case.
    fn program(&self, arguments: &[&str]) -> Command {
        let mut node = Command::new("node");
        node.arg(sources().join("run.mjs")).args(arguments);
        node.stdin(Stdio::null())
            .env("BROWSER_PACKAGES", &self.packages)
            .env("BROWSER_CHROMIUM", &self.chromium)
            .env("BROWSER_SCREENSHOTS", &self.screenshots)
            .env("BROWSER_FILTER", &self.wish.filter);
        if self.wish.pictures {
            node.env("BROWSER_PICTURES", pictures());
        }
        node
    }
}

/// The cases of one file.
pub(crate) struct Subject {
    name: String,
}

/// The subjects with a case that is wished for, in the order of their names.
pub(crate) fn all(tools: &Tools<'_>) -> Result<Vec<Subject>, Failure> {
    let names = process::capture(&mut tools.program(&["--list"]))?;
    Ok(names
        .lines()
        .map(|name| Subject {
            name: name.to_owned(),
        })
        .collect())
}

impl Subject {
    /// Says one line a case. What keeps the others from being run counts as one that failed.
    pub(crate) fn run(&self, tools: &Tools<'_>, place: &Path) -> Verdict {
        let mut verdict = Verdict::default();
        if let Err(failure) = self.look(tools, place, &mut verdict) {
            verdict.failed += 1;
            report::say(format_args!(
                "{failure}\nbrowser {} ... FAILED, broke off",
                self.name
            ));
        }
        verdict
    }

    fn look(&self, tools: &Tools<'_>, place: &Path, verdict: &mut Verdict) -> Result<(), Failure> {
        folder::empty(place)?;
        let server = Server::start(tools.grantor, place)?;
        let output = place.join("output");
        let mut program = tools.program(&[&self.name]);
        server.introduce(&mut program);
        program.stderr(File::create(&output).context("cannot keep a program's output")?);
        let ended = process::run_reading(&mut program, |line| match Case::read(line) {
            Some(case) => {
                count(verdict, &case);
                report::say(case);
            }
            None => report::say(line),
        });
        if verdict.failed > 0 || ended.is_err() {
            let said = fs::read_to_string(&output).unwrap_or_default();
            report::say(format_args!("{said}The server wrote:\n{}", server.log()));
        }
        ended
    }
}
