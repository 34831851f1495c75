//! Commands of the workspace. None of our crates is linked, so this builds in seconds on a bare machine and can
//! find or install what the others need.

mod background;
mod browser;
mod cargo_tools;
mod clients;
mod commands;
mod contract;
mod failure;
mod folder;
mod node;
mod postgres;
mod prerequisites;
mod process;
mod redis;
mod report;
mod revision;
mod server;
mod tools;
mod verdict;
mod workspace;

#[cfg(test)]
mod tidy;

use std::process::ExitCode;

use failure::Failure;

const USAGE: &str = "\
cargo xtask <command>

  demo [args]              build Grantor and run `grantor demo`: one password grant, then it serves on
  test [args]              all tests, on SQLite, a throw-away Postgres and Redis; args go to `cargo test`
  clients                  of these, the ones with clients generated from the OpenAPI document
  browser [filter]         of these, the ones in a browser; --screenshots renews the pictures in docs/images
  postgres -- <program>    run any program with TEST_DATABASE_URL set to a throw-away Postgres
  redis -- <program>       run any program with TEST_REDIS_URL set to a throw-away Redis
  bench [args]             the bench program, beside a throw-away Postgres with its durability on; with --against REV
                           the server of another revision in turn with this one
  upgrade --from REV       the program of another revision and this one on one Postgres, in each other's place
  drill NAME|all [args]    faults injected into the program, at length and with their figures judged; args are
                           --count N, --seconds S and --seed N
  generate [--check]       write, or compare, the files that are made from the code
  deny                     licences, banned crates and sources of the resolved dependencies
  fuzz [targets] [--seconds N]  the fuzz targets, ten minutes each; an input that breaks a promise is named
  sbom                     the software bill of materials of the program, as CycloneDX
  reproduce                the release program built twice, in two folders, and compared
  ci                       every check a change must pass";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            report::error(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<(), Failure> {
    let Some((command, rest)) = arguments.split_first() else {
        return Err(Failure::usage(USAGE));
    };
    match command.as_str() {
        "demo" => commands::demo::run(rest),
        "test" => commands::test::run(rest),
        "clients" => commands::clients::run(rest),
        "browser" => commands::browser::run(rest),
        "postgres" => commands::postgres::run(rest),
        "redis" => commands::redis::run(rest),
        "bench" => commands::bench::run(rest),
        "upgrade" => commands::upgrade::run(rest),
        "drill" => commands::drill::run(rest),
        "generate" => commands::generate::run(rest),
        "deny" => commands::deny::run(rest),
        "fuzz" => commands::fuzz::run(rest),
        "sbom" => commands::sbom::run(rest),
        "reproduce" => commands::reproduce::run(rest),
        "ci" => commands::ci::run(rest),
        "help" | "--help" | "-h" => {
            report::say(USAGE);
            Ok(())
        }
        unknown => Err(Failure::usage(format!(
            "there is no command `{unknown}`\n\n{USAGE}"
        ))),
    }
}
