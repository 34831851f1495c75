//! Password hashes made elsewhere.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| grantor_crypto::fuzzing::password_hash(bytes));
