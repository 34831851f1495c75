-- Rights come from access policies now: whoever administered is linked to one that allows everything.

CREATE TABLE role (
    id       text COLLATE "C" PRIMARY KEY,
    version  bigint NOT NULL,
    epoch    bigint NOT NULL,
    created  bigint NOT NULL,
    updated  bigint NOT NULL,
    deleted  boolean NOT NULL,
    user_id  text COLLATE "C" NOT NULL,
    settings json NOT NULL
);
CREATE INDEX role_user_id ON role (user_id, id);

CREATE TABLE access_policy (
    id       text COLLATE "C" PRIMARY KEY,
    version  bigint NOT NULL,
    epoch    bigint NOT NULL,
    created  bigint NOT NULL,
    updated  bigint NOT NULL,
    deleted  boolean NOT NULL,
    settings json NOT NULL
);

-- One row once there has been a policy. Writers of policies raise it, and so wait for one another.
CREATE TABLE access_policy_set (
    id      bigint PRIMARY KEY CHECK (id = 1),
    version bigint NOT NULL
);

-- What resources are found by. A row belongs to its source, which may let another resource be found.
CREATE TABLE resource_index (
    entry     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source    text COLLATE "C" NOT NULL,
    kind      text COLLATE "C" NOT NULL,
    id        text COLLATE "C" NOT NULL,
    parameter text COLLATE "C" NOT NULL,
    value     text COLLATE "C" NOT NULL,
    folded    text COLLATE "C" NOT NULL
);
CREATE INDEX resource_index_source ON resource_index (source);
CREATE INDEX resource_index_value ON resource_index (kind, parameter, value, id);
CREATE INDEX resource_index_folded ON resource_index (kind, parameter, folded, id);

-- Every version of every resource, without its secrets.
CREATE TABLE resource_history (
    sequence  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind      text COLLATE "C" NOT NULL,
    id        text COLLATE "C" NOT NULL,
    version   bigint NOT NULL,
    epoch     bigint NOT NULL,
    created   bigint NOT NULL,
    updated   bigint NOT NULL,
    lifecycle text NOT NULL,
    document  json
);
CREATE INDEX resource_history_id ON resource_history (kind, id, sequence);
CREATE INDEX resource_history_kind ON resource_history (kind, sequence);

ALTER TABLE app_user
    ADD COLUMN reset_hash bytea,
    ADD COLUMN reset_expires bigint;

ALTER TABLE event
    ADD COLUMN actor_type text,
    ADD COLUMN actor_id text COLLATE "C",
    ADD COLUMN target_type text,
    ADD COLUMN target_id text COLLATE "C",
    ADD COLUMN request_id text,
    ADD COLUMN changes json;

CREATE INDEX session_start ON session (start, id);
CREATE INDEX session_updated ON session (updated, id);

INSERT INTO access_policy (id, version, epoch, created, updated, deleted, settings)
SELECT 'administrators', 1, 1, found.at, found.at, false, json_build_object(
    'description', 'Whoever administers this server may do everything',
    'links', found.links, 'role_name', NULL, 'rule', json_build_object('engine', 'allow'))
FROM (
    SELECT json_agg(json_build_object('kind', one.kind, 'id', one.id)) AS links, max(one.updated) AS at
    FROM (
        SELECT 'Client' AS kind, id, updated FROM client WHERE administrator AND NOT deleted
        UNION ALL
        SELECT 'User', id, updated FROM app_user WHERE administrator AND NOT deleted
    ) AS one
) AS found
WHERE found.links IS NOT NULL;
INSERT INTO access_policy_set (id, version) SELECT 1, 1 FROM access_policy LIMIT 1;

ALTER TABLE client DROP COLUMN administrator;
ALTER TABLE app_user DROP COLUMN administrator;

INSERT INTO resource_index (source, kind, id, parameter, value, folded)
SELECT 'User/' || id, 'User', id, 'userName', user_name, lower(user_name) FROM app_user WHERE user_name IS NOT NULL
UNION ALL
SELECT 'User/' || id, 'User', id, 'email', email, lower(email) FROM app_user WHERE email IS NOT NULL
UNION ALL
SELECT 'User/' || id, 'User', id, 'inactive', inactive::text, inactive::text FROM app_user WHERE NOT deleted
UNION ALL
SELECT 'Client/' || id, 'Client', id, 'active', active::text, active::text FROM client WHERE NOT deleted
UNION ALL
SELECT 'Client/' || id, 'Client', id, 'name', settings ->> 'name', lower(settings ->> 'name')
FROM client WHERE settings ->> 'name' IS NOT NULL;
