//! The `Authorization` header.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| grantor_http_api::fuzzing::basic(bytes));
