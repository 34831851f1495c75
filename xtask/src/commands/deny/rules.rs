//! Reading `deny.toml`.

use toml::{Table, Value};

use crate::failure::{Context as _, Failure};
use crate::workspace;

/// The part of `deny.toml` that is checked here.
pub(super) struct Rules {
    licences: Vec<String>,
    bans: Vec<Ban>,
    ignored: Vec<String>,
}

/// A crate that must not be built, except below its wrappers.
pub(super) struct Ban {
    pub(super) name: String,
    pub(super) reason: String,
    pub(super) wrappers: Vec<String>,
}

impl Rules {
    pub(super) fn read() -> Result<Self, Failure> {
        let text = std::fs::read_to_string(workspace::root().join("deny.toml"))
            .context("cannot read deny.toml")?;
        let table: Table = text.parse().context("deny.toml")?;
        let licences = strings(list(&table, "licenses", "allow")?)?;
        let bans = list(&table, "bans", "deny")?
            .iter()
            .map(Ban::read)
            .collect::<Result<_, _>>()?;
        let ignored = list(&table, "advisories", "ignore")?
            .iter()
            .map(ignored)
            .collect::<Result<_, _>>()?;
        Ok(Self {
            licences,
            bans,
            ignored,
        })
    }

    /// Whether an advisory is known and does not matter here.
    pub(super) fn is_ignored(&self, id: &str) -> bool {
        self.ignored.iter().any(|known| known == id)
    }

    pub(super) fn licences(&self) -> &[String] {
        &self.licences
    }

    pub(super) fn bans(&self) -> &[Ban] {
        &self.bans
    }
}

impl Ban {
    fn read(value: &Value) -> Result<Self, Failure> {
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let (Some(name), Some(reason)) = (text("crate"), text("reason")) else {
            return Err(Failure::new(
                "deny.toml: every entry of bans.deny needs `crate` and `reason`",
            ));
        };
        let wrappers = value
            .get("wrappers")
            .and_then(Value::as_array)
            .map_or(Ok(Vec::new()), |list| strings(list))?;
        Ok(Self {
            name,
            reason,
            wrappers,
        })
    }
}

/// An advisory is ignored for a reason that is written down.
fn ignored(value: &Value) -> Result<String, Failure> {
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    text("id")
        .filter(|_| text("reason").is_some())
        .ok_or_else(|| {
            Failure::new("deny.toml: every entry of advisories.ignore needs `id` and `reason`")
        })
}

fn list<'table>(
    table: &'table Table,
    section: &str,
    key: &str,
) -> Result<&'table Vec<Value>, Failure> {
    let found = table
        .get(section)
        .and_then(|section| section.get(key))
        .and_then(Value::as_array);
    found.ok_or_else(|| {
        Failure::new(format!(
            "deny.toml: there is no list `{key}` in [{section}]"
        ))
    })
}

fn strings(list: &[Value]) -> Result<Vec<String>, Failure> {
    list.iter()
        .map(|value| value.as_str().map(str::to_owned))
        .collect::<Option<_>>()
        .ok_or_else(|| Failure::new("deny.toml: a list of names holds something else than names"))
}
