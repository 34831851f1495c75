# Shorthand for cargo xtask; `just` lists it.
default:
    @just --list

# fmt, clippy, tidy, rule and workflow tests
check:
    cargo fmt --all -- --check
    cargo clippy --workspace --all-targets -- --deny warnings
    cargo test --package xtask --package grantor-domain

# every test, on SQLite and a throw-away Postgres
test *args:
    cargo xtask test {{ args }}

# the generated files: openapi/openapi.json, docs/reference
generate:
    cargo xtask generate

# the server, with its defaults
run *args:
    cargo run --package grantor-app -- serve {{ args }}

# one password grant, shown
demo:
    cargo xtask demo
