-- expand
-- Keys that were derived from a master key of before, sealed under the one of now: one row a purpose, and none
-- until the master key is changed for the first time.
CREATE TABLE wrapped_key (
    purpose text PRIMARY KEY NOT NULL,
    sealed  blob NOT NULL
) STRICT;
