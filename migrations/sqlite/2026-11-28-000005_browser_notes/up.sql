-- expand
-- What the pages of a browser keep between two requests, sealed under the token it holds. Gone with its session.
CREATE TABLE browser_note (
    session_id text PRIMARY KEY NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    sealed     blob NOT NULL,
    updated    integer NOT NULL
) STRICT;
