//! What resources that are kept can be searched by, and their histories.

use std::marker::PhantomData;

use grantor_domain::resources::{Filter, Parameter, ResourceQuery, ResourceSort, Test};
use grantor_domain::time::Timestamp;
use grantor_domain::window::Window;

use crate::error::Failure;
use crate::resources::instant;
use crate::resources::wire::Wire;

use super::{Criteria, bad, list, local, range};

/// The criteria of a search for resources of one type.
#[derive(Clone, Debug)]
pub(crate) struct ResourceCriteria<R> {
    query: ResourceQuery,
    of: PhantomData<R>,
}

impl<R> Default for ResourceCriteria<R> {
    fn default() -> Self {
        Self {
            query: ResourceQuery::all(Window::default()),
            of: PhantomData,
        }
    }
}

impl<R: Wire> ResourceCriteria<R> {
    /// The search for a page.
    pub(crate) fn query(&self, window: Window) -> ResourceQuery {
        ResourceQuery {
            window,
            ..self.query.clone()
        }
    }
}

fn parameter<R: Wire>(name: &str) -> Option<Parameter> {
    let mut all = R::parameters().iter();
    all.find(|parameter| parameter.name == name).copied()
}

impl<R: Wire> Criteria for ResourceCriteria<R> {
    fn known(name: &str) -> Option<&'static str> {
        match name {
            "_id" | ".id" => Some("_id"),
            "_lastUpdated" | ".meta.lastUpdated" => Some("_lastUpdated"),
            name => parameter::<R>(name.strip_prefix('.').unwrap_or(name))
                .map(|parameter| parameter.name),
        }
    }

    fn may_repeat(name: &str) -> bool {
        name != "_id"
    }

    fn take(
        &mut self,
        name: &'static str,
        modifier: Option<&str>,
        value: &str,
    ) -> Result<(), Failure> {
        match (name, modifier) {
            ("_id", None) => self.query.ids = list(name, value, |text| Some(text.to_owned()))?,
            ("_lastUpdated", None) => self.query.updated.push(range(name, value)?),
            ("_id" | "_lastUpdated", Some(_)) => return Err(bad(name, "takes no modifier")),
            (name, modifier) => {
                let test = test::<R>(name, modifier, value)?;
                self.query.filters.push(Filter {
                    parameter: name,
                    test,
                });
            }
        }
        Ok(())
    }

    fn sort(&mut self, value: &str) -> Result<(), Failure> {
        let name = value.strip_prefix('-').unwrap_or(value);
        self.query.sort = match name {
            "_id" => ResourceSort::Id,
            "_lastUpdated" => ResourceSort::LastUpdated,
            "_created" => ResourceSort::Created,
            _ => return Err(bad("_sort", "must be _id, _lastUpdated or _created")),
        };
        self.query.descending = name.len() < value.len();
        Ok(())
    }
}

/// What a parameter demands, by its modifier (FHIR R4 §3.1.1.5.4).
fn test<R: Wire>(name: &str, modifier: Option<&str>, value: &str) -> Result<Test, Failure> {
    let is_text = parameter::<R>(name).is_some_and(|parameter| parameter.is_text);
    let values = |value: &str| list(name, value, |text| Some(text.to_owned()));
    // A reference may be written with the type it is to.
    let tokens = |value: &str| {
        list(name, value, |text| {
            Some(if name == "user" {
                local(text, "User/").to_owned()
            } else {
                text.to_owned()
            })
        })
    };
    match modifier {
        None if is_text => Ok(Test::Begins(values(value)?)),
        None => Ok(Test::Is(tokens(value)?)),
        Some("exact") if is_text => Ok(Test::Is(values(value)?)),
        Some("contains") if is_text => Ok(Test::Contains(values(value)?)),
        Some("not") => Ok(Test::IsNot(tokens(value)?)),
        Some("missing") => match value {
            "true" => Ok(Test::Missing(true)),
            "false" => Ok(Test::Missing(false)),
            _ => Err(bad(name, "with :missing must be true or false")),
        },
        Some(_) => Err(bad(name, "does not take this modifier")),
    }
}

/// The criteria of a history.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct HistoryCriteria {
    /// `_since`: versions from then on.
    pub(crate) since: Option<Timestamp>,
}

impl Criteria for HistoryCriteria {
    fn known(name: &str) -> Option<&'static str> {
        (name == "_since").then_some("_since")
    }

    fn may_repeat(_name: &str) -> bool {
        false
    }

    fn take(
        &mut self,
        name: &'static str,
        modifier: Option<&str>,
        value: &str,
    ) -> Result<(), Failure> {
        let since = instant::beginning(value).filter(|_| modifier.is_none());
        self.since = Some(since.ok_or_else(|| bad(name, "must be a date or an instant"))?);
        Ok(())
    }

    fn sort(&mut self, _value: &str) -> Result<(), Failure> {
        Err(bad(
            "_sort",
            "is of no use here: the latest version comes first",
        ))
    }
}
