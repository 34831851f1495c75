//! Several things at once: `batch`, each for itself, and `transaction`, all or none.

mod batches;
mod imports;
mod refusals;
mod transactions;
