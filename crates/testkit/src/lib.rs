//! What Grantor's tests share: reference adapters in memory, the contracts that every adapter
//! keeps, time that moves when told to, and randomness that repeats itself.

pub mod clock;
pub mod contracts;
pub mod corpus;
pub mod memory;
pub mod randomness;
pub mod world;

pub use clock::ManualClock;
pub use memory::{Memory, PlainNoteSealer, PlainSealer};
pub use randomness::SeededRandomness;
pub use world::World;
