//! Searches and histories (FHIR R4 §3.1.1): parameters in, pages of Bundles out.

mod bundle;
mod criteria;
mod cursor;
mod dates;
mod query;

pub(crate) use bundle::{Bundle, bundle, history_bundle};
pub(crate) use criteria::{HistoryCriteria, ResourceCriteria};
pub(crate) use cursor::{PageKey, Pages};
pub(crate) use dates::range;
pub(crate) use query::{Criteria, Query, Sent, bad, list, local};
