-- Multiplies what the server made: the user `template`, the client `bench`, and the only session with its event.
-- For both databases; what differs between them stands in braces, beside the sizes.

BEGIN;

CREATE TEMPORARY TABLE number AS
WITH RECURSIVE counted (n) AS (
    SELECT CAST(0 AS bigint)
    UNION ALL
    SELECT n + 1 FROM counted WHERE n < (SELECT max(most) FROM (
        SELECT {users} AS most UNION ALL SELECT {sessions} UNION ALL SELECT {sessions of one}) AS sizes)
)
SELECT n FROM counted;

INSERT INTO client (id, version, epoch, created, updated, deleted, active, secret_hash, secrets, settings)
SELECT 'client-' || n, version, epoch, created, updated, deleted, active, secret_hash, secrets, settings
FROM client CROSS JOIN number
WHERE id = 'bench' AND n BETWEEN 1 AND {clients};

INSERT INTO app_user (
    id, version, epoch, created, updated, deleted, inactive, password_hash, user_name, email, settings
)
SELECT
    'person-' || n, version, epoch, created + n, updated + n, deleted, inactive, password_hash,
    replace(user_name, 'template', 'person-' || n), replace(email, 'template', 'person-' || n),
    CAST(replace(replace(CAST(settings AS text), 'template', 'person-' || n), 'modulo', '' || (n % 100)) AS {json})
FROM app_user CROSS JOIN number
WHERE id = 'template' AND n <= {users};

INSERT INTO login_name (name, user_id)
SELECT replace(name, 'template', 'person-' || n), 'person-' || n
FROM login_name CROSS JOIN number
WHERE user_id = 'template' AND n <= {users};

INSERT INTO resource_index (source, kind, id, parameter, value, folded)
SELECT
    replace(source, 'template', 'person-' || n), kind, 'person-' || n, parameter,
    replace(replace(value, 'template', 'person-' || n), 'modulo', '' || (n % 100)),
    replace(replace(folded, 'template', 'person-' || n), 'modulo', '' || (n % 100))
FROM number CROSS JOIN resource_index
WHERE source = 'User/template' AND n <= {users};

INSERT INTO resource_index (source, kind, id, parameter, value, folded)
SELECT 'Client/client-' || n, kind, 'client-' || n, parameter, value, folded
FROM number CROSS JOIN resource_index
WHERE source = 'Client/bench' AND n BETWEEN 1 AND {clients};

INSERT INTO resource_history (kind, id, version, epoch, created, updated, lifecycle, document)
SELECT
    kind, 'person-' || n, version, epoch, created + n, updated + n, lifecycle,
    CAST(replace(replace(CAST(document AS text), 'template', 'person-' || n), 'modulo', '' || (n % 100)) AS {json})
FROM number CROSS JOIN resource_history
WHERE kind = 'User' AND id = 'template' AND n <= {users};

-- When, from 0 to a thousand times their number: in turn for the users, and for `person-0` again and again.
CREATE TEMPORARY TABLE opened AS
SELECT 1000 * n AS n, 'person-' || (1 + n % {users}) AS user_id FROM number WHERE n < {sessions}
UNION ALL
SELECT 1000 * (n * {sessions} / {sessions of one}) + n % 999 + 1, 'person-0' FROM number WHERE n < {sessions of one}
ORDER BY 1;

-- In the last 29 days, in the order of their ids; four of five were closed after an hour.
INSERT INTO session (
    id, kind, client_id, client_epoch, user_id, user_epoch, scope, audience,
    access_hash, access_id, access_scope, access_audience, access_issued, access_expires,
    refresh_hash, previous_hash, refresh_expires, refresh_idle,
    closed_at, generation, start, last_used, updated, ends, address, user_agent
)
SELECT
    '01930000-0000-7000-8000-' || (100000000000 + n), kind,
    'client-' || (1 + n / 1000 % {clients}), client_epoch, opened.user_id, user_epoch, scope, audience,
    {hash}, '01930000-0000-7000-9000-' || (100000000000 + n), access_scope, access_audience,
    at, at + access_expires - access_issued,
    {hash}, previous_hash, at + refresh_expires - access_issued, refresh_idle,
    CASE WHEN n / 1000 % 5 > 0 THEN at + 3600000000 END,
    generation, at, at, CASE WHEN n / 1000 % 5 > 0 THEN at + 3600000000 ELSE at END,
    CASE WHEN n / 1000 % 5 > 0 THEN at + 3600000000 ELSE at + ends - access_issued END, address, user_agent
FROM (
    SELECT opened.*, {now} - 2505600000000 + n * (2505600000000 / (1000 * {sessions})) AS at FROM opened
) AS opened CROSS JOIN session
WHERE session.id NOT LIKE '01930000-0000-7000-8000-%';

INSERT INTO refresh_token (hash, session_id)
SELECT refresh_hash, id FROM session WHERE id LIKE '01930000-0000-7000-8000-%' ORDER BY 1;

-- What each session was opened with, in the order of their ids.
INSERT INTO event (
    at, kind, reason, client_id, user_id, session_id, network,
    actor_type, actor_id, target_type, target_id, request_id, changes, detail
)
SELECT
    session.start, event.kind, reason, session.client_id, session.user_id, session.id, network,
    actor_type, actor_id, target_type, target_id, request_id, changes, detail
FROM session CROSS JOIN event
WHERE session.id LIKE '01930000-0000-7000-8000-%' AND event.session_id NOT LIKE '01930000-0000-7000-8000-%'
ORDER BY session.id;

-- Not sealed by anybody, but linked, so that the server need not.
INSERT INTO audit_link (event_id, seal)
SELECT n, {hash} FROM (SELECT id AS n FROM event WHERE id NOT IN (SELECT event_id FROM audit_link) ORDER BY id) AS unlinked;

COMMIT;
