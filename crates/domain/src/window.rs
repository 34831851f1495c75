//! Pages of a search: by position, so that the thousandth is as quick as the first.

/// Where something stands in an order: the values it is sorted by, and its id, which breaks ties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The values of the sort keys, in their order.
    pub keys: Vec<i64>,
    /// The id.
    pub id: String,
}

impl Position {
    /// The value of the first sort key; 0 without one.
    #[must_use]
    pub fn key(&self) -> i64 {
        self.keys.first().copied().unwrap_or_default()
    }
}

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Start {
    /// At the beginning.
    #[default]
    First,
    /// It is the last page.
    Last,
    /// After so many matches. Skipping costs time, so this is for the first few pages.
    Skip(u32),
    /// After this position.
    After(Position),
    /// It ends before this position.
    Before(Position),
}

impl Start {
    /// Whether the page is read from its end.
    #[must_use]
    pub const fn is_backwards(&self) -> bool {
        matches!(self, Self::Last | Self::Before(_))
    }

    /// The position the page lies beyond, in the direction it is read in.
    #[must_use]
    pub const fn position(&self) -> Option<&Position> {
        match self {
            Self::After(position) | Self::Before(position) => Some(position),
            Self::First | Self::Last | Self::Skip(_) => None,
        }
    }

    /// How many matches are skipped.
    #[must_use]
    pub const fn skipped(&self) -> u32 {
        match self {
            Self::Skip(skipped) => *skipped,
            _ => 0,
        }
    }
}

/// How many matches are counted when it is not said whether to count them.
pub const FEW: u64 = 1000;

/// Whether the number of all matches is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Total {
    /// When there are at most [`FEW`].
    #[default]
    IfFew,
    /// Whatever it takes.
    Accurate,
    /// No.
    None,
}

/// Which page of the matches is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Window {
    /// Most matches on it.
    pub count: u32,
    /// Where it begins.
    pub start: Start,
    /// Whether to count all matches.
    pub total: Total,
}

impl Window {
    /// The first page, without a count of all matches.
    #[must_use]
    pub const fn first(count: u32) -> Self {
        Self {
            count,
            start: Start::First,
            total: Total::None,
        }
    }
}
