//! Cutting a page out of what is in order.

use std::cmp::Ordering;

use grantor_domain::ports::Page;
use grantor_domain::window::{FEW, Position, Start, Total, Window};

/// The page of `window` out of all matches, which are in the order of `compare`.
pub(super) fn page_of<T>(
    matches: Vec<T>,
    window: &Window,
    position: impl Fn(&T) -> Position,
    compare: impl Fn(&Position, &Position) -> Ordering,
) -> Page<T> {
    let all = matches.len();
    let count = window.count as usize;
    let begins = |from: &Position, wanted: Ordering| {
        let mut places = matches.iter();
        places.position(|item| compare(&position(item), from) >= wanted)
    };
    let (from, until) = match &window.start {
        Start::First => (0, count),
        Start::Skip(skipped) => (*skipped as usize, (*skipped as usize).saturating_add(count)),
        Start::After(from) => {
            let from = begins(from, Ordering::Greater).unwrap_or(all);
            (from, from.saturating_add(count))
        }
        Start::Before(until) => {
            let until = begins(until, Ordering::Equal).unwrap_or(all);
            (until.saturating_sub(count), until)
        }
        Start::Last => (all.saturating_sub(count), all),
    };
    let more = if window.start.is_backwards() {
        from > 0
    } else {
        until < all
    };
    let more = more && count > 0;
    let total = match window.total {
        Total::Accurate => Some(all as u64),
        Total::IfFew => Some(all as u64).filter(|total| *total <= FEW),
        Total::None => None,
    };
    let items = matches.into_iter().enumerate();
    let items = items.filter(|(place, _)| (from..until.min(all)).contains(place));
    Page {
        items: items.map(|(_, item)| item).collect(),
        total,
        more,
    }
}
