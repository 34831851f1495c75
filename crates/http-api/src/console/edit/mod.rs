//! Forms for resources: a table says which members a form has, and everything else follows from it.
//!
//! In reading order: `field` (the tables), `kind` (how a member becomes texts, and texts a member),
//! `entered` (what stands in a form), `written` (what a form makes of a resource), `mistakes` (what
//! the API says of that, at the fields it is about), `sheet` (the HTML), `compare` (two versions,
//! member by member).
//!
//! A member whose field nobody touched is written back as it was read, and so is what no field
//! shows: saving a form changes what was changed in it, and nothing else.

mod compare;
mod entered;
mod field;
mod kind;
mod mistakes;
mod secrets;
mod sheet;
mod written;

pub(super) use compare::{Difference, differences};
pub(super) use entered::Entered;
pub(super) use field::{Field, Group};
pub(super) use kind::Kind;
pub(super) use kind::called;
pub(super) use mistakes::{Mistake, all_mistakes};
pub(super) use sheet::{Sheet, Shown};
pub(super) use written::{over, with_secrets};

#[cfg(test)]
mod tests;
