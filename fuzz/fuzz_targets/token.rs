//! JWTs.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| grantor_crypto::fuzzing::token(bytes));
