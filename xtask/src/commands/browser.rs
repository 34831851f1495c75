//! `cargo xtask browser [filter] [--screenshots]`

use crate::browser::{self, Wish};
use crate::failure::Failure;
use crate::prerequisites::{self, Prerequisite};
use crate::{report, workspace};

/// Asks for the pictures of the documentation.
const SCREENSHOTS: &str = "--screenshots";

/// Runs the tests in a browser alone, or those with the filter in their name; `cargo xtask test` runs all of them.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let wish = wish(arguments)?;
    let to_build = &[Prerequisite::CCompiler, Prerequisite::Libpq];
    prerequisites::ensure(&[to_build, browser::PREREQUISITES].concat())?;
    let grantor = report::step("build", workspace::build_grantor)?;
    let verdict = browser::run(&grantor, &wish)?;
    report::say(format_args!(
        "browser: {} passed, {} failed",
        verdict.passed, verdict.failed
    ));
    verdict.into_result(browser::FAILED)
}

fn wish(arguments: &[String]) -> Result<Wish, Failure> {
    let mut wish = Wish::default();
    for argument in arguments {
        if argument == SCREENSHOTS {
            wish.pictures = true;
        } else if wish.filter.is_empty() && !argument.starts_with('-') {
            wish.filter.clone_from(argument);
        } else {
            return Err(Failure::usage(
                "cargo xtask browser [text in the names of the cases] [--screenshots]",
            ));
        }
    }
    Ok(wish)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Option<(String, bool)> {
        let arguments: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
        let wish = wish(&arguments).ok()?;
        Some((wish.filter, wish.pictures))
    }

    #[test]
    fn a_filter_and_the_wish_for_pictures_come_in_any_order() {
        let both = Some(("login".to_owned(), true));
        assert_eq!(read(&[]), Some((String::new(), false)));
        assert_eq!(read(&["login", "--screenshots"]), both);
        assert_eq!(read(&["--screenshots", "login"]), both);
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        assert_eq!(read(&["--screenshot"]), None);
        assert_eq!(read(&["login", "sandbox"]), None);
    }
}
