-- expand
-- How many sessions lived in an hour since 1970. Sessions end by time and leave no event, so they are
-- counted once an hour.
CREATE TABLE session_census (
    hour integer PRIMARY KEY NOT NULL,
    live integer NOT NULL
) STRICT;
