//! Which cores the server has, and which the load: apart where there are enough, so that they do not take from one
//! another.

use std::fs;
use std::process::Command;

use crate::failure::{Context as _, Failure, Outcome};

/// With fewer cores, the load would have none worth the name, or the server would have too few.
const FEWEST: usize = 4;
/// Of so many cores, one is for the load.
const PART: usize = 4;

/// Where things run.
pub(crate) enum Affinity {
    /// Everything on all cores.
    Shared,
    /// The bench, its ceilings and the servers it starts on some, `wrk` on the others; as `taskset` lists them.
    Apart {
        /// Cores of the server.
        server: String,
        /// Cores of the load.
        load: String,
    },
}

impl Affinity {
    /// Gives the cores of this process away. What it starts from now on has those of the server, but for the load.
    pub(crate) fn settle() -> Outcome<Self> {
        let status = fs::read_to_string("/proc/self/status").context("cannot read /proc")?;
        let list = status
            .lines()
            .find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
        let affinity = list
            .and_then(|list| numbers(list.trim()))
            .map_or(Self::Shared, |cores| Self::of(&cores));
        if let Self::Apart { server, .. } = &affinity {
            let process = std::process::id().to_string();
            let output = Command::new("taskset")
                .args(["--pid", "--cpu-list", server, &process])
                .output()
                .context("cannot run taskset (Debian's package `util-linux`)")?;
            if !output.status.success() {
                let why = String::from_utf8_lossy(&output.stderr);
                return Err(Failure::new(format!("taskset: {}", why.trim())));
            }
        }
        Ok(affinity)
    }

    fn of(cores: &[usize]) -> Self {
        if cores.len() < FEWEST {
            return Self::Shared;
        }
        let (server, load) = cores.split_at(cores.len() - cores.len() / PART);
        Self::Apart {
            server: listed(server),
            load: listed(load),
        }
    }

    /// A program that loads the server.
    pub(crate) fn load(&self, program: &str) -> Command {
        match self {
            Self::Shared => Command::new(program),
            Self::Apart { load, .. } => {
                let mut command = Command::new("taskset");
                command.args(["--cpu-list", load, program]);
                command
            }
        }
    }

    pub(crate) fn sentence(&self) -> String {
        match self {
            Self::Shared => {
                format!("not pinned: with fewer than {FEWEST} cores, server and wrk share them")
            }
            Self::Apart { server, load } => {
                format!("pinned: server and ceilings on cores {server}; wrk on {load}")
            }
        }
    }
}

/// The numbers of a list such as `0-2,5`.
fn numbers(text: &str) -> Option<Vec<usize>> {
    let mut numbers = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        numbers.extend(first.parse::<usize>().ok()?..=last.parse().ok()?);
    }
    Some(numbers)
}

fn listed(cores: &[usize]) -> String {
    let cores: Vec<String> = cores.iter().map(usize::to_string).collect();
    cores.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_cores_has_ranges_and_single_ones() {
        assert_eq!(numbers("0-2,5"), Some(vec![0, 1, 2, 5]));
        assert_eq!(numbers("all"), None);
    }

    #[test]
    fn a_fourth_of_the_cores_is_for_the_load() {
        let Affinity::Apart { server, load } = Affinity::of(&[0, 1, 2, 3, 6, 7, 8, 9]) else {
            panic!("eight cores are enough");
        };
        assert_eq!((server.as_str(), load.as_str()), ("0,1,2,3,6,7", "8,9"));
    }

    #[test]
    fn few_cores_are_shared() {
        assert!(matches!(Affinity::of(&[0, 1, 2]), Affinity::Shared));
    }
}
