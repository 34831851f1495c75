-- contract: client.administrator app_user.administrator
-- Rights come from access policies now: whoever administered is linked to one that allows everything.

CREATE TABLE role (
    id       text PRIMARY KEY NOT NULL,
    version  integer NOT NULL,
    epoch    integer NOT NULL,
    created  integer NOT NULL,
    updated  integer NOT NULL,
    deleted  integer NOT NULL CHECK (deleted IN (0, 1)),
    user_id  text NOT NULL,
    settings text NOT NULL CHECK (json_valid(settings))
) STRICT;
CREATE INDEX role_user_id ON role (user_id, id);

CREATE TABLE access_policy (
    id       text PRIMARY KEY NOT NULL,
    version  integer NOT NULL,
    epoch    integer NOT NULL,
    created  integer NOT NULL,
    updated  integer NOT NULL,
    deleted  integer NOT NULL CHECK (deleted IN (0, 1)),
    settings text NOT NULL CHECK (json_valid(settings))
) STRICT;

-- One row once there has been a policy. Writers of policies raise it, and so wait for one another.
CREATE TABLE access_policy_set (
    id      integer PRIMARY KEY NOT NULL CHECK (id = 1),
    version integer NOT NULL
) STRICT;

-- What resources are found by. A row belongs to its source, which may let another resource be found.
CREATE TABLE resource_index (
    entry     integer PRIMARY KEY NOT NULL,
    source    text NOT NULL,
    kind      text NOT NULL,
    id        text NOT NULL,
    parameter text NOT NULL,
    value     text NOT NULL,
    folded    text NOT NULL
) STRICT;
CREATE INDEX resource_index_source ON resource_index (source);
CREATE INDEX resource_index_value ON resource_index (kind, parameter, value, id);
CREATE INDEX resource_index_folded ON resource_index (kind, parameter, folded, id);

-- Every version of every resource, without its secrets.
CREATE TABLE resource_history (
    sequence  integer PRIMARY KEY NOT NULL,
    kind      text NOT NULL,
    id        text NOT NULL,
    version   integer NOT NULL,
    epoch     integer NOT NULL,
    created   integer NOT NULL,
    updated   integer NOT NULL,
    lifecycle text NOT NULL,
    document  text CHECK (document IS NULL OR json_valid(document))
) STRICT;
CREATE INDEX resource_history_id ON resource_history (kind, id, sequence);
CREATE INDEX resource_history_kind ON resource_history (kind, sequence);

ALTER TABLE app_user ADD COLUMN reset_hash blob;
ALTER TABLE app_user ADD COLUMN reset_expires integer;

ALTER TABLE event ADD COLUMN actor_type text;
ALTER TABLE event ADD COLUMN actor_id text;
ALTER TABLE event ADD COLUMN target_type text;
ALTER TABLE event ADD COLUMN target_id text;
ALTER TABLE event ADD COLUMN request_id text;
ALTER TABLE event ADD COLUMN changes text CHECK (changes IS NULL OR json_valid(changes));

CREATE INDEX session_start ON session (start, id);
CREATE INDEX session_updated ON session (updated, id);

INSERT INTO access_policy (id, version, epoch, created, updated, deleted, settings)
SELECT 'administrators', 1, 1, found.at, found.at, 0, json_object(
    'description', 'Whoever administers this server may do everything',
    'links', json(found.links), 'role_name', NULL, 'rule', json_object('engine', 'allow'))
FROM (
    SELECT json_group_array(json_object('kind', one.kind, 'id', one.id)) AS links, max(one.updated) AS at
    FROM (
        SELECT 'Client' AS kind, id, updated FROM client WHERE administrator = 1 AND deleted = 0
        UNION ALL
        SELECT 'User', id, updated FROM app_user WHERE administrator = 1 AND deleted = 0
    ) AS one
) AS found
WHERE found.at IS NOT NULL;
INSERT INTO access_policy_set (id, version) SELECT 1, 1 FROM access_policy LIMIT 1;

ALTER TABLE client DROP COLUMN administrator;
ALTER TABLE app_user DROP COLUMN administrator;

-- What is there already is found as what is written from now on. Older documents have no other members.
INSERT INTO resource_index (source, kind, id, parameter, value, folded)
SELECT kind || '/' || id, kind, id, parameter, value, lower(value)
FROM (
    SELECT 'User' AS kind, id, 'userName' AS parameter, user_name AS value FROM app_user
    UNION ALL
    SELECT 'User', id, 'email', email FROM app_user
    UNION ALL
    SELECT 'User', id, 'inactive', iif(inactive, 'true', 'false') FROM app_user WHERE deleted = 0
    UNION ALL
    SELECT 'Client', id, 'active', iif(active, 'true', 'false') FROM client WHERE deleted = 0
    UNION ALL
    SELECT 'Client', id, 'first_party', iif(settings ->> 'first_party', 'true', 'false') FROM client WHERE deleted = 0
    UNION ALL
    SELECT 'Client', id, 'name', settings ->> 'name' FROM client
    UNION ALL
    SELECT 'Client', client.id, 'grant_types', one.value FROM client, json_each(settings, '$.grant_types') AS one
    UNION ALL
    SELECT 'AccessPolicy', id, 'engine', 'allow' FROM access_policy
    UNION ALL
    SELECT 'AccessPolicy', id, 'description', settings ->> 'description' FROM access_policy
    UNION ALL
    SELECT 'AccessPolicy', access_policy.id, 'link', (link.value ->> 'kind') || '/' || (link.value ->> 'id')
    FROM access_policy, json_each(settings, '$.links') AS link
) AS entry
WHERE value IS NOT NULL;
