//! `cargo xtask drill NAME [--count N] [--seconds S] [--seed N]`

use crate::failure::Failure;
use crate::{postgres, prerequisites, process, report, workspace};

use super::test::BINARY;

/// A drill, and how much of it is done when nothing else is said.
struct Drill {
    name: &'static str,
    count: u32,
    seconds: u32,
}

const fn drill(name: &'static str, count: u32, seconds: u32) -> Drill {
    Drill {
        name,
        count,
        seconds,
    }
}

/// Each is a module of `tests/drills`, and does a little in `cargo xtask test`.
const DRILLS: &[Drill] = &[
    drill("kill", 100, 0),
    drill("database", 24, 0),
    drill("disk", 20, 0),
    drill("pool", 20, 0),
    drill("clock", 50, 0),
    drill("refresh", 5000, 0),
    drill("lost_replies", 1000, 0),
    drill("overload", 0, 20),
    drill("slow", 1000, 10),
    drill("memory", 0, 20),
    drill("stop", 20, 0),
    drill("keys", 5, 0),
];

/// Runs one drill, or all, at length and alone, and judges its figures.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let wish = Wish::read(arguments)?;
    prerequisites::ensure(postgres::TestDatabase::prerequisites())?;
    let binary = report::step("build", workspace::build_grantor)?;
    let database = postgres::TestDatabase::open()?;
    for drill in wish.drills() {
        report::step(drill.name, || {
            let mut cargo = workspace::cargo();
            cargo.args(["test", "--package", "acceptance", "--test", "drills"]);
            // Figures of drills that run side by side say nothing.
            cargo.args(["--", "--test-threads=1", "--nocapture"]);
            cargo.arg(format!("{}::", drill.name));
            cargo.env(postgres::TEST_DATABASE_URL, database.url());
            cargo.env(BINARY, &binary);
            cargo.env("DRILL_COUNT", wish.count.unwrap_or(drill.count).to_string());
            cargo.env(
                "DRILL_SECONDS",
                wish.seconds.unwrap_or(drill.seconds).to_string(),
            );
            if let Some(seed) = &wish.seed {
                cargo.env("DRILL_SEED", seed);
            }
            process::run(&mut cargo)
        })?;
    }
    Ok(())
}

/// What was asked for.
struct Wish {
    name: String,
    count: Option<u32>,
    seconds: Option<u32>,
    seed: Option<String>,
}

impl Wish {
    fn read(arguments: &[String]) -> Result<Self, Failure> {
        let mut wish = Self {
            name: String::new(),
            count: None,
            seconds: None,
            seed: None,
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut number = || {
                let value = arguments.next().and_then(|value| value.parse().ok());
                value.ok_or_else(|| Failure::usage(format!("{argument} wants a number")))
            };
            match argument.as_str() {
                "--count" => wish.count = Some(number()?),
                "--seconds" => wish.seconds = Some(number()?),
                "--seed" => wish.seed = arguments.next().cloned(),
                // Modules are named with `_`, and people write `-`.
                name if wish.name.is_empty() => wish.name = name.replace('-', "_"),
                other => return Err(Failure::usage(format!("cargo xtask drill: {other}?"))),
            }
        }
        if wish.drills().next().is_none() {
            let names: Vec<&str> = DRILLS.iter().map(|drill| drill.name).collect();
            let names = names.join(", ");
            return Err(Failure::usage(format!(
                "cargo xtask drill NAME [--count N] [--seconds S] [--seed N], where NAME is all or one of {names}"
            )));
        }
        Ok(wish)
    }

    fn drills(&self) -> impl Iterator<Item = &'static Drill> {
        DRILLS
            .iter()
            .filter(|drill| self.name == "all" || self.name == drill.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Wish, Failure> {
        let arguments: Vec<String> = line.split(' ').map(str::to_owned).collect();
        Wish::read(&arguments)
    }

    #[test]
    fn every_drill_has_a_file() {
        for drill in DRILLS {
            let file = format!("tests/drills/{}.rs", drill.name);
            assert!(workspace::root().join(&file).exists(), "{file}");
        }
    }

    #[test]
    fn a_drill_may_be_written_as_people_do() {
        let wish = read("lost-replies --count 7 --seed 12").unwrap();
        assert_eq!(wish.drills().count(), 1);
        assert_eq!((wish.count, wish.seconds), (Some(7), None));
        assert_eq!(wish.seed.as_deref(), Some("12"));
    }

    #[test]
    fn a_drill_must_be_one_of_ours() {
        assert!(read("earthquake").is_err());
        assert!(read("kill --count many").is_err());
        assert_eq!(read("all").unwrap().drills().count(), DRILLS.len());
    }
}
