//! What a pattern says, between matcho and Cedar: tests of places, joined.
//!
//! Cedar ends a policy with an error when it looks for a member of a text or searches a text that is a
//! number, and `or` does not survive an error on its left. So a test never walks down: each looks at one
//! *slot* of a flat context, named by place and by kind (`text /uri`), which is there only if the request
//! has a value of this kind at this place. Every such policy has an answer for every request.

use std::collections::BTreeSet;

use cedar_policy::pst::PatternElem;

use crate::path::{PathId, Paths};
use crate::scalar::Scalar;

/// A condition on a request.
#[derive(Clone, Debug)]
pub(crate) enum Logic {
    /// What is at a place passes a test. False when nothing is there.
    Is(PathId, Test),
    /// Nothing is at a place.
    Nil(PathId),
    /// Something is at the place, and the condition does not hold.
    Not(PathId, Box<Logic>),
    /// All of them; none: always true.
    All(Vec<Logic>),
    /// At least one of them, said at a place.
    Any(PathId, Vec<Logic>),
}

/// A test of what is at a place.
#[derive(Clone, Debug)]
pub(crate) enum Test {
    /// Anything.
    Present,
    /// A text that is not empty.
    SomeText,
    /// This value.
    Equals(Scalar<'static>),
    /// The single value that another place has.
    SameAs(PathId),
    /// One of these values.
    Among(Vec<Scalar<'static>>),
    /// A text of this form.
    Like(Vec<PatternElem>),
    /// A list with all of these values.
    HasAll(Vec<Scalar<'static>>),
    /// A list with one of these values.
    HasAny(Vec<Scalar<'static>>),
    /// A list with the single value that another place has.
    HasSameAs(PathId),
    /// A list with no other values than these.
    Only(Vec<Scalar<'static>>),
    /// A list of so many items.
    Length(i64),
}

/// What of a place a slot holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Aspect {
    /// `true`.
    Present,
    /// The single value.
    Value,
    /// The text.
    Text,
    /// The list, as a set.
    List,
    /// The number of items of the list.
    Length,
}

/// An attribute of the flat context.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Slot {
    /// Where.
    pub(crate) path: PathId,
    /// What of it.
    pub(crate) aspect: Aspect,
}

impl PathId {
    /// The slot for something of what is here.
    pub(crate) const fn slot(self, aspect: Aspect) -> Slot {
        Slot { path: self, aspect }
    }
}

impl Slot {
    /// The attribute's name.
    pub(crate) fn key(self, paths: &Paths) -> String {
        let kind = match self.aspect {
            Aspect::Present => "present",
            Aspect::Value => "value",
            Aspect::Text => "text",
            Aspect::List => "list",
            Aspect::Length => "length",
        };
        format!("{kind} {}", paths.pointer(self.path))
    }
}

impl Test {
    /// What of the tested place it looks at.
    pub(crate) const fn aspect(&self) -> Aspect {
        match self {
            Self::Present => Aspect::Present,
            Self::SomeText | Self::Like(_) => Aspect::Text,
            Self::Equals(_) | Self::SameAs(_) | Self::Among(_) => Aspect::Value,
            Self::HasAll(_) | Self::HasAny(_) | Self::HasSameAs(_) | Self::Only(_) => Aspect::List,
            Self::Length(_) => Aspect::Length,
        }
    }

    /// The other place it looks at.
    pub(crate) const fn other(&self) -> Option<Slot> {
        match self {
            Self::SameAs(path) | Self::HasSameAs(path) => Some(path.slot(Aspect::Value)),
            _ => None,
        }
    }
}

impl Logic {
    /// Adds every slot it looks at.
    pub(crate) fn slots(&self, slots: &mut BTreeSet<Slot>) {
        match self {
            Self::Is(path, test) => {
                slots.insert(path.slot(test.aspect()));
                slots.extend(test.other());
            }
            Self::Nil(path) => {
                slots.insert(path.slot(Aspect::Present));
            }
            Self::Not(path, inner) => {
                slots.insert(path.slot(Aspect::Present));
                inner.slots(slots);
            }
            Self::All(parts) | Self::Any(_, parts) => {
                for part in parts {
                    part.slots(slots);
                }
            }
        }
    }

    /// The conditions that must all hold, for telling which does not.
    pub(crate) fn parts<'a>(&'a self, parts: &mut Vec<&'a Self>) {
        match self {
            Self::All(inner) => inner.iter().for_each(|part| part.parts(parts)),
            other => parts.push(other),
        }
    }

    /// The place it is said at.
    pub(crate) const fn place(&self) -> Option<PathId> {
        match self {
            Self::Is(path, _) | Self::Nil(path) | Self::Not(path, _) | Self::Any(path, _) => {
                Some(*path)
            }
            Self::All(_) => None,
        }
    }
}
