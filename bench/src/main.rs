//! `cargo xtask bench`: what the release server reaches on this machine, beside what the machine could
//! reach in the same minutes. It prints figures and judges none. `docs/how-to/benchmark.md` says how to read them.

mod ceiling;
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

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use failure::{Context as _, Outcome};
use load::Loader;
use machine::Machine;
use report::Report;
use scenarios::Bench;
use settings::Settings;

fn main() -> ExitCode {
    let outcome = Settings::read().and_then(|settings| run(&settings));
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
    let report = measure(settings, &work);
    fs::remove_dir_all(&work).context(format_args!("cannot remove {}", work.display()))?;
    let report = report?;
    let path = report.write(&folder)?;
    Ok(format!(
        "{}\nThe same as JSON: {}\n",
        report.table(),
        path.display()
    ))
}

fn measure(settings: &Settings, work: &Path) -> Outcome<Report> {
    let machine = Machine::look(work)?;
    let mut bench = Bench {
        settings,
        folder: work,
        loader: Loader::prepare(work)?,
        hash_threads: machine::cores(),
        rows: Vec::new(),
        figures: Vec::new(),
    };
    for store in settings.stores(work)? {
        bench.run(&store)?;
    }
    let (rows, figures) = (bench.rows, bench.figures);
    Ok(Report {
        quick: settings.quick,
        machine,
        rows,
        figures,
    })
}
