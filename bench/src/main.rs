//! `cargo xtask bench`: what the release server reaches on this machine, beside what the machine could
//! reach in the same minutes. It prints figures and judges none. `docs/how-to/benchmark.md` says how to read them.

#![expect(
    clippy::duplicate_mod,
    reason = "`ceiling/table/statements.rs` is compiled once a database"
)]

mod affinity;
mod ceiling;
mod compare;
mod failure;
mod http;
mod load;
mod machine;
mod process;
mod report;
mod scenarios;
mod seed;
mod server;
mod settings;
mod sql;
mod store;

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use affinity::Affinity;
use compare::Comparison;
use failure::{Context as _, Failure, Outcome};
use load::Loader;
use machine::Machine;
use report::Report;
use scenarios::Bench;
use serde_json::json;
use settings::Settings;

fn main() -> ExitCode {
    let outcome = match ceiling::wanted_address() {
        Some(address) => ceiling::answer(address).map(|()| String::new()),
        None => Settings::read().and_then(|settings| run(&settings)),
    };
    let (text, code) = match &outcome {
        Ok(text) => (text.clone(), ExitCode::SUCCESS),
        Err(failure) => (format!("bench: {failure}\n"), ExitCode::FAILURE),
    };
    // With stdout closed there is nobody left to tell.
    let _ = io::stdout().write_all(text.as_bytes());
    code
}

/// Measures everything in a folder of its own, and answers what to print.
fn run(settings: &Settings) -> Outcome<String> {
    let folder = settings.folder();
    let work = folder.join(format!("work-{}", std::process::id()));
    fs::create_dir_all(&work).context(format_args!("cannot make {}", work.display()))?;
    let measured = measure(settings, &work, &folder);
    fs::remove_dir_all(&work).context(format_args!("cannot remove {}", work.display()))?;
    let (table, path) = measured?;
    Ok(format!("{table}\nThe same as JSON: {}\n", path.display()))
}

/// Answers the table, and where the same is written.
fn measure(settings: &Settings, work: &Path, folder: &Path) -> Outcome<(String, PathBuf)> {
    let machine = Machine::look(work)?;
    let affinity = Affinity::settle()?;
    let cores = affinity.sentence();
    let loader = Loader::prepare(work, affinity)?;
    if let Some(against) = &settings.against {
        let comparison = Comparison::make(settings, against, (work, &loader))?;
        let table = format!("{}\n{cores}\n{}", machine.sentence(), comparison.table());
        let all = json!({ "machine": machine, "cores": cores, "comparison": comparison });
        let path = report::write(&all, folder)?;
        return Ok((table, path));
    }
    let mut bench = Bench::new(settings, (&settings.binary, work), &loader);
    let mut stores = settings.stores(work)?.into_iter();
    let outcome = stores.try_for_each(|store| bench.run(&store));
    let report = Report {
        quick: settings.quick,
        machine,
        cores,
        rows: bench.rows,
        figures: bench.figures,
    };
    let (table, path) = (report.table(), report::write(&report, folder)?);
    match outcome {
        Ok(()) => Ok((table, path)),
        // What was measured in hours is not lost for what failed after it.
        Err(failure) => Err(Failure::new(format!("{failure}\n\nUntil then:\n{table}"))),
    }
}
