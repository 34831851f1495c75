//! Places in a request.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::node::Node;

/// One step down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The member of an object.
    Member(String),
    /// The item of a list, from 0.
    Position(usize),
    /// A reference (`Patient/p1`, or an object with `reference`), read into `resourceType` and `id`.
    Reference,
}

/// A place in a request, from its root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Path(Vec<Step>);

impl Path {
    /// The place one step further down.
    pub(crate) fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// Whether it is the request itself.
    pub(crate) const fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads the text after the dot of `.user.id`. A step of digits is a position.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let steps = text.split('.').map(|name| match name.parse::<usize>() {
            Ok(position) => Some(Step::Position(position)),
            Err(_) if name.is_empty() || name.starts_with('$') => None,
            Err(_) => Some(Step::Member(name.to_owned())),
        });
        steps.collect::<Option<_>>().map(Self)
    }

    /// What a request has there.
    pub(crate) fn find<'a>(&self, root: Node<'a>) -> Option<Node<'a>> {
        self.0.iter().try_fold(root, |node, step| match step {
            Step::Member(name) => node.member(name),
            Step::Position(position) => node.position(*position),
            Step::Reference => node.reference(),
        })
    }

    /// The place as a JSON pointer (RFC 6901), which is the same for no two places: a step that is no
    /// member begins with a tilde that no escaped name can begin with.
    pub(crate) fn pointer(&self) -> String {
        let mut pointer = String::new();
        for step in &self.0 {
            pointer.push('/');
            match step {
                Step::Member(name) => pointer.push_str(&name.replace('~', "~0").replace('/', "~1")),
                Step::Position(position) => {
                    // Writing to a String cannot fail.
                    let _infallible = write!(pointer, "~[{position}]");
                }
                Step::Reference => pointer.push_str("~reference"),
            }
        }
        pointer
    }

    /// The place for people, without anything that could disturb where it is shown.
    pub(crate) fn words(&self) -> String {
        let names = self.0.iter().map(|step| match step {
            Step::Member(name) => harmless(name),
            Step::Position(position) => position.to_string(),
            Step::Reference => "$reference".to_owned(),
        });
        let words = names.collect::<Vec<_>>().join(".");
        if words.is_empty() {
            "the request".to_owned()
        } else {
            words
        }
    }
}

/// A name as it may be shown: at most 40 letters, digits and marks that mean nothing anywhere.
pub(crate) fn harmless(name: &str) -> String {
    let fits = name.len() <= 40
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_/:$?@ ".contains(c));
    if fits {
        name.to_owned()
    } else {
        "…".to_owned()
    }
}

/// Which of a [`Paths`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PathId(pub(crate) usize);

/// The places that some policies look at, each once.
#[derive(Debug, Default)]
pub(crate) struct Paths {
    all: Vec<(Path, String)>,
    ids: HashMap<String, PathId>,
}

impl Paths {
    /// The id of a place.
    pub(crate) fn id(&mut self, path: &Path) -> PathId {
        let pointer = path.pointer();
        if let Some(known) = self.ids.get(&pointer) {
            return *known;
        }
        let id = PathId(self.all.len());
        self.all.push((path.clone(), pointer.clone()));
        self.ids.insert(pointer, id);
        id
    }

    /// A place. Ids come from [`Paths::id`] of the same value, so there always is one.
    pub(crate) fn get(&self, id: PathId) -> Option<&Path> {
        self.all.get(id.0).map(|(path, _)| path)
    }

    /// The pointer of a place.
    pub(crate) fn pointer(&self, id: PathId) -> &str {
        self.all.get(id.0).map_or("", |(_, pointer)| pointer)
    }

    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        self.all.len()
    }
}
