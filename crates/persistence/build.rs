//! Compiles the crate again when a migration changes: `embed_migrations!` cannot say so itself.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
}
