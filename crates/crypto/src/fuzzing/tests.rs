//! What fuzzing starts from, and what it once found, read again by every test run.

grantor_testkit::corpus!(of: crate::fuzzing; password_hash, token);
