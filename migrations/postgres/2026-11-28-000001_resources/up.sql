-- contract: client.administrator app_user.administrator
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

-- What is there already is found as what is written from now on. Older documents have no other members.
-- Postgres reads no member of a document with \u0000 in it; such a client is found once it is written again.
WITH readable AS MATERIALIZED (
    SELECT id, settings FROM client WHERE position('\u0000' IN settings::text) = 0
)
INSERT INTO resource_index (source, kind, id, parameter, value, folded)
SELECT kind || '/' || id, kind, id, parameter, value, lower(value)
FROM (
    SELECT 'User' AS kind, id, 'userName' AS parameter, user_name AS value FROM app_user
    UNION ALL
    SELECT 'User', id, 'email', email FROM app_user
    UNION ALL
    SELECT 'User', id, 'inactive', inactive::text FROM app_user WHERE NOT deleted
    UNION ALL
    SELECT 'Client', id, 'active', active::text FROM client WHERE NOT deleted
    UNION ALL
    SELECT 'Client', id, 'first_party', settings ->> 'first_party' FROM readable
    UNION ALL
    SELECT 'Client', id, 'name', settings ->> 'name' FROM readable
    UNION ALL
    SELECT 'Client', id, 'grant_types', json_array_elements_text(settings -> 'grant_types') FROM readable
    UNION ALL
    SELECT 'AccessPolicy', id, 'engine', 'allow' FROM access_policy
    UNION ALL
    SELECT 'AccessPolicy', id, 'description', settings ->> 'description' FROM access_policy
    UNION ALL
    SELECT 'AccessPolicy', id, 'link', (link ->> 'kind') || '/' || (link ->> 'id')
    FROM access_policy, json_array_elements(settings -> 'links') AS link
) AS entry
WHERE value IS NOT NULL;
