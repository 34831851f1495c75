-- expand
-- Identifiers compare byte by byte (COLLATE "C"), as in SQLite and in the program.

CREATE TABLE client (
    id            text COLLATE "C" PRIMARY KEY,
    version       bigint NOT NULL,
    epoch         bigint NOT NULL,
    created       bigint NOT NULL,
    updated       bigint NOT NULL,
    deleted       boolean NOT NULL,
    active        boolean NOT NULL,
    administrator boolean NOT NULL,
    secret_hash   bytea,
    settings      json NOT NULL
);

CREATE TABLE app_user (
    id            text COLLATE "C" PRIMARY KEY,
    version       bigint NOT NULL,
    epoch         bigint NOT NULL,
    created       bigint NOT NULL,
    updated       bigint NOT NULL,
    deleted       boolean NOT NULL,
    inactive      boolean NOT NULL,
    administrator boolean NOT NULL,
    password_hash text,
    user_name     text,
    email         text,
    settings      json NOT NULL
);

CREATE TABLE login_name (
    name    text COLLATE "C" PRIMARY KEY,
    user_id text COLLATE "C" NOT NULL REFERENCES app_user (id)
);
CREATE INDEX login_name_user_id ON login_name (user_id);

-- No foreign key to client or app_user: every new session would lock its owners' rows, and a
-- directory may live elsewhere. What a session depends on is compared by epoch when it is read.
CREATE TABLE session (
    id              text COLLATE "C" PRIMARY KEY,
    kind            text NOT NULL,
    client_id       text COLLATE "C" NOT NULL,
    client_epoch    bigint NOT NULL,
    user_id         text COLLATE "C",
    user_epoch      bigint,
    scope           text NOT NULL,
    audience        json NOT NULL,
    access_hash     bytea NOT NULL UNIQUE,
    access_id       text NOT NULL,
    access_scope    text NOT NULL,
    access_audience json NOT NULL,
    access_issued   bigint NOT NULL,
    access_expires  bigint NOT NULL,
    refresh_hash    bytea,
    previous_hash   bytea,
    refresh_expires bigint,
    refresh_idle    bigint,
    closed_at       bigint,
    generation      bigint NOT NULL,
    start           bigint NOT NULL,
    last_used       bigint NOT NULL,
    updated         bigint NOT NULL,
    ends            bigint NOT NULL,
    address         text,
    user_agent      text
);
CREATE INDEX session_user_id ON session (user_id, id);
CREATE INDEX session_client_id ON session (client_id, id);
CREATE INDEX session_ends ON session (ends);

CREATE TABLE refresh_token (
    hash       bytea PRIMARY KEY,
    session_id text COLLATE "C" NOT NULL REFERENCES session (id) ON DELETE CASCADE
);
CREATE INDEX refresh_token_session_id ON refresh_token (session_id);

CREATE TABLE throttle (
    key text COLLATE "C" PRIMARY KEY,
    tat bigint NOT NULL
);
CREATE INDEX throttle_tat ON throttle (tat);

CREATE TABLE event (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         bigint NOT NULL,
    kind       text NOT NULL,
    reason     text,
    client_id  text COLLATE "C",
    user_id    text COLLATE "C",
    session_id text COLLATE "C",
    network    text
);
CREATE INDEX event_at ON event (at);

CREATE TABLE signing_key (
    kid       text COLLATE "C" PRIMARY KEY,
    algorithm text NOT NULL,
    created   bigint NOT NULL,
    sign_from bigint NOT NULL,
    ends      bigint,
    sealed    bytea NOT NULL
);
