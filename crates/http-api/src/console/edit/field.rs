//! The tables: which members a form has, and what people are told about them.

use super::Kind;

/// A field: a member of a resource, as a form shows it.
#[derive(Debug)]
pub(crate) struct Field {
    /// Where the member is: `auth.password.sunset`. Also the name of the field, and its id.
    pub(crate) path: &'static str,
    pub(crate) label: &'static str,
    /// What its numbers count.
    pub(crate) unit: &'static str,
    pub(crate) help: &'static str,
    /// What the field says while nothing stands in it.
    pub(crate) placeholder: &'static str,
    pub(crate) kind: Kind,
    pub(crate) is_wide: bool,
    /// Whether much stands in it.
    pub(crate) is_tall: bool,
    pub(crate) is_required: bool,
}

impl Field {
    /// A field.
    pub(crate) const fn new(path: &'static str, label: &'static str, kind: Kind) -> Self {
        Self {
            path,
            label,
            unit: "",
            help: "",
            placeholder: "",
            is_wide: kind.is_wide(),
            is_tall: false,
            kind,
            is_required: false,
        }
    }

    /// With a sentence below it.
    pub(crate) const fn help(mut self, help: &'static str) -> Self {
        self.help = help;
        self
    }

    /// With what its numbers count.
    pub(crate) const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = unit;
        self
    }

    /// With an example in it.
    pub(crate) const fn placeholder(mut self, text: &'static str) -> Self {
        self.placeholder = text;
        self
    }

    /// Over the whole width.
    pub(crate) const fn wide(mut self) -> Self {
        self.is_wide = true;
        self
    }

    /// With room for much.
    pub(crate) const fn tall(mut self) -> Self {
        self.is_tall = true;
        self.wide()
    }

    /// Without which the form makes no sense.
    pub(crate) const fn required(mut self) -> Self {
        self.is_required = true;
        self
    }
}

/// Fields that belong together.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) title: &'static str,
    pub(crate) help: &'static str,
    /// The group counts only while the field `engine` says this; empty: always.
    pub(crate) engine: &'static str,
    pub(crate) fields: &'static [Field],
}

impl Group {
    /// A group.
    pub(crate) const fn new(title: &'static str, fields: &'static [Field]) -> Self {
        Self {
            title,
            help: "",
            engine: "",
            fields,
        }
    }

    /// With a sentence below its title.
    pub(crate) const fn help(mut self, help: &'static str) -> Self {
        self.help = help;
        self
    }

    /// One that counts only while the field `engine` says so.
    pub(crate) const fn engine(mut self, engine: &'static str) -> Self {
        self.engine = engine;
        self
    }
}

/// Every field of a table.
pub(super) fn fields(table: &'static [Group]) -> impl Iterator<Item = &'static Field> {
    table.iter().flat_map(|group| group.fields)
}
