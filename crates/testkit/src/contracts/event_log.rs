//! What an [`EventLog`](grantor_domain::ports::EventLog) owes. The port cannot be read.

#![expect(
    clippy::missing_panics_doc,
    reason = "a claim that does not hold panics"
)]

use grantor_domain::event::{Event, EventKind};

use super::Stores;
use super::samples::{NOW, event};

/// Full, bare, several at once, and none.
pub fn events_of_every_shape_are_taken(stores: &Stores) {
    let bare = Event::new(EventKind::TokenRefused, NOW);
    for events in [vec![event(), bare.clone(), bare], vec![event()], Vec::new()] {
        assert_eq!(stores.events.append(&events), Ok(()));
    }
}
