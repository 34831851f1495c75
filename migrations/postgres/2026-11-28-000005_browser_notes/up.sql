-- expand
-- What the pages of a browser keep between two requests, sealed under the token it holds. Gone with its session.
CREATE TABLE browser_note (
    session_id text COLLATE "C" PRIMARY KEY REFERENCES session (id) ON DELETE CASCADE,
    sealed     bytea NOT NULL,
    updated    bigint NOT NULL
);
