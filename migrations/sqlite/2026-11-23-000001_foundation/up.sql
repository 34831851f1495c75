-- expand
CREATE TABLE client (
    id            text PRIMARY KEY NOT NULL,
    version       integer NOT NULL,
    epoch         integer NOT NULL,
    created       integer NOT NULL,
    updated       integer NOT NULL,
    deleted       integer NOT NULL CHECK (deleted IN (0, 1)),
    active        integer NOT NULL CHECK (active IN (0, 1)),
    administrator integer NOT NULL CHECK (administrator IN (0, 1)),
    secret_hash   blob,
    settings      text NOT NULL CHECK (json_valid(settings))
) STRICT;

CREATE TABLE app_user (
    id            text PRIMARY KEY NOT NULL,
    version       integer NOT NULL,
    epoch         integer NOT NULL,
    created       integer NOT NULL,
    updated       integer NOT NULL,
    deleted       integer NOT NULL CHECK (deleted IN (0, 1)),
    inactive      integer NOT NULL CHECK (inactive IN (0, 1)),
    administrator integer NOT NULL CHECK (administrator IN (0, 1)),
    password_hash text,
    user_name     text,
    email         text,
    settings      text NOT NULL CHECK (json_valid(settings))
) STRICT;

CREATE TABLE login_name (
    name    text PRIMARY KEY NOT NULL,
    user_id text NOT NULL REFERENCES app_user (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX login_name_user_id ON login_name (user_id);

-- No foreign key to client or app_user: every new session would lock its owners' rows, and a
-- directory may live elsewhere. What a session depends on is compared by epoch when it is read.
CREATE TABLE session (
    id              text PRIMARY KEY NOT NULL,
    kind            text NOT NULL,
    client_id       text NOT NULL,
    client_epoch    integer NOT NULL,
    user_id         text,
    user_epoch      integer,
    scope           text NOT NULL,
    audience        text NOT NULL CHECK (json_valid(audience)),
    access_hash     blob NOT NULL UNIQUE,
    access_id       text NOT NULL,
    access_scope    text NOT NULL,
    access_audience text NOT NULL CHECK (json_valid(access_audience)),
    access_issued   integer NOT NULL,
    access_expires  integer NOT NULL,
    refresh_hash    blob,
    previous_hash   blob,
    refresh_expires integer,
    refresh_idle    integer,
    closed_at       integer,
    generation      integer NOT NULL,
    start           integer NOT NULL,
    last_used       integer NOT NULL,
    updated         integer NOT NULL,
    ends            integer NOT NULL,
    address         text,
    user_agent      text
) STRICT;
CREATE INDEX session_user_id ON session (user_id, id);
CREATE INDEX session_client_id ON session (client_id, id);
CREATE INDEX session_ends ON session (ends);

CREATE TABLE refresh_token (
    hash       blob PRIMARY KEY NOT NULL,
    session_id text NOT NULL REFERENCES session (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_token_session_id ON refresh_token (session_id);

CREATE TABLE throttle (
    key text PRIMARY KEY NOT NULL,
    tat integer NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX throttle_tat ON throttle (tat);

CREATE TABLE event (
    id         integer PRIMARY KEY NOT NULL,
    at         integer NOT NULL,
    kind       text NOT NULL,
    reason     text,
    client_id  text,
    user_id    text,
    session_id text,
    network    text
) STRICT;
CREATE INDEX event_at ON event (at);

CREATE TABLE signing_key (
    kid       text PRIMARY KEY NOT NULL,
    algorithm text NOT NULL,
    created   integer NOT NULL,
    sign_from integer NOT NULL,
    ends      integer,
    sealed    blob NOT NULL
) STRICT;
