ALTER TABLE client ADD COLUMN administrator integer NOT NULL DEFAULT 0 CHECK (administrator IN (0, 1));
ALTER TABLE app_user ADD COLUMN administrator integer NOT NULL DEFAULT 0 CHECK (administrator IN (0, 1));

UPDATE client SET administrator = 1 WHERE id IN (
    SELECT link.value ->> 'id' FROM access_policy, json_each(settings, '$.links') AS link
    WHERE access_policy.id = 'administrators' AND link.value ->> 'kind' = 'Client');
UPDATE app_user SET administrator = 1 WHERE id IN (
    SELECT link.value ->> 'id' FROM access_policy, json_each(settings, '$.links') AS link
    WHERE access_policy.id = 'administrators' AND link.value ->> 'kind' = 'User');

DROP INDEX session_start;
DROP INDEX session_updated;

ALTER TABLE event DROP COLUMN actor_type;
ALTER TABLE event DROP COLUMN actor_id;
ALTER TABLE event DROP COLUMN target_type;
ALTER TABLE event DROP COLUMN target_id;
ALTER TABLE event DROP COLUMN request_id;
ALTER TABLE event DROP COLUMN changes;
ALTER TABLE app_user DROP COLUMN reset_hash;
ALTER TABLE app_user DROP COLUMN reset_expires;

DROP TABLE resource_history;
DROP TABLE resource_index;
DROP TABLE access_policy_set;
DROP TABLE access_policy;
DROP TABLE role;
