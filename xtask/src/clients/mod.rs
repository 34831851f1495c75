//! Clients generated from the `OpenAPI` document, at work against the real program.
//!
//! The tools are installed once, below cargo's target folder, from lock files that name every version and hash.
//! What is generated lies beside them and is made anew each time. Every scenario has a server of its own.

mod python;
mod scenarios;
mod sources;
mod typescript;

use std::path::Path;
use std::thread;
use std::time::Instant;

use crate::failure::Failure;
use crate::folder::Folder;
use crate::prerequisites::Prerequisite;
use crate::report;
use crate::verdict::Verdict;

use scenarios::{LANES, Scenario, Tools};

pub(crate) use python::is_there as python_is_there;

/// What has to be on the machine before tools can be installed.
pub(crate) const PREREQUISITES: &[Prerequisite] = &[Prerequisite::Node, Prerequisite::Python];

/// What to say when one failed.
pub(crate) const FAILED: &str =
    "a scenario of the generated clients failed; `cargo xtask clients` runs them alone";

/// Installs what is missing and runs every scenario against this binary, also after one has failed.
pub(crate) fn run(grantor: &Path) -> Result<Verdict, Failure> {
    let folder = Folder::open("clients")?;
    let tools = Tools {
        grantor,
        node: typescript::install(&folder)?,
        python: python::install(&folder)?,
    };
    let verdicts = thread::scope(|scope| {
        let lanes = LANES.into_iter().enumerate().map(|(number, lane)| {
            let place = folder.join(&format!("lane-{number}"));
            let tools = &tools;
            scope.spawn(move || run_lane(lane, tools, &place))
        });
        let lanes: Vec<_> = lanes.collect();
        lanes
            .into_iter()
            .map(thread::ScopedJoinHandle::join)
            .collect::<Result<Vec<_>, _>>()
    });
    let verdicts = verdicts.map_err(|_| Failure::new("a lane of scenarios broke off"))?;
    Ok(verdicts.into_iter().fold(Verdict::default(), Verdict::and))
}

fn run_lane(lane: &[Scenario], tools: &Tools<'_>, place: &Path) -> Verdict {
    let mut verdict = Verdict::default();
    for scenario in lane {
        let started = Instant::now();
        let outcome = scenario.run(tools, place.to_owned());
        let elapsed = report::seconds(started.elapsed());
        match outcome {
            Ok(()) => {
                verdict.passed += 1;
                report::say(format_args!("client {} ... ok in {elapsed}", scenario.name));
            }
            Err(failure) => {
                verdict.failed += 1;
                report::say(format_args!(
                    "{failure}\nclient {} ... FAILED in {elapsed}",
                    scenario.name
                ));
            }
        }
    }
    verdict
}
