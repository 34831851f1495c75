//! What fuzzing starts from, and what it once found, read again by every test run.

grantor_testkit::corpus!(
    of: crate::fuzzing;
    basic, form, json, page_link, patch, resource, search, transaction, yaml
);
