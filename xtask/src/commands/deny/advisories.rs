//! Advisories of the `RustSec` database, from a snapshot in a folder: `crates/<name>/RUSTSEC-….md`, whose head is TOML.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use semver::{Version, VersionReq};
use toml::{Table, Value};

use crate::failure::{Context as _, Failure};

/// Names the folder of the snapshot.
pub(super) const SNAPSHOT: &str = "GRANTOR_ADVISORY_DB";

/// What is known against versions of a package.
#[derive(Debug)]
pub(super) struct Advisory {
    pub(super) id: String,
    pub(super) title: String,
    /// It says that nobody maintains the package, or the like; not that it does harm.
    pub(super) is_notice: bool,
    date: String,
    /// Versions it is not about.
    harmless: Vec<VersionReq>,
}

/// All advisories of a snapshot, by package.
pub(super) struct Advisories(BTreeMap<String, Vec<Advisory>>);

impl Advisories {
    /// Reads a snapshot.
    pub(super) fn read(folder: &Path) -> Result<Self, Failure> {
        let packages = folder.join("crates");
        let mut all: BTreeMap<String, Vec<Advisory>> = BTreeMap::new();
        for package in entries(&packages)? {
            for file in entries(&package)? {
                if file.extension().is_none_or(|extension| extension != "md") {
                    continue;
                }
                let shown = file.display();
                let text =
                    fs::read_to_string(&file).context(format_args!("cannot read {shown}"))?;
                let (name, advisory) = advisory(&text).map_err(|problem| {
                    Failure::new(format!("{shown} is no advisory: {problem}"))
                })?;
                if let Some(advisory) = advisory {
                    all.entry(name).or_default().push(advisory);
                }
            }
        }
        if all.is_empty() {
            let shown = packages.display();
            return Err(Failure::new(format!(
                "{SNAPSHOT}: there is no advisory in {shown}"
            )));
        }
        Ok(Self(all))
    }

    /// The advisories about this version.
    pub(super) fn about(&self, name: &str, version: &str) -> Result<Vec<&Advisory>, Failure> {
        let Some(advisories) = self.0.get(name) else {
            return Ok(Vec::new());
        };
        let version: Version = version
            .parse()
            .context(format_args!("cannot read the version of {name}"))?;
        let about = advisories
            .iter()
            .filter(|advisory| advisory.is_about(&version));
        Ok(about.collect())
    }

    pub(super) fn count(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }

    /// When the latest advisory was written: how old the snapshot is.
    pub(super) fn newest(&self) -> &str {
        let dates = self
            .0
            .values()
            .flatten()
            .map(|advisory| advisory.date.as_str());
        dates.max().unwrap_or_default()
    }
}

impl Advisory {
    fn is_about(&self, version: &Version) -> bool {
        !self
            .harmless
            .iter()
            .any(|versions| versions.matches(version))
    }
}

/// The package an advisory is about, and the advisory unless it was withdrawn.
fn advisory(text: &str) -> Result<(String, Option<Advisory>), String> {
    let head = text
        .strip_prefix("```toml")
        .and_then(|rest| Some(rest.split_once("```")?.0))
        .ok_or("it has no head in TOML")?;
    let table: Table = head
        .parse()
        .map_err(|error: toml::de::Error| error.to_string())?;
    let about = table
        .get("advisory")
        .and_then(Value::as_table)
        .ok_or("[advisory] is missing")?;
    let text_of = |key: &str| match about.get(key) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Datetime(date)) => Some(date.to_string()),
        _ => None,
    };
    let needed = |key: &str| text_of(key).ok_or(format!("advisory.{key} is missing"));
    let name = needed("package")?;
    if about.contains_key("withdrawn") {
        return Ok((name, None));
    }
    let versions = table.get("versions").and_then(Value::as_table);
    let lists = ["patched", "unaffected"].map(|key| versions.and_then(|table| table.get(key)));
    let lists = lists
        .into_iter()
        .flatten()
        .filter_map(Value::as_array)
        .flatten();
    let harmless: Result<Vec<VersionReq>, String> = lists
        .map(|versions| {
            let written = versions.as_str().ok_or("a version is no text")?;
            written
                .parse()
                .map_err(|error| format!("`{written}`: {error}"))
        })
        .collect();
    let kind = text_of("informational");
    let body = text.lines().find_map(|line| line.strip_prefix("# "));
    let advisory = Advisory {
        id: needed("id")?,
        title: body.unwrap_or("no title").to_owned(),
        is_notice: kind.is_some_and(|kind| kind != "unsound"),
        date: needed("date")?,
        harmless: harmless?,
    };
    Ok((name, Some(advisory)))
}

fn entries(folder: &Path) -> Result<Vec<std::path::PathBuf>, Failure> {
    let shown = folder.display();
    let entries = fs::read_dir(folder).context(format_args!("cannot read {shown}"))?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    paths
        .collect::<Result<_, _>>()
        .context(format_args!("cannot read {shown}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(more: &str, versions: &str) -> String {
        format!(
            "```toml\n[advisory]\nid = \"RUSTSEC-2026-0001\"\npackage = \"one\"\ndate = \"2026-01-02\"\n{more}\n\
             [versions]\n{versions}\n```\n\n# It leaks\n\nText.\n"
        )
    }

    fn snapshot(name: &str, text: &str) -> Result<Advisories, Failure> {
        let folder = std::env::temp_dir().join(format!("grantor-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("crates/one")).unwrap();
        fs::write(folder.join("crates/one/RUSTSEC-2026-0001.md"), text).unwrap();
        let read = Advisories::read(&folder);
        fs::remove_dir_all(folder).unwrap();
        read
    }

    #[test]
    fn versions_that_are_neither_patched_nor_unaffected_are_told() {
        let text = written(
            "",
            "patched = [\">= 1.2.3, < 2\", \">= 2.0.1\"]\nunaffected = [\"< 1.0.0\"]",
        );
        let all = snapshot("affected", &text).unwrap();
        let told = |version: &str| all.about("one", version).unwrap().len();
        assert_eq!((told("1.2.2"), told("2.0.0")), (1, 1));
        assert_eq!((told("0.9.9"), told("1.2.3"), told("2.0.1")), (0, 0, 0));
        assert_eq!(all.about("another", "1.0.0").unwrap().len(), 0);
        assert_eq!((all.count(), all.newest()), (1, "2026-01-02"));
        assert_eq!(all.about("one", "1.0.0").unwrap()[0].title, "It leaks");
    }

    #[test]
    fn what_nobody_maintains_is_a_notice_and_what_is_unsound_is_not() {
        for (kind, is_notice) in [("unmaintained", true), ("notice", true), ("unsound", false)] {
            let text = written(&format!("informational = \"{kind}\""), "patched = []");
            let all = snapshot(kind, &text).unwrap();
            assert_eq!(
                all.about("one", "1.0.0").unwrap()[0].is_notice,
                is_notice,
                "{kind}"
            );
        }
    }

    #[test]
    fn a_folder_without_advisories_is_no_snapshot() {
        let withdrawn = written("withdrawn = \"2026-01-03\"", "patched = []");
        assert!(snapshot("withdrawn", &withdrawn).is_err());
        assert!(snapshot("broken", "# nothing").is_err());
        assert!(Advisories::read(Path::new("/nowhere")).is_err());
    }
}
