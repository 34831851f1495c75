//! What one request has at the places that patterns look at, looked up once.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use cedar_policy::{Context, RestrictedExpression};
use grantor_domain::access::AccessRequest;

use crate::logic::{Aspect, Slot};
use crate::node::Node;
use crate::path::{Path, PathId, Paths};

/// One request at the places of some policies.
pub(crate) struct Facts<'a> {
    root: Node<'a>,
    paths: &'a Paths,
    found: Vec<OnceCell<Option<Node<'a>>>>,
}

impl<'a> Facts<'a> {
    /// Nothing is looked up yet.
    pub(crate) fn new(request: &'a AccessRequest, paths: &'a Paths) -> Self {
        Self {
            root: Node::Root(request),
            paths,
            found: vec![OnceCell::new(); paths.len()],
        }
    }

    /// What is at a place.
    pub(crate) fn at(&self, path: PathId) -> Option<Node<'a>> {
        let find = || self.paths.get(path)?.find(self.root);
        *self.found.get(path.0)?.get_or_init(find)
    }

    /// The name of a place.
    pub(crate) fn path(&self, path: PathId) -> Option<&'a Path> {
        self.paths.get(path)
    }

    /// The Cedar context that has exactly these slots, as far as the request fills them.
    ///
    /// # Errors
    /// Cedar's words, when it does not take a value.
    pub(crate) fn context(&self, slots: &BTreeSet<Slot>) -> Result<Context, String> {
        let pairs = slots.iter().filter_map(|slot| {
            let value = self.slot(*slot)?;
            Some((slot.key(self.paths), value))
        });
        Context::from_pairs(pairs).map_err(|error| error.to_string())
    }

    fn slot(&self, slot: Slot) -> Option<RestrictedExpression> {
        let node = self.at(slot.path)?;
        match slot.aspect {
            Aspect::Present => Some(RestrictedExpression::new_bool(true)),
            Aspect::Value => Some(node.scalar()?.in_request()),
            Aspect::Text => Some(RestrictedExpression::new_string(node.text()?.to_owned())),
            Aspect::List if node.items().is_some() => node.value(),
            Aspect::List => None,
            Aspect::Length => {
                let length = i64::try_from(node.items()?.count()).ok()?;
                Some(RestrictedExpression::new_long(length))
            }
        }
    }
}
