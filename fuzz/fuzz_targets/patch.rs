//! JSON Patch and JSON Merge Patch.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| grantor_http_api::fuzzing::patch(bytes));
