//! Parameters of searches.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| grantor_http_api::fuzzing::search(bytes));
