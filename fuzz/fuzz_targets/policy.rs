//! Access policies.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| grantor_policies::fuzzing::policy(bytes));
