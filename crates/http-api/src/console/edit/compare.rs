//! Versions of a resource, member by member.

use serde_json::Value;

use super::kind::text;

/// A member that is not the same in all of them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) path: String,
    /// In each version: its lines, none where it has no such member, and whether it differs from
    /// the version before.
    pub(crate) versions: Vec<(Vec<String>, bool)>,
}

/// What is never different, or always.
const LEFT_OUT: [&str; 3] = ["resourceType", "id", "meta"];

/// The members that are not the same in all versions, in the order in which they are met.
pub(crate) fn differences(versions: &[&Value]) -> Vec<Difference> {
    let mut paths = Vec::new();
    for version in versions {
        leaves(version, "", &mut paths);
    }
    let difference = |path: String| {
        let members: Vec<Option<&Value>> = versions
            .iter()
            .map(|version| found(version, &path))
            .collect();
        let before = members.iter().take(1).chain(&members);
        let versions: Vec<_> = members
            .iter()
            .zip(before)
            .map(|(member, before)| (member.map(lines).unwrap_or_default(), member != before))
            .collect();
        let differs = versions.iter().any(|(_, differs)| *differs);
        differs.then_some(Difference { path, versions })
    };
    paths.into_iter().filter_map(difference).collect()
}

/// The paths of all members that are no objects, with `/` between steps: a name may have dots.
fn leaves(value: &Value, path: &str, paths: &mut Vec<String>) {
    let Some(members) = value.as_object().filter(|members| !members.is_empty()) else {
        if !paths.iter().any(|known| known == path) {
            paths.push(path.to_owned());
        }
        return;
    };
    for (name, member) in members {
        if path.is_empty() && LEFT_OUT.contains(&name.as_str()) {
            continue;
        }
        let name = name.replace('~', "~0").replace('/', "~1");
        let inner = format!("{path}/{name}");
        leaves(member, &inner, paths);
    }
}

/// The member at a path (RFC 6901). An object that other versions look into is no leaf.
fn found<'a>(version: &'a Value, path: &str) -> Option<&'a Value> {
    let member = version.pointer(path)?;
    let is_leaf = member.as_object().is_none_or(serde_json::Map::is_empty);
    (is_leaf && !member.is_null()).then_some(member)
}

fn lines(member: &Value) -> Vec<String> {
    match member {
        Value::Array(list) => list.iter().map(text).collect(),
        other => text(other).lines().map(str::to_owned).collect(),
    }
}

impl Difference {
    /// The path as people write it.
    pub(crate) fn name(&self) -> String {
        let plain = self.path.trim_start_matches('/').replace('/', ".");
        plain.replace("~1", "/").replace("~0", "~")
    }
}
